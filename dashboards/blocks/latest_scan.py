"""The latest scan: when, on what, its stages with rows and time."""

import streamlit as st

from dashboards import state
from dashboards.formats import count, minute, seconds
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import motif_title, t, term
from graph.results import Run

HEIGHT = 520


def latest_scan(run: Run, live_snapshot: str) -> None:
    """Facts and stages of `run`; a warning when the live snapshot is another one."""
    language = state.language()
    if run.snapshot != live_snapshot:
        st.warning(t("overview.scan.stale", scanned=run.snapshot, live=live_snapshot))
    st.caption(
        t(
            "overview.scan.facts",
            started=minute(run.started),
            took=seconds(run.seconds, language),
            seed=run.seed,
            snapshot=run.snapshot,
        )
    )
    longest = max((stage.seconds for stage in run.stages), default=0.0) or 1.0
    rows = [
        Row(
            [
                _stage(stage.name),
                count(stage.rows),
                Cell(seconds(stage.seconds, language), bar=stage.seconds / longest),
            ]
        )
        for stage in run.stages
    ]
    columns = [
        Column(t("overview.stage"), kind="name"),
        Column(t("overview.stage.rows"), "right"),
        Column(t("overview.stage.seconds"), "right"),
    ]
    show_table(Table(t("overview.scan"), columns, rows, height=HEIGHT), "scan_stages")


def _stage(name: str) -> str:
    """A stage's word; a motif is a stage of its own."""
    word = term("stage", name)
    return motif_title(name) if word == name else word
