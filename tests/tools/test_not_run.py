"""A test that did not run is a failure in CI, and says why everywhere."""

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


@pytest.mark.parametrize(("ci", "code", "counted"), [("true", 1, "1 failed"), ("", 0, "1 skipped")])
def test_a_skipped_test_fails_in_ci(tmp_path, ci, code, counted):
    (tmp_path / "test_nested.py").write_text(NESTED, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = neo4j\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, "-p", "tests.conftest", "test_nested.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == code, run.stdout
    assert counted in run.stdout
    assert "1 xfailed" in run.stdout
    assert "no such thing" in run.stdout
