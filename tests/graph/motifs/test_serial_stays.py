"""Serial stays: people who go round hospitals are found; transfers and chains of care are not."""

from datetime import timedelta
from pathlib import Path

from tests.graph.found import best, scanned
from tests.graph.town import Town, town

GUESTS = list(range(100, 106))


def stay(t: Town, patient: int, hospital: int, day: int, nights: int) -> None:
    admitted = t.builder.day(day, 10, t.builder.chance.randrange(60))
    left = admitted + timedelta(days=nights)
    t.builder.visit(patient, t.hospitals[hospital], admitted, stay_until=left, fund=600_000)


def test_people_who_go_round_hospitals_are_a_ring(tmp_path: Path) -> None:
    t = town(1, stays=400)
    for number, patient in enumerate(GUESTS):
        day = 5 + 3 * number
        for leg in range(10):
            stay(t, patient, leg % 3, day, 14)
            day += 14 + t.builder.chance.randint(0, 1)
    assert best(scanned(t.builder, tmp_path).of("serial_stays"), GUESTS) >= 0.8


def test_stays_with_weeks_between_are_none(tmp_path: Path) -> None:
    t = town(2, stays=400)
    for number, patient in enumerate(GUESTS):
        for leg in range(8):
            stay(t, patient, leg % 3, 5 + 3 * number + 40 * leg, 14)
    assert best(scanned(t.builder, tmp_path).of("serial_stays"), GUESTS) < 0.5


def test_who_goes_the_same_round_some_days_apart_belongs_to_it(tmp_path: Path) -> None:
    """Three go on within a day; three take some days at each turn; one goes between other hospitals."""
    t = town(8, stays=400)
    for number, patient in enumerate([*GUESTS, 110]):
        day = 5 + 3 * number
        for leg in range(7):
            stay(t, patient, 3 if patient == 110 and leg % 2 else leg % 3, day, 10)
            day += 10 + (t.builder.chance.randint(0, 1) if number < 3 else 3 + leg % 3)
    (ring,) = scanned(t.builder, tmp_path).of("serial_stays")
    assert ring.patients == set(GUESTS)


def test_two_rounds_that_share_hospitals_are_two_rings(tmp_path: Path) -> None:
    """One goes A B C D, the other E B C F with days in between for some: three of its moves are made by both."""
    t = town(9, stays=400)
    t.hospitals.extend(t.builder.add_places(2))
    rounds = {0: [0, 1, 2, 3], 1: [4, 1, 2, 5]}
    for number in range(14):
        day = 5 + 3 * (number // 2)
        for leg in range(13):
            stay(t, 100 + number, rounds[number % 2][leg % 4], day, 10)
            day += 10 + (2 if number > 9 and leg % 2 else t.builder.chance.randint(0, 1))
    found = scanned(t.builder, tmp_path).of("serial_stays")
    assert best(found, list(range(100, 114, 2))) == 1.0
    assert best(found, list(range(101, 114, 2))) == 1.0


def test_two_people_are_no_ring(tmp_path: Path) -> None:
    t = town(3, stays=400)
    for patient in GUESTS[:2]:
        for leg in range(6):
            stay(t, patient, leg % 2, 20 + 14 * leg, 14)
    assert not scanned(t.builder, tmp_path).touching(set(GUESTS[:2]))


def test_transfers_once_each_are_none(tmp_path: Path) -> None:
    """Forty people moved once from the general hospital to the rehabilitation clinic."""
    t = town(4, stays=400)
    moved = list(range(200, 240))
    for patient in moved:
        day = t.builder.chance.randrange(250)
        stay(t, patient, 0, day, 12)
        stay(t, patient, 1, day + 12, 25)
    assert not scanned(t.builder, tmp_path).touching(set(moved))


def test_a_round_of_four_hospitals_is_found_though_no_way_is_taken_thrice(tmp_path: Path) -> None:
    t = town(5, stays=400)
    for number, patient in enumerate(GUESTS[:4]):
        day = 5 + 3 * number
        for leg in range(9):
            stay(t, patient, (leg + number) % 4, day, 10)
            day += 10 + t.builder.chance.randint(0, 1)
    assert best(scanned(t.builder, tmp_path).of("serial_stays"), GUESTS[:4]) >= 0.8


def test_people_each_on_a_way_of_their_own_are_none(tmp_path: Path) -> None:
    """Chains of care at places of each one's own: nobody else makes the same move."""
    t = town(6, stays=400)
    wards = t.builder.add_places(12)
    t.hospitals.extend(wards)
    for number, patient in enumerate(GUESTS):
        first = 4 + 2 * number
        for leg in range(5):
            stay(t, patient, first + leg % 2, 10 + number + 30 * leg, 30)
    assert not scanned(t.builder, tmp_path).of("serial_stays")


def test_slow_rounds_of_several_people_are_a_lead_but_no_grade_a(tmp_path: Path) -> None:
    t = town(5, stays=400)
    for number, patient in enumerate(GUESTS):
        day = 5 + 3 * number
        for leg in range(8):
            stay(t, patient, leg % 2, day, 14)
            day += 14 + t.builder.chance.randint(3, 25)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("serial_stays", "B"), GUESTS) >= 0.8
    assert not found.of("serial_stays", "A")


def test_three_hand_overs_each_never_make_grade_a(tmp_path: Path) -> None:
    t = town(6, stays=400)
    for number, patient in enumerate(GUESTS[:4]):
        for leg in range(4):
            stay(t, patient, leg % 2, 10 + 40 * number + 14 * leg, 14)
    assert not scanned(t.builder, tmp_path).of("serial_stays", "A")
