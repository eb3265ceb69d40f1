"""How the desk stands: search above, canvas three quarters wide, panel beside, tables below.

What is done on the canvas, beside it and below it leaves the search alone.
"""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards import desk_reads as reads
from dashboards import desk_state as memory
from dashboards.blocks.desk_canvas import canvas
from dashboards.blocks.desk_panel import panel
from dashboards.blocks.desk_saved import recent_views, saved_views
from dashboards.blocks.desk_start import nothing_yet, start_box, take_address, told
from dashboards.blocks.desk_tables import edges_table, nodes_table, steps_table
from dashboards.blocks.exports_propose import propose_view
from dashboards.desk_reads import OnDesk
from dashboards.frame import card, header
from dashboards.opened import Key
from dashboards.texts import t
from graph.model import NodeKind

PANEL = 714
"""Pixels: as high as the canvas with its tools, so that the tables follow at once."""
TABS = {
    "desk.tab.nodes": nodes_table,
    "desk.tab.edges": edges_table,
    "desk.saved": saved_views,
    "desk.tab.steps": steps_table,
    "exports.tab": propose_view,
}


def desk_page(key: Key) -> None:
    """Title, then the desk, which runs again on its own."""
    take_address(key)
    header(t("nav.workbench"), t("desk.lead"))
    _desk(key)


@st.fragment
def _desk(key: Key) -> None:
    with card("desk_start"):
        start_box(key)
    told("desk.unknown")
    if not memory.desk().steps:
        with card("desk_empty"):
            nothing_yet()
            recent_views(Path(key.workspace))
        return
    _work(key)


@st.fragment
def _work(key: Key) -> None:
    found = memory.desk()
    ring = found.subject if NodeKind.of(found.subject) is NodeKind.RING else ""
    on_desk = reads.on_desk(key, found.ids, found.start, ring)
    left, right = st.columns([3, 1.15], gap="medium")
    # What the user waits for is drawn first: the canvas where it changes, else what is chosen on it.
    canvas_first = memory.newly_drawn()
    if canvas_first:
        _canvas(left, key, on_desk)
    _panel(right, on_desk)
    if not canvas_first:
        _canvas(left, key, on_desk)
    _tables(on_desk)


def _canvas(place: DeltaGenerator, key: Key, on_desk: OnDesk) -> None:
    with place, card("desk_canvas"):
        canvas(key, on_desk)


def _panel(place: DeltaGenerator, on_desk: OnDesk) -> None:
    with place, st.container(border=True, key="card_desk_panel", height=PANEL):
        panel(on_desk)


def _tables(on_desk: OnDesk) -> None:
    with st.container(border=True, key="card_desk_tables"):
        for tab, (_, show) in zip(st.tabs([t(key) for key in TABS]), TABS.items(), strict=True):
            with tab:
                show(on_desk)
