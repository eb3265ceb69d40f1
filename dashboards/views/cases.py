"""案件: the queue, one case with its steps, and opening one."""

import streamlit as st

from casework.errors import CaseworkError
from dashboards.blocks.case_file import case_file
from dashboards.blocks.case_list import case_list, new_case
from dashboards.formats import plain
from dashboards.frame import header, render_with_snapshot
from dashboards.opened import Opened, key_of
from dashboards.person import actor
from dashboards.reading import caseload
from dashboards.refusals import refusal
from dashboards.texts import t


def show(opened: Opened) -> None:
    """The case the address names, the queue, the form."""
    workspace = opened.workspace.path
    header(t("nav.cases"), t("cases.lead"))
    named = st.query_params.get("case")
    try:
        file = caseload.case_file(workspace, actor(), named) if named else None
        if file is not None:
            case_file(workspace, file)
        elif named:
            st.warning(plain(t("cases.unknown", case=named)))
        asked = "ring" in st.query_params
        if asked:
            new_case(workspace, key_of(opened))
        case_list(workspace)
        if not asked and file is None:
            new_case(workspace, key_of(opened))
    except CaseworkError as error:
        st.error(plain(t("cases.away", why=refusal(error))))


render_with_snapshot("nav.cases", show)
