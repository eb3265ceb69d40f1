"""What a file holds is what was put in, read by others than those who wrote it."""

import json
import tempfile
from pathlib import Path

import networkx as nx
from hypothesis import HealthCheck, given, settings

from casework.exports import node_link
from tests.casework.exports.networks import assert_same, contents, decoded, stripped

ROUNDS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def read_back(graph):
    """The graph as a library gives it, names and values decoded."""
    found = nx.MultiDiGraph()
    for id_, properties in graph.nodes(data=True):
        found.add_node(id_, **{stripped(n): decoded(v) for n, v in properties.items()})
    for a, b, key, properties in graph.edges(keys=True, data=True):
        found.add_edge(a, b, key, **{stripped(n): decoded(v) for n, v in properties.items()})
    return found


@ROUNDS
@given(contents())
def test_json(content):
    with tempfile.TemporaryDirectory() as folder:
        (file,) = node_link.write(content, Path(folder))
        whole = json.loads(file.read_text("utf-8"))
    for part in (*whole["nodes"], *whole["links"]):
        part.update({n: tuple(v) for n, v in part.items() if isinstance(v, list)})
    graph = nx.node_link_graph(whole, edges="links")
    assert_same(content.network.graph, read_back(graph))
    network = content.network
    assert graph.graph == {
        "title": network.title, "total": network.total, "provenance": dict(network.provenance),
    }  # fmt: skip
