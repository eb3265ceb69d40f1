"""The scan: stages in their order, from a snapshot to a published set of rings."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from graph.motifs import MOTIFS
from graph.results import Run, Scan, Stage, write_scan
from graph.scan.aside import counts, lay_aside, set_aside
from graph.scan.assemble import assemble
from graph.scan.calibration import Calibration, load_outcomes
from graph.scan.candidates import Candidate
from graph.scan.evidence import rank, row_funds, tables
from graph.scan.grading import grade
from graph.scan.ignored import Ignores, load_ignores
from graph.scan.lineage import Before, before_this, follow
from graph.scan.names import Names
from graph.scan.parameters import Parameters
from graph.scan.practitioners import profiles
from graph.scan.professionals import attach
from graph.scan.world import World
from graph.schema import SCAN_TABLES
from graph.snapshot import current_snapshot


class Steps(Protocol):
    """Called as the scan goes on: the stage's name, stages done, stages in all."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


@dataclass
class _Clock:
    """Times stages and reports them."""

    progress: Steps | None
    total: int
    stages: list[Stage] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[list[int]]:
        """Time the body; it puts the rows it left into the list it is given."""
        if self.progress:
            self.progress(name, len(self.stages), self.total)
        rows = [0]
        began = time.perf_counter()
        yield rows
        self.stages.append(Stage(name, round(time.perf_counter() - began, 3), rows[0]))
        if self.progress:
            self.progress(name, len(self.stages), self.total)


def run_scan(
    workspace: Path,
    *,
    seed: int,
    now: datetime,
    version: str = "",
    parameters: Parameters | None = None,
    progress: Steps | None = None,
) -> Scan:
    """Scan the live snapshot of `workspace` and publish the result.

    `now` is local Beijing time and names the scan together with the snapshot. Raises `NoSnapshot` before the
    first load. The same snapshot, parameters and seed give the same rings, byte for byte. Ring ids are carried on
    from the scan before; what people want ignored on that day is left aside; outcomes of closed cases tell how
    likely a ring is true.
    """
    snapshot = current_snapshot(workspace)
    chosen = parameters or Parameters()
    ignores = load_ignores(workspace, now.date())
    calibration = Calibration.of(load_outcomes(workspace, now.date()))
    run = Run(
        scan=f"{now:%Y%m%dT%H%M%S}-{snapshot.id[-6:]}",
        snapshot=snapshot.id,
        started=now,
        seed=seed,
        parameters=chosen.as_json()
        | {"ignores": [one.no for one in ignores.listed], "decided_cases": calibration.decided},
        version=version,
    )
    before = before_this(workspace, run)
    began = time.perf_counter()
    world = World.open(snapshot, chosen)
    world.notes["seed"] = seed
    clock = _Clock(progress, len(MOTIFS) + 4)
    try:
        lay_aside(world, ignores)
        candidates = _look(world, clock)
        out = _conclude(
            world, clock, candidates, _People(ignores, calibration, before, id_key(workspace))
        )
    finally:
        world.con.close()
    run = replace(
        run,
        parent=before.scan,
        seconds=round(time.perf_counter() - began, 3),
        stages=tuple(clock.stages),
        counts={"candidates": len(candidates)} | out.counts,
    )
    return write_scan(workspace, run, **out.tables)


@dataclass(frozen=True)
class _People:
    """What people decided before this scan, and the scan before it."""

    ignores: Ignores
    calibration: Calibration
    before: Before
    key: bytes


@dataclass(frozen=True)
class _Found:
    tables: dict[str, pa.Table]
    counts: dict[str, int]


def _look(world: World, clock: _Clock) -> list[Candidate]:
    """Every motif whose tables are there, in order."""
    candidates: list[Candidate] = []
    for motif in MOTIFS:
        if world.has(*motif.needs):
            with clock.stage(motif.name) as rows:
                found = list(motif.detect(world))
                rows[0] = len(found)
            candidates.extend(found)
    return candidates


def _conclude(world: World, clock: _Clock, candidates: list[Candidate], people: _People) -> _Found:
    """Candidates merged, graded, named after the scan before, ranked, and written out as tables."""
    with clock.stage("assemble") as rows:
        drafts = attach(world, assemble(candidates))
        rows[0] = len(drafts)
    with clock.stage("rank") as rows:
        graded = [grade(d, people.calibration) for d in drafts]
        names = Names.of(world)
        named, lineage = follow(graded, names, people.before, people.key)
        named = set_aside(named, people.ignores)
        ranked = rank(named, row_funds(world, drafts))
        rows[0] = len(ranked)
    with clock.stage("evidence") as rows:
        out = tables(world, ranked, names)
        rows[0] = len(out["evidence"])
    pairs = world.notes.get("pairs")
    out["pairs"] = pairs if pairs is not None else SCAN_TABLES["pairs"].arrow.empty_table()
    out["lineage"] = lineage.table
    with clock.stage("profiles") as rows:
        out["profiles"] = profiles(world)
        rows[0] = len(out["profiles"])
    kept = {"rings": len(ranked), "pairs": len(out["pairs"])}
    return _Found(out, kept | lineage.counts | counts(world, named))


def id_key(workspace: Path) -> bytes:
    """The workspace's secret for blind ids, from `keys.json`."""
    held = json.loads((workspace / "keys.json").read_text("utf-8"))
    return bytes.fromhex(held["id"])
