"""The layout of the server: repeatable, apart, and quick for thousands."""

import math
import time

import networkx as nx
import pytest

from graph.positions import positions


@pytest.mark.parametrize("size", [1, 12, 90])
def test_positions_are_repeatable_and_apart(size: int) -> None:
    graph: nx.Graph[str] = nx.relabel_nodes(
        nx.disjoint_union(nx.gnm_random_graph(size, 2 * size, seed=3), nx.path_graph(3)), str
    )
    found = positions(graph, seed=1)
    assert found == positions(graph, seed=1)
    assert set(found) == set(graph)
    points = list(found.values())
    near = [
        (a, b)
        for i, a in enumerate(points)
        for b in points[:i]
        if math.hypot((a[0] - b[0]) / 116, (a[1] - b[1]) / 82) < 0.55
    ]
    assert not near


def test_hubs_with_the_same_neighbours_do_not_lie_on_each_other() -> None:
    graph: nx.Graph[str] = nx.relabel_nodes(nx.complete_bipartite_graph(3, 12), str)
    found = positions(graph, seed=1)
    hubs = [found[name] for name in "012"]
    assert all(math.dist(a, b) > 60 for number, a in enumerate(hubs) for b in hubs[:number])


def test_two_thousand_nodes_are_laid_out_in_seconds() -> None:
    graph: nx.Graph[str] = nx.relabel_nodes(nx.connected_caveman_graph(50, 40), str)
    began = time.process_time()
    found = positions(graph, seed=1)
    assert len(set(found.values())) == 2_000
    assert time.process_time() - began < 15
