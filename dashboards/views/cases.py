"""案件: one case or one tip, what the address names; in tabs the queue and the tips."""

from pathlib import Path

import streamlit as st

from casework.errors import CaseworkError
from dashboards.blocks.case_file import case_file
from dashboards.blocks.case_list import case_list, new_case
from dashboards.blocks.tip_list import receive_tip, tip_list
from dashboards.blocks.tip_one import tip_one
from dashboards.formats import plain
from dashboards.frame import header, render_with_snapshot
from dashboards.opened import Opened, key_of
from dashboards.person import actor, looked_at
from dashboards.reading import caseload, tipping
from dashboards.refusals import refusal
from dashboards.texts import t


def show(opened: Opened) -> None:
    """What the address names; the tabs, the one it belongs to first."""
    workspace = opened.workspace.path
    header(t("nav.cases"), t("cases.lead"))
    try:
        named = _case(workspace)
        tip = _tip(workspace)
        names = {"cases": t("cases.list"), "tips": t("tips.list")}
        first = names["tips" if tip else "cases"]
        cases, tips = st.tabs(list(names.values()), default=first)
        with cases:
            _cases(opened, named)
        with tips:
            tip_list(workspace)
            receive_tip(workspace)
    except CaseworkError as error:
        st.error(plain(t("cases.away", why=refusal(error))))


def _case(workspace: Path) -> bool:
    """The case the address names; whether there is one."""
    named = st.query_params.get("case")
    if not named:
        return False
    file = caseload.case_file(workspace, actor(), named)
    if file is None:
        st.warning(plain(t("cases.unknown", case=named)))
        return False
    case_file(workspace, file)
    return True


def _tip(workspace: Path) -> bool:
    """The tip the address names; whether it names one."""
    named = st.query_params.get("tip")
    if not named:
        return False
    file = tipping.tip_file(workspace, actor(), named)
    if file is None:
        st.warning(plain(t("tips.unknown", tip=named)))
    else:
        looked_at(workspace, "cases", file.tip.id)
        tip_one(workspace, file)
    return True


def _cases(opened: Opened, named: bool) -> None:
    """The queue and the form: the form first where a lead asks for it, not beside a case."""
    workspace, asked = opened.workspace.path, "ring" in st.query_params
    if asked:
        new_case(workspace, key_of(opened))
    case_list(workspace)
    if not asked and not named:
        new_case(workspace, key_of(opened))


render_with_snapshot("nav.cases", show)
