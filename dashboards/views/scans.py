"""扫描任务: ask for a scan, watch it, see those before, compare two."""

import streamlit as st

from dashboards.access.permissions import Action
from dashboards.blocks.job_live import live_jobs
from dashboards.blocks.scan_compare import scan_compare
from dashboards.blocks.scan_form import scan_form
from dashboards.blocks.scan_history import scan_history
from dashboards.frame import card, header, render_with_snapshot
from dashboards.opened import Opened, key_of
from dashboards.person import can
from dashboards.reading.scanning import history
from dashboards.texts import t


def show(opened: Opened) -> None:
    """Form, jobs at work, history and comparison."""
    workspace = opened.workspace.path
    header(t("nav.scans"), t("scans.lead"))
    if can(Action.SCAN):
        scan_form(opened)
    live_jobs(workspace)
    entries = history(workspace)
    with card("scans"):
        before, beside = st.tabs([t("scans.tab.history"), t("scans.tab.compare")])
        with before:
            scan_history(workspace, entries)
        with beside:
            scan_compare(key_of(opened), [entry.run for entry in entries if entry.run])


render_with_snapshot("nav.scans", show)
