"""A canvas of cliques of 40 for tests and measurements: repeatable, any number of nodes."""

from datetime import date, timedelta

import networkx as nx

from dashboards.canvas.contract import Canvas, CanvasEdge, CanvasNode
from graph.positions import positions

EVIL = '<img src=x onerror="window.hacked=1"></script><b>\'&\u2028'
START = date(2025, 1, 1)
CLIQUE = 40


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
        nodes,
        edges,
        total=4_870 + max(0, size - 2_000),
        title="测试图谱",
        date="2025年6月30日",
        actions=("open", "note"),
    )
