"""The work at hand: jobs that run, leads that are new, cases that wait, and what is due."""

from pathlib import Path

import streamlit as st

from casework.errors import CaseworkError
from dashboards import opened as reads
from dashboards.blocks.overview_due import due_list
from dashboards.clock import now
from dashboards.formats import DASH, count, day, plain
from dashboards.frame import card
from dashboards.opened import Key, Opened
from dashboards.pages import PAGES
from dashboards.person import actor
from dashboards.reading.caseload import Waiting, waiting
from dashboards.reading.ranked import Filter
from dashboards.texts import t
from graph.schema import RingState
from huancha.jobs.table import JobTable

MIN_WIDTH = 150
CHANGED = (RingState.GROWN, RingState.SPLIT, RingState.MERGED)


def work_at_hand(opened: Opened, key: Key) -> None:
    """Four figures; what is due below, for those who may see cases."""
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
            found = _cases(opened.workspace.path)
            ended = reads.figures(key).last
            st.metric(t("overview.work.fresh"), day(ended), border=True)
        if found is not None:
            due_list(found)


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


def _cases(workspace: Path) -> Waiting | None:
    """The figure of cases; what waits."""
    who = actor()
    if not any(page.name == "cases" and page.open_to(who) for page in PAGES):
        return None
    try:
        found = waiting(workspace, who, now().date())
    except CaseworkError as error:
        st.caption(plain(t("cases.away", why=error)))
        return None
    st.metric(t("overview.work.cases"), count(found.cases), border=True)
    return found
