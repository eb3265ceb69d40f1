"""Ending the jobs whose process is gone: by what was published, not by what was last heard."""

from datetime import datetime
from pathlib import Path

from graph.errors import GraphError
from graph.results import scans
from graph.snapshot import current_snapshot
from huancha.jobs.errors import WORKER_GONE
from huancha.jobs.job import Fault, Job, Kind, State
from huancha.jobs.table import JobTable


def published(workspace: Path, job: Job) -> str | None:
    """The scan or snapshot `job` published, if it did: it carries the job's moment of beginning."""
    if job.started is None:
        return None
    if job.kind is Kind.SCAN:
        return next((s.id for s in scans(workspace) if s.run.started == job.started), None)
    try:
        live = current_snapshot(workspace)
    except GraphError:
        return None
    return live.id if live.manifest.get("created") == job.started.isoformat() else None


def settle(workspace: Path, job: Job, now: datetime, fault: Fault) -> None:
    """End a job whose process is gone: done where it had published, else cancelled if asked to, else failed."""
    table = JobTable(workspace)
    result = published(workspace, job)
    if result is not None:
        table.finish(job.no, State.DONE, now, result=result)
    elif job.state is State.CANCELLING:
        table.finish(job.no, State.CANCELLED, now)
    else:
        table.finish(job.no, State.FAILED, now, fault=fault)


def notice(workspace: Path, now: datetime) -> None:
    """End the jobs whose worker is gone; any process may look."""
    for job in JobTable(workspace).forsaken(now):
        settle(workspace, job, now, WORKER_GONE)
