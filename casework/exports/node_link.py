"""JSON as networkx, d3 and others read it: nodes and links, each with its properties."""

import json
from pathlib import Path
from typing import Any

import networkx as nx

from casework.exports.columns import about, decided_rows
from casework.exports.content import Content
from casework.exports.values import column, native
from graph.model import Value
from graph.store.base import Graph

RESERVED = ("id", "source", "target", "key")


def write(content: Content, folder: Path) -> tuple[Path, ...]:
    """`network.json`: `nodes`, `links`, as `graph` what it is and where from, of a case what was `decided`."""
    network = content.network
    graph: Graph = nx.MultiDiGraph()
    graph.graph.update(about(network))
    for node, properties in network.graph.nodes(data=True):
        graph.add_node(node)
        graph.nodes[node].update(_plain(properties))
    for source, target, key, properties in network.graph.edges(keys=True, data=True):
        graph.add_edge(source, target, key)
        graph.edges[source, target, key].update(_plain(properties))
    file = folder / "network.json"
    whole = nx.node_link_data(graph, edges="links")
    if content.decided:
        whole["decided"] = [_plain(row) for row in decided_rows(content)]
    file.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return (file,)


def _plain(properties: dict[str, Value]) -> dict[str, Any]:
    """JSON has lists and null of its own; what it lacks is written as text."""
    return {
        column(name, RESERVED): list(value)
        if isinstance(value, tuple)
        else value
        if value is None
        else native(value)
        for name, value in properties.items()
    }
