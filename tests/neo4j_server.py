"""A real Neo4j for tests: one per worker that needs one, started at its first use, gone at the end.

Workers do not share one because Community has a single database, which tests empty. Every test that
asks for the fixture carries the marker `neo4j` (`tests/turns.py`).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.neo4j.archive import keep_classes
from tools.neo4j.errors import MissingProgram, NotFetched
from tools.neo4j.jars import jars, java
from tools.neo4j.server import QUICK, Server

FOLDER = pytest.StashKey[Path]()
LOGS = ("neo4j.log", "debug.log")
LINES = 40


@pytest.fixture(scope="session")
def neo4j_jars(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a server needs is here. If not, tests say they were not run, which in CI is a failure."""
    request.config.stash[FOLDER] = tmp_path_factory.getbasetemp()
    try:
        java()
        jars()
        keep_classes()
    except (MissingProgram, NotFetched) as missing:
        pytest.skip(f"not run: {missing}")


@pytest.fixture(scope="session")
def neo4j_server(neo4j_jars: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server with whatever the tests before left in it; `uri`, `auth`, `database`."""
    del neo4j_jars
    server = Server(tmp_path_factory.mktemp("neo4j"), options=QUICK)
    try:
        yield server.start()
    finally:
        server.remove()


def say_logs(config: pytest.Config, report: pytest.TestReport) -> None:
    """Put the end of the logs of the server that wrote last under a test that failed."""
    folder = config.stash.get(FOLDER, None)
    if folder is None or not report.failed:
        return
    written = sorted(folder.glob(f"**/logs/{LOGS[-1]}"), key=lambda log: log.stat().st_mtime)
    for log in (last.with_name(name) for last in written[-1:] for name in LOGS):
        lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
        report.sections.append((f"end of {log}", "\n".join(lines[-LINES:])))
