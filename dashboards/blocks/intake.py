"""The sections of the load report."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboards import state
from dashboards.blocks.load_summary import (
    fate_figures,
    fate_table,
    reason_table,
    switched_off,
    warning_table,
)
from dashboards.formats import count, seconds, size, stamp
from dashboards.frame import card, header
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import t, term

MOST = 200
HEIGHT = 460
ALREADY = "already loaded as "

Manifest = Mapping[str, Any]


def _report(manifest: Manifest) -> Mapping[str, Any]:
    return manifest.get("report") or {}


def intake_head(manifest: Manifest) -> None:
    """Title, which snapshot, when it was loaded."""
    header(t("nav.intake"), t("intake.lead"))
    took = seconds(_report(manifest).get("seconds"), state.language())
    created = stamp(manifest.get("created"))
    st.caption(t("intake.facts", snapshot=manifest.get("snapshot"), created=created, took=took))


def row_fates(manifest: Manifest) -> None:
    """Rows by fate; without that record, the rows the snapshot holds."""
    fate_figures(_report(manifest))
    with card("fates", t("intake.tables")):
        if _report(manifest).get("tables"):
            fate_table(_report(manifest), "intake_fates")
            return
        st.caption(t("intake.tables.none"))
        tables: Mapping[str, Any] = manifest.get("tables") or {}
        rows = [
            Row([Cell(term("table", name), sub=name), count(int(facts["rows"]))])
            for name, facts in tables.items()
        ]
        columns = [Column(t("intake.table"), kind="name"), Column(t("intake.rows"), "right")]
        show_table(Table(t("intake.tables"), columns, rows), "intake_rows")


def warnings(manifest: Manifest) -> None:
    """Warnings in words beside the reasons of quarantine."""
    left, right = st.columns(2, gap="medium")
    with left, card("warnings", t("intake.warnings")):
        st.caption(t("intake.warnings.note"))
        warning_table(_report(manifest), "intake_warnings")
    with right, card("reasons", t("intake.reasons")):
        st.caption(t("intake.quarantined.help"))
        reason_table(_report(manifest), "intake_reasons")


def missing(manifest: Manifest) -> None:
    """Absent tables and what they switch off."""
    with card("off", t("intake.off")):
        switched_off(_report(manifest), "intake_off")


def unknowns(manifest: Manifest) -> None:
    """Columns and code values nobody knows, by name and count."""
    report = _report(manifest)
    columns: Sequence[Mapping[str, Any]] = report.get("unknown_columns") or ()
    values: Sequence[Mapping[str, Any]] = report.get("unknown_values") or ()
    with card("unknown", t("intake.unknown")):
        if not columns and not values:
            st.text(t("intake.unknown.none"))
        if columns:
            heads = [Column(t("intake.file"), kind="name"), Column(t("intake.column"), kind="mono")]
            rows = [Row([str(c.get("file", "")), str(c.get("column", ""))]) for c in columns[:MOST]]
            show_table(Table(t("intake.unknown"), heads, rows, height=HEIGHT), "intake_columns")
        if values:
            heads = [
                Column(t("intake.table"), kind="name"),
                Column(t("intake.column"), kind="mono"),
                Column(t("intake.value"), kind="mono"),
                Column(t("intake.count"), "right"),
            ]
            show_table(
                Table(
                    t("intake.unknown"), heads, [_value(v) for v in values[:MOST]], height=HEIGHT
                ),
                "intake_values",
            )


def _value(entry: Mapping[str, Any]) -> Row:
    name = str(entry.get("table", ""))
    return Row(
        [
            Cell(term("table", name), sub=name),
            str(entry.get("column", "")),
            str(entry.get("value", "")),
            count(int(entry.get("rows", 0))),
        ]
    )


def files(manifest: Manifest) -> None:
    """Where the rows came from, and the files left aside."""
    sources: Sequence[Mapping[str, Any]] = manifest.get("sources") or ()
    with card("files", t("intake.files")):
        if not sources:
            st.text(t("intake.files.none"))
        else:
            shown = sources[:MOST]
            st.caption(t("intake.files.shown", n=len(shown), total=len(sources)))
            heads = [
                Column(t("intake.file"), kind="name"),
                Column(t("intake.table"), kind="nowrap"),
                Column(t("intake.count"), "right"),
                Column(t("intake.bytes"), "right"),
                Column(t("intake.sha"), kind="mono"),
            ]
            rows = [_source(source) for source in shown]
            show_table(Table(t("intake.files"), heads, rows, height=HEIGHT), "intake_files")
    _aside(_report(manifest))


def _source(source: Mapping[str, Any]) -> Row:
    sheet = source.get("sheet")
    return Row(
        [
            Cell(str(source.get("name", "")), sub=f"{t('intake.sheet')} {sheet}" if sheet else ""),
            term("table", str(source.get("table", ""))),
            count(source.get("rows")),
            size(source.get("bytes")),
            str(source.get("sha256", ""))[:12],
        ]
    )


def _aside(report: Mapping[str, Any]) -> None:
    aside = [
        (str(s.get("file", "")), _why(str(s.get("why", "")))) for s in report.get("skipped") or ()
    ]
    aside += [(str(file), t("intake.not_table")) for file in report.get("not_tables") or ()]
    with card("aside", t("intake.aside")):
        if not aside:
            st.text(t("intake.aside.none"))
            return
        heads = [Column(t("intake.file"), kind="name"), Column(t("intake.why"), kind="wide")]
        rows = [Row([file, why]) for file, why in aside[:MOST]]
        show_table(Table(t("intake.aside"), heads, rows, height=HEIGHT), "intake_aside")


def _why(why: str) -> str:
    """The loader's reason for leaving a file, in this tab's language where it is known."""
    if why.startswith(ALREADY):
        return t("intake.already", file=why.removeprefix(ALREADY))
    return t("intake.empty") if why == "empty" else why
