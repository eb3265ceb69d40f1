"""Who sits before the screen, and the check that stands before every write action."""

from pathlib import Path

import streamlit as st

from casework.errors import CaseworkError
from casework.people import Actor
from dashboards.access.permissions import Action, may
from dashboards.access.recorded import OPENED, record
from dashboards.access.sign_in import seated
from dashboards.formats import plain
from dashboards.refusals import refusal
from dashboards.texts import t

LOOKS = "huancha_looks"
"""What this tab looked at already, so that a look is one entry in the audit."""


def actor() -> Actor:
    """Whoever is signed in; where nobody is, the run ends with a sentence."""
    found = seated().actor
    if found is None:
        st.error(t("access.nobody"))
        st.stop()
    return found


def person() -> str:
    """The name of whoever is signed in."""
    return actor().name


def can(action: Action) -> bool:
    """Whether whoever is signed in may do it; what is only hidden by this is checked again by `must`."""
    return may(actor(), action)


def must(action: Action) -> Actor:
    """Whoever is signed in, if they may do it; else the run ends with a sentence and nothing is done."""
    who = actor()
    if not may(who, action):
        st.error(t("access.refused", action=t(f"access.action.{action}")))
        st.stop()
    return who


def audited(workspace: Path, action: str, subject: str, why: str) -> None:
    """Put it into the audit; where that cannot be, the run ends with a sentence and nothing is done or shown."""
    try:
        record(workspace, actor(), action, subject, why)
    except CaseworkError as error:
        st.error(plain(t("access.unrecorded", why=refusal(error))))
        st.stop()


def looked_at(workspace: Path, page: str, subject: str) -> None:
    """Whoever is signed in looks at a ring or an entity; audited once per tab and page."""
    looks = st.session_state.setdefault(LOOKS, set())
    look = (person(), page, subject)
    if look not in looks:
        audited(workspace, OPENED, subject, page)
        looks.add(look)
