"""Stores and worlds for the store contract.

A further store joins by one more entry in `STORES`: a function from a workspace (and what fixtures it
asks for) to a `Store` that holds the workspace's live snapshot and shows its newest scan. `world` is
read only and made once per module; `own` is made anew for each test that writes. A Neo4j server has one
database: it holds the world asked for last, which is why tests are run world by world.
"""

import pytest

from graph.results import scans
from graph.snapshot import current_snapshot
from graph.store import neo4j_heaviest
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j_ import Connection, Server
from graph.store.neo4j_load import load_graph
from graph.store.neo4j_store import Neo4jStore
from tests.factory import add_scan, small_world
from tests.graph.oracle import Oracle

WORLDS = {
    "usual": {},
    "dense": {"seed": 2, "patients": 12, "places": 3, "practitioners": 3, "tokens": 4},
    "without tables": {
        "seed": 3,
        "visits": 100,
        "without": ("fee_list_d", "psn_kin_d", "mnl_reim_d", "prac_reg_d"),
    },
    "nearly empty": {
        "seed": 4,
        "patients": 3,
        "places": 1,
        "practitioners": 0,
        "tokens": 0,
        "visits": 5,
    },
}


def emptied(server):
    """How to reach the running server, its database empty."""
    found = Server(server.uri, *server.auth, database=server.database)
    connection = Connection(found)
    try:
        connection.write(lambda tx: tx.rows("MATCH (n) DETACH DELETE n"))
    finally:
        connection.close()
    return found


def on_server(server, workspace):
    """A store that holds the workspace's snapshot and newest scan, in place of all else."""
    found = emptied(server)
    load_graph(current_snapshot(workspace), found)
    store = Neo4jStore(workspace, found)
    for scan in scans(workspace)[:1]:
        with store.writer() as writer:
            writer.rings(scan)
    return store


STORES = {
    "embedded": lambda request: EmbeddedStore,
    "neo4j": lambda request: (
        lambda workspace: on_server(request.getfixturevalue("neo4j_server"), workspace)
    ),
}


@pytest.fixture(scope="module")
def small_hubs():
    """A node of more than three edges of a kind is a hub, three of which are marked on a server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neo4j_heaviest, "HUB", 3)
        patch.setattr(neo4j_heaviest, "MARKED", 3)
        yield


@pytest.fixture(
    scope="module",
    params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)],
)
def open_store(request, small_hubs):
    return STORES[request.param](request)


@pytest.fixture(scope="module", params=WORLDS)
def world(request, open_store, tmp_path_factory):
    """A view and the oracle of the same world; nobody writes to it."""
    workspace = small_world(tmp_path_factory.mktemp("world"), **WORLDS[request.param])
    scan = None if request.param == "nearly empty" else add_scan(workspace)
    return open_store(workspace).view(), Oracle(workspace, scan)


@pytest.fixture
def own(open_store, tmp_path):
    """A store to write to, and the oracle of its world before."""
    workspace = small_world(tmp_path, seed=5, patients=15, visits=120)
    scan = add_scan(workspace)
    return open_store(workspace), Oracle(workspace, scan), workspace
