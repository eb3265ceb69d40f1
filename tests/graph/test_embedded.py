"""What only the embedded store has: derived edge files, `graph.db`, following the workspace."""

import json
import multiprocessing
import sqlite3
from datetime import datetime
from itertools import pairwise

import pyarrow.parquet as pq
import pytest

from graph.errors import NoSnapshot
from graph.model import EdgeKind, Node, NodeKind
from graph.results import latest_scan
from graph.snapshot import current_snapshot
from graph.store import by_hand, edges
from graph.store.embedded import EmbeddedStore
from tests.factory import add_scan, small_world


@pytest.fixture
def workspace(tmp_path):
    return small_world(tmp_path)


def test_an_empty_workspace_has_no_graph(tmp_path):
    with pytest.raises(NoSnapshot):
        EmbeddedStore(tmp_path).view()


def test_both_copies_hold_the_same_edges_each_in_its_order(workspace):
    folder = edges.snapshot_edges(current_snapshot(workspace))
    assert folder.edges
    for kind in folder.edges:
        outgoing = pq.read_table(folder.outgoing(kind)).to_pylist()
        incoming = pq.read_table(folder.incoming(kind)).to_pylist()
        ways = [(row["src"], -row["weight"], row["dst"]) for row in outgoing]
        assert ways == sorted(ways)
        ways = [(row["dst"], -row["weight"], row["src"]) for row in incoming]
        assert ways == sorted(ways)
        assert sorted(map(repr, outgoing)) == sorted(map(repr, incoming))


def test_row_groups_are_small_enough_to_be_skipped(workspace, monkeypatch):
    monkeypatch.setattr(edges, "ROW_GROUP", 2_048)
    world = small_world(workspace / "big", patients=900, places=9, visits=7_000)
    folder = edges.snapshot_edges(current_snapshot(world))
    file = pq.ParquetFile(folder.outgoing(EdgeKind.VISITED))
    assert file.num_row_groups > 1
    ends = [file.metadata.row_group(n).column(0).statistics for n in range(file.num_row_groups)]
    assert all(one.max <= other.min for one, other in pairwise(ends))


def test_edges_are_built_once(workspace):
    snapshot = current_snapshot(workspace)
    file = edges.snapshot_edges(snapshot).outgoing(EdgeKind.VISITED)
    before = file.stat()
    edges.snapshot_edges(snapshot)
    assert file.stat() == before


@pytest.mark.parametrize("damage", ["no edges.json", "older layout", "half a file"])
def test_unfinished_or_older_edges_are_built_again(workspace, damage):
    snapshot = current_snapshot(workspace)
    folder = edges.snapshot_edges(snapshot)
    facts = folder.path / "edges.json"
    whole = folder.edges
    if damage == "no edges.json":
        facts.unlink()
    elif damage == "older layout":
        facts.write_text(json.dumps({**json.loads(facts.read_text()), "layout": 0}))
    else:
        facts.write_text(facts.read_text()[:20])
    assert edges.snapshot_edges(snapshot).edges == whole
    assert [path.name for path in (workspace / "edges").iterdir()] == [snapshot.id]


def test_a_failed_build_leaves_nothing(workspace, monkeypatch):
    def full(*_args):
        raise OSError("no space left on device")

    monkeypatch.setattr(edges, "_copy", full)
    with pytest.raises(OSError, match="no space"):
        EmbeddedStore(workspace).view()
    assert list((workspace / "edges").iterdir()) == []
    monkeypatch.undo()
    assert EmbeddedStore(workspace).view().counts().edges


def _build(workspace):
    return sum(EmbeddedStore(workspace).view().counts().edges.values())


def test_several_processes_may_build_at_once(workspace):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        built = pool.map(_build, [workspace] * 4)
    assert len(set(built)) == 1
    assert [path.name for path in (workspace / "edges").iterdir()] == ["t0001"]


def test_looking_writes_nothing_but_edges(workspace):
    EmbeddedStore(workspace).view().counts()
    assert not (workspace / "graph.db").exists()


def test_the_store_follows_the_live_snapshot(workspace, tmp_path):
    store = EmbeddedStore(workspace)
    before = store.view()
    other = small_world(tmp_path / "other", seed=8, patients=40, snapshot="t0002")
    (other / "tables" / "t0002").rename(workspace / "tables" / "t0002")
    (workspace / "CURRENT").write_text("t0002\n")
    assert store.view().counts().nodes[NodeKind.PATIENT] == 40
    assert before.counts().nodes[NodeKind.PATIENT] == 30
    assert len(before.nodes(found.id for found in before.search("10105"))) == 5


def test_a_newer_scan_on_disk_is_shown_unasked(workspace):
    store = EmbeddedStore(workspace)
    assert NodeKind.RING not in store.view().counts().nodes
    first = add_scan(workspace)
    ring = first.rings().items[0].ring
    assert store.view().nodes([ring])
    with store.writer() as writer:
        writer.rings(first)
    later = add_scan(workspace, "s0002", seed=3, started=datetime(2025, 9, 1))
    assert store.shown_scan().id == later.id == latest_scan(workspace).id
    assert store.view().nodes([ring]) == ()


def test_a_half_made_graph_db_is_an_empty_one(workspace):
    sqlite3.connect(workspace / "graph.db").close()
    (workspace / "graph.db").touch()
    store = EmbeddedStore(workspace)
    assert store.view().counts().nodes
    with store.writer() as writer:
        writer.nodes([Node("fa_byhand0000000000001", NodeKind.FACILITY, "新设门诊")])
    assert store.view().search("新设").total == 1


def test_a_crash_within_a_write_leaves_the_state_before(workspace, monkeypatch):
    store = EmbeddedStore(workspace)
    patient = store.view().search("10105").items[0].id
    with store.writer() as writer:
        writer.states({patient: "暂停"})
    before = by_hand.read(store.file)

    def crash(*_args):
        raise MemoryError

    monkeypatch.setattr(by_hand, "joined", crash)
    writer = store.writer()
    writer.states({patient: None})
    writer.nodes([Node("fa_byhand0000000000001", NodeKind.FACILITY, "新设门诊")])
    with pytest.raises(MemoryError):
        writer.flush()
    assert by_hand.read(store.file) == before


def _note(workspace_and_number):
    workspace, number = workspace_and_number
    store = EmbeddedStore(workspace)
    with store.writer() as writer:
        writer.nodes([Node(f"fa_byhand{number:013d}", NodeKind.FACILITY, f"新设门诊{number}")])
    return number


def test_several_processes_may_write_at_once(workspace):
    EmbeddedStore(workspace).view()
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        pool.map(_note, [(workspace, number) for number in range(12)])
    assert EmbeddedStore(workspace).view().search("新设门诊").total == 12
    assert by_hand.revision(workspace / "graph.db") == 12


def test_a_view_made_before_a_write_by_another_store_sees_it_next_time(workspace):
    one, other = EmbeddedStore(workspace), EmbeddedStore(workspace)
    assert one.view().search("新设").total == 0
    with other.writer() as writer:
        writer.nodes([Node("fa_byhand0000000000001", NodeKind.FACILITY, "新设门诊")])
    assert one.view().search("新设").total == 1
