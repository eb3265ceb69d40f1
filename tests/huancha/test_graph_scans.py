"""`huancha scan` and `huancha graph` with a server: a scan put there, replaced, removed, refused."""

import shutil

import pytest

from graph.errors import ServerAway
from graph.model import EdgeKind, NodeKind
from graph.results import latest_scan
from graph.snapshot import current_snapshot
from graph.store.neo4j_ import Connection
from graph.store.neo4j_load import load_graph
from graph.store.neo4j_parity import held
from tests.factory import add_scan, small_world
from tests.graph.conftest import emptied

pytestmark = pytest.mark.neo4j


@pytest.fixture
def named(neo4j_server, monkeypatch):
    """The emptied server, named in the environment."""
    server = emptied(neo4j_server)
    monkeypatch.setenv("HUANCHA_GRAPH", server.address)
    monkeypatch.setenv("HUANCHA_GRAPH_PASSWORD", server.password)
    return server


def on_server(server):
    connection = Connection(server)
    try:
        return held(connection)
    finally:
        connection.close()


def test_a_scan_is_shown_and_removed(call, named, tmp_path):
    workspace = small_world(tmp_path)
    load_graph(current_snapshot(workspace), named)
    bare = on_server(named)
    for name, seed in (("s0001", 1), ("s0002", 2)):
        add_scan(workspace, name, seed)
    shown = call("graph", "show", "s0002", "--workspace", workspace)
    assert (shown.code, shown.out) == (0, "")
    assert "s0002 3 团伙 rings" in shown.err
    assert call("graph", "--json").json["scan"] == "s0002"
    latest = call("graph", "show", "--workspace", workspace, "--graph", named.address)
    assert latest.code == 0
    assert on_server(named).scan == latest_scan(workspace).id
    told = call("graph")
    assert "快照 snapshot t0001" in told.out
    assert "ring 3" in told.out
    assert "was not there" in call("graph", "remove", "s0404").err
    for name in ("s0001", "s0002"):
        assert call("graph", "remove", name).code == 0
    assert on_server(named) == bare
    assert call("graph", "show", "s0404", "--workspace", workspace).code == 1


def test_a_scan_writes_back_where_a_server_is_named(call, named, office, tmp_path):
    workspace = tmp_path / "workspace"
    shutil.copytree(office.workspace, workspace)
    refused = call("scan", "--workspace", workspace, "--json")
    assert refused.code == 1
    assert "holds no graph" in refused.err
    assert "the scan stands" in refused.err
    assert refused.json["scan"] == latest_scan(workspace).id
    load_graph(current_snapshot(workspace), named)
    done = call("scan", "--workspace", workspace)
    assert done.code == 0, done.err
    scan = latest_scan(workspace)
    assert scan.id != refused.json["scan"]
    found = on_server(named)
    assert found.scan == scan.id
    assert found.counts.nodes[NodeKind.RING] == scan.rings(1).total
    assert found.counts.edges[EdgeKind.CO_VISITED] == scan.pairs.num_rows


def test_a_server_that_holds_another_snapshot_is_not_written_to(call, named, office, tmp_path):
    load_graph(current_snapshot(small_world(tmp_path)), named)
    workspace = tmp_path / "other"
    shutil.copytree(office.workspace, workspace)
    from graph.errors import OtherSnapshot
    from huancha.commands.graph_scans import write_back

    with pytest.raises(OtherSnapshot, match="holds snapshot t0001, the scan is of"):
        write_back(workspace, latest_scan(workspace), named)
    refused = call("graph", "show", "--workspace", workspace)
    assert refused.code == 1
    assert "holds snapshot t0001, the scan is of" in refused.err
    assert on_server(named).scan is None


def test_no_server_and_one_that_is_away(call, monkeypatch, tmp_path):
    workspace = small_world(tmp_path)
    add_scan(workspace)
    monkeypatch.delenv("HUANCHA_GRAPH", raising=False)
    for arguments in (["graph"], ["graph", "show"], ["graph", "remove", "s0001"]):
        refused = call(*arguments, "--workspace", workspace)
        assert (refused.code, refused.out) == (1, "")
        assert "give --graph, or set HUANCHA_GRAPH" in refused.err
    monkeypatch.setenv("HUANCHA_GRAPH_PASSWORD", "secret")
    away = call("graph", "show", "--workspace", workspace, "--graph", "http://127.0.0.1:1")
    assert away.code == 1
    assert "does not answer" in away.err
    assert str(ServerAway("http://127.0.0.1:1")) in away.err
