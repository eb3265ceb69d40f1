"""Finding a person, a place or a shared value by what one knows of it."""

from collections.abc import Collection

import streamlit as st

from dashboards import desk_reads, state
from dashboards.blocks.called import kind_word, name_of, sub_of
from dashboards.formats import count
from dashboards.opened import Key
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import t
from graph.model import Node, NodeKind

SHORTEST = 2
MOST_FOUND = 20
HEIGHT = 240


def search_entities(
    key: Key, page: str, asked: str, kinds: Collection[NodeKind], hint: str
) -> str | None:
    """A field with its `hint` and what it finds of `kinds`, each leading to `page` with its id as `asked`; the id just opened."""
    text = st.text_input(
        t("desk.search"),
        placeholder=hint,
        help=t("desk.search.help"),
        key=f"{page}_search",
    ).strip()
    if len(text) < SHORTEST:
        return None
    every = desk_reads.search(key, text, MOST_FOUND)
    found = [node for node in every if node.kind in kinds]
    if not found:
        st.text(t("desk.search.none"))
        return None
    total = max(len(found), every.total - (len(every) - len(found)))
    st.caption(t("desk.search.shown", n=len(found), total=count(total)))
    rows = [
        Row(
            [
                Cell(name_of(node.id, facts := facts_of(node)), sub=sub_of(node.id, facts)),
                kind_word(facts),
            ],
            id=node.id,
            href=f"{page}?{asked}={node.id}&lang={state.language()}",
        )
        for node in found
    ]
    columns = [Column(t("desk.column.name"), kind="name"), Column(t("desk.column.kind"))]
    return show_table(Table(t("desk.search"), columns, rows, height=HEIGHT), f"{page}_found")


def facts_of(node: Node) -> dict[str, object]:
    """A node's facts as `called` wants them."""
    return {**node.properties, "kind": node.kind, "label": node.label}
