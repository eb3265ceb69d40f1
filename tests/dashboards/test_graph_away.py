"""With the office's graph server away the pages say so, go on with the workspace, and come back."""

import json
import signal
from pathlib import Path

import psutil
import pytest
import streamlit as st

from dashboards.reading import office_graph
from dashboards.reading.office_graph import OfficeGraph
from graph.errors import OtherGraph, ServerAway, ServerTimeout
from graph.results import latest_scan
from graph.store.neo4j_ import Server
from huancha.workspace import open_workspace
from tests.dashboards.test_pages import open_page, said
from tests.dashboards.worlds import scanned_world
from tests.graph.conftest import on_server
from tests.graph.strangers import listening

pytestmark = [
    pytest.mark.filterwarnings(
        "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
    ),
]
AWAY = {"zh": "图数据库没有应答，这里先用", "en": "The graph server does not answer; drawn from"}
LATE = "图数据库没有及时应答，这里先用"
ANSWERS = {"zh": "正常应答", "en": "answers"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scanned_world(tmp_path_factory.mktemp("away"))


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """No answers of another test, no waiting before a server is asked again, and patience with it."""
    monkeypatch.setattr(office_graph, "PAUSE", 0.0)
    monkeypatch.setattr(office_graph, "ANSWER", 60.0)
    yield
    forget()


def forget():
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(scope="module")
def filled(neo4j_server, workspace):
    """A server that holds the workspace's graph and its scan."""
    on_server(neo4j_server, workspace).close()
    return neo4j_server


@pytest.fixture
def office(filled, monkeypatch):
    """That server, named by the settings."""
    monkeypatch.setenv("HUANCHA_GRAPH", filled.uri)
    monkeypatch.setenv("HUANCHA_GRAPH_PASSWORD", filled.password)
    return filled


def page(monkeypatch, workspace, language="zh", rank=1):
    """The ring page's words; the canvas is there whatever the server does."""
    ring = latest_scan(workspace).rings().items[rank - 1].ring
    app = open_page(monkeypatch, workspace, "ring", language, ring=ring)
    assert not app.exception
    assert not app.error
    assert any("nodes" in json.loads(part.proto.json) for part in app.get("bidi_component"))
    return said(app)


@pytest.mark.neo4j
def test_a_server_that_goes_and_comes_back(monkeypatch, office, workspace):
    words = page(monkeypatch, workspace)
    assert ANSWERS["zh"] in words
    assert "这里先用" not in words
    office.kill()
    for language, rank in (("zh", 2), ("en", 3)):
        words = page(monkeypatch, workspace, language, rank)
        assert AWAY[language] in words
        assert ANSWERS[language] not in words.splitlines()
    assert "没有应答" in said(open_page(monkeypatch, workspace, "overview", "zh"))
    forget()
    assert AWAY["zh"] in page(monkeypatch, workspace)
    office.start()
    words = page(monkeypatch, workspace)
    assert ANSWERS["zh"] in words
    assert "这里先用" not in words


@pytest.mark.neo4j
def test_a_server_that_falls_silent_keeps_nobody_waiting(monkeypatch, office, workspace):
    monkeypatch.setattr(office_graph, "ANSWER", 2.0)
    assert ANSWERS["zh"] in page(monkeypatch, workspace)
    monkeypatch.setattr(office_graph, "PAUSE", 60.0)
    process = psutil.Process(office.pid)
    process.send_signal(signal.SIGSTOP)
    try:
        assert LATE in page(monkeypatch, workspace, rank=2)
    finally:
        process.send_signal(signal.SIGCONT)
    forget()
    assert ANSWERS["zh"] in page(monkeypatch, workspace, rank=2)


@pytest.mark.neo4j
def test_server_and_workspace_draw_the_same_ring(monkeypatch, office, workspace):
    from dashboards import opened as reads

    monkeypatch.setenv("HUANCHA_WORKSPACE", str(workspace))
    found = open_workspace(workspace)
    key = reads.key_of(reads.Opened(found, found.snapshot(), found.scan()))
    ring = found.scan().rings().items[0].ring
    there = reads.network(key, ring)
    monkeypatch.delenv("HUANCHA_GRAPH")
    here = reads.network(key, ring)
    assert there.fault is here.fault is None
    assert there.found.number_of_edges() > 0
    assert dict(there.found.nodes(data=True)) == dict(here.found.nodes(data=True))
    edges = [sorted(web.found.edges(keys=True, data=True), key=str) for web in (there, here)]
    assert edges[0] == edges[1]


@pytest.mark.neo4j
def test_a_server_with_another_scan_is_not_shown(monkeypatch, office, workspace):
    server = Server(office.uri, *office.auth)
    with pytest.raises(OtherGraph, match=r"holds t0001 \+ s0001, not t0001 \+ s0002"):
        OfficeGraph(workspace, server).ask(("t0001", "s0002"), lambda view: view.counts())
    monkeypatch.setenv("HUANCHA_GRAPH_PASSWORD", "another")
    assert "图数据库不接受所给的用户或密码" in page(monkeypatch, workspace)


def test_settings_that_cannot_be_used_are_said(monkeypatch, workspace):
    monkeypatch.setenv("HUANCHA_GRAPH", "bolt://127.0.0.1:1")
    monkeypatch.delenv("HUANCHA_GRAPH_PASSWORD", raising=False)
    assert "图数据库的设置不能用，这里先用" in page(monkeypatch, workspace)


def test_a_server_that_was_away_is_left_alone_for_a_while(monkeypatch, workspace):
    monkeypatch.setattr(office_graph, "PAUSE", 10.0)
    monkeypatch.setattr(office_graph, "ANSWER", 0.5)
    now, guests = [100.0], []

    def silent(guest):
        guests.append(guest)
        guest.recv(1024)
        guest.recv(1024)

    with listening(silent) as address:
        office = OfficeGraph(workspace, Server(address, password="any"), lambda: now[0])
        for seconds, expected in ((0, 1), (5, 1), (11, 2)):
            now[0] += seconds
            with pytest.raises((ServerTimeout, ServerAway)):
                office.ask(("t0001", None), lambda view: view.counts())
            assert len(guests) >= expected
            assert (len(guests) == 1) == (expected == 1)
