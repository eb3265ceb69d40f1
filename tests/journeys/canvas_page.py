"""A page that holds nothing but a canvas and says every event in plain text. Run by Streamlit in tests."""

import os
from dataclasses import replace
from datetime import date, timedelta

import networkx as nx
import streamlit as st

from dashboards import state
from dashboards.canvas.component import draw
from dashboards.canvas.contract import Canvas, CanvasEdge, CanvasNode
from dashboards.canvas.events import Events
from dashboards.document import dress_document
from dashboards.positions import positions

KEY = "canvas"
EVIL = '<img src=x onerror="window.hacked=1"></script><b>\'&\u2028'
SIZE = int(os.environ.get("CANVAS_NODES", "120"))
START = date(2025, 1, 1)
CLIQUE = 40


@st.cache_data
def world(size: int) -> Canvas:
    """Cliques of 40: a facility, four practitioners, three tokens, patients; one chain of facilities."""
    kinds = ["facility", *["practitioner"] * 4, *["token"] * 3, *["patient"] * 32]
    links: list[tuple[int, int, str]] = []
    for node in range(size):
        home, place = divmod(node, CLIQUE)
        kind = kinds[place]
        if kind == "facility":
            links += [(node, node - CLIQUE, "REGISTERED_AT")] if home else []
            continue
        links.append(
            (
                node,
                home * CLIQUE,
                {"patient": "VISITED", "token": "HOLDS"}.get(kind, "REGISTERED_AT"),
            )
        )
        if kind == "patient":
            links.append((node, home * CLIQUE + 1 + node % 4, "TREATED_BY"))
            if node % 5 == 0:
                links.append((node, home * CLIQUE, "CO_VISITED"))
    graph: nx.Graph[str] = nx.Graph((f"n{a}", f"n{b}") for a, b, _ in links)
    points = positions(graph)
    nodes = [
        CanvasNode(
            f"n{node}", kinds[node % CLIQUE], EVIL if node == 9 else f"节点{node}",
            hint=EVIL if node == 9 else f"说明{node}", grade="A" if node == 10 else "",
            core=node % 3 != 0, community=f"群{node // CLIQUE}", place=f"医院{node // CLIQUE}",
            x=points[f"n{node}"][0], y=points[f"n{node}"][1], badge=2 if node == 11 else 0,
            degrees={"VISITED": 300, "HOLDS": 9} if node == 0 else {"VISITED": 5, "TREATED_BY": 3},
        )
        for node in range(size)
    ]  # fmt: skip
    edges = [
        CanvasEdge(
            f"e{at}", f"n{a}", f"n{b}", kind, count=1 + at % 7, fund=(1 + at % 90) * 100_000,
            first=START + timedelta(at % 300), last=START + timedelta(at % 300 + 20),
        )
        for at, (a, b, kind) in enumerate(links)
    ]  # fmt: skip
    return Canvas(
        nodes, edges, total=4_870, title="测试图谱", date="2025年6月30日", actions=("open", "note")
    )


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
    found = draw(grown(world(SIZE)), KEY, height=560, on_event=happened)
    st.text(f"selected {' '.join(found.selected.nodes)} / {' '.join(found.selected.edges)}")
for name in ("asked", "menu", "saved", "view"):
    st.text(f"{name} {st.session_state.get(name, '')}")
