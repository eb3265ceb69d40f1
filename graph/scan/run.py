"""The scan: stages in their order, from a snapshot to a published set of rings."""

import json
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from graph.motifs import MOTIFS, covisit
from graph.motifs.base import Motif
from graph.results import Run, Scan, write_scan
from graph.scan.aside import counts, lay_aside, set_aside
from graph.scan.assemble import assemble
from graph.scan.calibration import Calibration, load_outcomes
from graph.scan.candidates import Candidate
from graph.scan.decoys import decoys
from graph.scan.evidence import rank, tables
from graph.scan.grading import grade
from graph.scan.ignored import Ignores, load_ignores
from graph.scan.lineage import Before, before_this, follow
from graph.scan.names import Names
from graph.scan.parameters import Parameters
from graph.scan.practitioners import profiles
from graph.scan.professionals import attach
from graph.scan.sources import cited_by, lay_out_settled, row_funds
from graph.scan.stages import Clock, Steps, uncollected
from graph.scan.told import Told
from graph.scan.visits import attended
from graph.scan.world import World
from graph.schema import SCAN_TABLES
from graph.snapshot import current_snapshot

STAGES = ["attendance", *(m.name for m in MOTIFS), "profiles", "assemble", "rank", "evidence"]
"""All stages by name, in the order a scan reports them; `DECOYS` comes before `assemble` where it is asked for."""
DECOYS = "decoys"


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
    stages = list(STAGES)
    if chosen.decoys and world.has("setl_d"):
        stages.insert(stages.index("assemble"), DECOYS)
    clock = Clock(progress, len(stages))
    people = _People(ignores, calibration, before, id_key(workspace))
    beside = world.beside()
    with closing(world.con), closing(beside.con), uncollected(), ThreadPoolExecutor(2) as lanes:
        lay_aside(world, ignores)
        seen = _look(world, beside, clock, lanes)
        chance = _decoys(world, clock, seen.candidates) if DECOYS in stages else {}
        out = _conclude(world, clock, seen, people)
    run = replace(
        run,
        parent=before.scan,
        seconds=round(time.perf_counter() - began, 3),
        stages=clock.in_order(stages),
        counts={"candidates": len(seen.candidates)} | out.counts | chance,
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
class _Seen:
    """What the motifs found and tell, and the looking up of the rows it names, which may still go on."""

    candidates: list[Candidate]
    told: Told
    rows: "Future[None]"


_ByMotif = dict[str, tuple[list[Candidate], Told]]
"""What each motif found, and the rows of evidence it tells of that."""


@dataclass(frozen=True)
class _Found:
    tables: dict[str, pa.Table]
    counts: dict[str, int]


def _look(world: World, beside: World, clock: Clock, lanes: Executor) -> _Seen:
    """Every motif whose tables are there: those that build on co-visits in one thread, most others and the profiles `beside`
    them, and those that build on all others last, while the rows named so far are looked up.
    """
    able = [motif for motif in MOTIFS if world.has(*motif.needs)]
    open_ = deque(m for m in able if not m.on_covisits and not m.on_all)
    with world.shared(2):
        first = lanes.submit(_on_covisits, world, clock, able, open_)
        second = lanes.submit(_beside, beside, clock, open_)
        wait((first, second), return_when=FIRST_COMPLETED)
    found = first.result() | second.result()
    so_far = [c for motif in able if not motif.on_all for c in found[motif.name][0]]
    world.notes["candidates"] = so_far
    rows = lanes.submit(lay_out_settled, beside, so_far)
    found |= _lane(world, clock, [m for m in able if m.on_all])
    told = Told.together([found[motif.name][1] for motif in able])
    return _Seen([c for motif in able for c in found[motif.name][0]], told, rows)


def _on_covisits(world: World, clock: Clock, motifs: list[Motif], open_: deque[Motif]) -> _ByMotif:
    """The co-visits and what builds on them; then whatever the other lane has not begun yet."""
    if world.has("setl_d"):
        with clock.stage("attendance") as rows:
            rows[0] = len(attended(world).columns)
    found = _lane(world, clock, [m for m in motifs if m.on_covisits])
    for motif in motifs:
        if motif.beforehand:
            motif.beforehand(world)
    return found | _lane(world, clock, _taken(open_))


def _beside(world: World, clock: Clock, open_: deque[Motif]) -> _ByMotif:
    found = _lane(world, clock, _taken(open_))
    with clock.stage("profiles") as rows:
        world.notes["profiles"] = profiles(world)
        rows[0] = len(world.notes["profiles"])
    return found


def _taken(open_: deque[Motif]) -> Iterator[Motif]:
    """The motifs nobody has begun, taken one by one."""
    while open_:
        try:
            motif = open_.popleft()
        except IndexError:
            return
        yield motif


def _lane(world: World, clock: Clock, motifs: Iterable[Motif]) -> _ByMotif:
    found: _ByMotif = {}
    for motif in motifs:
        with clock.stage(motif.name) as rows:
            candidates = list(motif.detect(world))
            found[motif.name] = candidates, Told.of(candidates)
            rows[0] = len(candidates)
    return found


def _decoys(world: World, clock: Clock, candidates: list[Candidate]) -> dict[str, int]:
    """How many co-visit groups reach each grade really, and on decoys."""
    with clock.stage(DECOYS) as rows:
        found = decoys(
            world,
            covisit.MOTIF.detect,
            [c for c in candidates if c.motif == covisit.MOTIF.name],
            runs=world.parameters.decoys,
            seed=int(world.notes["seed"]),
        )
        rows[0] = sum(found.decoys.values())
    return found.counts


def _conclude(world: World, clock: Clock, seen: _Seen, people: _People) -> _Found:
    """Candidates merged, graded, named after the scan before, ranked, and written out as tables."""
    with clock.stage("assemble") as rows:
        drafts = assemble(seen.candidates)
        seen.rows.result()
        lay_out_settled(world, seen.candidates)
        cited = cited_by(world, drafts)
        drafts = attach(world, drafts, cited)
        rows[0] = len(drafts)
    with clock.stage("rank") as rows:
        graded = [grade(d, people.calibration) for d in drafts]
        names = Names.of(world, drafts)
        named, lineage = follow(graded, names, people.before, people.key)
        named = set_aside(named, people.ignores)
        ranked = rank(named, cited, row_funds(world))
        rows[0] = len(ranked)
    with clock.stage("evidence") as rows:
        out = tables(world, ranked, names, seen.told)
        rows[0] = len(out["evidence"])
    pairs = world.notes.get("pairs")
    out["pairs"] = pairs if pairs is not None else SCAN_TABLES["pairs"].arrow.empty_table()
    out["lineage"] = lineage.table
    out["profiles"] = world.notes["profiles"]
    kept = {"rings": len(ranked), "pairs": len(out["pairs"])}
    return _Found(out, kept | lineage.counts | counts(world, named))


def id_key(workspace: Path) -> bytes:
    """The workspace's secret for blind ids, from `keys.json`."""
    held = json.loads((workspace / "keys.json").read_text("utf-8"))
    return bytes.fromhex(held["id"])
