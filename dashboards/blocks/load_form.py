"""Asking for a load from the screen: a folder of the server or files sent up; what the last one brought."""

from pathlib import Path

import streamlit as st

from dashboards.access.permissions import Action
from dashboards.blocks.job_live import ask, live_jobs
from dashboards.blocks.job_words import asked_line, fault_sentence, job_title
from dashboards.blocks.load_summary import fate_figures, fate_table, reason_table
from dashboards.clock import now
from dashboards.formats import plain
from dashboards.frame import card
from dashboards.opened import open_settings
from dashboards.person import can, must
from dashboards.texts import t, term
from huancha.jobs.job import Job, Kind, State
from huancha.jobs.sources import folders, keep_uploads
from huancha.jobs.table import JobTable
from huancha.settings import Settings

RECENT = 20
"""Loads looked through for the last that is over."""
MOST_MEGABYTES = 200
"""Per file sent up; larger exports are put on the server."""


def load_desk(live: str = "") -> None:
    """The form, what is at work, and the outcome of the last load asked for here.

    Its rows are left out where it made the snapshot `live`: the page's report tells them.
    """
    workspace = open_settings().path
    if can(Action.LOAD):
        with card("load_form", t("load.form")):
            st.caption(plain(t("load.form.lead")))
            from_server, sent_up = st.tabs([t("load.tab.folder"), t("load.tab.files")])
            with from_server:
                _from_server(workspace)
            with sent_up:
                _sent_up(workspace)
    live_jobs(workspace)
    loads = [job for job in JobTable(workspace).jobs(Kind.LOAD, RECENT) if job.final]
    if loads:
        _outcome(workspace, loads[0], live)


def _from_server(workspace: Path) -> None:
    roots = Settings().roots()
    offered = folders(roots)
    if not offered:
        st.text(t("load.folder.none" if roots else "load.folder.unset"))
        return
    with st.form("load_folder", border=False):
        chosen = st.selectbox(
            t("load.folder"),
            offered,
            format_func=str,
            index=None,
            placeholder=t("load.folder.choose"),
            help=t("load.folder.help"),
            key="load_folder_chosen",
        )
        dry_run = _dry_run("folder")
        asked = st.form_submit_button(t("load.start"), type="primary")
    if asked and chosen is None:
        st.warning(t("load.folder.choose"))
    elif asked and chosen is not None:
        ask(workspace, Kind.LOAD, {"folder": str(chosen), "dry_run": dry_run})
        st.rerun()


def _sent_up(workspace: Path) -> None:
    with st.form("load_files", border=False, clear_on_submit=True):
        files = st.file_uploader(
            t("load.files"),
            accept_multiple_files=True,
            max_upload_size=MOST_MEGABYTES,
            help=t("load.files.help", size=MOST_MEGABYTES),
            key="load_files_chosen",
        )
        dry_run = _dry_run("files")
        asked = st.form_submit_button(t("load.start"), type="primary", key="load_files_start")
    if asked and not files:
        st.warning(t("load.files.choose"))
    elif asked:
        must(Action.LOAD)
        folder = keep_uploads(
            workspace, f"{now():%Y%m%dT%H%M%S%f}", ((file.name, file) for file in files)
        )
        ask(workspace, Kind.LOAD, {"folder": str(folder), "dry_run": dry_run})
        st.rerun()


def _dry_run(name: str) -> bool:
    return st.checkbox(t("load.dry_run"), help=t("load.dry_run.help"), key=f"load_dry_{name}")


def _outcome(workspace: Path, job: Job, live: str) -> None:
    with card("load_outcome", t("load.outcome", title=job_title(job))):
        st.caption(plain(f"{term('job_state', job.state)} · {asked_line(job)}"))
        report = job.outcome
        if job.fault is not None:
            st.warning(plain(fault_sentence(job.fault)))
        elif job.state is State.DONE and report:
            if report.get("dry_run"):
                st.text(t("load.outcome.dry"))
            elif job.result is None:
                st.text(t("load.outcome.nothing"))
            else:
                st.text(t("load.outcome.published", snapshot=job.result))
            if report.get("tables") and job.result != live:
                fate_figures(report)
                fate_table(report, "load_fates")
                reason_table(report, "load_reasons")
        if job.state is not State.DONE and can(Action.LOAD):
            st.button(
                t("jobs.again"),
                key="load_again",
                help=t("jobs.again.help"),
                on_click=ask,
                args=(workspace, Kind.LOAD, job.parameters, job.no),
            )
