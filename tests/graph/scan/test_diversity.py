"""No institution fills the first page; grades stay in order and nobody is lost."""

from hypothesis import given
from hypothesis import strategies as st

from graph.scan.assemble import Draft
from graph.scan.candidates import keys
from graph.scan.diversity import MOST, SHOWN, spread
from graph.scan.grading import Graded
from graph.schema import Grade

GRADES = (Grade.A, Grade.B, Grade.C)


def ring(grade: Grade, place: int | None) -> Graded:
    places = () if place is None else (place,)
    return Graded(Draft((), keys([]), keys([]), (), places), grade, 0.5)


def test_the_fourth_of_an_institution_steps_back_within_its_grade() -> None:
    rings = [ring(Grade.A, 1) for _ in range(5)] + [ring(Grade.A, 2), ring(Grade.B, 3)]
    assert spread(rings, range(7)) == [0, 1, 2, 5, 3, 4, 6]


def test_rings_without_a_place_stay() -> None:
    rings = [ring(Grade.B, None) for _ in range(9)]
    assert spread(rings, range(9)) == list(range(9))


def test_after_the_first_page_the_order_is_as_it_was() -> None:
    rings = [ring(Grade.A, 7)] * 4 + [ring(Grade.A, 100 + i) for i in range(47)]
    rings += [ring(Grade.A, 7), ring(Grade.A, 7)]
    assert spread(rings, range(53)) == [0, 1, 2, *range(4, 51), 3, 51, 52]


@given(st.lists(st.tuples(st.sampled_from(GRADES), st.none() | st.integers(0, 4)), max_size=90))
def test_nothing_is_lost_and_grades_stay_in_order(drawn: list[tuple[Grade, int | None]]) -> None:
    rings = [ring(grade, place) for grade, place in sorted(drawn, key=lambda d: d[0])]
    order = spread(rings, range(len(rings)))
    assert sorted(order) == list(range(len(rings)))
    assert [rings[i].grade for i in order] == [r.grade for r in rings]
    for grade in GRADES:
        mine = [i for i in order if rings[i].grade is grade]
        for place in range(5):
            there = [i for i in mine if rings[i].draft.places == (place,)]
            assert there == sorted(there)


def test_other_institutions_come_before_the_fourth() -> None:
    rings = [ring(Grade.A, i % 2) for i in range(40)] + [ring(Grade.A, 10 + i) for i in range(60)]
    first = spread(rings, range(100))[:SHOWN]
    for place in (0, 1):
        assert sum(rings[i].draft.places == (place,) for i in first) == MOST
