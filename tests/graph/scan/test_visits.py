"""Visits in person with times that can be trusted: batches repaired, stays and the internet left out."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from graph.scan.parameters import Parameters
from graph.scan.visits import CHECKUP, Attendance, attendance
from graph.scan.world import World
from graph.snapshot import current_snapshot
from tests.graph.worlds import WorldBuilder

EPOCH = datetime(2000, 1, 1)


@pytest.fixture
def builder() -> WorldBuilder:
    made = WorldBuilder(3)
    made.add_patients(60)
    made.add_places(3)
    return made


def read(builder: WorldBuilder, tmp_path: Path) -> Attendance:
    world = World.open(current_snapshot(builder.write(tmp_path)), Parameters())
    try:
        return attendance(world)
    finally:
        world.con.close()


def moments(seen: Attendance, place: int) -> list[tuple[int, datetime]]:
    columns = seen.columns
    return [
        (int(p), EPOCH + timedelta(minutes=int(t)))
        for p, f, t in zip(columns.patient, columns.place, columns.minute, strict=True)
        if f == place
    ]


def test_visits_keep_their_minute_of_settlement(builder: WorldBuilder, tmp_path: Path) -> None:
    builder.visit(
        5, 1, builder.day(3, 9, 40), settled=builder.day(3, 10, 5) + timedelta(seconds=50)
    )
    seen = read(builder, tmp_path)
    assert moments(seen, 1) == [(5, builder.day(3, 10, 5))]
    assert seen.explained.tolist() == [0]
    assert seen.batch_places.tolist() == []


def test_stays_the_internet_and_refunded_visits_are_left_out(
    builder: WorldBuilder, tmp_path: Path
) -> None:
    builder.visit(1, 0, builder.day(3), stay_until=builder.day(9))
    builder.visit(2, 0, builder.day(3), pay_loc="5")
    builder.visit(3, 0, builder.day(3))
    builder.tables["setl_d"][-1] |= {"counts": False, "net_fund": 0, "net_medfee": 0}
    builder.visit(4, 0, builder.day(4))
    assert moments(read(builder, tmp_path), 0) == [(4, builder.day(4))]


def test_visits_without_patient_or_place_are_left_out(
    builder: WorldBuilder, tmp_path: Path
) -> None:
    builder.visit(1, 0, builder.day(3))
    builder.tables["setl_d"][-1]["patient"] = None
    builder.visit(2, 0, builder.day(3))
    builder.tables["setl_d"][-1]["place"] = None
    builder.visit(3, 0, builder.day(3))
    assert len(read(builder, tmp_path).columns) == 1


def busy_month(builder: WorldBuilder, batched_begins: bool) -> None:
    """Place 0 settles each day's eight visits at half past eleven at night, place 1 as they come."""
    for d in range(30):
        for k, patient in enumerate(builder.chance.sample(range(60), 8)):
            at = builder.day(d, 8 + k, 7 * k)
            night = builder.day(d, 23, 30)
            builder.visit(patient, 0, night if batched_begins else at, settled=night)
            builder.visit(patient, 1, at + timedelta(minutes=20))


def test_a_place_that_uploads_in_batches_gets_its_begin_times(
    builder: WorldBuilder, tmp_path: Path
) -> None:
    busy_month(builder, batched_begins=False)
    seen = read(builder, tmp_path)
    assert seen.batch_places.tolist() == [0]
    begins = {(v["patient"], v["begntime"]) for v in builder.tables["setl_d"] if v["place"] == 0}
    assert set(moments(seen, 0)) == begins
    settled = {(v["patient"], v["setl_time"]) for v in builder.tables["setl_d"] if v["place"] == 1}
    assert set(moments(seen, 1)) == settled


def test_where_begins_are_batched_too_only_the_day_is_left(
    builder: WorldBuilder, tmp_path: Path
) -> None:
    busy_month(builder, batched_begins=True)
    seen = read(builder, tmp_path)
    assert seen.batch_places.tolist() == [0]
    assert {moment.hour for _, moment in moments(seen, 0)} == {12}
    assert len({moment for _, moment in moments(seen, 0)}) == 30


def test_a_few_visits_at_once_are_no_batch_place(builder: WorldBuilder, tmp_path: Path) -> None:
    builder.gathering(range(12), 0, builder.day(3, 10), spread=0)
    for d in range(60):
        builder.visit(d % 60, 0, builder.day(d, 9, d % 60))
    assert read(builder, tmp_path).batch_places.tolist() == []


def test_check_ups_are_marked(builder: WorldBuilder, tmp_path: Path) -> None:
    builder.gathering(range(20), 0, builder.day(30, 8), spread=60, med_type="9107")
    builder.visit(30, 0, builder.day(30, 8, 30))
    seen = read(builder, tmp_path)
    ordinary = seen.columns.patient == 30
    assert (seen.explained[~ordinary] == CHECKUP).all()
    assert seen.explained[ordinary].tolist() == [0]


def test_a_course_is_marked_and_other_visits_are_not(builder: WorldBuilder, tmp_path: Path) -> None:
    for week in range(40):
        for weekday in (0, 2, 4):
            builder.visit(7, 2, builder.day(7 * week + weekday, 7, 30))
    for d in builder.dates(6):
        builder.visit(7, 1, builder.day(d, 15))
    seen = read(builder, tmp_path)
    course = seen.columns.place == 2
    assert (seen.explained[course] > 0).mean() > 0.9
    assert not seen.explained[~course].any()


def test_services_are_told_apart(builder: WorldBuilder, tmp_path: Path) -> None:
    builder.visit(1, 0, builder.day(3), med_type="11")
    builder.visit(2, 0, builder.day(4), med_type="14")
    builder.visit(3, 0, builder.day(5), med_type="11")
    seen = read(builder, tmp_path)
    first, second, third = seen.service.tolist()
    assert first == third != second


def test_two_weeks_in_a_row_are_a_course_at_a_clinic_and_not_at_a_pharmacy(
    builder: WorldBuilder, tmp_path: Path
) -> None:
    (shop,) = builder.add_places(1, "pharmacy")
    for d in (40, 41, 42, 43, 45, 46, 48, 49, 51, 52, 53, 55):
        for place in (1, shop):
            builder.visit(7, place, builder.day(d, 10, d % 30))
    seen = read(builder, tmp_path)
    assert seen.explained[seen.columns.place == 1].tolist() == [5] * 12
    assert not seen.explained[seen.columns.place == shop].any()


def test_some_weekdays_kept_are_a_course_at_a_clinic_and_not_at_a_pharmacy(
    builder: WorldBuilder, tmp_path: Path
) -> None:
    """Medicine fetched every four weeks stays on its calendar at the same pharmacy."""
    (shop,) = builder.add_places(1, "pharmacy")
    for week in range(30):
        for weekday in (0, 2, 4):
            for place in (1, shop):
                builder.visit(7, place, builder.day(7 * week + weekday, 12, 30))
    for k in range(10):
        builder.visit(8, shop, builder.day(9 + 28 * k, 9 + k % 7))
    seen = read(builder, tmp_path)
    columns = seen.columns
    assert (seen.explained[columns.place == 1] == 4).mean() > 0.9
    assert not seen.explained[(columns.place == shop) & (columns.patient == 7)].any()
    assert seen.explained[(columns.place == shop) & (columns.patient == 8)].all()
