"""One step a person takes from the screen: asked for the right, written in one transaction, or refused with its reason."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from casework.errors import CaseworkError
from casework.people import Actor
from casework.store import Tx
from dashboards.access.permissions import ACTIONS, Action
from dashboards.formats import plain
from dashboards.person import can, must
from dashboards.reading.caseload import take_step
from dashboards.refusals import refusal
from dashboards.texts import t
from loaders.errors import LoadError

T = TypeVar("T")


def offered(action: Action) -> bool:
    """Whether whoever is signed in may do it; where not, say who may."""
    if can(action):
        return True
    roles = t("separator").join(sorted(t(f"role_of.{role}") for role in ACTIONS[action]))
    st.caption(t("access.only", action=t(f"access.action.{action}"), roles=roles))
    return False


def sent(asked: bool, paper: UploadedFile | None) -> bytes | None:
    """The bytes of a form's file once the form was sent; where none was chosen, say so."""
    if asked and paper is None:
        st.warning(t("cases.attach.choose"))
    return paper.getvalue() if asked and paper is not None else None


def taken(workspace: Path, action: Action, step: Callable[[Tx, Actor], T]) -> T | None:
    """What `step` made, taken as whoever is signed in; where it is refused, say why and change nothing."""
    who = must(action)
    try:
        return take_step(workspace, lambda tx: step(tx, who))
    except (CaseworkError, LoadError) as error:
        st.error(plain(t("cases.refused", why=refusal(error))))
        return None


def done(workspace: Path, action: Action, step: Callable[[Tx, Actor], object]) -> bool:
    """Whether `step` was taken, where nobody needs what it made."""
    return taken(workspace, action, lambda tx, who: (step(tx, who),)) is not None
