"""The links of an entity by kind: the heaviest of each, n of N, each with its rows one press away."""

import streamlit as st

from dashboards import desk_reads
from dashboards import state as tab
from dashboards.blocks.called import (
    count_of,
    kind_word,
    money_of,
    name_of,
    said_of,
    span_of,
    sub_of,
)
from dashboards.blocks.charts import month_bars
from dashboards.blocks.ring_table import short_ring_table
from dashboards.formats import count, yuan
from dashboards.frame import card
from dashboards.navigation import open_entity, open_ring
from dashboards.opened import Key
from dashboards.reading.entity import Entity
from dashboards.table import Cell, Column, Row, Table, show_table, told
from dashboards.texts import t, term
from graph.model import EdgeKind, Node, NodeKind
from graph.results import RingRow

SHOWN = tuple(kind for kind in EdgeKind if kind is not EdgeKind.MEMBER_OF)
HEIGHT = 380


def months(found: Entity, snapshot: str) -> None:
    """The fund's part by month."""
    with card("profile_months", t("profile.months")):
        if not found.months:
            st.text(t("profile.months.none"))
            return
        month_bars(found.months, t("profile.months"))
        st.caption(t("profile.source.months", snapshot=snapshot))


def rings(found: tuple[RingRow, ...], scan: str) -> None:
    """The leads it is part of in the latest scan."""
    with card("profile_rings", t("profile.rings")):
        if not found:
            st.text(t("profile.rings.none"))
            return
        open_ring(short_ring_table(found, "profile_rings"))
        st.caption(t("profile.source.rings", scan=scan))


def links(key: Key, node: Node) -> None:
    """A tab for each kind of link there is."""
    found = desk_reads.links(key, node.id)
    degrees = {kind: n for kind, n in found.degrees.items() if kind in SHOWN}
    with card("profile_links", t("profile.links")):
        if not degrees:
            st.text(t("desk.links.none"))
            return
        names = [f"{term('edge', kind)} {count(n)}" for kind, n in degrees.items()]
        for at, kind in zip(st.tabs(names), degrees, strict=True):
            with at:
                _kind(node, kind, found)
        st.caption(t("profile.source.links"))


def _kind(node: Node, kind: EdgeKind, found: desk_reads.Links) -> None:
    edges = found.edges.get(kind, ())
    st.caption(t("desk.rows", n=count(len(edges)), total=count(found.degrees[kind])))
    columns = [
        Column(t("desk.column.name"), kind="name"),
        Column(t("desk.column.kind"), kind="nowrap"),
        Column(t("desk.column.count"), "right"),
        Column(t("desk.column.fund"), "right", unit=t("unit.yuan")),
        Column(t("desk.column.span"), kind="nowrap"),
        Column(t("profile.detail"), kind="cite"),
    ]
    rows = []
    for edge in edges:
        other = edge.target if edge.source == node.id else edge.source
        facts = found.nodes.get(other, {"kind": NodeKind.of(other)})
        number, fund = count_of(kind, edge.properties), money_of(edge.properties)
        cells: list[Cell | str] = [
            Cell(name_of(other, facts), sub=sub_of(other, facts), hint=other),
            kind_word(facts),
            count(number) if number else "",
            yuan(fund) if fund is not None else "",
            span_of(edge.properties),
            said_of(kind, {k: v for k, v in edge.properties.items() if k not in COUNTED}),
        ]
        href = f"profile?entity={other}&lang={tab.language()}"
        rows.append(Row(cells, id=other, href=href))
    table = told(Table(term("edge", kind), columns, rows, height=HEIGHT))
    open_entity(show_table(table, f"profile_links_{kind}"))


COUNTED = frozenset({"visits", "fund", "amount", "prescriptions"})
"""What has a column of its own."""
