"""The open workspace: one store, and views that notice what is new."""

from datetime import datetime

import pytest

from graph.errors import NoSnapshot
from graph.model import NodeKind
from graph.store.neo4j_store import Neo4jStore
from huancha.errors import BadSetting
from huancha.settings import read_settings
from huancha.workspace import graph_server, open_workspace
from tests.factory import add_scan, small_world


def test_before_the_first_load_nothing_is_there(tmp_path):
    workspace = open_workspace(tmp_path / "none")
    assert workspace.snapshot() is None
    assert workspace.scan() is None
    with pytest.raises(NoSnapshot):
        workspace.view()
    assert not (tmp_path / "none").exists()


def test_views_share_one_store_and_notice_a_new_scan(tmp_path):
    workspace = open_workspace(small_world(tmp_path))
    before = workspace.view().counts()
    assert workspace.store is workspace.store
    assert NodeKind.RING not in before.nodes
    scan = add_scan(workspace.path)
    assert workspace.scan().id == scan.id
    assert workspace.view().counts().nodes[NodeKind.RING] == scan.rings().total


def test_views_notice_a_new_snapshot(tmp_path):
    workspace = open_workspace(small_world(tmp_path, patients=12, snapshot="t0001"))
    assert workspace.view().counts().nodes[NodeKind.PATIENT] == 12
    small_world(tmp_path, patients=17, snapshot="t0002")
    assert workspace.snapshot().id == "t0002"
    assert workspace.view().counts().nodes[NodeKind.PATIENT] == 17


def test_ids_stand_behind_keys(tmp_path):
    workspace = open_workspace(small_world(tmp_path))
    with workspace.snapshot().connect() as con:
        rows = dict(con.execute("SELECT patient, id FROM patients WHERE patient < 3").fetchall())
        places = dict(con.execute("SELECT place, id FROM places").fetchall())
    assert workspace.ids("patients", [2, 0, 1, 1]) == rows
    assert workspace.ids("places", places) == places
    assert workspace.ids("patients", []) == {}
    assert isinstance(workspace.snapshot().manifest["created"], str)
    assert datetime.fromisoformat(workspace.snapshot().manifest["created"])


def test_a_server_that_the_settings_name_holds_the_graph(tmp_path, monkeypatch):
    monkeypatch.setenv("HUANCHA_GRAPH", "bolt://127.0.0.1:1")
    workspace = open_workspace(small_world(tmp_path, visits=20))
    with pytest.raises(BadSetting, match="HUANCHA_GRAPH_PASSWORD"):
        workspace.view()
    secret = tmp_path / "password"
    monkeypatch.setenv("HUANCHA_GRAPH_PASSWORD_FILE", str(secret))
    with pytest.raises(BadSetting, match="No such file"):
        workspace.view()
    secret.write_text("from a file\n", "utf-8")
    monkeypatch.setenv("HUANCHA_GRAPH_USER", "wang")
    server = graph_server()
    assert (server.address, server.user) == ("bolt://127.0.0.1:1", "wang")
    assert server.password == "from a file"
    assert "from a file" not in repr(server) + repr(read_settings())
    monkeypatch.setenv("HUANCHA_GRAPH_PASSWORD", "from the environment")
    assert graph_server("neo4j://other").password == "from the environment"
    store = workspace.store
    assert isinstance(store, Neo4jStore)
    store.close()
