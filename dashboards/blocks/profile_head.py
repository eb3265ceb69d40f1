"""The head of a profile: who or what it is as far as it may be shown, its figures, where to go from here."""

from pathlib import Path

import streamlit as st

from dashboards import desk_reads
from dashboards import state as tab
from dashboards.blocks.called import facts_in, kind_word, name_of, sub_of
from dashboards.formats import DASH, count, days, money, plain, pseudonym
from dashboards.frame import card, header
from dashboards.navigation import open_desk, open_entity, open_ring
from dashboards.opened import Key
from dashboards.person import looked_at
from dashboards.reading.entity import Entity
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import t
from graph.model import Node, NodeKind

ENTITY = "huancha_entity"
SHORTEST = 2
MOST_FOUND = 20
MIN_WIDTH = 150


def choose_entity(key: Key) -> Node | None:
    """The entity the address names, else the one looked at last; None says how to find one."""
    _search(key)
    named = st.query_params.get("entity") or st.session_state.get(ENTITY)
    node = desk_reads.node(key, str(named)) if named else None
    if node is None or node.kind is NodeKind.RING:
        header(t("nav.profile"), t("profile.lead"))
        with card("profile_none"):
            st.text(t("profile.unknown", id=pseudonym(str(named))) if named else t("profile.none"))
        return None
    looked_at(Path(key.workspace), "profile", node.id)
    st.session_state[ENTITY] = node.id
    if st.query_params.get("entity") != node.id:
        st.query_params["entity"] = node.id
    return node


def _search(key: Key) -> None:
    text = st.text_input(
        t("desk.search"),
        placeholder=t("desk.search.hint"),
        help=t("desk.search.help"),
        key="profile_search",
    ).strip()
    if len(text) < SHORTEST:
        return
    found = desk_reads.search(key, text, MOST_FOUND)
    if not found.items:
        st.text(t("desk.search.none"))
        return
    st.caption(t("desk.search.shown", n=len(found), total=count(found.total)))
    rows = [
        Row(
            [
                Cell(name_of(node.id, facts := facts_of(node)), sub=sub_of(node.id, facts)),
                kind_word(facts),
            ],
            id=node.id,
            href=f"profile?entity={node.id}&lang={tab.language()}",
        )
        for node in found
    ]
    columns = [Column(t("desk.column.name"), kind="name"), Column(t("desk.column.kind"))]
    opened = show_table(Table(t("desk.search"), columns, rows, height=240), "profile_found")
    (open_ring if opened and NodeKind.of(opened) is NodeKind.RING else open_entity)(opened)


def facts_of(node: Node) -> dict[str, object]:
    """A node's facts as `called` wants them."""
    return {**node.properties, "kind": node.kind, "label": node.label}


def profile_head(node: Node, found: Entity | None, snapshot: str) -> None:
    """Title, what may be shown of who it is, figures, and the way to the desk."""
    facts = facts_of(node)
    header(t("profile.title", kind=kind_word(facts), name=name_of(node.id, facts)), node.id)
    with card("profile_who"):
        left, right = st.columns([4, 1], vertical_alignment="center")
        known = [t("profile.known", word=word, value=value) for word, value in facts_in(facts)]
        left.text(" · ".join(known) or DASH)
        if right.button(t("profile.desk"), key="profile_desk", width="stretch"):
            open_desk(entity=node.id)
        st.caption(t("profile.source.master", snapshot=snapshot))
    if found and found.settled:
        _figures(node.kind, found, snapshot)


def _figures(kind: NodeKind, found: Entity, snapshot: str) -> None:
    settled, language = found.settled, tab.language()
    assert settled is not None
    shown = {
        "profile.visits": count(settled.visits),
        "profile.patients": count(settled.patients),
        "profile.practitioners": count(settled.practitioners),
        "profile.places": count(settled.places),
        "profile.fund": money(settled.fund, language),
    }
    own = {
        NodeKind.PATIENT: "profile.patients",
        NodeKind.PRACTITIONER: "profile.practitioners",
        NodeKind.FACILITY: "profile.places",
        NodeKind.PHARMACY: "profile.places",
    }
    with st.grid(4, min_column_width=MIN_WIDTH):
        for label, value in shown.items():
            if label != own.get(kind):
                st.metric(t(label), value, border=True)
    span = days(settled.first, settled.last, language)
    st.caption(plain(t("profile.source.settled", snapshot=snapshot, span=span)))
