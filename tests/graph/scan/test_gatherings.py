"""Gatherings against a walk by hand; tails of probability far beyond what floats hold."""

from math import comb, log10

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from graph.scan.covisits import VisitColumns
from graph.scan.gatherings import bounds, gather, log10_choose, log10_tail, visitors

PATIENTS, PLACES = 8, 3
Visit = tuple[int, int, int]

visits = st.lists(
    st.tuples(
        st.integers(0, PATIENTS - 1),
        st.integers(0, PLACES - 1),
        st.one_of(st.integers(0, 120), st.integers(0, 4000)),
    ),
    max_size=80,
)


def columns_of(rows: list[Visit]) -> VisitColumns:
    table = np.array(rows, np.int64).reshape(-1, 3)
    return VisitColumns.build(
        table[:, 0], table[:, 1], table[:, 2], patients=PATIENTS, places=PLACES
    )


def by_hand(rows: list[Visit], members: set[int], window: int, least: int) -> list[list[Visit]]:
    """Windows opened by the earliest visit left; those with `least` members are kept and closed."""
    found = []
    for place in range(PLACES):
        left = sorted((t, i) for i, f, t in rows if f == place and i in members)
        while left:
            inside = [(t, i) for t, i in left if t - left[0][0] <= window]
            if len({i for _, i in inside}) >= least:
                found.append([(i, place, t) for t, i in inside])
                left = left[len(inside) :]
            else:
                left = left[1:]
    return found


@settings(max_examples=150, deadline=None)
@given(visits, st.sets(st.integers(0, PATIENTS - 1)), st.integers(0, 60), st.integers(2, 4))
def test_gatherings_are_those_found_by_hand(
    rows: list[Visit], members: set[int], window: int, least: int
) -> None:
    columns = columns_of(rows)
    found = gather(columns, np.array(sorted(members), np.int32), window, least=least)
    expected = by_hand(rows, members, window, least)
    assert len(found) == len(expected)
    for k, inside in enumerate(expected):
        mine = found.rows[found.of == k]
        triples = zip(
            columns.patient[mine].tolist(),
            columns.place[mine].tolist(),
            columns.minute[mine].tolist(),
            strict=True,
        )
        assert sorted(triples) == sorted(inside)
        assert found.place[k] == inside[0][1]
        assert found.first[k] == min(t for _, _, t in inside)
        assert found.last[k] == max(t for _, _, t in inside)
        assert found.present[k] == len({i for i, _, _ in inside})


@settings(max_examples=60, deadline=None)
@given(visits, st.sets(st.integers(0, PATIENTS - 1), min_size=3))
def test_visitors_are_everybody_between_first_and_last(
    rows: list[Visit], members: set[int]
) -> None:
    columns = columns_of(rows)
    found = gather(columns, np.array(sorted(members), np.int32), 30)
    of, at = visitors(columns, found)
    for k in range(len(found)):
        span = [
            row
            for row in range(len(columns))
            if columns.place[row] == found.place[k]
            and found.first[k] <= columns.minute[row] <= found.last[k]
        ]
        assert at[of == k].tolist() == span
    begin, end = bounds(columns, found)
    assert (end - begin).sum() == len(at)


def test_excluded_visits_make_no_gathering() -> None:
    columns = columns_of([(0, 0, 10), (1, 0, 11), (2, 0, 12), (3, 0, 13)])
    members = np.arange(4, dtype=np.int32)
    assert gather(columns, members, 30).present.tolist() == [4]
    excluded = np.array([True, False, False, False])
    assert gather(columns, members, 30, excluded=excluded).present.tolist() == [3]
    excluded[1] = True
    assert len(gather(columns, members, 30, excluded=excluded)) == 0


def test_days_are_counted_once() -> None:
    rows = [(i, 0, day * 1440 + hour) for day in (2, 5) for hour in (500, 900) for i in range(3)]
    found = gather(columns_of(rows), np.arange(3, dtype=np.int32), 30)
    assert len(found) == 4
    assert found.days.tolist() == [2, 5]


@pytest.mark.parametrize("expected", [1e-9, 0.01, 1.0, 25.0])
@pytest.mark.parametrize("observed", [1, 2, 5, 30])
def test_the_poisson_tail_is_exact(observed: int, expected: float) -> None:
    exact = poisson.logsf(observed - 1, expected) / np.log(10)
    assert log10_tail(observed, expected) == pytest.approx(exact, abs=1e-9)


def test_far_tails_do_not_underflow() -> None:
    tails = [log10_tail(observed, 1e-6) for observed in (50, 200, 1000)]
    assert all(np.isfinite(tails))
    assert tails == sorted(tails, reverse=True)
    assert tails[-1] == pytest.approx(1000 * -6 - log10_factorial(1000), rel=1e-6)


def log10_factorial(n: int) -> float:
    return sum(log10(k) for k in range(2, n + 1))


def test_nothing_seen_is_no_evidence() -> None:
    assert log10_tail(0, 3.0) == 0.0
    assert log10_tail(3, 0.0) < -30


@pytest.mark.parametrize(("n", "k"), [(5, 2), (40, 40), (500, 8), (3000, 200)])
def test_how_many_groups_there_are(n: int, k: int) -> None:
    digits = str(comb(n, k))
    exact = len(digits) - 1 + log10(float(digits[:15]) / 10 ** (len(digits[:15]) - 1))
    assert log10_choose(n, k) == pytest.approx(exact, abs=1e-6)
