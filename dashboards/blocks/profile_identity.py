"""Who stands behind an id: masked, each value shown alone, for a reason, for a short time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from casework.errors import CaseworkError
from dashboards.access.errors import (
    AccessError,
    NoUnmaskReason,
    OutsideRegions,
    TooManyUnmasked,
)
from dashboards.access.permissions import Action
from dashboards.access.unmasked import unmask
from dashboards.clock import now
from dashboards.formats import DASH, plain
from dashboards.frame import card
from dashboards.opened import Key, open_settings
from dashboards.person import can, must
from dashboards.refusals import refusal
from dashboards.texts import t
from graph.model import Node
from huancha.identities import vault_fields
from huancha.settings import Settings
from loaders.errors import LoadError

SHOWN = "huancha_unmasked"
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


def forget() -> None:
    """Hide everything that was unmasked in this tab."""
    for name in (SHOWN, ASKED):
        st.session_state.pop(name, None)


def identity(key: Key, node: Node) -> None:
    """The fields of the vault about `node`, with a button each for those who may see them."""
    fields = vault_fields(node.id)
    if not fields:
        return
    held = _held(node.id)
    with card("identity", t("identity")):
        st.caption(t("identity.lead", seconds=Settings().unmask_seconds))
        for field in fields:
            word, value, button = st.columns([1, 3, 1], vertical_alignment="center")
            word.text(t(f"identity.{field}"))
            if field in held:
                with value:
                    st.fragment(_shown, run_every=OFTEN, key=f"unmasked_{field}")(node.id, field)
                continue
            value.text(MASK)
            if can(Action.UNMASK):
                button.button(
                    t("identity.show"),
                    key=f"unmask_{field}",
                    on_click=_asked,
                    args=(node.id, field),
                    width="stretch",
                )
    asked = st.session_state.get(ASKED)
    if asked and asked[0] == node.id and can(Action.UNMASK):
        st.dialog(t("identity.why"), on_dismiss=_asked)(_why)(key, node.id, asked[1])


def _held(entity: str) -> dict[str, Held]:
    """What of `entity` is shown and has not been long enough, by field; the rest is forgotten."""
    of, held = st.session_state.get(SHOWN, ("", {}))
    left = {field: one for field, one in held.items() if of == entity and one.until > now()}
    st.session_state[SHOWN] = (entity, left)
    return left


def _shown(entity: str, field: str) -> None:
    held = _held(entity).get(field)
    if held is None:
        st.rerun()
    left = max(1, round((held.until - now()).total_seconds()))
    st.text(held.value or DASH)
    st.caption(t("identity.left", seconds=left))


def _asked(*asked: str) -> None:
    """Remember whose field is asked for; nothing when the dialog was put away."""
    st.session_state[ASKED] = asked


def _why(key: Key, entity: str, field: str) -> None:
    st.text(t("identity.why.lead", field=t(f"identity.{field}")))
    why = st.text_input(t("identity.reason"), max_chars=LONGEST, key="unmask_why")
    if not st.button(t("identity.show"), key="unmask_now", type="primary"):
        return
    workspace, settings, who = open_settings(), Settings(), must(Action.UNMASK)
    try:
        value = unmask(workspace, key, who, entity, field, why, now(), settings.unmask_daily)
    except (AccessError, CaseworkError, LoadError) as refused:
        st.error(plain(_refusal(refused)))
        return
    until = now() + timedelta(seconds=settings.unmask_seconds)
    st.session_state[SHOWN] = (entity, {**_held(entity), field: Held(value, until)})
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
    return t("access.unrecorded", why=refusal(error))
