"""A page that holds nothing but a canvas and says every event in plain text. Run by Streamlit in tests."""

import os
from dataclasses import replace

import streamlit as st

from dashboards import state
from dashboards.canvas.component import draw
from dashboards.canvas.contract import Canvas, CanvasEdge, CanvasNode
from dashboards.canvas.events import Events
from dashboards.document import dress_document
from tests.journeys.canvas_world import world

KEY = "canvas"
SIZE = int(os.environ.get("CANVAS_NODES", "120"))


def grown(canvas: Canvas) -> Canvas:
    """`canvas` with 20 neighbours for every node that was expanded, and the path that was found."""
    nodes, edges = list(canvas.nodes), list(canvas.edges)
    for parent in st.session_state.get("expanded", []):
        for new in range(20):
            id_ = f"{parent}x{new}"
            nodes.append(CanvasNode(id_, "patient", f"新{new}", parent=parent))
            edges.append(CanvasEdge(f"{id_}e", id_, parent, "VISITED", count=1))
    return replace(
        canvas, nodes=nodes, edges=edges, paths=st.session_state.get("paths", []),
        focus=st.session_state.get("focus", []),
    )  # fmt: skip


def happened(events: Events) -> None:
    """Remember what was asked for, so that this run already draws it."""
    if events.expand:
        st.session_state["expanded"] = [*st.session_state.get("expanded", []), events.expand.id]
        st.session_state["asked"] = str(events.expand)
    if events.path:
        st.session_state["paths"] = [[events.path.a, "n0", events.path.b]]
    if events.menu:
        st.session_state["menu"] = f"{events.menu.action} {' '.join(events.menu.ids)}"
    if events.saved:
        st.session_state["saved"] = f"{events.saved.hash} {events.saved.shown} {events.saved.total}"
    if events.view:
        st.session_state["view"] = f"{len(events.view.positions)} {events.view.undo}"


st.set_page_config(page_title="canvas", layout="wide")
dress_document(state.language())
st.title("canvas", anchor=False)
if not st.toggle("away", key="away"):
    if st.button("focus n50"):
        st.session_state["focus"] = ["n50"]
    found = draw(grown(st.cache_data(world)(SIZE)), KEY, height=560, on_event=happened)
    st.text(f"selected {' '.join(found.selected.nodes)} / {' '.join(found.selected.edges)}")
for name in ("asked", "menu", "saved", "view"):
    st.text(f"{name} {st.session_state.get(name, '')}")
