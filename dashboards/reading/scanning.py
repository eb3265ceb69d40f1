"""The scans of a workspace: what was asked for, what was published, and what is to be expected of the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from graph.errors import GraphError
from graph.results import Run, Scan, scans
from graph.snapshot import Snapshot
from huancha.jobs.bounds import BOUNDS, changed
from huancha.jobs.errors import BadParameter
from huancha.jobs.forecast import Earlier, Forecast, earlier_load, earlier_scan, forecast
from huancha.jobs.job import Job, Kind, State
from huancha.jobs.table import JobTable

SETTLEMENTS = "setl_d"
RECENT = 30
"""Scans and loads of the past that a forecast looks at; what is published never changes."""


@dataclass(frozen=True)
class Entry:
    """A scan of the past: a finished job, a published scan, or both. `changed` are thresholds off their defaults."""

    state: State
    started: datetime | None
    seed: int
    changed: Mapping[str, float] = field(default_factory=dict)
    job: Job | None = None
    run: Run | None = None

    @property
    def id(self) -> str:
        """The scan's id, else the job's number."""
        return self.run.scan if self.run else f"job-{self.job.no}" if self.job else ""

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        if self.run is not None:
            return self.run.seconds
        job = self.job
        if job is None or job.started is None or job.ended is None:
            return None
        return (job.ended - job.started).total_seconds()


def history(workspace: Path) -> tuple[Entry, ...]:
    """Every scan that was finished, failed or cancelled, the newest first."""
    jobs = JobTable(workspace).jobs(Kind.SCAN)
    by_scan = {job.result: job for job in jobs if job.result}
    found = [_of_run(scan.run, by_scan.get(scan.id)) for scan in scans(workspace)]
    listed = {entry.id for entry in found}
    found += [_of_job(job) for job in jobs if job.final and job.result not in listed]
    return tuple(sorted(found, key=_when, reverse=True))


def _when(entry: Entry) -> str:
    moment = entry.started or (entry.job.asked if entry.job else None)
    return moment.isoformat() if moment else ""


def _of_run(run: Run, job: Job | None) -> Entry:
    given = {name: value for name, value in run.parameters.items() if name in BOUNDS}
    return Entry(State.DONE, run.started, run.seed, _changed(given), job, run)


def _of_job(job: Job) -> Entry:
    given = job.parameters.get("parameters") or {}
    seed = int(job.parameters.get("seed") or 0)
    return Entry(job.state, job.started, seed, _changed(given), job)


def _changed(given: Mapping[str, Any]) -> Mapping[str, float]:
    try:
        return changed(given)
    except BadParameter:
        return {name: value for name, value in given.items() if isinstance(value, int | float)}


def outlook(workspace: Path, job: Job, now: datetime) -> Forecast:
    """How far `job` is and how long it may still take."""
    return forecast(job, _earlier(workspace, job), now)


def _earlier(workspace: Path, job: Job) -> Earlier:
    if job.kind is Kind.LOAD:
        return earlier_load(JobTable(workspace).jobs(Kind.LOAD, RECENT), job.total)
    files = sorted((workspace / "scans").glob("[!.]*/run.json"), reverse=True)[:RECENT]
    runs = [_run(file.parent) for file in files]
    sizes = {run.snapshot: settlements(workspace, run.snapshot) for run in runs}
    live = _live(workspace)
    decoys = int((job.parameters.get("parameters") or {}).get("decoys") or 0)
    return earlier_scan(runs, sizes, settlements(workspace, live), decoys)


def _live(workspace: Path) -> str:
    try:
        return (workspace / "CURRENT").read_text("utf-8").strip()
    except OSError:
        return ""


@lru_cache(maxsize=4 * RECENT)
def _run(scan: Path) -> Run:
    return Scan(scan).run


@lru_cache(maxsize=4 * RECENT)
def settlements(workspace: Path, snapshot: str) -> int:
    """Rows of settlements in a snapshot; 0 where it is not there any more."""
    try:
        tables = Snapshot(workspace / "tables" / snapshot).manifest["tables"]
    except GraphError:
        return 0
    return int(tables.get(SETTLEMENTS, {}).get("rows", 0))


def same_again(entry: Entry) -> Mapping[str, Any]:
    """The parameters of a job that repeats `entry`."""
    return {"seed": entry.seed, "parameters": dict(entry.changed)}


def page_of(entries: Sequence[Entry], page: int, size: int) -> Sequence[Entry]:
    """The entries on `page`, counted from 1."""
    return entries[(page - 1) * size : page * size]
