"""Patient lists shared by two facilities: many people, one order, again and again; referrals are not."""

from pathlib import Path

import numpy as np

from graph.motifs.list_sharing import visits_at_both
from tests.graph.found import best, scanned
from tests.graph.town import Town, town

LISTED = list(range(100, 118))


def pass_on(t: Town, patient: int, first: int, second: int, day: int, gap: int = 1) -> None:
    for place, d in ((first, day), (second, day + gap)):
        at = t.builder.day(d, t.builder.chance.randint(8, 17), t.builder.chance.randrange(60))
        t.builder.visit(patient, place, at)


def test_one_list_worked_off_by_two_facilities_is_found(tmp_path: Path) -> None:
    t = town(1)
    for patient in LISTED:
        for d in t.builder.dates(4):
            pass_on(t, patient, t.clinics[7], t.clinics[9], d, t.builder.chance.randint(1, 2))
    found = scanned(t.builder, tmp_path).of("list_sharing")
    assert best(found, LISTED) >= 0.8
    assert {t.clinics[7], t.clinics[9]} <= found[0].places


def test_weeks_between_the_two_are_none(tmp_path: Path) -> None:
    t = town(2)
    for patient in LISTED:
        for d in t.builder.dates(4):
            pass_on(t, patient, t.clinics[7], t.clinics[9], d, t.builder.chance.randint(7, 20))
    assert best(scanned(t.builder, tmp_path).of("list_sharing"), LISTED) < 0.5


def test_referrals_once_each_are_none(tmp_path: Path) -> None:
    t = town(3)
    for patient in range(200, 280):
        pass_on(t, patient, t.clinics[7], t.clinics[9], t.builder.chance.randrange(330))
    assert not scanned(t.builder, tmp_path).touching(set(range(200, 280)))


def test_an_alliance_with_traffic_both_ways_is_none(tmp_path: Path) -> None:
    t = town(4)
    for patient in range(300, 340):
        for d in t.builder.dates(5):
            a, b = (7, 9) if t.builder.chance.random() < 0.5 else (9, 7)
            pass_on(t, patient, t.clinics[a], t.clinics[b], d)
    assert not scanned(t.builder, tmp_path).of("list_sharing")


def test_few_people_are_none(tmp_path: Path) -> None:
    t = town(5)
    for patient in LISTED[:4]:
        for d in t.builder.dates(5):
            pass_on(t, patient, t.clinics[7], t.clinics[9], d)
    assert not scanned(t.builder, tmp_path).touching(set(LISTED[:4]))


def sweep(t: Town, people: list[int], route: list[int], day: int, share: float = 0.85) -> None:
    """`share` of the people are at each place of the route within four days, nine days after the one before."""
    for k, place in enumerate(route):
        for patient in people:
            if t.builder.chance.random() < share:
                at = day + 9 * k + t.builder.chance.randint(0, 3)
                hour, minute = t.builder.chance.randint(8, 17), t.builder.chance.randrange(60)
                t.builder.visit(patient, place, t.builder.day(at, hour, minute))


def test_a_list_handed_round_three_facilities_twice_is_found(tmp_path: Path) -> None:
    t = town(6)
    route = [t.clinics[k] for k in (3, 7, 9)]
    for day in (40, 160):
        sweep(t, LISTED, route, day)
    found = scanned(t.builder, tmp_path).of("list_sharing", "A")
    assert best(found, LISTED) >= 0.8
    assert set(route) <= found[0].places


def test_a_list_handed_round_once_is_none(tmp_path: Path) -> None:
    t = town(7)
    sweep(t, LISTED, [t.clinics[k] for k in (3, 7, 9)], 40)
    assert not scanned(t.builder, tmp_path).of("list_sharing")


def test_other_people_in_the_second_round_are_none(tmp_path: Path) -> None:
    t = town(8)
    route = [t.clinics[k] for k in (3, 7, 9)]
    sweep(t, LISTED, route, 40)
    sweep(t, list(range(200, 218)), route, 160)
    assert not scanned(t.builder, tmp_path).of("list_sharing")


def test_going_in_a_body_between_two_facilities_is_never_graded_a(tmp_path: Path) -> None:
    t = town(9)
    for day in (40, 160):
        sweep(t, LISTED, [t.clinics[3], t.clinics[7]], day)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("list_sharing", "B"), LISTED) >= 0.8


def test_a_firm_sent_to_two_houses_twice_is_no_ring(tmp_path: Path) -> None:
    t = town(10)
    t.builder.token("employer", LISTED, "emp_no")
    for day in (40, 160):
        sweep(t, LISTED, [t.clinics[k] for k in (3, 7, 9)], day)
    assert not scanned(t.builder, tmp_path).touching(set(LISTED))


def test_visits_of_patients_of_both_places_are_counted_by_patient() -> None:
    rng = np.random.default_rng(3)
    times = np.zeros((40, 2), np.int32)
    for _ in range(20):
        here, there = (rng.integers(40, size=n).astype(np.int32) for n in rng.integers(60, size=2))
        a, b = visits_at_both(here, there, times)
        both = np.intersect1d(here, there)
        assert a.tolist() == [int((here == who).sum()) for who in both]
        assert b.tolist() == [int((there == who).sum()) for who in both]
        assert not times.any()
