"""Which settlements stand behind a visit: those of the same minute, at batch places those of the same day; whichever file they lie in."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from graph.scan.parameters import Parameters
from graph.scan.settlements import Recorded, behind, settlements
from graph.scan.visits import Attendance, attendance
from graph.scan.world import World
from graph.snapshot import current_snapshot
from tests.graph.worlds import WorldBuilder

EPOCH = datetime(2000, 1, 1)


@pytest.fixture
def builder() -> WorldBuilder:
    made = WorldBuilder(5)
    made.add_patients(60)
    made.add_places(2)
    return made


def split(workspace: Path) -> None:
    """The settlements in three files, as large loads leave them."""
    folder = current_snapshot(workspace).path
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    whole = folder / manifest["tables"]["setl_d"]["files"][0]
    table = pq.read_table(whole)
    names = []
    for k, size in enumerate((7, 40, len(table))):
        part = whole.with_name(f"part-{k:05}.parquet")
        first = (0, 7, 47)[k]
        pq.write_table(table.slice(first, size), part)
        names.append(str(part.relative_to(folder)))
    manifest["tables"]["setl_d"]["files"] = names
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def night(builder: WorldBuilder) -> None:
    """Place 0 settles each day's eight visits at half past eleven at night; their begin times are right."""
    for d in range(30):
        for k, patient in enumerate(builder.chance.sample(range(60), 8)):
            at = builder.day(d, 8 + k, 7 * k)
            builder.visit(patient, 0, at, settled=builder.day(d, 23, 30))
            builder.visit(patient, 1, at + timedelta(days=40))


def cited(world: World, seen: Attendance, row: int) -> set[str]:
    assert isinstance(seen.recorded, Recorded)
    of, rows = behind(seen.columns, seen.recorded, np.zeros(1, np.int64), np.array([row], np.int32))
    assert not of.any()
    return set(settlements(world, np.unique(seen.columns.source[rows])).named.tolist())


@pytest.mark.parametrize("parts", [False, True])
def test_each_visit_leads_back_to_its_settlement(
    builder: WorldBuilder, tmp_path: Path, parts: bool
) -> None:
    night(builder)
    builder.visit(3, 1, builder.day(50, 9), settled=builder.day(50, 9, 3))
    builder.visit(3, 1, builder.day(50, 8), settled=builder.day(50, 9, 3))
    workspace = builder.write(tmp_path)
    if parts:
        split(workspace)
    world = World.open(current_snapshot(workspace), Parameters())
    seen = attendance(world)
    assert seen.batch_places.tolist() == [0]
    expected: dict[tuple[int, int, int], set[str]] = {}
    for settled in builder.tables["setl_d"]:
        moment = settled["begntime"] if settled["place"] == 0 else settled["setl_time"]
        minute = int((moment - builder.day(0)).total_seconds()) // 60
        key = settled["patient"], settled["place"], minute
        expected.setdefault(key, set()).add(settled["setl_id"])
    columns = seen.columns
    start = int((builder.day(0) - EPOCH).total_seconds()) // 60
    for row in range(len(columns)):
        key = int(columns.patient[row]), int(columns.place[row]), int(columns.minute[row]) - start
        assert cited(world, seen, row) == {f"setl_d:{id_}" for id_ in expected[key]}
    assert max(len(ids) for ids in expected.values()) == 2
    world.con.close()


def test_settlements_read_before_are_not_read_again(builder: WorldBuilder, tmp_path: Path) -> None:
    night(builder)
    world = World.open(current_snapshot(builder.write(tmp_path)), Parameters())
    first = settlements(world, np.array([3, 8, 9], np.int32))
    both = settlements(world, np.array([1, 8, 200], np.int32))
    world.con.execute("DROP VIEW visits")
    again = settlements(world, np.array([3, 8, 200], np.int32))
    rows = builder.tables["setl_d"]
    assert again.named.tolist() == [f"setl_d:{rows[k]['setl_id']}" for k in (3, 8, 200)]
    assert again.fund.tolist() == [rows[k]["net_fund"] for k in (3, 8, 200)]
    assert first.named[1] == both.named[1]
    assert np.argsort(again.rank).tolist() == np.argsort(again.named).tolist()
    world.con.close()


def test_visits_begun_on_one_day_at_a_batch_place_cannot_be_told_apart(
    builder: WorldBuilder, tmp_path: Path
) -> None:
    night(builder)
    for hour in (10, 16):
        builder.visit(59, 0, builder.day(77, hour), settled=builder.day(77, 23, 30))
    world = World.open(current_snapshot(builder.write(tmp_path)), Parameters())
    seen = attendance(world)
    mine = np.flatnonzero((seen.columns.patient == 59) & (seen.columns.place == 0))
    later = mine[seen.columns.minute[mine] // 1440 == seen.columns.minute[mine].max() // 1440]
    assert len(later) == 2
    assert len(cited(world, seen, int(later[0]))) == 2
    world.con.close()
