"""The network of one ring: the canvas, what ties those selected, and copies to take along."""

from collections.abc import Callable
from pathlib import Path

import networkx as nx
import streamlit as st

from dashboards import state
from dashboards.access.permissions import Action
from dashboards.access.recorded import TAKEN, exported
from dashboards.blocks.ring_canvas import ring_canvas
from dashboards.canvas import bundle
from dashboards.canvas.attachment import attachment
from dashboards.canvas.component import draw
from dashboards.canvas.contract import Canvas, CanvasEdge
from dashboards.canvas.events import Selection
from dashboards.canvas.standalone import page
from dashboards.formats import count, days, pseudonym, yuan
from dashboards.frame import card, why_away
from dashboards.opened import Answer, open_settings
from dashboards.person import actor, audited, can
from dashboards.reading.dossier import Dossier
from dashboards.table import Column, Row, Table, show_table
from dashboards.texts import t, term

HEIGHT = 640
MOST_TIES = 20


@st.fragment
def network_picture(found: Dossier, web: "Answer[nx.MultiDiGraph[str]]") -> None:
    """Draw the ring's graph, and say where it comes from if not from the office's server."""
    canvas, workspace = ring_canvas(found, web.found), open_settings().path
    with card("network", t("ring.network")):
        if web.fault:
            st.caption(t("graph.instead", why=why_away(web.fault)))
        if not canvas.edges:
            st.text(t("ring.network.empty"))
            return
        events = draw(canvas, f"network_{found.ring.ring}", height=HEIGHT)
        if events.saved:
            audited(workspace, TAKEN, found.ring.ring, f"png {events.saved.hash}")
        _ties(canvas, events.selected)
        st.caption(t("ring.network.note"))
        if bundle.built() and can(Action.EXPORT):
            _copies(workspace, canvas, found.ring.ring)


def _ties(canvas: Canvas, selected: Selection) -> None:
    """The links of what is selected as a table, most visits first: the canvas's twin."""
    nodes, edges = set(selected.nodes), set(selected.edges)
    ties = [e for e in canvas.edges if e.id in edges or {e.source, e.target} & nodes]
    if not ties:
        return
    ties.sort(key=lambda edge: (-edge.count, edge.id))
    labels = {node.id: node.label.replace("\n", "") for node in canvas.nodes}
    columns = [
        Column(t("ring.tie.one"), kind="name"),
        Column(t("ring.tie.kind"), kind="nowrap"),
        Column(t("ring.tie.other"), kind="name"),
        Column(t("ring.tie.times"), "right"),
        Column(t("ring.member.fund"), "right", unit=t("unit.yuan")),
        Column(t("ring.tie.days"), kind="nowrap"),
    ]
    st.caption(t("ring.tie.shown", n=min(len(ties), MOST_TIES), total=len(ties)))
    rows = [_tie(edge, labels) for edge in ties[:MOST_TIES]]
    show_table(Table(t("ring.tie"), columns, rows), "ring_ties")


def _tie(edge: CanvasEdge, labels: dict[str, str]) -> Row:
    return Row(
        [
            labels[edge.source],
            term("edge", edge.kind),
            labels[edge.target],
            count(edge.count or None),
            yuan(edge.fund),
            days(edge.first, edge.last, state.language()),
        ]
    )


def _copies(workspace: Path, canvas: Canvas, ring: str) -> None:
    """The same picture as a file that works without this system."""
    language = state.language()
    copies: dict[str, Callable[[], str]] = {
        "standalone": lambda: page(canvas, language),
        "attachment": lambda: attachment(canvas, language),
    }
    with st.container(horizontal=True):
        for name, write in copies.items():
            st.download_button(
                t(f"ring.network.{name}"),
                data=exported(workspace, actor(), ring, f"{name}.html", write),
                file_name=f"huancha_{pseudonym(ring)}_{name}.html",
                mime="text/html",
                help=t(f"ring.network.{name}.help"),
                key=f"network_{name}",
                on_click="ignore",
            )
