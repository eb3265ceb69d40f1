"""A scan on a Neo4j server: put aside, swapped in, taken away; seen whole or not at all."""

from datetime import datetime

import pytest

from graph.errors import LoadedElsewhere, NotTheSame
from graph.model import SCAN_KINDS, Edge, EdgeKind, Node, NodeKind
from graph.snapshot import current_snapshot
from graph.store import neo4j_rows, neo4j_scan, neo4j_schema
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j_ import Connection
from graph.store.neo4j_load import load_graph
from graph.store.neo4j_schema import read_marker
from graph.store.neo4j_store import Neo4jStore
from tests.factory import add_scan, small_world
from tests.graph.conftest import emptied
from tests.graph.oracle import Oracle

pytestmark = pytest.mark.neo4j


class PowerCut(Exception):
    """What interrupts a move in these tests."""


@pytest.fixture
def office(neo4j_server, tmp_path, monkeypatch):
    """A loaded server, its store, two scans; batches of seven rows."""
    server = emptied(neo4j_server)
    workspace = small_world(tmp_path, seed=5, patients=15, visits=120)
    load_graph(current_snapshot(workspace), server)
    monkeypatch.setattr(neo4j_rows, "BATCH", 7)
    monkeypatch.setattr(neo4j_schema, "DELETED_AT_ONCE", 7)
    scans = [
        add_scan(workspace, f"s000{n}", seed=n, started=datetime(2025, 7, n), size=5 + n)
        for n in (1, 2)
    ]
    store = Neo4jStore(workspace, server)
    yield store, workspace, scans
    store.close()


def content(store):
    """Every node and relationship on the server but the marker, with labels and properties."""

    def read(tx):
        nodes = tx.rows("MATCH (n) WHERE NOT n:HuanchaGraph RETURN labels(n), properties(n)")
        edges = tx.rows(
            "MATCH (a)-[r]->(b) RETURN coalesce(a.key, a.id), type(r), coalesce(b.key, b.id),"
            " properties(r)"
        )
        return nodes, edges

    return [
        sorted(repr([part if not isinstance(part, dict) else sorted(part.items()) for part in row]))
        for rows in store.connection.read(read)
        for row in sorted(rows, key=repr)
    ]


def shows(store, workspace, scan):
    """Whether the view holds the tables and this scan's rings and pairs, nothing more or less."""
    view, judge = store.view(), Oracle(workspace, scan)
    counts = view.counts()
    assert sum(counts.nodes.values()) == len(judge.nodes)
    assert sum(counts.edges.values()) == len(judge.edges)
    answer = view.neighbours(judge.nodes, SCAN_KINDS, 10_000)
    wanted = {key: props for key, props in judge.edges.items() if key[0] in SCAN_KINDS}
    assert {edge.key: edge.properties for edge in answer} == wanted
    assert answer.total == len(wanted)
    assert view.nodes(judge.nodes) == tuple(judge.nodes.values())
    graph = view.subgraph(judge.nodes, SCAN_KINDS)
    assert graph.number_of_edges() == len(wanted)
    patient = next(key[1] for key in judge.edges if key[0] == EdgeKind.CO_VISITED) if wanted else ""
    degrees = view.degrees([patient], SCAN_KINDS).get(patient, {})
    assert sum(degrees.values()) == sum(patient in key[1:] for key in wanted)
    return True


def cut_at(monkeypatch, name, number):
    """Let the `number`th call of this step of a move end in a power cut, before or after it."""
    calls = []
    step = getattr(neo4j_scan._Move, name)

    def cut(self, *args, **kwargs):
        calls.append(name)
        if len(calls) == number:
            raise PowerCut
        return step(self, *args, **kwargs)

    monkeypatch.setattr(neo4j_scan._Move, name, cut)


def test_all_a_scan_writes_carries_its_id(office):
    store, workspace, scans = office
    store.writer().rings(scans[0])

    def unmarked(tx):
        query = "MATCH (n:Ring) WHERE coalesce(n.scan, '') <> $scan RETURN count(n)"
        edges = "MATCH ()-[r:{0}]->() WHERE coalesce(r.scan, '') <> $scan RETURN count(r)"
        parts = [query, *(edges.format(kind) for kind in SCAN_KINDS)]
        return [tx.one(part, scan="s0001") for part in parts]

    assert store.connection.read(unmarked) == [0, 0, 0]
    assert shows(store, workspace, scans[0])


def test_removing_a_scan_removes_what_it_wrote_and_nothing_else(office):
    store, workspace, scans = office
    patients = sorted(id_ for id_ in Oracle(workspace).nodes if id_.startswith("pt_"))
    with store.writer() as writer:
        writer.nodes([Node("tk_byhand0000000000001", NodeKind.TOKEN, "000001", {"note": "复核"})])
        writer.edges([Edge(EdgeKind.CO_VISITED, patients[0], patients[1], {"observed": 3})])
        writer.states({patients[2]: "待核"}, "C-1")
    before = content(store)
    for scan in scans:
        store.writer().rings(scan)
        assert content(store) != before
    store.writer().remove_rings(scans[0].id)
    assert store.connection.read(read_marker).scan == "s0002"
    store.writer().remove_rings(scans[1].id)
    assert content(store) == before
    store.writer().remove_rings(scans[1].id)
    assert content(store) == before


STEPS = [("_put", 1), ("_put", 3), ("_put", 9), ("_swap", 1), ("_delete", 1), ("_delete", 4)]


@pytest.mark.parametrize(("step", "number"), [*STEPS, ("_delete", 9)])
def test_a_reader_sees_one_scan_or_the_other_and_the_rest_is_resumed(
    office, monkeypatch, step, number
):
    store, workspace, (old, new) = office
    store.writer().rings(old)
    early = store.view()
    with monkeypatch.context() as patch:
        cut_at(patch, step, number)
        with pytest.raises(PowerCut):
            store.writer().rings(new)
    now = new if step == "_delete" else old
    assert shows(store, workspace, now)
    marker = store.connection.read(read_marker)
    assert marker.hidden == ((old if now is new else new).id,) or (step, number) == ("_put", 0)
    if now is old:
        assert early.counts() == store.view().counts()
    sent = []
    store.writer().rings(new, lambda kind, done, total: sent.append(done))
    if step == "_put" and number > 1:
        rows = len(Oracle(workspace, new).edges) - len(Oracle(workspace).edges) + 3
        assert 0 < len(sent) <= rows // 7 + 4 - (number - 1)
    assert shows(store, workspace, new)
    clean = content(store)
    assert store.connection.read(read_marker).hidden == ()
    store.writer().remove_rings(new.id)
    store.writer().rings(new)
    assert content(store) == clean


@pytest.mark.parametrize(("step", "number"), [("_put", 5), ("_delete", 3)])
def test_another_scan_after_a_power_cut_clears_up_first(office, monkeypatch, step, number):
    store, workspace, (old, new) = office
    store.writer().rings(old)
    alone = content(store)
    with monkeypatch.context() as patch:
        cut_at(patch, step, number)
        with pytest.raises(PowerCut):
            store.writer().rings(new)
    store.writer().rings(old)
    assert content(store) == alone
    assert shows(store, workspace, old)


def test_a_loads_end_clears_what_a_cut_move_left(office, monkeypatch, tmp_path):
    store, workspace, (old, new) = office
    store.writer().rings(old)
    with monkeypatch.context() as patch:
        cut_at(patch, "_put", 4)
        with pytest.raises(PowerCut):
            store.writer().rings(new)
    small_world(tmp_path, seed=6, visits=100, snapshot="t0002")
    load_graph(current_snapshot(workspace), store.server)
    assert shows(store, workspace, None)
    store.writer().rings(new)
    store.writer().remove_rings(new.id)
    assert shows(store, workspace, None)
    aside = store.connection.read(lambda tx: tx.one("MATCH (n:RingAside) RETURN count(n)"))
    assert aside == 0


def test_what_people_wrote_between_stays_beside_either_scan(office, monkeypatch):
    store, workspace, (old, new) = office
    embedded = EmbeddedStore(workspace)
    store.writer().rings(old)
    keys = [
        {key for key in Oracle(workspace, scan).edges if key[0] == EdgeKind.CO_VISITED}
        for scan in (old, new)
    ]
    only_old, only_new = sorted(keys[0] - keys[1])[0], sorted(keys[1] - keys[0])[0]
    both = [Edge(*key, {"note": "复核"}) for key in (only_old, only_new)]
    with monkeypatch.context() as patch:
        cut_at(patch, "_swap", 1)
        with pytest.raises(PowerCut):
            store.writer().rings(new)
    for one in (store, embedded):
        with one.writer() as writer:
            writer.edges(both)
    for scan in (old, new):
        for one in (store, embedded):
            one.writer().rings(scan)
        mine, theirs = store.view(), embedded.view()
        assert mine.counts() == theirs.counts()
        patients = sorted({end for key in keys[0] | keys[1] for end in key[1:]})
        edges = [
            {e.key: e for e in view.neighbours(patients, SCAN_KINDS, 10_000)}
            for view in (mine, theirs)
        ]
        assert edges[0] == edges[1]


def test_of_two_at_once_one_gives_way(office):
    store, workspace, (old, new) = office
    other = Neo4jStore(workspace, store.server)
    begun = []

    def meanwhile(kind, done, total):
        if not begun:
            begun.append(kind)
            other.writer().rings(old)

    with pytest.raises(LoadedElsewhere):
        store.writer().rings(new, meanwhile)
    other.close()
    assert begun == ["rings"]
    assert shows(store, workspace, old)


def test_a_row_that_does_not_arrive_is_noticed(office):
    store, workspace, (old, new) = office
    store.writer().rings(old)
    pair = min(key[1:] for key in Oracle(workspace, new).edges if key[0] == EdgeKind.CO_VISITED)
    opened = Connection(store.server)
    opened.write(lambda tx: tx.rows("MATCH (n {id: $id}) SET n:Lost REMOVE n:Entity", id=pair[0]))
    opened.close()
    with pytest.raises(NotTheSame, match="CO_VISITED of scan s0002"):
        store.writer().rings(new)
    assert store.connection.read(read_marker).scan == "s0001"
