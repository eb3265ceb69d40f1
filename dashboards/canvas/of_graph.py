"""From the graph store's subgraphs to the canvas: edges with their numbers, days and hints."""

from collections.abc import Container, Mapping
from datetime import date, datetime
from typing import Any

import networkx as nx

from casework.exports.look import EDGES
from dashboards import state
from dashboards.canvas.contract import CanvasEdge, CanvasNode
from dashboards.formats import count, days, money
from dashboards.texts import t, term
from graph.model import EdgeKind
from graph.positions import positions

THICK = 5.0


def edges_of(graph: "nx.MultiDiGraph[str]", shown: Container[str]) -> list[CanvasEdge]:
    """Every edge of `graph` (as `View.subgraph` gives it) between two different nodes of `shown`."""
    return [
        canvas_edge(a, b, EdgeKind(kind), facts)
        for a, b, kind, facts in sorted(
            graph.edges(keys=True, data=True), key=lambda edge: (edge[0], edge[1], edge[2])
        )
        if a in shown and b in shown and a != b and kind in EDGES
    ]


def canvas_edge(a: str, b: str, kind: EdgeKind, facts: Mapping[str, Any]) -> CanvasEdge:
    """One edge with `facts` as the store gives them (see `graph.model`)."""
    number = facts.get(kind.weighed_by) if kind.weighed_by else None
    number = number if isinstance(number, int) else 0
    fund = facts.get("fund")
    first, last = _day(facts.get("first")), _day(facts.get("last"))
    return CanvasEdge(
        id=f"{kind}:{a}:{b}",
        source=a,
        target=b,
        kind=str(kind),
        weight=min(1 + number / 8, THICK),
        count=number,
        fund=fund if isinstance(fund, int) else None,
        first=first,
        last=last,
        hint="\n".join(filter(None, [_hint(kind, number, facts), _span(first, last)])),
    )


def placed(nodes: list[CanvasNode], edges: list[CanvasEdge]) -> dict[str, tuple[float, float]]:
    """Where `nodes` stand, by the layout of the server."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(node.id for node in nodes)
    graph.add_edges_from((edge.source, edge.target) for edge in edges)
    return positions(graph)


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _span(first: date | None, last: date | None) -> str:
    return days(first, last, state.language()) if first or last else ""


def _hint(kind: EdgeKind, number: int, facts: Mapping[str, Any]) -> str:
    word = term("edge", kind)
    if kind is EdgeKind.CO_VISITED and "observed" in facts:
        expected = f"{float(facts.get('expected') or 0):.2g}"
        return t("ring.hint.covisit", word=word, n=facts["observed"], expected=expected)
    if isinstance(facts.get("fund"), int):
        fund = money(facts["fund"], state.language())
        return t("ring.hint.edge", word=word, n=count(number), fund=fund)
    return word
