"""Fixtures for all tests, and what a test that did not run means."""

import os
from collections.abc import Iterator

import pytest

from tests.neo4j_server import (
    neo4j_jars,
    neo4j_server,
    say_logs,
)
from tests.postgres_server import postgres
from tests.turns import pytest_collection_modifyitems

__all__ = ["neo4j_jars", "neo4j_server", "postgres", "pytest_collection_modifyitems"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """In CI a test that was skipped, for whatever it lacks, has failed; a failure shows a server's logs."""
    report = yield
    say_logs(item.config, report)
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"in CI every test runs, and this one was skipped: {report.longrepr}"
    return report
