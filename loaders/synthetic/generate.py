"""Writes a synthetic world: the files an office sends, and the planted truth beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from loaders.synthetic import tables_decisions, tables_events, tables_people, tables_places
from loaders.synthetic.export import Folder, Layout, TableCount
from loaders.synthetic.months import settled_rows
from loaders.synthetic.plan import Plan
from loaders.synthetic.planting import plant
from loaders.synthetic.settings import RingKind, WorldSettings
from loaders.synthetic.truth import LookAlike, TrueRing, Truth, truth_path, write_truth
from loaders.synthetic.world import World, build_world

Progress = Callable[[str, int, int], None]
_PATIENT_ROWS = 250_000


@dataclass(frozen=True, slots=True)
class WorldSummary:
    """What was written. `tables` gives rows by fate: rows kept, superseded, broken.

    visits: settlement rows kept (refunds included); rings, look_alikes: how many were planted.
    """

    target: Path
    truth: Path
    visits: int
    patients: int
    places: int
    practitioners: int
    rings: int
    look_alikes: int
    tables: Mapping[str, TableCount]
    files: tuple[str, ...]


def write_world(
    target: Path,
    *,
    visits: int,
    seed: int,
    settings: WorldSettings | None = None,
    progress: Progress | None = None,
    truth: Path | None = None,
    layout: Layout = "csv",
) -> WorldSummary:
    """Write a world of about so many visits into the folder `target` (created, must be empty).

    truth: where the planted truth goes; default `<target>.truth.json` beside the folder. It may
    not lie inside the folder. progress(stage, done, total) is called as work proceeds.
    The same visits, seed, settings and layout give the same bytes.
    Raises ValueError for a truth inside the folder, a folder with files, or fewer than 2,000 visits.
    """
    settings = settings or WorldSettings()
    truth = truth or truth_path(target)
    _check(target, truth, visits)
    report = progress or (lambda stage, done, total: None)
    report("world", 0, 15)
    world = build_world(visits, seed, settings)
    report("planting", 1, 15)
    plan = plant(world)
    target.mkdir(parents=True, exist_ok=True)
    folder = Folder(target, layout, settings.dirt, world.stream("dirt"))
    _write_masters(world, plan, folder)
    planted = plan.visits()
    lines = 1
    for month, rows in enumerate(settled_rows(world, planted)):
        report("months", 2 + month, 15)
        folder.settlements(
            tables_events.settlement_table(world, world.stream("updt", month), rows), month
        )
        table = tables_events.fee_table(world, rows, lines)
        lines += table.num_rows
        folder.fees(table, month)
    report("closing", 14, 15)
    folder.close()
    write_truth(truth, _truth(world, plan))
    report("done", 15, 15)
    rings = sum(isinstance(p.kind, RingKind) for p in plan.planted)
    return WorldSummary(
        target, truth, folder.counts["setl_d"].rows, len(world.people), len(world.places),
        len(world.staff), rings, len(plan.planted) - rings, folder.counts, tuple(folder.files),
    )  # fmt: skip


def _check(target: Path, truth: Path, visits: int) -> None:
    if visits < 2_000:
        raise ValueError(f"a world needs at least 2,000 visits, not {visits}")
    if truth.resolve().is_relative_to(target.resolve()):
        raise ValueError(f"the truth {truth} may not lie inside {target}: give another path")
    if target.exists() and any(target.iterdir()):
        raise ValueError(f"{target} is not empty: give a new folder")


def _write_masters(world: World, plan: Plan, folder: Folder) -> None:
    folder.patients(list(_patient_tables(world)))
    decisions, duties = tables_decisions.penalty_tables(world, plan.penalties)
    folder.masters(
        {
            "fixmedins_b": tables_places.place_table(world, world.stream("places")),
            "prac_psn_b": tables_places.staff_table(world, world.stream("staff")),
            "prac_reg_d": tables_places.registration_table(world, world.stream("reg")),
            "psn_kin_d": tables_people.kin_table(world, world.stream("kin"), plan),
            "mnl_reim_d": tables_events.receipt_table(world, plan.receipts),
            "out_appy_evt_c": tables_events.filing_table(world, plan.filings),
            "pena_d": decisions,
            "pena_psn_d": duties,
            "tip_d": tables_decisions.tip_table(world, plan),
        }
    )


def _patient_tables(world: World) -> Iterator[pa.Table]:
    count = len(world.people)
    for low in range(0, count, _PATIENT_ROWS):
        yield tables_people.patient_table(world, low, min(low + _PATIENT_ROWS, count))


def _truth(world: World, plan: Plan) -> Truth:
    """The planted things in codes, rings numbered in the order they were planted."""
    staff = tables_events.staff_codes(world)
    places = [bytes(row).decode() for row in tables_events.place_codes(world)]
    rings: list[TrueRing] = []
    twins: list[LookAlike] = []
    for one in plan.planted:
        members = tuple(f"P{patient:09d}" for patient in one.members)
        professionals = tuple(staff[n] for n in one.professionals)
        where = tuple(places[n] for n in one.places)
        if isinstance(one.kind, RingKind):
            rings.append(
                TrueRing(
                    f"R{len(rings) + 1:05d}", one.kind.value, members, professionals, where,
                    one.amount, one.facts,
                )
            )  # fmt: skip
        else:
            twins.append(LookAlike(one.kind.value, members, professionals, where))
    return Truth(world.seed, world.visits, tuple(rings), tuple(twins))
