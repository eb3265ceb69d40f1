"""How far a job is and how long it may still take, from the stage times of earlier work of like size."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from graph.results import Run
from huancha.jobs.job import Job, Kind

LIKE = 5.0
"""Earlier work this many times larger or smaller says nothing about the time left."""
NEARLY = 0.95
"""A stage that takes longer than expected counts as this much of it until it is over."""
LOAD_SHARES: Mapping[str, float] = {
    "read": 50, "dedupe": 10, "entities": 10, "tokens": 5, "tables": 20, "publish": 5,
}  # fmt: skip
"""Usual shares of a load's stages, for a workspace's first."""


@dataclass(frozen=True)
class Earlier:
    """Expected seconds by stage. `lanes` is wall-clock time over the sum, below 1 where stages run side by side.

    `timed` is False where only the shares of the stages are known, not how long they take here.
    """

    stages: Mapping[str, float] = field(default_factory=dict)
    lanes: float = 1.0
    timed: bool = False


@dataclass(frozen=True)
class Forecast:
    """`share` done from 0 to 1, and the seconds left, None where nothing tells."""

    share: float
    left: float | None


def earlier_scan(runs: Sequence[Run], visits: Mapping[str, int], now: int, decoys: int) -> Earlier:
    """What to expect of a scan of `now` visits: the scan nearest in size among `runs` (newest first).

    `visits` are the settlements by snapshot.
    """
    sized = [(run, visits[run.snapshot]) for run in runs if visits.get(run.snapshot) and now]
    near = [(abs(math.log(now / size)), run, now / size) for run, size in sized]
    fit = [one for one in near if one[0] <= math.log(LIKE) and one[1].stages]
    if not fit:
        return Earlier()
    _, run, ratio = min(fit, key=lambda one: one[0])
    stages = {stage.name: stage.seconds * ratio for stage in run.stages}
    lanes = min(1.0, run.seconds * ratio / (sum(stages.values()) or 1.0))
    before = int(run.parameters.get("decoys") or 0)
    one_decoy = stages.pop("decoys", 0.0) / before if before else stages.get("covisit", 0.0)
    if decoys:
        stages["decoys"] = one_decoy * decoys
    return Earlier(stages, lanes, timed=True)


def earlier_load(jobs: Sequence[Job], total: int) -> Earlier:
    """What to expect of a load of `total` bytes, from the loads among `jobs` (newest first)."""
    for job in jobs:
        if job.kind is not Kind.LOAD or job.result is None or not job.total or not total:
            continue
        ratio = total / job.total
        if 1 / LIKE <= ratio <= LIKE:
            stages = {step.name: (step.seconds or 0.0) * ratio for step in job.steps}
            return Earlier(stages, timed=True)
    return Earlier(LOAD_SHARES)


def forecast(job: Job, earlier: Earlier, now: datetime) -> Forecast:
    """The share of `job` that is done, and the time left."""
    whole = sum(earlier.stages.values())
    if not whole:
        return Forecast(min(1.0, job.done / job.total) if job.total else 0.0, None)
    begun = {step.name: step for step in job.steps}
    done = 0.0
    for name, expected in earlier.stages.items():
        step = begun.get(name)
        if step is None:
            continue
        if step.seconds is not None:
            done += expected
        elif job.kind is Kind.LOAD and name == "read" and job.total:
            done += expected * job.done / job.total
        elif earlier.timed and expected:
            passed = (now - step.began).total_seconds() * earlier.lanes
            done += min(passed, NEARLY * expected)
    left = max(0.0, (whole - done) * earlier.lanes) if earlier.timed else None
    return Forecast(min(1.0, done / whole), left)
