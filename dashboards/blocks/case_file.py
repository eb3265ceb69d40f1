"""One case: where it stands, what can be done next, what lies in it, all that happened."""

from pathlib import Path

import streamlit as st

from casework.cases import Case, Origin
from casework.releases import Subject
from dashboards.blocks.case_papers import case_attachments, case_links
from dashboards.blocks.case_steps import assignment, next_step, write_comment, write_tasks
from dashboards.blocks.exports_propose import propose_button
from dashboards.blocks.history import history
from dashboards.clock import now
from dashboards.formats import DASH, day, minute, plain
from dashboards.frame import card
from dashboards.navigation import open_ring, page_file
from dashboards.reading.caseload import CaseFile
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import region, t, term

HEIGHT = 360


def case_file(workspace: Path, file: CaseFile) -> None:
    """Head and steps, then comments, tasks, attachments, links and history in tabs."""
    with card("case_one", f"{file.case.id} · {file.case.title}"):
        _head(workspace, file.case)
        left, right = st.columns([1.4, 1], gap="medium")
        with left:
            st.markdown(f"**{t('cases.step')}**")
            next_step(workspace, file.case)
        with right:
            st.markdown(f"**{t('cases.assign')}**")
            assignment(workspace, file.case)
        names = ("comments", "tasks", "attachments", "links", "history")
        said, given, papers, others, told = st.tabs([t(f"cases.{name}") for name in names])
        with said:
            _comments(workspace, file)
        with given:
            _tasks(workspace, file)
        with papers:
            case_attachments(workspace, file)
        with others:
            case_links(workspace, file)
        with told:
            history(file.told, "case_act", "case_history")


def _head(workspace: Path, found: Case) -> None:
    with st.container(horizontal=True, gap="small", key="case_tags"):
        st.badge(term("case_status", found.status), color="blue")
        if found.outcome:
            st.badge(term("case_outcome", found.outcome), color="gray")
        if found.snoozed_until:
            st.badge(t("cases.until", day=day(found.snoozed_until)), color="gray")
        if found.merged_into:
            st.badge(t("cases.merged", case=found.merged_into), color="gray")
    facts = {
        "who": found.opened_by,
        "at": minute(found.opened_at),
        "area": region(found.area),
        "assignee": found.assignee or t("cases.nobody"),
    }
    st.caption(plain(t("cases.facts", **facts)))
    if found.source.origin is Origin.TIP and st.button(t("tips.see"), key="case_tip"):
        st.switch_page(page_file("cases"), query_params={"tip": str(found.source.id)})
    if found.source.origin is not Origin.RING:
        return
    with st.container(horizontal=True):
        if st.button(t("cases.lead.see"), key="case_ring", icon=":material/hub:"):
            open_ring(found.source.id)
        propose_button(workspace, Subject.CASE, found.id, [found.area])


def _comments(workspace: Path, file: CaseFile) -> None:
    if not file.comments:
        st.text(t("cases.comments.none"))
    for one in file.comments:
        with st.container(border=True, key=f"case_comment_{one.no}"):
            st.caption(plain(t("cases.by", who=one.author, at=minute(one.at))))
            st.text(one.text)
    write_comment(workspace, file.case)


def _tasks(workspace: Path, file: CaseFile) -> None:
    if not file.tasks:
        st.text(t("cases.tasks.none"))
    else:
        columns = [
            Column(t("cases.task"), kind="wide"),
            Column(t("cases.assignee"), kind="nowrap"),
            Column(t("cases.task.due"), kind="nowrap"),
            Column(t("cases.status"), kind="nowrap"),
            Column(t("cases.task.result"), kind="name"),
        ]
        today = now().date()
        rows = [
            Row(
                [
                    one.what,
                    one.assignee,
                    day(one.due),
                    Cell(
                        tags=[
                            Tag(t("cases.overdue"), "red")
                            if one.overdue(today)
                            else Tag(t("cases.task.done" if one.done_at else "cases.task.open"))
                        ]
                    ),
                    one.result or DASH,
                ]
            )
            for one in file.tasks
        ]
        show_table(Table(t("cases.tasks"), columns, rows, height=HEIGHT), "case_tasks")
    write_tasks(workspace, file)
