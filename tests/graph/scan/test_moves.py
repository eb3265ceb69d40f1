"""Moves between places against a walk by hand."""

from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.scan.covisits import VisitColumns
from graph.scan.moves import in_two_cities, moves

PATIENTS, PLACES = 5, 4
Visit = tuple[int, int, int]


def by_hand(rows: list[Visit], eligible: list[bool], most: int, least: int) -> set[tuple[int, ...]]:
    """Each patient's visits at eligible places in order of time; steps from one to another counted."""
    steps: Counter[tuple[int, int, int]] = Counter()
    for patient in range(PATIENTS):
        mine = sorted((t, f) for i, f, t in rows if i == patient and eligible[f])
        for (before, here), (after, there) in pairwise(mine):
            if here != there and after - before <= most:
                steps[patient, here, there] += 1
    return {(*step, times) for step, times in steps.items() if times >= least}


def distinct_moments(rows: list[Visit]) -> list[Visit]:
    """One visit per patient and minute: the order of two at once is nobody's to say."""
    return list({(i, t): (i, f, t) for i, f, t in rows}.values())


visits = st.lists(
    st.tuples(st.integers(0, PATIENTS - 1), st.integers(0, PLACES - 1), st.integers(0, 3000)),
    max_size=120,
).map(distinct_moments)


@settings(max_examples=150, deadline=None)
@given(
    visits,
    st.lists(st.booleans(), min_size=PLACES, max_size=PLACES),
    st.integers(1, 2000),
    st.integers(1, 3),
)
def test_moves_are_those_found_by_hand(
    rows: list[Visit], eligible: list[bool], most: int, least: int
) -> None:
    table = np.array(rows, np.int64).reshape(-1, 3)
    columns = VisitColumns.build(
        table[:, 0], table[:, 1], table[:, 2], patients=PATIENTS, places=PLACES
    )
    found = moves(columns, np.array(eligible), most=most, least=least)
    assert found.shape[1] == 4
    assert {tuple(row) for row in found.tolist()} == by_hand(rows, eligible, most, least)
    assert found[:, 0].tolist() == sorted(found[:, 0].tolist())


def test_many_different_moves_are_all_kept() -> None:
    """More kinds of move than the first buffer holds."""
    places = 60
    rng = np.random.default_rng(1)
    route = rng.permutation(np.repeat(np.arange(places), 40))
    minute = np.arange(len(route)) * 10
    columns = VisitColumns.build(np.zeros(len(route)), route, minute, patients=1, places=places)
    found = moves(columns, np.ones(places, np.bool_), most=10, least=1)
    steps = Counter((0, f, g) for f, g in pairwise(route.tolist()) if f != g)
    assert len(found) == len(steps) > 256
    assert {tuple(row) for row in found.tolist()} == {(*s, n) for s, n in steps.items()}


@settings(max_examples=150, deadline=None)
@given(
    visits,
    st.lists(st.integers(-1, 2), min_size=PLACES, max_size=PLACES),
    st.lists(st.booleans(), min_size=PLACES, max_size=PLACES),
    st.integers(1, 500),
)
def test_people_in_two_cities_are_those_found_by_hand(
    rows: list[Visit], city: list[int], timed: list[bool], most: int
) -> None:
    table = np.array(rows, np.int64).reshape(-1, 3)
    columns = VisitColumns.build(
        table[:, 0], table[:, 1], table[:, 2], patients=PATIENTS, places=PLACES
    )
    several, hasty = in_two_cities(
        columns, np.array(city, np.int32), most=most, timed=np.array(timed)
    )
    for patient in range(PATIENTS):
        mine = sorted((t, f) for i, f, t in rows if i == patient and city[f] >= 0)
        assert several[patient] == (len({city[f] for _, f in mine}) > 1)
        known = [(t, city[f]) for t, f in mine if timed[f]]
        near = [b - a <= most and c != d for (a, c), (b, d) in pairwise(known)]
        assert hasty[patient] == any(near)
