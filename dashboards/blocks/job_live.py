"""The jobs at work and waiting, looked at again every second without drawing the rest of the page."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from dashboards.access.permissions import Action
from dashboards.blocks.job_words import asked_line, job_title, progress_line, state_tag
from dashboards.clock import now
from dashboards.formats import percent, plain
from dashboards.frame import card
from dashboards.person import audited, can, must
from dashboards.reading.scanning import outlook
from dashboards.texts import t
from huancha.jobs.job import Job, Kind, State
from huancha.jobs.settled import notice
from huancha.jobs.table import JobTable

OFTEN = 1.0
SELDOM = 4.0
"""Seconds between two looks while something is at work, and while nothing is."""
ALMOST = 0.99
"""The share shown at most while a job is not over."""
SAID = "huancha_jobs_said"
RIGHTS = {Kind.SCAN: Action.SCAN, Kind.LOAD: Action.LOAD}


def ask(
    workspace: Path, kind: Kind, parameters: Mapping[str, Any], again: int | None = None
) -> None:
    """Put a job into the queue and say so at the next drawing; refused without the right."""
    who = must(RIGHTS[kind])
    audited(workspace, "ask", kind, json.dumps(parameters, ensure_ascii=False, sort_keys=True))
    table = JobTable(workspace)
    waiting = {job.no for job in table.open()}
    job = table.ask(kind, parameters, by=who.name, now=now(), again=again)
    known = "jobs.asked.same" if job.no in waiting else "jobs.asked"
    st.session_state[SAID] = t(known, title=job_title(job))


def live_jobs(workspace: Path) -> None:
    """A card of what is at work and what waits, with a button to cancel each."""
    said = st.session_state.pop(SAID, None)
    if said:
        st.toast(plain(said))
    with card("live", t("jobs.live")):
        notice(workspace, now())
        open_ = JobTable(workspace).open()
        drawn = JobTable(workspace).tally()
        every = OFTEN if open_ else SELDOM
        st.fragment(_polled, run_every=every, key="jobs_polled")(workspace, drawn, bool(open_))


def _polled(workspace: Path, drawn: tuple[int, int], busy: bool) -> None:
    notice(workspace, now())
    table = JobTable(workspace)
    open_ = table.open()
    if table.tally() != drawn or bool(open_) != busy:
        st.rerun()
    if not table.attended(now()):
        st.warning(t("jobs.unattended"))
        st.code("huancha work", language=None)
    if not open_:
        st.text(t("jobs.live.none"))
    for place, job in enumerate(open_):
        _drawn(workspace, job, place)


def _drawn(workspace: Path, job: Job, place: int) -> None:
    with st.container(key=f"job_{job.no}"):
        facts, button = st.columns([6, 1], vertical_alignment="center")
        with facts:
            words = [state_tag(job.state).text, asked_line(job)]
            words += [] if job.live or not place else [t("jobs.place", place=place)]
            st.markdown(f"**{plain(job_title(job))}** {plain(' · '.join(words))}")
            if job.live:
                _bar(workspace, job)
        with button:
            st.button(
                t("jobs.cancel"),
                key=f"cancel_{job.no}",
                help=t("jobs.cancel.help"),
                disabled=job.state is State.CANCELLING or not can(RIGHTS[job.kind]),
                on_click=_cancel,
                args=(workspace, job.no),
                width="stretch",
            )


def _bar(workspace: Path, job: Job) -> None:
    found = outlook(workspace, job, now())
    passed = (now() - job.started).total_seconds() if job.started else 0.0
    share = max(0.0, min(ALMOST, found.share))
    line = f"{percent(share, 1)} · {progress_line(job, found, passed)}"
    st.progress(share, text=plain(line))


def _cancel(workspace: Path, no: int) -> None:
    job = JobTable(workspace).job(no)
    if job is None:
        return
    must(RIGHTS[job.kind])
    audited(workspace, "cancel", job.kind, job_title(job))
    JobTable(workspace).cancel(no, now())
