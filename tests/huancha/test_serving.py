"""The dashboard served and ended, and a demo that is killed at every step and comes back."""

import re
import signal
import socket
import time
from contextlib import closing
from http.client import HTTPConnection

import psutil
import pytest

from tests.huancha.conftest import PATIENCE


@pytest.fixture
def port():
    with closing(socket.socket()) as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def _get(port, path="/"):
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as asked:
        asked.request("GET", path)
        return asked.getresponse().status


def _gone(processes, seconds=15.0):
    return not psutil.wait_procs(processes, timeout=seconds)[1]


def _kill_at(process, line):
    """Kill the process outright when it says `line`."""
    for said in process.stderr:
        if said.strip() == line:
            process.kill()
            break
    assert process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_serve_says_where_answers_and_leaves_no_child(start, port, tmp_path, ending):
    server = start("serve", "--workspace", tmp_path / "none", "--port", port)
    assert server.stdout.readline() == f"环查 huancha: http://127.0.0.1:{port}\n"
    assert _get(port) == 200
    assert _get(port, "/_stcore/health") == 200
    children = psutil.Process(server.pid).children(recursive=True)
    assert children
    if ending is signal.SIGTERM:
        refused = start("serve", "--workspace", tmp_path / "none", "--port", port)
        out, err = refused.communicate(timeout=60)
        assert (refused.returncode, out) == (1, "")
        assert f"huancha: Port {port} of 127.0.0.1 is taken: choose another with --port.\n" in err
    server.send_signal(ending)
    out, err = server.communicate(timeout=30)
    assert server.returncode == (-signal.SIGKILL if ending is signal.SIGKILL else 0)
    assert out == ""
    assert "Traceback" not in err
    assert _gone(children)


def test_a_demo_killed_at_every_step_comes_back_whole(start, tmp_path):
    demo = ("demo", "--no-serve", "--folder", tmp_path / "demo", "--visits", 2_000)
    exports, workspace = tmp_path / "demo" / "exports", tmp_path / "demo" / "workspace"

    _kill_at(start(*demo), "… planting")
    assert not exports.exists()

    _kill_at(start(*demo), "… tables")
    assert exports.is_dir()
    assert not (tmp_path / "demo" / "exports.draft").exists()
    assert not (workspace / "CURRENT").exists()
    whole = {file.name: file.read_bytes() for file in exports.iterdir()}

    _kill_at(start(*demo), "… covisit")
    live = (workspace / "CURRENT").read_text()
    assert not list((workspace / "scans").glob("[!.]*/run.json"))

    done = start(*demo)
    _, err = done.communicate(timeout=PATIENCE)
    assert done.returncode == 0, err
    assert "3/3" in err
    assert "2/3" not in err
    assert (workspace / "CURRENT").read_text() == live
    assert len(list((workspace / "scans").glob("[!.]*/run.json"))) == 1

    straight = start("synth", tmp_path / "straight", "--visits", 2_000, "--seed", 7)
    straight.communicate(timeout=60)
    files = {file.name: file.read_bytes() for file in (tmp_path / "straight").iterdir()}
    assert whole == files


def test_a_demo_again_only_shows(start, port, tmp_path):
    demo = ("demo", "--folder", tmp_path / "demo", "--visits", 2_000)
    first = start(*demo, "--no-serve")
    _, err = first.communicate(timeout=PATIENCE)
    assert first.returncode == 0, err
    steps = [line for line in err.splitlines() if re.match(r"\d/3 ", line)]
    assert [step[:3] for step in steps] == ["1/3", "2/3", "3/3"]

    began = time.monotonic()
    again = start(*demo, "--port", port)
    assert again.stdout.readline() == f"环查 huancha: http://127.0.0.1:{port}\n"
    assert time.monotonic() - began < 30
    assert _get(port) == 200
    again.terminate()
    _, err = again.communicate(timeout=30)
    assert again.returncode == 0
    assert not re.search(r"[123]/3", err)


def test_the_demo_leaves_an_offices_own_workspace_alone(start, tmp_path, office):
    before = sorted(str(p) for p in office.workspace.rglob("*"))
    wrong = start(
        "demo", "--no-serve", "--folder", tmp_path / "demo", "--workspace", office.workspace
    )
    out, err = wrong.communicate(timeout=60)
    assert (wrong.returncode, out) == (1, "")
    assert err.endswith("name another workspace for it.\n")
    assert sorted(str(p) for p in office.workspace.rglob("*")) == before
