"""The graph among one ring's members, as the store gives it."""

import networkx as nx

from dashboards.reading.dossier import Dossier
from huancha.workspace import Workspace


def ring_graph(workspace: Workspace, found: Dossier) -> "nx.MultiDiGraph[str]":
    """Members and the tokens they share, with every edge the store knows between them."""
    ids = [member.id for member in found.members] + [token.id for token in found.tokens]
    return workspace.view().subgraph(ids)
