"""Synchronised admissions: the same people in and out together again and again; courses and single days are not."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from graph.motifs.costay import Row, _course, _gather
from graph.scan.candidates import Outcome
from tests.graph.found import best, scanned
from tests.graph.town import Town, town

TOURISTS = list(range(100, 110))


def together(t: Town, patients: list[int], day: int, nights: int = 9, spread: int = 0) -> None:
    """One stay of each, in on `day` (within `spread` days) and out after `nights`."""
    b = t.builder
    for patient in patients:
        shift = b.chance.randint(0, spread)
        admitted = b.day(day + shift, b.chance.randint(8, 17), b.chance.randrange(60))
        b.visit(
            patient, t.hospitals[0], admitted, stay_until=admitted + timedelta(days=nights),
            fund=500_000,
        )  # fmt: skip


def test_people_in_and_out_together_five_times_are_a_ring(tmp_path: Path) -> None:
    t = town(1, stays=600)
    for day in (11, 58, 131, 190, 287):
        together(t, t.builder.chance.sample(TOURISTS, 9), day)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("costay", "A"), TOURISTS) >= 0.8


def test_one_occasion_is_no_ring(tmp_path: Path) -> None:
    t = town(2, stays=600)
    together(t, list(range(200, 214)), 100)
    assert not scanned(t.builder, tmp_path).touching(set(range(200, 214)))


def test_the_same_hospital_in_different_weeks_is_no_ring(tmp_path: Path) -> None:
    t = town(3, stays=600)
    for day in (11, 58, 131, 190, 287):
        for number, patient in enumerate(TOURISTS):
            together(t, [patient], day + 4 * number % 37)
    assert best(scanned(t.builder, tmp_path).of("costay"), TOURISTS) < 0.5


def test_a_course_of_treatment_with_a_fixed_cycle_is_no_ring(tmp_path: Path) -> None:
    t = town(4, stays=600)
    for cycle in range(9):
        together(t, list(range(300, 308)), 10 + 28 * cycle, nights=5)
    assert not scanned(t.builder, tmp_path).touching(set(range(300, 308)))


def test_a_course_put_off_by_a_week_once_is_no_ring(tmp_path: Path) -> None:
    t = town(14, stays=600)
    for cycle in range(9):
        together(t, list(range(300, 308)), 10 + 28 * cycle + 7 * (cycle > 4), nights=5)
    assert not scanned(t.builder, tmp_path).touching(set(range(300, 308)))


def test_six_weeks_give_or_take_one_are_no_course_but_no_grade_a(tmp_path: Path) -> None:
    """Gaps of 31 to 46 days: even enough for a plan, too uneven for a protocol."""
    t = town(15, stays=600)
    for day in (6, 52, 92, 128, 159, 198, 239):
        together(t, t.builder.chance.sample(TOURISTS, 8), day)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("costay", "B"), TOURISTS) >= 0.8
    assert not found.of("costay", "A")


def test_a_family_in_hospital_together_is_no_ring(tmp_path: Path) -> None:
    t = town(5, stays=600)
    for other in (401, 402, 403):
        t.builder.kin(400, other)
    for day in (20, 97, 201, 260):
        together(t, [400, 401, 402, 403], day)
    assert not scanned(t.builder, tmp_path).touching({400, 401, 402, 403})


def test_a_care_home_in_hospital_together_is_no_ring(tmp_path: Path) -> None:
    t = town(6, stays=600)
    home = list(range(500, 512))
    t.builder.token("address", home, "live_addr")
    for day in (20, 97, 201, 260):
        together(t, t.builder.chance.sample(home, 9), day)
    assert not scanned(t.builder, tmp_path).touching(set(home))


def test_an_even_cycle_longer_than_any_course_is_found_at_a_lower_grade(tmp_path: Path) -> None:
    t = town(7, stays=600)
    for day in (11, 97, 183, 270):
        together(t, t.builder.chance.sample(TOURISTS, 9), day)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("costay", "B"), TOURISTS) >= 0.8
    assert not found.touching(set(TOURISTS), "A")


def test_a_cycle_of_months_is_no_course(tmp_path: Path) -> None:
    t = town(7, stays=600)
    for season in range(4):
        together(t, t.builder.chance.sample(TOURISTS, 8), 20 + 85 * season, nights=6 + season)
    assert best(scanned(t.builder, tmp_path).of("costay"), TOURISTS) >= 0.8


def test_the_same_people_twice_half_a_year_apart_are_a_season(tmp_path: Path) -> None:
    t = town(8, stays=600)
    for day in (40, 220):
        together(t, list(range(600, 610)), day, nights=12)
    assert not scanned(t.builder, tmp_path).touching(set(range(600, 610)))


def test_the_same_people_twice_in_spring_are_a_lead_but_no_grade_a(tmp_path: Path) -> None:
    t = town(9, stays=600)
    for day in (40, 131):
        together(t, TOURISTS, day, spread=1)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("costay", "B"), TOURISTS) >= 0.8
    assert not found.of("costay", "A")


def test_two_whole_courses_of_recuperation_are_no_ring(tmp_path: Path) -> None:
    t = town(9, stays=600)
    for day, nights in ((40, 14), (131, 10)):
        together(t, TOURISTS, day, nights=nights)
    assert not scanned(t.builder, tmp_path).touching(set(TOURISTS))


def test_three_stays_of_a_courses_length_are_grade_a(tmp_path: Path) -> None:
    t = town(9, stays=600)
    for day in (40, 131, 170):
        together(t, TOURISTS, day, nights=10)
    assert best(scanned(t.builder, tmp_path).of("costay", "A"), TOURISTS) >= 0.8


def test_one_occasion_of_two_days_is_no_ring(tmp_path: Path) -> None:
    """A coach comes on one day and another two days later, the same people being entered twice."""
    t = town(9, stays=600)
    for day, nights in ((100, 8), (102, 12)):
        together(t, TOURISTS, day, nights=nights)
    assert not scanned(t.builder, tmp_path).touching(set(TOURISTS))


def test_who_came_once_to_an_empty_hospital_belongs(tmp_path: Path) -> None:
    """Four come both times, three more each time; the hospital has no other in-patients at all."""
    t = town(10)
    for day, others in ((40, (104, 105, 106)), (131, (107, 108, 109))):
        together(t, [100, 101, 102, 103, *others], day, spread=2)
    assert best(scanned(t.builder, tmp_path).of("costay"), TOURISTS) >= 0.8


def test_who_came_once_to_a_busy_hospital_does_not(tmp_path: Path) -> None:
    t = town(11, stays=1600)
    for day in (40, 131, 260):
        together(t, TOURISTS, day)
    assert best(scanned(t.builder, tmp_path).of("costay"), TOURISTS) >= 0.7


def test_stays_are_gathered_around_the_earliest_left() -> None:
    """Against taking the first stay left and all that are near it, again and again."""
    chance = Random(4)
    begun = datetime(2026, 1, 1)
    for _ in range(30):
        drawn = [
            (f, day, day + chance.randint(1, 6), chance.randrange(6))
            for f, day in ((chance.randrange(2), chance.randrange(25)) for _ in range(40))
        ]
        rows: list[Row] = [(*row, str(n), begun, begun, 0) for n, row in enumerate(sorted(drawn))]
        wanted, left = [], rows
        while left:
            f, adm, dis = left[0][:3]
            near = [r for r in left if r[0] == f and abs(r[1] - adm) <= 2 and abs(r[2] - dis) <= 2]
            left = [r for r in left if r not in near]
            wanted += [near] if len({r[3] for r in near}) >= 3 else []
        assert _gather(rows, 2) == wanted
        assert wanted


def test_a_group_with_nobody_else_near_is_found(tmp_path: Path) -> None:
    """The hospital has had no other in-patients at all."""
    t = town(31)
    for occasion in (20, 95, 181, 260):
        for patient in range(100, 106):
            begin = t.builder.day(occasion, 9, patient - 100)
            t.builder.visit(patient, t.hospitals[2], begin, stay_until=begin + timedelta(days=7))
    assert any(
        set(range(100, 106)) <= r.patients for r in scanned(t.builder, tmp_path).of("costay")
    )


def _stays(patient: int, days: list[int]) -> list[Row]:
    """Stays of one patient at place 7, three days each."""
    begun = [datetime(2025, 1, 1, 9) + timedelta(days=d) for d in days]
    return [
        (7, d, d + 3, patient, f"{patient}-{d}", at, at + timedelta(days=3), 500_000)
        for d, at in zip(days, begun, strict=True)
    ]


def _outcome(
    own: dict[int, list[int]], occasions: list[tuple[int, ...]], elsewhere: int = 0
) -> Outcome:
    """What a course of treatment says of these days of admission by patient, of which those within two days fell together; each
    also lay in `elsewhere` other hospitals."""
    rows = [row for patient, days in own.items() for row in _stays(patient, days)]
    met = [[r for r in rows if abs(r[1] - day) <= 2 and r[3] in who] for day, *who in occasions]
    away = [(8 + k, *r[1:]) for k in range(elsewhere) for r in rows]
    return _course(met, rows + away).outcome


def test_cycles_of_their_own_that_fell_together_now_and_then_are_courses() -> None:
    own = {1: [10, 31, 53, 74, 96, 118], 2: [10, 33, 54, 77, 98, 119], 3: [11, 34, 57, 78, 99, 121]}
    assert _outcome(own, [(10, 1, 2, 3), (77, 2, 3), (119, 1, 2, 3)]) is Outcome.EXPLAINS


def test_who_lie_in_another_hospital_in_between_are_on_a_round_and_no_course() -> None:
    own = {1: [10, 31, 53, 74, 96, 118], 2: [10, 33, 54, 77, 98, 119], 3: [11, 34, 57, 78, 99, 121]}
    occasions = [(10, 1, 2, 3), (77, 2, 3), (119, 1, 2, 3)]
    assert _outcome(own, occasions, elsewhere=1) is Outcome.RULED_OUT


def test_stays_without_a_cycle_of_their_own_are_no_courses() -> None:
    own = {1: [10, 31, 76, 85, 119], 2: [10, 40, 77, 103, 119], 3: [11, 22, 78, 92, 120]}
    assert _outcome(own, [(10, 1, 2, 3), (77, 1, 2, 3), (119, 1, 2, 3)]) is Outcome.RULED_OUT
