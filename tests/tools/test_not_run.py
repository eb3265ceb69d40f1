"""A test that did not run is a failure in CI, and says why everywhere; one that failed shows its server's log."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NESTED = """
import pytest
def test_what_lacks_something():
    pytest.skip("not run: no such thing")
@pytest.mark.xfail(reason="known", strict=True)
def test_what_is_known_to_fail():
    assert False
"""


LOGGED = """
def test_whose_server_failed(neo4j_jars, tmp_path):
    (tmp_path / "logs").mkdir()
    lines = "".join(f"line {number}\\n" for number in range(100))
    (tmp_path / "logs" / "debug.log").write_text(lines)
    assert False
"""


def nested(folder, tests, **environment):
    """Pytest over `tests`, to its end."""
    (folder / "test_nested.py").write_text(tests, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = neo4j\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, "-p", "tests.conftest", "test_nested.py", f"--basetemp={folder / 'tmp'}"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("ci", "code", "counted"), [("true", 1, "1 failed"), ("", 0, "1 skipped")])
def test_a_skipped_test_fails_in_ci(tmp_path, ci, code, counted):
    run = nested(tmp_path, NESTED, CI=ci)
    assert run.returncode == code, run.stdout
    assert counted in run.stdout
    assert "1 xfailed" in run.stdout
    assert "no such thing" in run.stdout


def test_a_failure_shows_the_end_of_the_servers_log(tmp_path, neo4j_jars):
    del neo4j_jars
    run = nested(tmp_path, LOGGED)
    assert run.returncode == 1
    assert "debug.log" in run.stdout
    assert "line 60\nline 61\n" in run.stdout
    assert "line 59" not in run.stdout
