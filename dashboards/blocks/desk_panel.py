"""Beside the canvas: what is known of what is chosen, the records behind it, notes on it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import desk_state as memory
from dashboards.blocks.called import facts_in, kind_word, name_of, said_of, span_of, sub_of
from dashboards.blocks.desk_expand import expand_form, path_form
from dashboards.blocks.desk_notes import notes
from dashboards.blocks.desk_records import records
from dashboards.desk_reads import OnDesk
from dashboards.formats import count, plain
from dashboards.navigation import open_entity, open_ring
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import t, term
from graph.model import NodeKind

MOST_CHOSEN = 40


def panel(on_desk: OnDesk) -> None:
    """Details, records and notes of what is chosen; what to do when nothing is."""
    nodes, edges = _split(on_desk)
    if not nodes and not edges:
        st.subheader(t("desk.panel"), anchor=False)
        st.text(t("desk.panel.empty"))
        return
    if len(nodes) + len(edges) > 1:
        _several(on_desk, nodes, edges)
        return
    details, rows, written = st.tabs([t("desk.details"), t("desk.records"), t("desk.notes")])
    one = nodes[0] if nodes else edges[0]
    with details:
        if nodes:
            _node(on_desk, one)
        else:
            _edge(on_desk, one)
    with rows:
        records(on_desk, one)
    with written:
        notes(on_desk, one)


def _split(on_desk: OnDesk) -> tuple[list[str], list[str]]:
    chosen = memory.chosen()
    nodes = [id_ for id_ in chosen if id_ in on_desk.graph]
    edges = [id_ for id_ in chosen if edge_of(on_desk, id_) is not None]
    return nodes, edges


def edge_of(on_desk: OnDesk, id_: str) -> tuple[str, str, str, Mapping[str, Any]] | None:
    """(kind, source, target, facts) of an edge on the desk by its id; None for any other id."""
    kind, _, ends = id_.partition("|")
    source, _, target = ends.partition("|")
    if not target or not on_desk.graph.has_edge(source, target, key=kind):
        return None
    return kind, source, target, on_desk.graph.edges[source, target, kind]


def _node(on_desk: OnDesk, id_: str) -> None:
    facts = on_desk.graph.nodes[id_]
    st.subheader(plain(name_of(id_, facts)), anchor=False)
    st.caption(plain(f"{kind_word(facts)} · {sub_of(id_, facts)}".strip(" ·")))
    ring = facts["kind"] == NodeKind.RING
    if st.button(
        t("desk.profile.ring" if ring else "desk.profile"), key="desk_profile", width="stretch"
    ):
        (open_ring if ring else open_entity)(id_)
    expand_form(on_desk, id_)
    rows = [Row([name, value]) for name, value in facts_in(facts)]
    columns = [Column("", kind="label"), Column("", kind="wrap")]
    show_table(
        Table(t("desk.details"), columns, [Row([t("desk.column.id"), id_]), *rows], link=-1),
        "desk_facts",
    )
    st.caption(t("desk.details.source", snapshot=on_desk.key.snapshot))


def _edge(on_desk: OnDesk, id_: str) -> None:
    found = edge_of(on_desk, id_)
    assert found is not None
    kind, source, target, facts = found
    st.subheader(plain(term("edge", kind)), anchor=False)
    graph = on_desk.graph
    ends = " → ".join(name_of(end, graph.nodes[end]) for end in (source, target))
    st.text(ends)
    lines = [line for line in (said_of(kind, facts), span_of(facts)) if line]
    for line in lines:
        st.text(line)
    st.caption(t("desk.edge.source"))


def _several(on_desk: OnDesk, nodes: list[str], edges: list[str]) -> None:
    st.subheader(t("desk.several", n=len(nodes) + len(edges)), anchor=False)
    if len(nodes) == 2 and not edges:
        path_form(on_desk, nodes[0], nodes[1])
    graph = on_desk.graph
    rows = [
        Row(
            [Cell(name_of(id_, graph.nodes[id_]), sub=kind_word(graph.nodes[id_]))],
            id=id_,
            href="#",
        )
        for id_ in nodes[:MOST_CHOSEN]
    ]
    rows += [_edge_row(on_desk, id_) for id_ in edges[: MOST_CHOSEN - len(rows)]]
    st.caption(
        t("shown.some", n=len(rows), total=count(len(nodes) + len(edges)), what=t("desk.items"))
    )
    table = Table(t("desk.panel"), [Column("", kind="name")], rows, height=420)
    opened = show_table(table, "desk_several")
    if opened:
        memory.choose((opened,), focus=True)
        st.rerun()


def _edge_row(on_desk: OnDesk, id_: str) -> Row:
    found = edge_of(on_desk, id_)
    assert found is not None
    kind, source, target, facts = found
    graph = on_desk.graph
    ends = " → ".join(name_of(end, graph.nodes[end]) for end in (source, target))
    return Row([Cell(ends, sub=f"{term('edge', kind)} {said_of(kind, facts)}")], id=id_, href="#")
