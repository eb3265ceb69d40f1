"""The load report in words: rows by fate, warnings, what is switched off."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboards.formats import count, percent
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term

FATES = ("read", "kept", "superseded", "quarantined")
Report = Mapping[str, Any]


def fate_totals(report: Report) -> dict[str, int]:
    """Rows by fate, summed over all tables of `report`."""
    tables = report.get("tables") or {}
    return {fate: sum(int(row.get(fate, 0)) for row in tables.values()) for fate in FATES}


def fate_figures(report: Report) -> None:
    """Rows read and what became of them, as headline figures."""
    totals = fate_totals(report)
    with st.grid(4, min_column_width=150):
        for fate in FATES:
            share = t("intake.share", share=percent(totals[fate], totals["read"]))
            tables = t("intake.tables.count", n=len(report.get("tables") or {}))
            st.metric(
                t(f"intake.{fate}"),
                count(totals[fate]),
                delta=tables if fate == "read" else share,
                delta_color="off",
                delta_arrow="off",
                help=t("intake.quarantined.help") if fate == "quarantined" else None,
                border=True,
            )


def fate_table(report: Report, key: str, *, short: bool = False) -> None:
    """Rows by table and fate, and whether they add up; `short` keeps a table to one line."""
    rows = [
        Row([_table_name(name, short), *(count(fates.get(f, 0)) for f in FATES), _balance(fates)])
        for name, fates in (report.get("tables") or {}).items()
    ]
    columns = [
        Column(t("intake.table"), kind="name"),
        *(Column(t(f"intake.{fate}"), "right") for fate in FATES),
        Column(t("intake.balance"), "center"),
    ]
    show_table(Table(t("intake.tables"), columns, rows), key)


def _table_name(name: str, short: bool = False) -> Cell:
    return Cell(term("table", name), sub="" if short else name, hint=name)


def _balance(fates: Mapping[str, int]) -> Cell:
    read, *rest = (int(fates.get(fate, 0)) for fate in FATES)
    if read == sum(rest):
        return Cell(tags=[Tag(t("intake.balance.ok"), "green")])
    return Cell(tags=[Tag(t("intake.balance.off"), "red")])


def warning_table(report: Report, key: str, most: int | None = None) -> None:
    """Warnings in words with their row counts, most frequent first."""
    warnings = sorted((report.get("warnings") or {}).items(), key=lambda pair: (-pair[1], pair[0]))
    if not warnings:
        st.text(t("intake.warnings.none"))
        return
    shown = warnings[:most]
    rows = [Row([Cell(term("warning", code), sub=code), count(n)]) for code, n in shown]
    columns = [Column(t("intake.warnings"), kind="name"), Column(t("intake.count"), "right")]
    show_table(Table(t("intake.warnings"), columns, rows), key)
    if len(shown) < len(warnings):
        st.caption(t("shown.some", n=len(shown), total=len(warnings), what=t("unit.rows")))


def switched_off(report: Report, key: str) -> None:
    """Tables that were not there, and what is switched off for lack of them."""
    absent: Sequence[Mapping[str, Any]] = report.get("absent") or ()
    if not absent:
        st.text(t("intake.off.none"))
        return
    rows = [Row([_table_name(str(entry["table"])), _switches_off(entry)]) for entry in absent]
    columns = [Column(t("intake.table"), kind="name"), Column(t("intake.off.what"), kind="wide")]
    show_table(Table(t("intake.off"), columns, rows), key)


def _switches_off(entry: Mapping[str, Any]) -> str:
    """What is off without a table; the report's own words for a table this version does not know."""
    words = term("off", str(entry["table"]))
    return str(entry.get("switches_off") or words) if words == entry["table"] else words


def reason_table(report: Report, key: str) -> None:
    """Why rows were quarantined, with their counts; the column a reason names is shown below it."""
    reasons: Mapping[str, int] = report.get("reasons") or {}
    if not reasons:
        st.text(t("intake.reasons.none"))
        return
    rows = [
        Row([Cell(term("reason", code.partition(":")[0]), sub=code), count(n)])
        for code, n in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    columns = [Column(t("intake.reason"), kind="name"), Column(t("intake.count"), "right")]
    show_table(Table(t("intake.reasons"), columns, rows), key)
