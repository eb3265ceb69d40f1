"""Neo4j's jars come once, whole or not at all, and what is missing is named."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tools.neo4j.errors import MissingProgram, NotFetched
from tools.neo4j.jars import cache, jars, java, version

ROOT = Path(__file__).parents[2]


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Lay a program of this name and text first on the path; the cache folder is a new one."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("HUANCHA_NEO4J_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("JAVA_HOME", raising=False)

    def lay(name, text):
        (folder / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        (folder / name).chmod(0o755)

    return lay


def test_an_old_java_is_refused(program):
    program("java", """echo 'openjdk version "11.0.2" 2019-01-15' >&2""")
    with pytest.raises(MissingProgram, match=r"bin/java is not Java 17 or newer"):
        java()
    program("java", """echo 'openjdk version "21.0.1" 2023-10-17' >&2""")
    assert java().endswith("bin/java")


def test_no_maven_is_named(program, monkeypatch, tmp_path):
    del program
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="mvn is needed and none was found: run `make system`"):
        jars()


def test_a_failed_fetch_says_what_maven_said_and_leaves_nothing_whole(program):
    program("mvn", "echo 'Could not transfer artifact'; exit 1")
    with pytest.raises(NotFetched, match="Could not transfer artifact"):
        jars()
    assert not (cache() / "lib").exists()


def test_workers_at_once_fetch_once(program, tmp_path):
    program(
        "mvn",
        f"""echo called >> {tmp_path}/calls; sleep 0.5
for option; do case $option in -DoutputDirectory=*) lib=${{option#*=}};; esac; done
mkdir -p "$lib"; touch "$lib/neo4j-server-{version()}.jar" """,
    )

    def fetch(_):
        command = [sys.executable, "-m", "tools.neo4j", "fetch"]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    with ThreadPoolExecutor(3) as three:
        done = list(three.map(fetch, range(3)))
    assert {run.stdout for run in done} == {f"{cache() / 'lib'}\n"}
    assert (tmp_path / "calls").read_text("utf-8") == "called\n"
