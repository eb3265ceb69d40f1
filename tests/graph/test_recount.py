"""Counting listed pairs again without some visits gives what a join without them gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.scan.covisits import VisitColumns, counted_again, covisits

VISITS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(0, 60), st.booleans()),
    min_size=1,
    max_size=60,
)


@settings(deadline=None)
@given(rows=VISITS, window=st.integers(0, 12), threads=st.sampled_from([1, 2]))
def test_recount_equals_a_join_without_the_excluded_visits(
    rows: list[tuple[int, int, int, bool]], window: int, threads: int
) -> None:
    patient, place, minute, out = (np.array(c) for c in zip(*rows, strict=True))
    columns = VisitColumns.build(patient, place, minute, patients=6, places=3)
    excluded = out[columns.source]
    every = covisits(columns, window=window, least=1)
    left = covisits(columns, window=window, least=1, excluded=excluded)
    wanted = {(a, b): x for a, b, x in zip(left.a, left.b, left.observed, strict=True)}
    again = counted_again(columns, every, excluded, threads)
    found = {(a, b): x for a, b, x in zip(every.a, every.b, again, strict=True) if x}
    assert found == wanted
