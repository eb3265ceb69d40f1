"""The canvas as tables: every node and edge on the desk, chosen here or there alike; steps so far."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import desk_state as memory
from dashboards.blocks.called import (
    count_of,
    kind_word,
    money_of,
    name_of,
    said_of,
    span_of,
    sub_of,
)
from dashboards.blocks.desk_steps import back
from dashboards.desk_reads import OnDesk
from dashboards.formats import count, pseudonym, yuan
from dashboards.reading.desk import Desk, Step
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term

MOST_ROWS = 300
HEIGHT = 420


def nodes_table(on_desk: OnDesk) -> None:
    """The nodes on the desk, chosen ones first, filtered by kind; opening a row chooses its node."""
    graph = on_desk.graph
    words = sorted({kind_word(facts) for _, facts in graph.nodes(data=True)})
    wanted = _kinds("nodes", words)
    found = [
        (id_, facts)
        for id_, facts in graph.nodes(data=True)
        if not wanted or kind_word(facts) in wanted
    ]
    chosen, hidden = set(memory.chosen()), set(memory.view().hidden)
    found.sort(key=lambda item: item[0] not in chosen)
    columns = [
        Column(t("desk.column.name"), kind="name"),
        Column(t("desk.column.kind"), kind="nowrap"),
        Column(t("desk.column.links"), "right", unit=t("desk.column.links.all")),
        Column(t("desk.column.links"), "right", unit=t("desk.column.links.here")),
        Column(t("desk.column.state"), kind="nowrap"),
    ]
    rows = []
    for id_, facts in found[:MOST_ROWS]:
        cells: list[Cell | str] = [
            Cell(name_of(id_, facts), sub=sub_of(id_, facts), hint=id_),
            kind_word(facts),
            count(sum(on_desk.degrees.get(id_, {}).values())),
            count(graph.degree(id_)),
            Cell(tags=_tags(id_ in chosen, id_ in hidden)),
        ]
        rows.append(Row(cells, id=id_, href="#"))
    _shown(len(rows), len(found))
    _choose(show_table(Table(t("desk.tab.nodes"), columns, rows, height=HEIGHT), "desk_nodes"))


def edges_table(on_desk: OnDesk) -> None:
    """The edges on the desk, chosen ones first, then heaviest; filtered by kind and least money."""
    graph = on_desk.graph
    words = sorted({term("edge", kind) for _, _, kind in graph.edges(keys=True)})
    wanted = _kinds("edges", words)
    chosen = set(memory.chosen())
    found = [
        (f"{kind}|{a}|{b}", str(kind), a, b, facts)
        for a, b, kind, facts in graph.edges(keys=True, data=True)
        if not wanted or term("edge", kind) in wanted
    ]
    found.sort(
        key=lambda edge: (
            edge[0] not in chosen,
            -(money_of(edge[4]) or 0),
            -count_of(edge[1], edge[4]),
        )
    )
    columns = [
        Column(t("desk.column.link"), kind="name"),
        Column(t("desk.column.kind"), kind="nowrap"),
        Column(t("desk.column.count"), "right"),
        Column(t("desk.column.fund"), "right", unit=t("unit.yuan")),
        Column(t("desk.column.span"), kind="nowrap"),
    ]
    rows = [_edge_row(graph.nodes, edge, edge[0] in chosen) for edge in found[:MOST_ROWS]]
    _shown(len(rows), len(found))
    _choose(show_table(Table(t("desk.tab.edges"), columns, rows, height=HEIGHT), "desk_edges"))


def _edge_row(
    nodes: Mapping[str, Mapping[str, Any]],
    edge: tuple[str, str, str, str, Mapping[str, Any]],
    chosen: bool,
) -> Row:
    id_, kind, a, b, facts = edge
    number, fund = count_of(kind, facts), money_of(facts)
    ends = " → ".join(name_of(end, nodes[end]) for end in (a, b))
    cells: list[Cell | str] = [
        Cell(ends, sub=said_of(kind, facts)),
        Cell(tags=[Tag(term("edge", kind), "blue" if chosen else "")]),
        count(number) if number else "",
        yuan(fund) if fund is not None else "",
        span_of(facts),
    ]
    return Row(cells, id=id_, href="#")


def _tags(chosen: bool, hidden: bool) -> list[Tag]:
    tags = [Tag(t("desk.chosen"), "blue")] if chosen else []
    return [*tags, Tag(t("desk.hidden"), "hollow")] if hidden else tags


def _kinds(name: str, words: list[str]) -> list[str]:
    return st.multiselect(
        t("desk.filter"),
        words,
        key=f"desk_filter_{name}",
        placeholder=t("desk.expand.every"),
        label_visibility="collapsed",
    )


def _shown(n: int, total: int) -> None:
    st.caption(t("desk.rows", n=count(n), total=count(total)))


def _choose(opened: str | None) -> None:
    if opened:
        memory.choose((opened,), focus=True)
        st.rerun()


def steps_table(on_desk: OnDesk) -> None:
    """What was put on the desk step by step; the last step can be taken back."""
    found = memory.desk()
    if st.button(
        t("desk.back"), key="desk_back", disabled=len(found.steps) < 2, help=t("desk.back.help")
    ):
        back()
        st.rerun()
    columns = [
        Column(t("desk.step"), "right"),
        Column(t("desk.step.what"), kind="wide"),
        Column(t("desk.step.new"), "right"),
        Column(t("desk.step.total"), "right"),
    ]
    rows = [
        Row([str(no), _what(on_desk, step), count(len(step.ids)), count(step.total)])
        for no, step in _numbered(found)
    ]
    show_table(Table(t("desk.tab.steps"), columns, rows, height=HEIGHT, link=-1), "desk_steps")


def _numbered(found: Desk) -> list[tuple[int, Step]]:
    return list(enumerate(found.steps, start=1))


def _what(on_desk: OnDesk, step: Step) -> str:
    nodes = on_desk.graph.nodes
    names = [name_of(id_, nodes[id_]) if id_ in nodes else pseudonym(id_) for id_ in step.about]
    return t(f"desk.step.{step.kind}", names=t("separator").join(names))
