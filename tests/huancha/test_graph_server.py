"""The command line with a live graph server: load, load again, scan, rings, and what pages read."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dashboards.reading.office_graph import OfficeGraph
from graph.store.embedded import EmbeddedStore
from huancha.workspace import graph_server, open_workspace
from tests.graph.conftest import emptied

pytestmark = pytest.mark.neo4j
VISITS = 2_000
DONE = re.compile(
    r"([\d,]+) 节点 nodes, ([\d,]+) 边 edges of (\S+), ([\d,]+) 新送 sent(?:, (\S+))?"
)


@pytest.fixture
def huancha(neo4j_server, tmp_path):
    """Call the installed command as an office does: settings in the environment, password in a file."""
    emptied(neo4j_server)
    secret = tmp_path / "password"
    secret.write_text(f"{neo4j_server.password}\n", "utf-8")
    settings = {
        "HUANCHA_WORKSPACE": str(tmp_path / "office"),
        "HUANCHA_GRAPH": neo4j_server.uri,
        "HUANCHA_GRAPH_PASSWORD_FILE": str(secret),
    }

    def calling(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "huancha.cli", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert neo4j_server.password not in done.stdout + done.stderr
        return done

    calling.settings = settings
    return calling


def test_an_offices_day_with_a_server(huancha, neo4j_server, tmp_path, monkeypatch):
    exports, graph = tmp_path / "exports", ("--graph", neo4j_server.uri)
    huancha("synth", exports, f"--visits={VISITS}", "--seed=3")
    first = huancha("load", exports, *graph).stderr
    for step in ("nodes", "VISITED", "TREATED_BY", "HOLDS"):
        assert f"… {step}\n" in first
    nodes, edges, snapshot, new, scan = DONE.search(first).groups()
    assert scan is None
    assert _number(new) == _number(nodes) + _number(edges) > 1_000
    again = huancha("load", exports, *graph).stderr
    assert "没有新内容" in again
    assert DONE.search(again).groups() == (nodes, edges, snapshot, "0", None)

    huancha("scan")
    assert DONE.search(huancha("load", *graph).stderr)[4] == "0"
    found = json.loads(huancha("rings", "--format", "json").stdout)
    for name, value in huancha.settings.items():
        monkeypatch.setenv(name, value)
    workspace = open_workspace(tmp_path / "office")
    shown = snapshot, workspace.scan().id
    asked = OfficeGraph(workspace.path, graph_server())
    own = EmbeddedStore(workspace.path).view()
    assert asked.ask(shown, lambda view: view.counts()) == own.counts()
    for ring in found[:3]:
        ids = [member["id"] for member in ring["members"]]
        there = asked.ask(shown, lambda view, ids=ids: view.subgraph(ids))
        assert sorted(there.edges(keys=True, data=True), key=str) == sorted(
            own.subgraph(ids).edges(keys=True, data=True), key=str
        )


def _number(text):
    return int(text.replace(",", ""))
