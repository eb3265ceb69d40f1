"""One job in a process of its own: `python -m huancha.jobs.child WORKSPACE NO`, started by the worker."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from casework.beijing import beijing_now
from huancha import __version__
from huancha.commands.run import explained
from huancha.errors import HuanchaError
from huancha.jobs.errors import Cancelled, fault_of
from huancha.jobs.job import Job, Kind, State
from huancha.jobs.table import JobTable
from huancha.jobs.watch import Watch
from huancha.settings import read_settings

NICE = 10
"""Screens come first on a busy machine."""
Outcome = tuple[str | None, Mapping[str, Any]]


def main(workspace: Path, no: int) -> None:
    """Do job `no` and write what came of it into the table."""
    os.nice(max(0, NICE - os.nice(0)))
    table = JobTable(workspace)
    job = table.job(no)
    assert job is not None
    try:
        work = {Kind.SCAN: _scan, Kind.LOAD: _load}[job.kind]
        result, outcome = work(workspace, job, Watch(table, no))
    except Cancelled:
        table.finish(no, State.CANCELLED, beijing_now())
    except Exception as error:
        table.finish(no, State.FAILED, beijing_now(), fault=fault_of(error, _sentence(error)))
    else:
        table.finish(no, State.DONE, beijing_now(), result=result, outcome=outcome)


def _scan(workspace: Path, job: Job, watch: Watch) -> Outcome:
    from graph.errors import GraphError
    from graph.scan.run import run_scan
    from graph.snapshot import current_snapshot
    from huancha.commands.graph_scans import write_back
    from huancha.jobs.bounds import checked_seed, parameters_of
    from huancha.workspace import graph_server
    from loaders.vault import open_vault

    server = graph_server()
    parameters = parameters_of(job.parameters.get("parameters", {}))
    live = current_snapshot(workspace)
    open_vault(workspace, live.id)
    assert job.started is not None
    found = run_scan(
        workspace,
        seed=checked_seed(job.parameters.get("seed")),
        now=job.started,
        version=__version__,
        parameters=parameters,
        progress=watch,
    )
    outcome: dict[str, Any] = dict(found.run.counts)
    if server is not None:
        try:
            write_back(workspace, found, server)
        except GraphError as fault:
            outcome["graph_fault"] = type(fault).__name__
    return found.id, outcome


def _load(workspace: Path, job: Job, watch: Watch) -> Outcome:
    from huancha.jobs.sources import allowed
    from loaders.load import load_folder

    given = Path(str(job.parameters.get("folder")))
    folder = allowed(given, read_settings().roots(), workspace)
    dry_run = bool(job.parameters.get("dry_run"))
    assert job.started is not None
    report = load_folder(folder, workspace, now=job.started, dry_run=dry_run, progress=watch)
    return report.load, report.to_json()


def _sentence(error: Exception) -> str:
    from graph.errors import GraphError
    from loaders.errors import LoadError

    known = isinstance(error, GraphError | LoadError | HuanchaError)
    return str(error) if known else explained(error)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
