"""The scans of the past: a page of them, and everything about the one that was clicked."""

import math
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from dashboards import state
from dashboards.access.permissions import Action
from dashboards.blocks.job_live import ask
from dashboards.blocks.job_words import asked_by, asked_line, fault_sentence, job_title, state_tag
from dashboards.blocks.latest_scan import latest_scan
from dashboards.blocks.scan_form import parameter_label, parameter_value
from dashboards.formats import count, minute, plain, seconds
from dashboards.frame import card
from dashboards.navigation import page_file
from dashboards.person import can
from dashboards.reading.scanning import Entry, page_of, same_again
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import t, term
from graph.schema import DISSOLVED, RingState
from huancha.jobs.job import Kind

SIZE = 10
PAGER = "huancha_scans_pager"
CHOSEN = "huancha_scans_chosen"


def scan_history(workspace: Path, entries: Sequence[Entry]) -> None:
    """The list, newest first; below it the scan that was opened."""
    if not entries:
        st.text(t("scans.history.none"))
        return
    pages = math.ceil(len(entries) / SIZE)
    page = min(int(st.session_state.get(PAGER) or 1), pages)
    shown = page_of(entries, page, SIZE)
    first = (page - 1) * SIZE + 1
    last = first + len(shown) - 1
    st.caption(plain(t("scans.history.shown", first=first, last=last, n=len(entries))))
    opened = show_table(_table(shown), f"scan_history_{page}")
    if pages > 1:
        st.pagination(pages, default=page, key=PAGER)
    if opened:
        st.session_state[CHOSEN] = opened
    chosen = st.session_state.get(CHOSEN)
    found = next((entry for entry in entries if entry.id == chosen), None)
    if found is not None:
        _details(workspace, found)


def _table(entries: Sequence[Entry]) -> Table:
    columns = [
        Column(t("scans.column.when"), kind="nowrap"),
        Column(t("scans.column.state")),
        Column(t("scans.column.rings"), "right"),
        Column(t("scans.column.fates"), "right"),
        Column(t("scans.column.took"), "right", kind="nowrap"),
        Column(t("scans.column.seed"), "right"),
        Column(t("scans.column.changed"), kind="wide"),
        Column(t("scans.column.snapshot"), kind="mono"),
        Column(t("scans.column.by"), kind="nowrap"),
    ]
    return Table(t("scans.tab.history"), columns, [_row(entry) for entry in entries])


def _row(entry: Entry) -> Row:
    run, job = entry.run, entry.job
    counts = run.counts if run else {}
    fates = f"{count(counts.get(RingState.NEW, 0))}／{count(counts.get(DISSOLVED, 0))}"
    took = seconds(entry.seconds, state.language())
    return Row(
        [
            Cell(minute(entry.started), sub=job_title(job) if job else ""),
            Cell(tags=[state_tag(entry.state)]),
            count(counts.get("rings")) if run else "–",
            fates if RingState.NEW in counts else "–",
            took,
            str(entry.seed),
            changed_words(entry),
            run.snapshot if run else "–",
            asked_by(job) if job else t("scans.by.command"),
        ],
        id=entry.id,
        href="scans",
    )


def changed_words(entry: Entry) -> str:
    """The thresholds that were not left at their defaults."""
    if not entry.changed:
        return t("scans.changed.none")
    pairs = (f"{parameter_label(n)} {parameter_value(n, v)}" for n, v in entry.changed.items())
    return t("separator").join(pairs)


def _details(workspace: Path, entry: Entry) -> None:
    run, job = entry.run, entry.job
    with card("scan_details", f"{t('scans.details')} {minute(entry.started)}"):
        if job is not None:
            st.caption(
                plain(f"{job_title(job)} · {term('job_state', job.state)} · {asked_line(job)}")
            )
        if job is not None and job.fault is not None:
            st.warning(plain(fault_sentence(job.fault)))
        if job is not None and job.outcome.get("graph_fault"):
            st.warning(plain(t("scans.graph_fault")))
        st.text(t("scans.details.changed", changed=changed_words(entry)))
        if run is not None:
            st.text(_counts(entry))
        with st.container(horizontal=True):
            if can(Action.SCAN):
                st.button(
                    t("jobs.again"),
                    key="scan_again",
                    help=t("jobs.again.help"),
                    on_click=_again,
                    args=(workspace, entry),
                )
            if run is not None and st.button(t("scans.rings"), key="scan_rings"):
                st.switch_page(page_file("rings"), query_params={"scan": run.scan})
        if run is not None:
            latest_scan(run, run.snapshot)


def _counts(entry: Entry) -> str:
    assert entry.run is not None
    counts = entry.run.counts
    known = {str(one): count(counts.get(one, 0)) for one in (*RingState, DISSOLVED)}
    said = t("scans.details.counts", rings=count(counts.get("rings", 0)), **known)
    decoys = counts.get("decoys")
    return f"{said} · {t('scans.details.decoys', n=decoys)}" if decoys else said


def _again(workspace: Path, entry: Entry) -> None:
    ask(workspace, Kind.SCAN, same_again(entry), entry.job.no if entry.job else None)
