"""案件: the case, tip or draw that the address names; in tabs the queue, the tips, the draws."""

from pathlib import Path

import streamlit as st

from casework.errors import CaseworkError
from dashboards.blocks.case_file import case_file
from dashboards.blocks.case_list import case_list, new_case
from dashboards.blocks.draw_list import draw_list, lay_down
from dashboards.blocks.draw_one import draw_one
from dashboards.blocks.tip_list import receive_tip, tip_list
from dashboards.blocks.tip_one import tip_one
from dashboards.formats import plain
from dashboards.frame import header, render_with_snapshot
from dashboards.opened import Opened, key_of
from dashboards.person import actor, looked_at
from dashboards.reading import caseload, drawing, tipping
from dashboards.refusals import refusal
from dashboards.texts import t


def show(opened: Opened) -> None:
    """What the address names; the tabs, the one it belongs to first."""
    workspace = opened.workspace.path
    header(t("nav.cases"), t("cases.lead"))
    try:
        named = _case(workspace)
        _tip(workspace)
        _draw(opened)
        words = {name: t(f"{name}.list") for name in ("cases", "tips", "draws")}
        first = next((each for each in words if each[:-1] in st.query_params), "cases")
        cases, tips, draws = st.tabs(list(words.values()), default=words[first])
        with cases:
            _cases(opened, named)
        with tips:
            tip_list(workspace)
            receive_tip(workspace)
        with draws:
            draw_list(workspace)
            lay_down(opened)
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


def _tip(workspace: Path) -> None:
    """The tip the address names."""
    named = st.query_params.get("tip")
    file = tipping.tip_file(workspace, actor(), named) if named else None
    if file is not None:
        looked_at(workspace, "cases", file.tip.id)
        tip_one(workspace, file)
    elif named:
        st.warning(plain(t("tips.unknown", tip=named)))


def _draw(opened: Opened) -> None:
    """The draw the address names."""
    named = st.query_params.get("draw")
    file = drawing.draw_file(opened.workspace.path, actor(), named) if named else None
    if file is not None:
        draw_one(opened, file)
    elif named:
        st.warning(plain(t("draws.unknown", draw=named)))


def _cases(opened: Opened, named: bool) -> None:
    """The queue and the form: the form first where a lead asks for it, not beside a case."""
    workspace, asked = opened.workspace.path, "ring" in st.query_params
    if asked:
        new_case(workspace, key_of(opened))
    case_list(workspace)
    if not asked and not named:
        new_case(workspace, key_of(opened))


render_with_snapshot("nav.cases", show)
