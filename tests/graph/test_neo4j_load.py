"""Loading a Neo4j server: whole, in two goes, again, over another snapshot, and every fault by name."""

import socket
from dataclasses import replace

import pytest

from graph.errors import (
    GraphReplaced,
    NotLoaded,
    NotOurGraph,
    NotTheSame,
    ServerAway,
    ServerTimeout,
    WrongPassword,
)
from graph.model import Edge, EdgeKind, Node, NodeKind
from graph.results import latest_scan
from graph.snapshot import current_snapshot
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j_ import Connection
from graph.store.neo4j_load import load_graph
from graph.store.neo4j_store import Neo4jStore
from tests.factory import add_scan, small_world
from tests.graph.conftest import emptied

pytestmark = pytest.mark.neo4j


class PowerCut(Exception):
    """What interrupts a load in these tests."""


@pytest.fixture
def server(neo4j_server):
    return emptied(neo4j_server)


@pytest.fixture
def connection(server):
    opened = Connection(server)
    yield opened
    opened.close()


def write_both(stores, nodes=(), edges=(), states=None):
    for store in stores:
        with store.writer() as writer:
            writer.nodes(nodes)
            writer.edges(edges)
            writer.states(states or {})


def same(one, other, ids):
    mine, theirs = one.view(), other.view()
    assert mine.counts() == theirs.counts()
    assert mine.nodes(ids) == theirs.nodes(ids)
    edges = [{e.key: e for e in v.neighbours(ids, limit=10_000)} for v in (mine, theirs)]
    assert edges[0] == edges[1]


def test_a_load_that_was_interrupted_goes_on_where_it_stopped(server, tmp_path):
    workspace = small_world(tmp_path)
    seen = {}

    def until_the_third(step, done, total):
        seen[step] = done
        if len(seen) == 3 and done == total:
            raise PowerCut

    with pytest.raises(PowerCut):
        load_graph(current_snapshot(workspace), server, progress=until_the_third)
    store = Neo4jStore(workspace, server)
    with pytest.raises(NotLoaded, match="half of snapshot t0001"):
        store.view()
    with pytest.raises(NotLoaded):
        write_both([store], [Node("tk_x", NodeKind.TOKEN, "x")])
    rest = {}
    load = load_graph(
        current_snapshot(workspace),
        server,
        progress=lambda step, done, _: rest.update({step: done}),
    )
    assert list(seen) == ["nodes", "VISITED", "TREATED_BY"]
    assert not seen.keys() & rest.keys()
    assert load.sent == sum(rest.values())
    assert load.nodes + load.edges == load.sent + sum(seen.values())
    embedded = EmbeddedStore(workspace)
    assert store.view().counts() == embedded.view().counts()
    assert load_graph(current_snapshot(workspace), server).sent == 0


def test_a_load_that_fails_its_check_is_made_anew_by_the_next(server, connection, tmp_path):
    snapshot = current_snapshot(small_world(tmp_path, visits=60))

    def lose_one(step, done, total):
        if step == "TREATED_BY" and done == total:
            connection.write(lambda tx: tx.rows("MATCH ()-[r:VISITED]->() WITH r LIMIT 1 DELETE r"))

    with pytest.raises(NotTheSame) as caught:
        load_graph(snapshot, server, progress=lose_one)
    assert caught.value.what == "VISITED"
    load = load_graph(snapshot, server)
    assert load.sent == load.nodes + load.edges


def test_another_snapshot_replaces_what_is_derived_and_keeps_what_people_wrote(server, tmp_path):
    workspace = small_world(tmp_path)
    load_graph(current_snapshot(workspace), server)
    stores = Neo4jStore(workspace, server), EmbeddedStore(workspace)
    view = stores[0].view()
    places = view.search("10105").items
    patients = sorted({e.source for e in view.neighbours([places[0].id], [EdgeKind.VISITED])})
    edge = Edge(EdgeKind.HOLDS, patients[0], "tk_byhand0000000000001", {"fields": ("tel",)})
    write_both(
        stores,
        [Node(edge.target, NodeKind.TOKEN, "000001", {"token_kind": "phone"})],
        [edge, Edge(EdgeKind.KIN_OF, patients[0], patients[1], {"note": "复核"})],
        {patients[0]: "暂停"},
    )
    ids = [*patients, edge.target, *(place.id for place in places)]
    same(*stores, ids)
    small_world(tmp_path, seed=6, visits=100, snapshot="t0002")
    load_graph(current_snapshot(workspace), server)
    with pytest.raises(GraphReplaced):
        view.nodes(patients)
    assert stores[0].view().nodes(patients[:1])[0].properties["decided"] == "暂停"
    same(*stores, ids)
    scan = add_scan(workspace)
    with stores[0].writer() as writer:
        writer.rings(scan)
    same(*stores, [*ids, *(ring.ring for ring in latest_scan(workspace).rings())])


def test_a_database_of_somebody_else_is_left_alone(server, connection, tmp_path):
    connection.write(lambda tx: tx.rows("CREATE (:Wine {year: 1982})"))
    with pytest.raises(NotOurGraph) as caught:
        load_graph(current_snapshot(small_world(tmp_path, visits=20)), server)
    assert caught.value.nodes == 1
    assert connection.read(lambda tx: tx.one("MATCH (n) RETURN count(n)")) == 1


def test_what_others_changed_on_the_server_is_noticed(server, connection, tmp_path):
    snapshot = current_snapshot(small_world(tmp_path, visits=60))
    load = load_graph(snapshot, server)
    assert load.version.startswith("5.")
    connection.write(lambda tx: tx.rows("MATCH ()-[r:VISITED]->() SET r.fund = r.fund + 1"))
    with pytest.raises(NotTheSame, match="sampled VISITED"):
        load_graph(snapshot, server)
    connection.write(
        lambda tx: tx.rows("MATCH ()-[r:VISITED]->() WITH r LIMIT 2 DELETE r RETURN count(*)")
    )
    with pytest.raises(NotTheSame) as caught:
        load_graph(snapshot, server)
    assert caught.value.what == "VISITED"
    assert int(caught.value.expected) == int(caught.value.found) + 2


def test_nothing_but_blind_ids_goes_to_the_server_for_people(server, connection, tmp_path):
    load_graph(current_snapshot(small_world(tmp_path, visits=60)), server)
    query = "MATCH (n:{0}) UNWIND keys(n) AS name RETURN collect(DISTINCT name)"
    ours = {"id", "kind", "label", "back", "known", "warnings"}
    patient = {"gend", "birth_year", "insu_admdvs", "surv_stas", "die_date"}
    staff = {"profession", "multi_site", "codes", "basis", "confidence"}
    for label, names in (("Patient", patient), ("Practitioner", staff)):
        there = connection.read(lambda tx, label=label: tx.one(query.format(label)))
        assert {"id", "label"} <= set(there) <= ours | names


def test_faults_have_names_and_say_what_to_do(server, tmp_path):
    with pytest.raises(WrongPassword) as caught:
        load_graph(
            current_snapshot(small_world(tmp_path, visits=20)), replace(server, password="no-no")
        )
    assert "no-no" not in str(caught.value) + repr(caught.value.args)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = replace(server, address=f"bolt://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(ServerAway, match="does not answer"):
            Neo4jStore(tmp_path, replace(nobody, retry_time=0.2, connect_time=1)).view()
    with pytest.raises(NotLoaded, match="no graph"):
        Neo4jStore(tmp_path, server).view()
    slow = Connection(replace(server, read_time=0.3))
    with pytest.raises(ServerTimeout):
        slow.read(
            lambda tx: tx.one(
                "UNWIND range(1, 30000) AS a UNWIND range(1, 30000) AS b RETURN sum(a * b % 7)"
            )
        )
    slow.close()
