"""Friends who go together are no ring; as few people in haste, at dear visits, through one hand or from their beds are one."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.graph.found import Scanned, best, scanned
from tests.graph.town import Town, town

FRIENDS = [100, 101, 102, 103, 104]


def outings(
    t: Town,
    people: list[int] = FRIENDS,
    *,
    days: int = 12,
    apart: int = 6,
    places: int = 2,
    operators: tuple[int, ...] = (),
    fund: int = 6_000,
) -> Town:
    """All but one of `people` on days without rhythm, one after the other, `apart` minutes from each to the next."""
    b = t.builder
    for d in b.dates(days):
        place = t.clinics[b.chance.randrange(places)]
        at = b.day(d, b.chance.randint(8, 16), b.chance.randrange(60))
        for turn, person in enumerate(b.chance.sample(people, len(people) - 1)):
            seen = at + timedelta(minutes=apart * turn + b.chance.randint(0, 1))
            operator = b.chance.choice(operators) if operators else None
            b.visit(person, place, seen, fund=fund, operator=operator)
    return t


def grades(found: Scanned, people: list[int] = FRIENDS) -> set[str]:
    """The grades of the co-visit rings that are mostly these people."""
    return {r.grade for r in found.of("covisit", "ABC") if best([r], people) >= 0.6}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_friends_who_go_together_now_and_then_are_explained(tmp_path: Path, seed: int) -> None:
    assert grades(scanned(outings(town(seed)).builder, tmp_path)) == {"C"}


def test_as_few_cards_settled_in_a_row_are_listed_but_not_as_grade_a(tmp_path: Path) -> None:
    assert grades(scanned(outings(town(4), apart=1).builder, tmp_path)) == {"B"}


def test_as_few_cards_at_dear_visits_are_grade_a(tmp_path: Path) -> None:
    assert grades(scanned(outings(town(5), fund=40_000).builder, tmp_path)) == {"A"}


def test_a_few_who_go_round_many_places_are_grade_a(tmp_path: Path) -> None:
    assert grades(scanned(outings(town(6), places=8, days=16).builder, tmp_path)) == {"A"}


def test_friends_on_three_errands_a_month_at_two_places_are_explained(tmp_path: Path) -> None:
    assert grades(scanned(outings(town(11), days=32).builder, tmp_path)) == {"C"}


def test_as_few_who_are_so_often_at_one_place_are_no_mere_friends(tmp_path: Path) -> None:
    assert grades(scanned(outings(town(12), days=32, places=1).builder, tmp_path)) == {"A"}


def test_a_few_who_come_every_week_are_no_mere_friends(tmp_path: Path) -> None:
    assert grades(scanned(outings(town(7), days=45).builder, tmp_path)) == {"A"}


def test_more_people_than_go_out_as_friends_are_grade_a(tmp_path: Path) -> None:
    people = list(range(100, 109))
    t = outings(town(8), people, apart=3)
    assert grades(scanned(t.builder, tmp_path), people) == {"A"}


def test_as_few_cards_through_one_of_several_hands_are_listed(tmp_path: Path) -> None:
    t = town(9, visits=0.0)
    b = t.builder
    codes = tuple(b.token("operator", [], "operator", "visit") for _ in range(3))
    for patient in t.patients:
        for d in b.dates(8):
            at = b.day(d, b.chance.randint(8, 17), b.chance.randrange(60))
            b.visit(patient, b.chance.choice(t.clinics), at, operator=b.chance.choice(codes))
    outings(t, operators=codes[:1])
    assert grades(scanned(b, tmp_path)) == {"B"}


def test_friends_of_whom_some_lay_in_hospital_those_days_did_not_come(tmp_path: Path) -> None:
    t = outings(town(10, stays=200))
    for person in FRIENDS[:3]:
        admitted = t.builder.day(20, 10)
        t.builder.visit(
            person,
            t.hospitals[0],
            admitted,
            stay_until=admitted + timedelta(days=250),
            fund=900_000,
        )
    assert grades(scanned(t.builder, tmp_path)) & {"A", "B"}
