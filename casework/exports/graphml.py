"""GraphML, for Gephi, yEd, Cytoscape, igraph and networkx."""

from pathlib import Path

import networkx as nx

from casework.exports.columns import about, edge_columns, node_columns
from casework.exports.content import Content
from graph.store.base import Graph


def write(content: Content, folder: Path) -> tuple[Path, ...]:
    """`network.graphml`; edges are numbered `e0`, `e1` …, their kind is the property `kind`."""
    network = content.network
    graph: Graph = nx.MultiDiGraph()
    graph.graph.update(about(network))
    for node, row in zip(network.graph, node_columns(network).rows, strict=True):
        graph.add_node(node)
        graph.nodes[node].update(row)
    edges = zip(network.graph.edges(), edge_columns(network).rows, strict=True)
    for number, ((source, target), row) in enumerate(edges):
        graph.add_edge(source, target, f"e{number}")
        graph.edges[source, target, f"e{number}"].update(row)
    file = folder / "network.graphml"
    nx.write_graphml(graph, file)
    return (file,)
