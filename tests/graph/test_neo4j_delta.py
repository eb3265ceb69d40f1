"""From one snapshot to another on a server: only what changed is sent, and all is as if sent anew."""

from dataclasses import replace
from shutil import rmtree

import pytest

from graph.errors import NotLoaded, ServerAway
from graph.model import Edge, EdgeKind, Node, NodeKind
from graph.results import Scan
from graph.snapshot import Snapshot
from graph.store import neo4j_delta, neo4j_load
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j_ import Connection
from graph.store.neo4j_load import load_graph
from graph.store.neo4j_schema import read_marker
from graph.store.neo4j_store import Neo4jStore
from tests.factory import add_scan, small_world
from tests.graph.altered import NEW_PATIENT, NEW_TOKEN, alter
from tests.graph.conftest import emptied
from tests.graph.hub import alike, marks

pytestmark = pytest.mark.neo4j

WHAT = {
    *(f"removed {what}" for what in ("VISITED", "TREATED_BY", "REGISTERED_AT", "HOLDS", "nodes")),
    *(f"added {what}" for what in ("nodes", "VISITED", "TREATED_BY", "REGISTERED_AT", "HOLDS")),
    *(f"changed {what}" for what in ("nodes", "VISITED", "TREATED_BY", "REGISTERED_AT", "KIN_OF")),
}


class PowerCut(Exception):
    """What interrupts a load in these tests."""


@pytest.fixture(scope="module")
def office(neo4j_server, small_hubs, tmp_path_factory):
    """A workspace with t0001, t0002 in which little changed, and a server."""
    workspace = small_world(tmp_path_factory.mktemp("world"), patients=40)
    add_scan(workspace)
    alter(workspace)
    alter(workspace, "t0003", without=("psn_kin_d", "prac_reg_d"))
    return workspace, emptied(neo4j_server)


@pytest.fixture(scope="module")
def store(office):
    """The store of the office, t0001 on it with a scan and what people wrote."""
    workspace, server = office
    opened = Neo4jStore(workspace, server)
    load(office, "t0001")
    for each in (opened, EmbeddedStore(workspace)):
        written(each, workspace)
    yield opened
    opened.close()


def load(office, name, progress=None):
    """Make `name` the live snapshot and load it."""
    workspace, server = office
    (workspace / "CURRENT").write_text(name)
    return load_graph(Snapshot(workspace / "tables" / name), server, progress=progress)


def written(store, workspace):
    """By hand: on what stays, goes, comes and changes."""
    view = EmbeddedStore(workspace).view()
    with Snapshot(workspace / "tables" / "t0001").connect() as tables:
        rows = {
            name: [
                id_
                for (id_,) in tables.execute(
                    f"SELECT id FROM {name} ORDER BY {name[:-1]}"
                ).fetchall()
            ]
            for name in ("patients", "tokens", "practitioners")
        }
    first, gone, token = rows["patients"][0], rows["patients"][-1], rows["tokens"][-1]
    edges = view.neighbours(rows["practitioners"], [EdgeKind.REGISTERED_AT], 1_000)
    with store.writer() as writer:
        writer.nodes(
            [
                Node("tk_byhand0000000000001", NodeKind.TOKEN, "000001", {"token_kind": "phone"}),
                Node(NEW_TOKEN, NodeKind.TOKEN, "by hand", {"note": "早"}),
                Node(gone, NodeKind.PATIENT, "gone", {"note": "走"}),
                Node(first, NodeKind.PATIENT, "first", {"note": "在", "gend": "7"}),
            ]
        )
        writer.edges(
            [
                Edge(EdgeKind.HOLDS, first, "tk_byhand0000000000001", {"fields": ("tel",)}),
                Edge(EdgeKind.HOLDS, gone, NEW_TOKEN, {"note": "复核"}),
                Edge(EdgeKind.HOLDS, first, token, {"note": "旧"}),
                *(Edge(*edge.key, {"note": "查"}) for edge in edges),
            ]
        )
        writer.states({rows["practitioners"][0]: "暂停", gone: "待核", NEW_TOKEN: "停"}, "C-1")
        writer.states({edge.key: "停" for edge in edges}, "C-2")
    store.writer().rings(Scan(workspace / "scans" / "s0001"))


def content(server):
    """Every node and edge with all labels and properties; of the marker what does not count loads."""
    connection = Connection(server)
    try:
        nodes, edges = connection.read(
            lambda tx: (
                tx.rows("MATCH (n) WHERE NOT n:HuanchaGraph RETURN labels(n), properties(n)"),
                tx.rows("MATCH (a)-[r]->(b) RETURN a.id, type(r), b.id, properties(r)"),
            )
        )
        marker = connection.read(read_marker)
    finally:
        connection.close()
    flat = [(sorted(labels), sorted(there.items())) for labels, there in nodes]
    flat += [(*key, sorted(there.items())) for *key, there in edges]
    kept = replace(marker, batches=0, generation=0, loader="", step="", position=())
    return sorted(map(repr, flat)), kept


@pytest.fixture(scope="module")
def anew(office, store):
    """What a load of all leaves on the server, by snapshot; all written by hand beforehand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neo4j_load, "SHARE", -1.0)
        found = {}
        for name in ("t0003", "t0002", "t0001"):
            assert load(office, name).before is None
            found[name] = content(office[1])
        return found


@pytest.fixture
def first(office, anew):
    """The office with t0001 on the server, whatever was there."""
    if load(office, "t0001").sent:
        assert content(office[1]) == anew["t0001"]
    return office


def test_what_changed_is_all_that_is_sent(first, store, anew):
    told, hubs = {}, marks(store)
    done = load(first, "t0002", lambda step, *far: told.update({step: far}))
    assert content(first[1]) == anew["t0002"]
    assert told.keys() >= WHAT
    assert all(number == total for number, total in told.values())
    counts = dict.fromkeys(("added", "changed", "removed"), 0)
    for step, (number, _) in told.items():
        counts[step.split()[0]] += number
    assert counts == {"added": done.added, "changed": done.changed, "removed": done.removed}
    assert (done.before, done.sent) == ("t0001", sum(counts.values()))
    assert done.sent < 0.2 * (done.nodes + done.edges)
    assert store.view().nodes([NEW_PATIENT])[0].properties["gend"] == "9"
    assert load(first, "t0002").sent == 0
    assert alike(store, EmbeddedStore(first[0]), (1, 3, 4)) > 5
    found = marks(store)
    assert found.keys() - hubs.keys()
    assert hubs.keys() - found.keys()
    assert any(found[hub] != hubs[hub] for hub in found.keys() & hubs.keys())


def test_kinds_of_edges_come_and_go(first, anew):
    gone = load(first, "t0003")
    assert gone.before == "t0001"
    assert content(first[1]) == anew["t0003"]
    back = load(first, "t0001")
    assert back.before == "t0003"
    assert (back.added, back.changed, back.removed) == (gone.removed, gone.changed, gone.added)
    assert content(first[1]) == anew["t0001"]


def cut(monkeypatch, name, number):
    """Let the `number`th call of `name` end in a power cut, before it does anything."""
    calls = []
    where = neo4j_load if name == "_clear" else neo4j_load._Load
    step = getattr(where, name)

    def power_cut(*args, **kwargs):
        calls.append(name)
        if len(calls) == number:
            raise PowerCut
        return step(*args, **kwargs)

    monkeypatch.setattr(where, name, power_cut)


CUTS = [("_clear", 1), ("_put", 1), ("_put", 9), ("_open", 1)]


@pytest.mark.parametrize(("name", "number"), CUTS)
def test_a_power_cut_at_any_moment_is_made_good(first, store, anew, monkeypatch, name, number):
    monkeypatch.setattr(neo4j_delta, "BATCH", 3)
    with monkeypatch.context() as patch:
        cut(patch, name, number)
        with pytest.raises(PowerCut):
            load(first, "t0002")
    with pytest.raises(NotLoaded, match="half of snapshot t0002"):
        store.view()
    done = load(first, "t0002")
    assert done.before == "t0001"
    assert content(first[1]) == anew["t0002"]
    assert (done.sent == 0) == (name == "_open")


def test_a_cut_load_whose_first_tables_are_gone_is_sent_anew(first, anew, monkeypatch):
    with monkeypatch.context() as patch:
        cut(patch, "_put", 4)
        with pytest.raises(PowerCut):
            load(first, "t0002")
    tables = first[0] / "tables" / "t0001"
    aside = tables.rename(tables.with_name("aside"))
    try:
        done = load(first, "t0002")
    finally:
        aside.rename(tables)
    assert (done.before, done.sent) == (None, done.nodes + done.edges)
    assert content(first[1]) == anew["t0002"]


def test_another_snapshot_after_a_cut_is_sent_anew(first, anew, monkeypatch):
    with monkeypatch.context() as patch:
        cut(patch, "_put", 4)
        with pytest.raises(PowerCut):
            load(first, "t0002")
    assert load(first, "t0003").before is None
    assert content(first[1]) == anew["t0003"]


OTHERS = {
    "an edge is gone": "MATCH (:Patient)-[r:VISITED]->() WITH r LIMIT 1 DELETE r",
    "another mark": "MATCH (n:Token) SET n.heaviest_holds = n.heaviest_holds[1..]",
}


@pytest.mark.parametrize("query", OTHERS.values(), ids=OTHERS)
def test_what_others_changed_leads_to_a_load_of_all(first, store, anew, query):
    store.connection.write(lambda tx: tx.rows(query))
    done = load(first, "t0002")
    assert (done.before, done.sent) == (None, done.nodes + done.edges)
    assert content(first[1]) == anew["t0002"]


@pytest.mark.parametrize("why", ["too much changed", "no rows", "another layout"])
def test_without_a_way_from_the_old_all_is_sent(first, store, anew, monkeypatch, why):
    workspace, _ = first
    tables = workspace / "tables" / "t0001"
    hidden = tables / "setl_d" if why == "no rows" else None
    rmtree(workspace / "edges" / "t0001")
    if why == "too much changed":
        monkeypatch.setattr(neo4j_load, "SHARE", 0.01)
    if why == "another layout":
        store.connection.write(lambda tx: tx.rows("MATCH (g:HuanchaGraph) SET g.layout = 1"))
    if hidden:
        hidden.rename(workspace / "aside")
    try:
        done = load(first, "t0002")
    finally:
        if hidden:
            (workspace / "aside").rename(hidden)
    assert (done.before, done.changed, done.removed) == (None, 0, 0)
    assert content(first[1]) == anew["t0002"]


def test_readers_see_the_old_graph_until_the_first_change_is_sent(first, store, monkeypatch):
    seen = []

    def away(self, tx):
        raise ServerAway("bolt://somewhere")

    find = neo4j_load.Difference

    def looked(*args, **kwargs):
        seen.append(store.view().shown[0])
        return find(*args, **kwargs)

    monkeypatch.setattr(neo4j_load, "Difference", looked)
    monkeypatch.setattr(neo4j_load._Load, "_open", away)
    with pytest.raises(ServerAway):
        load(first, "t0002")
    assert seen == ["t0001"]
    with pytest.raises(NotLoaded):
        store.view()
