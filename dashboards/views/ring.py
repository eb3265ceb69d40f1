"""团伙详情: one lead, why it is one, and everything it rests on."""

from pathlib import Path

import streamlit as st

from dashboards import opened as reads
from dashboards import state
from dashboards.blocks.ring_evidence import evidence, gatherings, places
from dashboards.blocks.ring_explained import explanations, motifs
from dashboards.blocks.ring_head import choose_one, ring_head
from dashboards.blocks.ring_members import members
from dashboards.blocks.ring_network import network_picture
from dashboards.blocks.ring_robustness import robustness
from dashboards.blocks.ring_sections import ring_sections
from dashboards.blocks.timeline import timeline
from dashboards.frame import render_with_scan
from dashboards.opened import Key, Opened
from dashboards.reading.dossier import Dossier


def show(_: Opened, key: Key) -> None:
    """The head before the dossier is read; then network and members, timeline, the tables.

    Where another ring's stood they are gone first: they would be read as what the new head speaks of.
    """
    ring = choose_one(key)
    if ring is None:
        return
    head = st.container()
    emptied = st.empty() if state.comes_to(key.scan, ring.ring) else None
    with head:
        ring_head(Path(key.workspace), ring, reads.members(key, ring.ring))
    found = reads.dossier(key, ring.ring)
    if found is None:
        return
    with emptied.container() if emptied else st.container():
        _sections(key, found)


def _sections(key: Key, found: Dossier) -> None:
    ring_sections(
        beside=(
            lambda: network_picture(found, reads.network(key, found.ring.ring)),
            lambda: members(found),
        ),
        below=(lambda: timeline(found),),
        tabs={
            "ring.evidence": lambda: evidence(found),
            "ring.gatherings": lambda: gatherings(found),
            "ring.places.title": lambda: places(found),
            "ring.robust": lambda: robustness(found),
            "ring.motifs": lambda: motifs(found),
            "ring.innocent": lambda: explanations(found),
        },
    )


render_with_scan("nav.ring", show)
