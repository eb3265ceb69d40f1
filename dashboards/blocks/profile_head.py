"""The head of a profile: who or what it is as far as it may be shown, its figures, where to go from here."""

from pathlib import Path

import streamlit as st

from dashboards import desk_reads
from dashboards import state as tab
from dashboards.blocks.called import facts_in, kind_word, name_of
from dashboards.blocks.entity_search import facts_of, search_entities
from dashboards.formats import DASH, count, days, money, plain, pseudonym
from dashboards.frame import card, header
from dashboards.navigation import open_desk, open_entity, open_ring
from dashboards.opened import Key
from dashboards.person import looked_at
from dashboards.reading.entity import Entity
from dashboards.texts import t
from graph.model import Node, NodeKind

ENTITY = "huancha_entity"
MIN_WIDTH = 150


def choose_entity(key: Key) -> Node | None:
    """The entity the address names, else the one looked at last; None says how to find one."""
    found = search_entities(key, "profile", "entity", tuple(NodeKind), t("desk.search.hint"))
    (open_ring if found and NodeKind.of(found) is NodeKind.RING else open_entity)(found)
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
