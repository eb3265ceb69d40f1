"""Masked values on a page: each shown alone, asked for in a dialog with a reason, hidden again after a short time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from casework.errors import CaseworkError, NoReporter, NotAllowed
from dashboards.access.errors import (
    AccessError,
    NoUnmaskReason,
    OutsideRegions,
    TooManyUnmasked,
)
from dashboards.access.permissions import Action
from dashboards.clock import now
from dashboards.formats import DASH, plain
from dashboards.person import can, must
from dashboards.refusals import refusal
from dashboards.texts import t
from huancha.settings import Settings
from loaders.errors import LoadError

SHOWN = "huancha_unmasked"
PAGE = "huancha_unmasked_page"
MASK = "••••••"
LONGEST = 200
ASKED = "huancha_unmask_asked"
OFTEN = 1.0
"""Seconds between two looks at whether a value has been shown long enough."""


@dataclass(frozen=True)
class Held:
    """A value in clear (None where the vault holds none), and until when it may be seen."""

    value: str | None
    until: datetime


@dataclass(frozen=True)
class Masked:
    """One masked value: its name in the tab's language, the right it asks for, how it is read for a reason."""

    label: str
    action: Action
    look: Callable[[str], str | None]


def forget_unless(page: str) -> None:
    """Hide everything that was unmasked in this tab on another page than `page`."""
    if st.session_state.get(PAGE) != page:
        st.session_state[PAGE] = page
        for name in (SHOWN, ASKED):
            st.session_state.pop(name, None)


def masked_values(subject: str, fields: Mapping[str, Masked]) -> None:
    """A line for each field of `subject`: the mask, and a button for those who may see behind it."""
    held = _held(subject)
    for field, one in fields.items():
        word, value, button = st.columns([1, 3, 1], vertical_alignment="center")
        word.text(one.label)
        if field in held and can(one.action):
            with value:
                st.fragment(_shown, run_every=OFTEN, key=f"unmasked_{field}")(subject, field)
            continue
        value.text(MASK)
        if can(one.action):
            button.button(
                t("identity.show"), key=f"unmask_{field}", on_click=_asked, args=(subject, field),
                width="stretch",
            )  # fmt: skip
    of, field = st.session_state.get(ASKED) or ("", "")
    if of == subject and can(fields[field].action):
        st.dialog(t("identity.why"), on_dismiss=_asked)(_why)(subject, field, fields[field])


def _held(subject: str) -> dict[str, Held]:
    """What of `subject` is shown and has not been long enough, by field; the rest is forgotten."""
    of, held = st.session_state.get(SHOWN, ("", {}))
    left = {field: one for field, one in held.items() if of == subject and one.until > now()}
    st.session_state[SHOWN] = (subject, left)
    return left


def _shown(subject: str, field: str) -> None:
    held = _held(subject).get(field)
    if held is None:
        st.rerun()
    left = max(1, round((held.until - now()).total_seconds()))
    st.text(held.value or DASH)
    st.caption(t("identity.left", seconds=left))


def _asked(*asked: str) -> None:
    """Remember whose field is asked for; nothing when the dialog was put away."""
    st.session_state[ASKED] = asked


def _why(subject: str, field: str, one: Masked) -> None:
    st.text(t("identity.why.lead", field=one.label))
    why = st.text_input(t("identity.reason"), max_chars=LONGEST, key="unmask_why")
    if not st.button(t("identity.show"), key="unmask_now", type="primary"):
        return
    must(one.action)
    try:
        value = one.look(why)
    except (AccessError, CaseworkError, LoadError) as refused:
        st.error(plain(_refusal(refused)))
        return
    until = now() + timedelta(seconds=Settings().unmask_seconds)
    st.session_state[SHOWN] = (subject, {**_held(subject), field: Held(value, until)})
    _asked()
    st.rerun()


def _refusal(error: Exception) -> str:
    match error:
        case NoUnmaskReason():
            return t("identity.no_reason", n=error.least)
        case OutsideRegions():
            return t("identity.outside")
        case TooManyUnmasked():
            return t("identity.too_many", most=error.most)
        case LoadError():
            return t("identity.no_vault")
        case NoReporter() | NotAllowed():
            return refusal(error)
    return t("access.unrecorded", why=refusal(error))
