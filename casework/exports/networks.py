"""The network of an export: chosen nodes and every edge among them, cut where there would be too many."""

import json
from collections.abc import Iterable

import networkx as nx

from casework.exports.content import Network
from graph.positions import Point, positions
from graph.results import Scan
from graph.store.base import View

MOST_NODES = 3000


def network(
    view: View, ids: Iterable[str], title: str, scan: Scan | None, ring: str | None = None
) -> Network:
    """The nodes with these ids, at most `MOST_NODES` in the order given; unknown ids are left out.

    `scan` is the one the view shows, if any, and is named with `ring` as where all this is from.
    """
    wanted = [node.id for node in view.nodes(ids)]
    graph = view.subgraph(wanted[:MOST_NODES])
    return Network(graph, title, len(wanted), provenance(scan, ring) if scan else {})


def points_of(network: Network) -> dict[str, Point]:
    """Where the nodes stand, as the canvas lays them out."""
    plain: nx.Graph[str] = nx.Graph()
    plain.add_nodes_from(network.graph)
    plain.add_edges_from(network.graph.edges())
    return positions(plain)


def provenance(scan: Scan, ring: str | None = None) -> dict[str, str]:
    """Where something that `scan` found is from, as text."""
    run = scan.run
    found = {
        "snapshot": run.snapshot,
        "scan": run.scan,
        "ring": ring,
        "seed": str(run.seed),
        "parameters": json.dumps(run.parameters, ensure_ascii=False, sort_keys=True),
        "version": run.version,
    }
    return {name: value for name, value in found.items() if value}
