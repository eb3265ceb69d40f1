"""The source rows behind an edge, or behind the edges of a node: which table, which file, which line."""

from datetime import date, datetime

import streamlit as st

from dashboards import desk_reads as reads
from dashboards import desk_state as memory
from dashboards.blocks.called import name_of, said_of
from dashboards.desk_reads import OnDesk
from dashboards.formats import count, day, minute, yuan
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import t, term
from graph.model import Record, Shown

MOST_EDGES = 60
TIMES = ("begntime", "setl_time", "fee_time", "acp_time", "begndate", "at")
MONEY = ("net_fund", "fund", "amount")


def records(on_desk: OnDesk, chosen: str) -> None:
    """For an edge its rows; for a node its links on the desk, to choose one of them."""
    kind, _, ends = chosen.partition("|")
    source, _, target = ends.partition("|")
    if target:
        show_records(reads.records(on_desk.key, kind, source, target), "desk_rows")
    else:
        _links(on_desk, chosen)


def show_records(found: Shown[Record], key: str) -> None:
    """The rows with table, time, money and where they were read from, n of N."""
    if not found.items:
        st.text(t("desk.records.none"))
        return
    st.caption(t("desk.records.shown", n=count(len(found)), total=count(found.total)))
    columns = [
        Column(t("desk.column.row"), kind="mono"),
        Column(t("desk.column.time"), kind="nowrap"),
        Column(t("desk.column.fund"), "right", unit=t("unit.yuan")),
        Column(t("desk.column.source"), kind="cite"),
    ]
    rows = [_record(record) for record in found]
    show_table(Table(t("desk.records"), columns, rows, height=420, link=-1), key)


def _record(record: Record) -> Row:
    name = record.row.partition(":")[2]
    fund = next((record.values[n] for n in MONEY if isinstance(record.values.get(n), int)), None)
    source = (
        t("desk.source", file=record.source, line=record.line)
        if record.source
        else t("desk.derived")
    )
    return Row(
        [
            Cell(name, sub=term("table", record.table)),
            _time(record),
            yuan(fund) if isinstance(fund, int) else "",
            source,
        ]
    )


def _time(record: Record) -> str:
    for name in TIMES:
        value = record.values.get(name)
        if isinstance(value, datetime):
            return minute(value)
        if isinstance(value, date):
            return day(value)
    return ""


def _links(on_desk: OnDesk, node: str) -> None:
    graph = on_desk.graph
    edges = [
        (str(kind), a, b, facts)
        for found in (
            graph.out_edges(node, keys=True, data=True),
            graph.in_edges(node, keys=True, data=True),
        )
        for a, b, kind, facts in found
    ]
    edges.sort(key=lambda edge: -int(edge[3].get("weight") or 0))
    if not edges:
        st.text(t("desk.records.unlinked"))
        return
    st.caption(t("desk.records.choose", n=min(len(edges), MOST_EDGES), total=count(len(edges))))
    rows = []
    for kind, a, b, facts in edges[:MOST_EDGES]:
        other = b if a == node else a
        cell = Cell(
            name_of(other, graph.nodes[other]), sub=f"{term('edge', kind)} {said_of(kind, facts)}"
        )
        rows.append(Row([cell], id=f"{kind}|{a}|{b}", href="#"))
    opened = show_table(
        Table(t("desk.records"), [Column(t("desk.column.link"), kind="name")], rows, height=420),
        "desk_links",
    )
    if opened:
        memory.choose((opened,), focus=True)
        st.rerun()
