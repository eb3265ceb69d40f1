"""Practitioner profiles: counted by hand, compared with peers, and never a ring."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest

from graph.results import Run, write_scan
from graph.scan.parameters import Parameters
from graph.scan.practitioners import profiles
from graph.scan.world import World
from graph.schema import SCAN_TABLES
from graph.snapshot import current_snapshot
from tests.graph.found import scan_of
from tests.graph.worlds import WorldBuilder

PEERS = 12
BUSY = 3
"""The practitioner with ten times the visits of any peer."""


def ward(seed: int = 1, dept: str = "内科") -> tuple[WorldBuilder, int, list[int]]:
    """A clinic of level 2 with twelve doctors of one department, one of whom is far busier, and a nurse."""
    b = WorldBuilder(seed)
    people = b.add_patients(300)
    place = b.add_places(1)[0]
    b.tables["places"][place]["level"] = "2"
    doctors = b.add_practitioners(PEERS, place)
    b.add_practitioners(1, place, "nurse")
    for row in b.tables["prac_reg_d"]:
        row["dept_name"] = dept
    for k, doctor in enumerate(doctors):
        for _ in range(400 if k == BUSY else 30 + k):
            at = b.day(b.chance.randrange(340), b.chance.randint(8, 17), b.chance.randrange(60))
            b.visit(b.chance.choice(people), place, at, doctor, fund=b.chance.randint(50, 90) * 100)
    return b, place, doctors


def profiled(b: WorldBuilder, tmp_path: Path) -> dict[int, dict[str, Any]]:
    world = World.open(current_snapshot(b.write(tmp_path)), Parameters())
    try:
        table = profiles(world)
    finally:
        world.con.close()
    assert table.schema.equals(SCAN_TABLES["profiles"].arrow)
    return {row["practitioner"]: row for row in table.to_pylist()}


def test_a_profile_is_what_one_counts_by_hand(tmp_path: Path) -> None:
    b, place, doctors = ward()
    b.script(doctors[0], place, b.add_places(1, "pharmacy")[0], 7, b.day(200, 10))
    own = [v for v in b.tables["setl_d"] if v["practitioner"] == doctors[0]]
    row = profiled(b, tmp_path)[doctors[0]]
    by_patient = Counter(v["patient"] for v in own)
    times = [v["setl_time"] for v in b.tables["setl_d"] if v["practitioner"] is not None]
    middle = min(times) + (max(times) - min(times)) / 2
    first = [v for v in own if v["setl_time"] < middle]
    second = [v for v in own if v["setl_time"] >= middle]
    assert (row["visits"], row["patients"]) == (len(own), len(by_patient))
    assert (row["visits_first"], row["visits_second"]) == (len(first), len(second))
    assert row["visit_growth"] == pytest.approx(len(second) / len(first) - 1)
    assert row["fund"] == sum(v["net_fund"] for v in own)
    assert row["total"] == sum(v["net_medfee"] for v in own)
    assert row["visit_cost"] == pytest.approx(row["total"] / len(own), abs=0.51)
    assert row["days"] == len({v["setl_time"].date() for v in own})
    assert row["top_share"] == pytest.approx(
        sum(n for _, n in by_patient.most_common(10)) / len(own)
    )
    assert (row["places"], row["place"], row["level"], row["dept"]) == (1, place, "2", "内科")
    assert (row["lines"], row["quantity"], row["stays"]) == (1, 1.0, 0)


def test_the_busy_one_stands_out_from_peers(tmp_path: Path) -> None:
    b, _, doctors = ward()
    rows = profiled(b, tmp_path)
    values = [float(np.log(rows[d]["visits"])) for d in doctors]
    centre = median(values)
    spread = median(abs(v - centre) for v in values)
    for doctor, value in zip(doctors, values, strict=True):
        assert rows[doctor]["z_visits"] == pytest.approx(0.6745 * (value - centre) / spread)
    assert rows[doctors[BUSY]]["z_visits"] > 3.5
    assert all(rows[d]["peers"] == PEERS and rows[d]["by_dept"] for d in doctors)


def test_a_small_department_is_compared_with_the_level(tmp_path: Path) -> None:
    b, _, doctors = ward()
    for row in b.tables["prac_reg_d"]:
        if row["practitioner"] in doctors[:3]:
            row["dept_name"] = "眼科"
    rows = profiled(b, tmp_path)
    assert rows[doctors[0]]["peers"] == PEERS
    assert not rows[doctors[0]]["by_dept"]
    assert rows[doctors[5]]["peers"] == PEERS - 3
    assert rows[doctors[5]]["by_dept"]


def test_without_peers_nobody_is_compared(tmp_path: Path) -> None:
    b, place, doctors = ward()
    nurse = doctors[-1] + 1
    for d in b.dates(40):
        b.visit(b.chance.randrange(300), place, b.day(d, 10), nurse)
    row = profiled(b, tmp_path)[nurse]
    assert row["visits"] == 40
    assert row["peers"] is None
    assert row["z_visits"] is None


def test_stays_do_not_raise_the_cost_of_a_visit(tmp_path: Path) -> None:
    b, place, doctors = ward()
    before = profiled(b, tmp_path / "before")[doctors[0]]
    b.visit(5, place, b.day(100), doctors[0], fund=5_000_000, stay_until=b.day(110))
    after = profiled(b, tmp_path / "after")[doctors[0]]
    assert after["stays"] == 1
    assert after["visit_cost"] == before["visit_cost"]


def test_growth_needs_a_first_half(tmp_path: Path) -> None:
    b, place, _ = ward()
    late = b.add_practitioners(1, place)[0]
    for d in b.dates(30, 250, 330):
        b.visit(b.chance.randrange(300), place, b.day(d, 11), late)
    row = profiled(b, tmp_path)[late]
    assert (row["visits_first"], row["visits_second"]) == (0, 30)
    assert row["visit_growth"] is None
    assert row["cost_growth"] is None


def test_missing_tables_leave_gaps_not_errors(tmp_path: Path) -> None:
    b, _, doctors = ward()
    del b.tables["prac_reg_d"]
    row = profiled(b, tmp_path)[doctors[0]]
    assert (row["dept"], row["lines"], row["visit_quantity"]) == (None, None, None)
    assert row["by_dept"] is False


def test_an_unusual_profile_alone_is_no_ring(tmp_path: Path) -> None:
    b, _, _ = ward()
    assert not [r for r in scan_of(b.write(tmp_path)).rings if r.grade in "AB"]


def test_a_scan_keeps_profiles_and_finds_one_by_id(tmp_path: Path) -> None:
    b, _, doctors = ward()
    workspace = b.write(tmp_path)
    snapshot = current_snapshot(workspace)
    world = World.open(snapshot, Parameters())
    table = profiles(world)
    world.con.close()
    empty = {
        name: SCAN_TABLES[name].arrow.empty_table()
        for name in ("pairs", "rings", "members", "evidence")
    }
    run = Run(scan="s1", snapshot=snapshot.id, started=datetime(2026, 1, 1), seed=1)
    scan = write_scan(
        workspace, run, **empty, profiles=table.slice(0).take(list(range(len(table)))[::-1])
    )
    wanted = table.to_pylist()[BUSY]
    found = scan.profile(wanted["id"])
    assert found is not None
    assert (found.practitioner, found.visits, found.z_visits) == (
        doctors[BUSY],
        400,
        wanted["z_visits"],
    )
    assert scan.profile("pr_unknown") is None
    scan.file("profiles").unlink()
    assert scan.profile(wanted["id"]) is None


def test_dates_are_those_of_settlement(tmp_path: Path) -> None:
    b, place, doctors = ward()
    b.visit(1, place, b.day(2), doctors[0], settled=b.day(3))
    row = profiled(b, tmp_path)[doctors[0]]
    own = [v["setl_time"].date() for v in b.tables["setl_d"] if v["practitioner"] == doctors[0]]
    assert row["days"] == len(set(own))
    assert date(2025, 1, 9) in own
