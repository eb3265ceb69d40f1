"""Where the desk begins: a search over what the user may see, a ring, or what the address names."""

import streamlit as st

from dashboards import desk_reads, state
from dashboards import desk_state as memory
from dashboards import opened as reads
from dashboards.blocks.called import kind_word, name_of, sub_of
from dashboards.blocks.desk_steps import add, start_entity, start_ring
from dashboards.formats import count, money, plain, pseudonym
from dashboards.opened import Key
from dashboards.reading.ranked import Filter
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import t, term
from graph.model import Node, NodeKind, Shown
from graph.results import RingRow

SHORTEST = 2
MOST_FOUND = 20
MOST_RINGS = 200


def take_address(key: Key) -> None:
    """Begin with the ring or the entity the address names, once; else leave the desk as it is."""
    ring, entity = st.query_params.get("ring"), st.query_params.get("entity")
    asked = ring or entity
    if not asked or not memory.newly_asked(asked):
        return
    if not (start_ring(key, asked) if ring else start_entity(key, asked)):
        memory.say("desk.unknown", id=pseudonym(asked))


def start_box(key: Key) -> None:
    """The search field and the ring picker; what is found below them, ranked, n of N."""
    left, right = st.columns([1.3, 1], vertical_alignment="bottom")
    text = left.text_input(
        t("desk.search"),
        placeholder=t("desk.search.hint"),
        help=t("desk.search.help"),
        key="desk_search",
        persist_state="session",
    ).strip()
    with right:
        _rings(key)
    if len(text) >= SHORTEST:
        _found(key, text)


def _found(key: Key, text: str) -> None:
    found = desk_reads.search(key, text, MOST_FOUND)
    if not found.items:
        st.text(t("desk.search.none"))
        return
    st.caption(t("desk.search.shown", n=len(found), total=count(found.total)))
    chosen = show_table(_table(found), f"desk_found_{text}")
    if chosen:
        if memory.desk().steps:
            add(key, chosen)
        elif NodeKind.of(chosen) is NodeKind.RING:
            start_ring(key, chosen)
        else:
            start_entity(key, chosen)


def _table(found: Shown[Node]) -> Table:
    columns = [
        Column(t("desk.column.name"), kind="name"),
        Column(t("desk.column.kind"), kind="nowrap"),
        Column(t("desk.column.id"), kind="mono"),
    ]
    rows = [_row(node) for node in found]
    return Table(t("desk.search"), columns, rows, height=240)


def _row(node: Node) -> Row:
    facts = {**node.properties, "kind": node.kind, "label": node.label}
    asked = "ring" if node.kind is NodeKind.RING else "entity"
    href = f"workbench?{asked}={node.id}&lang={state.language()}"
    name = Cell(name_of(node.id, facts), sub=sub_of(node.id, facts))
    return Row([name, kind_word(facts), node.id], id=node.id, href=href)


def _rings(key: Key) -> None:
    if not key.scan:
        st.caption(t("empty.scan"))
        return
    rings = reads.rings(key, Filter(), 0, MOST_RINGS).items
    words = {ring.ring: _option(ring) for ring in rings}
    pick, go = st.columns([3, 1], vertical_alignment="bottom")
    ring = pick.selectbox(
        t("desk.ring"),
        list(words),
        format_func=lambda ring: words.get(ring, ring),
        key="desk_ring",
        persist_state="session",
        placeholder=t("desk.ring"),
    )
    if (
        go.button(t("desk.open"), key="desk_open_ring", width="stretch", disabled=ring is None)
        and ring
    ):
        start_ring(key, ring)


def _option(ring: RingRow) -> str:
    return t(
        "ring.pick.option",
        rank=ring.rank,
        code=pseudonym(ring.ring),
        grade=term("grade", ring.grade),
        fund=money(ring.fund, state.language()),
    )


def nothing_yet() -> None:
    """What to do with an empty desk."""
    st.text(t("desk.empty"))


def told(about: str) -> None:
    """What the last step has to say, if it is `about` this (the beginning of a key)."""
    said = memory.said(about)
    if said:
        st.info(plain(t(said.key, **dict(said.facts))))
