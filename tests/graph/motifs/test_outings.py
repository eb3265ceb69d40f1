"""Passengers of one bus are no ring; cards settled in a row, at one window or at many places on the same days are one."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.graph.found import Scanned, best, scanned
from tests.graph.town import Town, town

PASSENGERS = list(range(100, 116))
WINDOWS = 5


def outings(
    t: Town,
    *,
    windows: int = WINDOWS,
    over: int = 90,
    rounds: int = 1,
    days: int = 12,
    doctors: int = 0,
) -> Town:
    """Most of the passengers at one clinic on days and at hours without rhythm, over so many minutes; 0 windows: operators unknown;
    so many `doctors` see them, each whoever is free."""
    b = t.builder
    staff = b.add_practitioners(doctors, t.clinics[0]) if doctors else [None]
    codes = [b.token("operator", [], "operator", "visit") for _ in range(windows)]
    for turn, d in enumerate(b.dates(days)):
        begin = b.day(d, b.chance.randint(8, 14), b.chance.randrange(60))
        for person in b.chance.sample(PASSENGERS, 9):
            at = begin + timedelta(minutes=b.chance.randrange(over))
            operator = b.chance.choice(codes) if codes else None
            doctor = b.chance.choice(staff)
            b.visit(person, t.clinics[turn % rounds], at, doctor, fund=6_000, operator=operator)
    return t


def grades(found: Scanned) -> set[str]:
    """The grades of the co-visit rings that are mostly passengers."""
    return {r.grade for r in found.of("covisit", "ABC") if best([r], PASSENGERS) >= 0.5}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_passengers_of_one_bus_who_go_to_whichever_window_is_free_are_explained(
    tmp_path: Path, seed: int
) -> None:
    assert grades(scanned(outings(town(seed)).builder, tmp_path)) == {"C"}


def test_passengers_whose_windows_are_unknown_are_listed_but_not_as_grade_a(tmp_path: Path) -> None:
    assert grades(scanned(outings(town(4), windows=0).builder, tmp_path)) == {"B"}


def test_cards_settled_in_a_row_are_no_passengers(tmp_path: Path) -> None:
    assert grades(scanned(outings(town(5), over=20).builder, tmp_path)) == {"A"}


@pytest.mark.parametrize("seed", [5, 9])
def test_passengers_who_pay_in_a_row_but_each_saw_a_doctor_of_his_own_are_explained(
    tmp_path: Path, seed: int
) -> None:
    assert grades(scanned(outings(town(seed), over=20, doctors=12).builder, tmp_path)) == {"C"}


def test_cards_settled_in_a_row_by_two_doctors_are_no_passengers(tmp_path: Path) -> None:
    assert grades(scanned(outings(town(5), over=20, doctors=2).builder, tmp_path)) == {"A"}


def test_a_clinics_own_staff_who_go_to_their_colleagues_are_no_passengers(tmp_path: Path) -> None:
    t = outings(town(5), over=20, doctors=12)
    b = t.builder
    b.token("employer", PASSENGERS, "emp_no")
    nurses = b.add_practitioners(len(PASSENGERS), t.clinics[0], "nurse")
    for patient, code in zip(PASSENGERS, nurses, strict=True):
        b.hold(b.token("certno", [patient], "certno"), [code], "certno", "practitioner")
    assert grades(scanned(b, tmp_path)) & {"A", "B"}


def test_passengers_of_many_doctors_at_a_hospital_of_two_windows_are_explained(
    tmp_path: Path,
) -> None:
    t = outings(town(6), over=20, doctors=12, windows=2)
    assert grades(scanned(t.builder, tmp_path)) == {"C"}


def test_cards_of_many_doctors_at_one_window_are_a_finding_below_grade_a(tmp_path: Path) -> None:
    """A small hospital has one window; an operator who makes doctors up has one too."""
    t = outings(town(5), over=20, doctors=12, windows=1)
    assert grades(scanned(t.builder, tmp_path)) == {"B"}


def test_cards_that_all_go_through_one_window_are_no_passengers(tmp_path: Path) -> None:
    assert grades(scanned(outings(town(6), windows=1).builder, tmp_path)) & {"A", "B"}


def test_people_who_go_round_many_places_are_no_passengers(tmp_path: Path) -> None:
    assert grades(scanned(outings(town(7), rounds=4, days=20).builder, tmp_path)) & {"A", "B"}


def test_people_who_come_every_week_are_no_passengers(tmp_path: Path) -> None:
    assert grades(scanned(outings(town(8), days=40).builder, tmp_path)) & {"A", "B"}
