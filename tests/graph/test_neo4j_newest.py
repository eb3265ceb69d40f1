"""The newest Neo4j with Graph Data Science: our side of the driver works there too, and GDS on what we write.

Needs Java 21; where there is none these tests are skipped and say so, in CI as well.
"""

import re
from datetime import datetime
from pathlib import Path

import networkx as nx
import pyarrow as pa
import pytest

from graph.communities import overview
from graph.model import SCAN_KINDS, EdgeKind, Node, NodeKind
from graph.results import Run, write_scan
from graph.schema import SCAN_TABLES
from graph.snapshot import current_snapshot
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j_ import Server as Reached
from graph.store.neo4j_load import load_graph
from graph.store.neo4j_store import Neo4jStore
from tests.factory import small_world
from tests.graph.oracle import Oracle
from tools.neo4j.errors import MissingProgram, NotFetched
from tools.neo4j.jars import GDS, jars, java
from tools.neo4j.server import QUICK, Server

pytestmark = pytest.mark.neo4j

PAGE = (Path(__file__).parents[2] / "docs" / "cypher.md").read_text("utf-8")
GROUPS = [range(start, start + 6) for start in (0, 6, 12, 18)]
STRAY = [(0, 7), (13, 20), (5, 23)]


def newest():
    """What a server of the newest release needs is here; if not, tests say they were not run."""
    try:
        java(GDS)
        jars(GDS)
    except (MissingProgram, NotFetched) as missing:
        pytest.skip(f"not run: {missing}")


@pytest.fixture(scope="module")
def reached(tmp_path_factory):
    newest()
    server = Server(tmp_path_factory.mktemp("newest"), heap="768m", options=QUICK, release=GDS)
    try:
        server.start()
        yield Reached(server.uri, *server.auth, database=server.database)
    finally:
        server.remove()


@pytest.fixture(scope="module")
def world(reached, tmp_path_factory):
    """Stores of both kinds over one world whose scan has four groups of pairs, thinly joined."""
    workspace = small_world(tmp_path_factory.mktemp("world"))
    load = load_graph(current_snapshot(workspace), reached)
    assert load.version.startswith("2026.")
    inside = [(a, b) for group in GROUPS for a in group for b in group if a < b]
    pairs = [
        {"a": a, "b": b, "observed": 9 - (a + b) % 3, "expected": 0.2, "p": 1e-9, "places": 1}
        for a, b in inside
    ]
    pairs += [
        {"a": a, "b": b, "observed": 3, "expected": 0.2, "p": 1e-5, "places": 1} for a, b in STRAY
    ]
    found = {"pairs": pa.Table.from_pylist(pairs, SCAN_TABLES["pairs"].arrow)}
    for name in ("rings", "members", "evidence"):
        found[name] = SCAN_TABLES[name].arrow.empty_table()
    scan = write_scan(workspace, Run("s0001", "t0001", datetime(2025, 7, 1), 1), **found)
    stores = Neo4jStore(workspace, reached), EmbeddedStore(workspace)
    for store in stores:
        store.writer().rings(scan)
    yield stores, workspace, scan
    stores[0].close()


def test_the_newest_server_shows_what_the_embedded_store_shows(world):
    stores, workspace, scan = world
    judge = Oracle(workspace, scan)
    mine, theirs = (store.view() for store in stores)
    ids = list(judge.nodes)
    assert mine.counts() == theirs.counts()
    assert mine.nodes(ids) == theirs.nodes(ids) == tuple(judge.nodes.values())
    assert mine.neighbours(ids, limit=10_000) == theirs.neighbours(ids, limit=10_000)
    assert mine.degrees(ids) == theirs.degrees(ids)
    assert mine.search("医院") == theirs.search("医院")
    assert mine.shared() == theirs.shared()
    patients = [id_ for id_ in ids if id_.startswith("pt_")]
    assert mine.paths(patients[0], patients[-1]) == theirs.paths(patients[0], patients[-1])


def test_the_newest_server_is_written_to_and_loaded_again(world):
    stores, workspace, scan = world
    doctor, place = next(k[1:] for k in Oracle(workspace).edges if k[0] == EdgeKind.REGISTERED_AT)
    for store in stores:
        with store.writer() as writer:
            writer.nodes([Node("tk_byhand0000000000001", NodeKind.TOKEN, "000001", {"a": 1})])
            writer.registrations({(doctor, place): "暂停"}, "C-1")
    edges = [s.view().neighbours([doctor], [EdgeKind.REGISTERED_AT]) for s in stores]
    assert edges[0] == edges[1]
    assert any(edge.properties.get("decided_case") == "C-1" for edge in edges[0])
    assert load_graph(current_snapshot(workspace), stores[0].server).sent == 0
    stores[0].writer().remove_rings(scan.id)
    assert not set(SCAN_KINDS) & set(stores[0].view().counts().edges)
    stores[0].writer().rings(scan)
    assert stores[0].view().counts() == stores[1].view().counts()


def asked(store, heading, **values):
    """Run the queries under a heading of the page; the rows of each."""
    section = PAGE.split(f"\n### {heading}")[1].split("\n### ")[0].split("\n## ")[0]
    queries = re.findall(r"```cypher\n(.+?)```", section, re.DOTALL)
    return [
        store.connection.read(lambda tx, query=query: tx.rows(query, **values)) for query in queries
    ]


def test_gds_finds_the_groups_that_our_own_leiden_finds(world):
    (store, _), workspace, scan = world
    ids = [id_ for id_ in Oracle(workspace).nodes if id_.startswith("pt_")]
    projected, found, joined, _ = asked(store, "Leiden")
    assert projected[0][1] == 24
    assert projected[0][2] == 2 * scan.pairs.num_rows
    graph = nx.Graph()
    for row in scan.pairs.to_pylist():
        graph.add_edge(ids[row["a"]], ids[row["b"]], weight=row["observed"] - row["expected"])
    ours = overview(graph, seed=1, method="leiden")
    mine = {frozenset(n for n in ours if ours[n] == group) for group in ours.values()}
    assert {frozenset(people) for _, people in found} == mine
    assert mine == {frozenset(ids[key] for key in group) for group in GROUPS}
    whole = {frozenset(part) for part in nx.connected_components(graph)}
    assert {frozenset(people) for _, people in joined} == whole
    assert store.connection.read(lambda tx: tx.one("RETURN gds.version()")) == "2.26.0"
