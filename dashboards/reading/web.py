"""The graph among one ring's members, as a store gives it."""

import networkx as nx

from dashboards.reading.dossier import Dossier
from graph.store.base import View


def ring_graph(view: View, found: Dossier) -> "nx.MultiDiGraph[str]":
    """Members and the tokens they share, with every edge `view` knows between them."""
    ids = [member.id for member in found.members] + [token.id for token in found.tokens]
    return view.subgraph(ids)
