"""A graph server that is away, refuses, is full or silent: one sentence each, no half graph, and on it goes."""

import re
import signal
from contextlib import contextmanager
from dataclasses import replace
from threading import Timer

import psutil
import pytest

from graph.errors import NotLoaded, ServerBroken, ServerTimeout
from graph.snapshot import current_snapshot
from graph.store.neo4j_ import Connection
from graph.store.neo4j_load import load_graph
from graph.store.neo4j_store import Neo4jStore
from tests.factory import small_world
from tests.graph.conftest import emptied
from tests.graph.parity import Held
from tests.graph.strangers import altered, listening, saying

pytestmark = pytest.mark.neo4j

FEW = {"patients": 40, "visits": 300}


@pytest.fixture
def server(neo4j_server, monkeypatch):
    """A running server, empty, which the settings' password opens; one that is away is not waited for."""
    monkeypatch.setenv("HUANCHA_GRAPH_PASSWORD", neo4j_server.password)
    monkeypatch.setenv("HUANCHA_GRAPH_PATIENCE", "0")
    yield replace(emptied(neo4j_server), retry_time=0.0)
    process = psutil.Process(neo4j_server.pid) if neo4j_server.pid else None
    if process:
        process.send_signal(signal.SIGCONT)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """One to be on the server, another to be put there in its place."""
    return [
        Held(small_world(tmp_path_factory.mktemp(name), seed=seed, snapshot=name, **FEW))
        for seed, name in ((1, "t0001"), (2, "t0002"))
    ]


@pytest.fixture
def put(call):
    """`huancha load --graph` of a world's live tables."""
    return lambda held, address: call("load", "--graph", address, "--workspace", held.workspace)


def refused(answer, *words):
    """One sentence at the end that says `words`, and nothing on stdout."""
    assert (answer.code, answer.out) == (1, "")
    *steps, last = answer.err.splitlines()
    assert all(line.startswith("… ") for line in steps), answer.err
    assert re.fullmatch(r"huancha: [^\n]+\.", last)
    for word in words:
        assert word in last


def sent(answer):
    assert answer.code == 0, answer.err
    found = re.search(
        r"([\d,]+) 节点 nodes, ([\d,]+) 边 edges of \S+, ([\d,]+) 新送 sent", answer.err
    )
    nodes, edges, new = (int(number.replace(",", "")) for number in found.groups())
    return nodes + edges, new


@contextmanager
def restarted(neo4j_server, **settings):
    """The server started anew with further settings, and again without them."""
    neo4j_server.stop()
    before = dict(neo4j_server.settings)
    neo4j_server.settings |= {name.replace("__", "."): value for name, value in settings.items()}
    neo4j_server.start()
    try:
        yield
    finally:
        neo4j_server.stop()
        neo4j_server.settings = before
        neo4j_server.start()


def test_a_server_that_is_read_only_keeps_what_it_shows(server, neo4j_server, worlds, put):
    whole, _ = sent(put(worlds[0], server.address))
    with restarted(
        neo4j_server,
        server__databases__default_to_read_only="true",
        server__bolt__connection_keep_alive="1s",
        server__bolt__connection_keep_alive_probes="2",
    ):
        refused(put(worlds[1], server.address), "may only be read", "lift read-only")
        assert worlds[0].fills(server)
        assert sent(put(worlds[0], server.address)) == (whole, 0)
        _falls_silent(neo4j_server, replace(server, connect_time=1))
    assert worlds[0].fills(server)
    put(worlds[1], server.address)
    assert worlds[1].fills(server)


def _falls_silent(neo4j_server, server):
    """Stopped in its tracks it is late for who waits and for who comes; then it answers again."""
    process = psutil.Process(neo4j_server.pid)
    opened = Connection(server)
    assert opened.read(lambda tx: tx.one("RETURN 1")) == 1
    process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(ServerTimeout, match="did not answer in time"):
            opened.read(lambda tx: tx.one("RETURN 2"))
        with pytest.raises(ServerTimeout):
            Connection(server).check()
    finally:
        process.send_signal(signal.SIGCONT)
    assert opened.read(lambda tx: tx.one("RETURN 3")) == 3
    opened.close()


def test_a_server_that_stands_still_for_a_while_is_waited_for(server, neo4j_server, worlds):
    process = psutil.Process(neo4j_server.pid)
    seen = []

    def pause(step, done, total):
        seen.append(step)
        if len(seen) == 2:
            process.send_signal(signal.SIGSTOP)
            Timer(1.5, process.send_signal, [signal.SIGCONT]).start()

    load_graph(current_snapshot(worlds[0].workspace), server, progress=pause)
    assert len(seen) > 2
    assert worlds[0].fills(server)


def test_a_full_disk_is_named_and_a_server_that_is_down_and_the_load_goes_on_after_both(
    server, neo4j_server, worlds, put
):
    sent(put(worlds[0], server.address))
    files = [path for path in (neo4j_server.home / "data").rglob("*") if path.is_file()]
    largest = max(path.stat().st_size for path in files)
    process = psutil.Process(neo4j_server.pid)
    room = process.rlimit(psutil.RLIMIT_FSIZE)
    process.rlimit(psutil.RLIMIT_FSIZE, (largest + 4096, room[1]))
    refused(put(worlds[1], server.address), "out of disk space", "goes on where it stopped")
    for held in worlds:
        store = Neo4jStore(held.workspace, server)
        with pytest.raises(ServerBroken, match="restart it"):
            store.view()
        store.close()
    neo4j_server.kill()
    refused(put(worlds[1], server.address), server.address, "does not answer: start it")
    neo4j_server.start()
    for held in worlds:
        store = Neo4jStore(held.workspace, server)
        with pytest.raises(NotLoaded, match="half of snapshot t0002"):
            store.view()
        store.close()
    whole, new = sent(put(worlds[1], server.address))
    assert 0 < new <= whole
    assert worlds[1].fills(server)
    assert sent(put(worlds[1], server.address)) == (whole, 0)


@pytest.mark.parametrize(
    "answer",
    [bytes(4), b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b""],
    ids=["no version in common", "http", "ssh", "hangs up"],
)
def test_what_is_no_neo4j_is_named(monkeypatch, worlds, put, answer):
    monkeypatch.setenv("HUANCHA_GRAPH_PASSWORD", "any")
    with listening(saying(answer)) as address:
        refused(put(worlds[0], address), "of another kind or too old", "5.26 or newer is needed")


def test_an_old_neo4j_is_named(server, neo4j_server, worlds, put):
    with listening(altered(neo4j_server.port, b"5.26.12", b"4.44.99")) as address:
        refused(put(worlds[0], address), "is Neo4j 4.44.99, Neo4j 5.26 or newer is needed")
    assert sent(put(worlds[0], server.address))[1] > 0


def test_a_wrong_password_is_named_and_not_told(server, monkeypatch, worlds, put):
    monkeypatch.setenv("HUANCHA_GRAPH_PASSWORD", "not-this-one")
    answer = put(worlds[0], server.address)
    refused(answer, "does not take the password of neo4j")
    assert "not-this-one" not in answer.err
