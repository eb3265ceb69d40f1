"""The work at hand: jobs that run, leads that are new, cases that wait, tasks by the day they are due."""

from pathlib import Path

import streamlit as st

from casework.cases import Task
from casework.errors import CaseworkError
from dashboards import opened as reads
from dashboards import state
from dashboards.clock import now
from dashboards.formats import DASH, count, day, plain
from dashboards.frame import card
from dashboards.navigation import page_file
from dashboards.opened import Key, Opened
from dashboards.pages import PAGES
from dashboards.person import actor
from dashboards.reading.caseload import waiting
from dashboards.reading.ranked import Filter
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t
from graph.schema import RingState
from huancha.jobs.table import JobTable

MOST_TASKS = 5
MIN_WIDTH = 150
CHANGED = (RingState.GROWN, RingState.SPLIT, RingState.MERGED)


def work_at_hand(opened: Opened, key: Key) -> None:
    """Four figures; the next tasks below, for those who may see cases."""
    with card("work", t("overview.work")):
        with st.grid(4, min_column_width=MIN_WIDTH):
            _new_leads(opened, key)
            jobs = JobTable(opened.workspace.path).open()
            st.metric(
                t("overview.work.jobs"),
                count(len(jobs)),
                help=t("overview.work.jobs.help"),
                border=True,
            )
            tasks = _cases(opened.workspace.path)
            ended = reads.figures(key).last
            st.metric(t("overview.work.fresh"), day(ended), border=True)
        if tasks:
            _tasks(tasks)


def _new_leads(opened: Opened, key: Key) -> None:
    if opened.scan is None:
        st.metric(t("overview.work.new"), DASH, border=True)
        return
    before = opened.scan.run.parent
    if before is None:
        st.metric(t("overview.work.new"), DASH, help=t("overview.work.first"), border=True)
        return
    states = [ring.state for ring in reads.rings(key, Filter(), 0, None)]
    changed = sum(one in CHANGED for one in states)
    st.metric(
        t("overview.work.new"),
        count(states.count(RingState.NEW)),
        help=t("overview.work.new.help", before=before, changed=count(changed)),
        border=True,
    )


def _cases(workspace: Path) -> tuple[Task, ...]:
    """The figure of cases; their open tasks."""
    who = actor()
    if not any(page.name == "cases" and page.open_to(who) for page in PAGES):
        return ()
    try:
        found = waiting(workspace, who, now().date())
    except CaseworkError as error:
        st.caption(plain(t("cases.away", why=error)))
        return ()
    st.metric(t("overview.work.cases"), count(found.cases), border=True)
    return found.tasks


def _tasks(tasks: tuple[Task, ...]) -> None:
    st.markdown(f"**{t('overview.work.tasks')}**")
    st.caption(t("overview.work.tasks.shown", n=min(MOST_TASKS, len(tasks)), total=len(tasks)))
    columns = [
        Column(t("cases.task.due"), kind="nowrap"),
        Column(t("cases.task"), kind="wide"),
        Column(t("cases.assignee"), kind="nowrap"),
        Column(t("nav.cases"), kind="nowrap"),
    ]
    today = now().date()
    rows = [
        Row(
            [
                Cell(tags=[Tag(t("cases.overdue"), "red")], sub=day(one.due))
                if one.overdue(today)
                else day(one.due),
                one.what,
                one.assignee,
                one.case_id,
            ],
            id=one.case_id,
            href=f"cases?case={one.case_id}&lang={state.language()}",
        )
        for one in tasks[:MOST_TASKS]
    ]
    opened = show_table(Table(t("overview.work.tasks"), columns, rows, link=3), "overview_tasks")
    if opened:
        st.switch_page(page_file("cases"), query_params={"case": opened})
