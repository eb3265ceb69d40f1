"""联审互查: rooms of reviews with other bureaux, assistance, announced sanctions; leads that cross provinces here."""

from pathlib import Path

import streamlit as st

from casework.errors import CaseworkError
from dashboards import opened as reads
from dashboards.blocks.joint_announced import joint_announced
from dashboards.blocks.joint_assistance import joint_assistance
from dashboards.blocks.joint_list import joint_list
from dashboards.blocks.joint_reviews import joint_reviews
from dashboards.blocks.joint_ring import joint_ring
from dashboards.blocks.joint_room import joint_room
from dashboards.blocks.joint_sides import joint_sides
from dashboards.clock import now
from dashboards.formats import plain
from dashboards.frame import card, header, render_with_scan
from dashboards.opened import Key, Opened
from dashboards.person import actor, looked_at
from dashboards.reading.bureaux import between
from dashboards.refusals import refusal
from dashboards.texts import t


def show(opened: Opened, key: Key) -> None:
    """The room and the lead that the address names; what goes between bureaux; leads that cross in this scan."""
    header(t("nav.joint"), t("joint.lead", scan=key.scan))
    try:
        _between(opened)
    except CaseworkError as error:
        st.error(plain(t("cases.away", why=refusal(error))))
    found = reads.crossings(key)
    if not found:
        with card("joint_none"):
            st.text(t("joint.none"))
        return
    named = st.query_params.get("ring")
    for one in found:
        if one.ring.ring == named:
            looked_at(Path(key.workspace), "joint", named)
            joint_sides(one)
    joint_list(found, reads.totals(key).rings)


def _between(opened: Opened) -> None:
    found = between(opened.workspace, actor(), now().date())
    named, ring = (st.query_params.get(name, "") for name in ("review", "joint"))
    about = named or st.query_params.get("about", "")
    one = next((each for each in found.reviews if each.review.id == about), None)
    if named and one is None:
        st.warning(plain(t("room.unknown", review=named)))
    if one is not None:
        looked_at(opened.workspace.path, "joint", one.review.id)
        if ring in one.listed:
            joint_ring(opened, found, one, ring)
        joint_room(opened, found, one)
    joint_reviews(found)
    joint_assistance(opened, found)
    joint_announced(opened, found)


render_with_scan("nav.joint", show)
