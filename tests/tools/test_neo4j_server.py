"""The Neo4j that tests and developers start: it answers, refuses, keeps its data, and goes away."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError

from tests.huancha.signals import heed_ctrl_c
from tools.neo4j.bolt import ask
from tools.neo4j.errors import AdminFailed, StillRunning
from tools.neo4j.jars import archive
from tools.neo4j.server import QUICK, Server

ROOT = Path(__file__).parents[2]
NESTED = """
import time, pathlib
def test_with_a_server(neo4j_server):
    said = pathlib.Path({said!r})
    said.with_suffix(".draft").write_text(f"{{neo4j_server.pid}} {{neo4j_server.home}}")
    said.with_suffix(".draft").rename(said)
    time.sleep({seconds})
"""

GUARD = """
import pathlib, sys
sys.stdin.read()
from tools.neo4j.jars import archive
from tools.neo4j.server import Server
Server(pathlib.Path(sys.argv[1])).remove()
"""
"""Removes a server that outlives who started it, when the test ends or is killed."""


def _query(server, text, **values):
    with GraphDatabase.driver(server.uri, auth=server.auth) as driver:
        return [list(row.values()) for row in driver.execute_query(text, values).records]


def _nested(folder, seconds, **environment):
    """Pytest over one test that asks for a server and then sleeps."""
    (folder / "test_nested.py").write_text(
        NESTED.format(said=str(folder / "said"), seconds=seconds), "utf-8"
    )
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = neo4j\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "-p"]
    return subprocess.Popen(
        [*command, "tests.conftest", f"--basetemp={folder / 'tmp'}", "test_nested.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=heed_ctrl_c,
    )


def test_it_answers_on_loopback_alone(neo4j_server):
    for scheme in ("bolt", "neo4j"):
        address = f"{scheme}://127.0.0.1:{neo4j_server.port}"
        with GraphDatabase.driver(address, auth=neo4j_server.auth) as driver:
            driver.verify_connectivity()
            rows = driver.execute_query(
                "CALL dbms.components() YIELD versions, edition", database_=neo4j_server.database
            ).records
            assert [list(row.values()) for row in rows] == [[["5.26.12"], "community"]]
    ends = psutil.Process(neo4j_server.pid).net_connections("inet")
    listening = {tuple(end.laddr) for end in ends if end.status == psutil.CONN_LISTEN}
    assert {port for _, port in listening} == {neo4j_server.port}
    assert {host.removeprefix("::ffff:") for host, _ in listening} == {"127.0.0.1"}
    others = {end.raddr.ip.removeprefix("::ffff:") for end in ends if end.raddr}
    assert others <= {"127.0.0.1"}


def test_it_starts_from_the_classes_kept_beside_the_jars(neo4j_server):
    read = {mapped.path for mapped in psutil.Process(neo4j_server.pid).memory_maps()}
    assert str(archive()) in read


def test_it_has_room_for_compiled_code(neo4j_server):
    beans = 'CALL dbms.queryJmx("java.lang:type=MemoryPool,name=Code*") YIELD attributes'
    rows = _query(neo4j_server, f"{beans} RETURN attributes.Usage.value.properties.max")
    assert sum(room for (room,) in rows) >= 200 << 20


def test_a_wrong_password_is_refused(neo4j_server):
    with (
        GraphDatabase.driver(neo4j_server.uri, auth=(neo4j_server.user, "wrong")) as driver,
        pytest.raises(AuthError),
    ):
        driver.verify_connectivity()
    assert "Unauthorized" in ask(neo4j_server.port, neo4j_server.user, "wrong")
    assert ask(neo4j_server.port, *neo4j_server.auth) == ""


def test_what_is_not_a_neo4j_is_not_taken_for_one(neo4j_server):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert "timed out" in ask(silent.getsockname()[1], *neo4j_server.auth, seconds=0.3)
        port = silent.getsockname()[1]
    assert "refused" in ask(port, *neo4j_server.auth)


def test_data_outlives_a_stop_and_a_power_cut(neo4j_jars, tmp_path):
    del neo4j_jars
    home = tmp_path / "home"
    patients, kin = tmp_path / "patients.csv", tmp_path / "kin.csv"
    patients.write_text("id:ID\np1\np2\n", "utf-8")
    kin.write_text(":START_ID,:END_ID\np1,p2\n", "utf-8")
    server = Server(home, options=QUICK)
    again = Server(home, options=QUICK, password=server.password)
    try:
        with pytest.raises(AdminFailed, match="database import"):
            server.import_full([f"Patient={tmp_path / 'none.csv'}"])
        server.import_full([f"Patient={patients}"], [f"KIN_OF={kin}"])
        server.start()
        assert _query(server, "MATCH (a)-[:KIN_OF]->(b:Patient) RETURN a.id, b.id") == [
            ["p1", "p2"]
        ]
        _query(server, "CREATE (:Facility {id: $id})", id="f1")
        with pytest.raises(StillRunning):
            again.start()
        with pytest.raises(StillRunning):
            again.import_full([f"Patient={patients}"])
        first = psutil.Process(server.pid)
        server.stop()
        assert (server.pid, first.is_running()) == (None, False)

        again.start()
        _query(again, "CREATE (:Facility {id: $id})", id="f2")
        address, second = again.uri, psutil.Process(again.pid)
        second.kill()
        assert not psutil.wait_procs([second], timeout=10)[1]
        assert again.pid is None
        again.start()
        assert _query(again, "MATCH (n:Facility) RETURN n.id ORDER BY n.id") == [["f1"], ["f2"]]
        assert again.uri == address
        again.remove()
        assert not home.exists()
    finally:
        server.remove()
        again.remove()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_leaves_no_server(neo4j_jars, tmp_path, ending):
    del neo4j_jars
    run = _nested(tmp_path, seconds=60)
    ends = time.monotonic() + 60
    while not (tmp_path / "said").exists():
        assert run.poll() is None, run.communicate()[0]
        assert time.monotonic() < ends
        time.sleep(0.1)
    number, home = (tmp_path / "said").read_text("utf-8").split()
    server = psutil.Process(int(number))
    assert home in " ".join(server.cmdline())
    run.send_signal(ending)
    run.communicate(timeout=60)
    assert not psutil.wait_procs([server], timeout=10)[1]
    assert Server(Path(home)).pid is None
    assert Path(home).exists() == (ending == signal.SIGKILL)


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_without_java_ci_fails_and_others_say_what_was_not_run(tmp_path, ci, code):
    run = _nested(tmp_path, seconds=0, CI=ci, PATH=str(tmp_path), JAVA_HOME="")
    said = run.communicate(timeout=60)[0]
    assert run.returncode == code, said
    assert "java is needed and none was found: run `make system`" in said
    assert ("1 skipped" in said) == (ci == "")


def test_a_number_that_is_anothers_now_is_no_server(tmp_path):
    (tmp_path / "running.json").write_text(f'{{"pid": {os.getpid()}, "made": 1.0, "port": 9}}')
    server = Server(tmp_path)
    assert server.pid is None
    server.stop()
    assert not (tmp_path / "running.json").exists()


def test_make_neo4j_starts_one_says_where_and_stop_removes_it(neo4j_jars, tmp_path):
    del neo4j_jars
    home = tmp_path / "developer"
    guard = subprocess.Popen([sys.executable, "-c", GUARD, home], cwd=ROOT, stdin=subprocess.PIPE)

    def make(what):
        done = subprocess.run(
            [sys.executable, "-m", "tools.neo4j", what],
            cwd=ROOT,
            env={**os.environ, "HUANCHA_NEO4J_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    try:
        said = make("start")
        told = dict(line.split(maxsplit=1) for line in said.splitlines()[1:5])
        with GraphDatabase.driver(told["address"], auth=(told["user"], told["password"])) as driver:
            driver.verify_connectivity()
        assert stat.S_IMODE((home / "password").stat().st_mode) == 0o600
        assert make("start") == said
        server = psutil.Process(Server(home).pid)
        assert f"process {server.pid}" in make("stop")
        assert not server.is_running()
        assert not home.exists()
        assert make("stop") == "No Neo4j was running.\n"
    finally:
        guard.communicate(timeout=60)
