"""Who joins a community and who could have been chosen: against counts made by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.scan.completion import discovered
from graph.scan.covisits import VisitColumns
from graph.scan.gatherings import count_regulars, gather, within_reach


def test_an_hour_that_all_could_still_join() -> None:
    columns = VisitColumns.build(
        np.arange(3), np.zeros(3, np.int64), np.array([600, 605, 610]), patients=3, places=1
    )
    found = within_reach(gather(columns, np.arange(3, dtype=np.int32), 30), 30)
    assert (found.first.tolist(), found.last.tolist()) == ([580], [630])


def test_midnight_is_never_crossed() -> None:
    minutes = np.array([1440 + 4, 1440 + 5, 1440 + 6, 3 * 1440 - 3, 3 * 1440 - 2, 3 * 1440 - 1])
    columns = VisitColumns.build(
        np.tile(np.arange(3), 2), np.zeros(6, np.int64), minutes, patients=3, places=1
    )
    found = within_reach(gather(columns, np.arange(3, dtype=np.int32), 30), 30)
    assert found.first.tolist() == [1440, 3 * 1440 - 31]
    assert found.last.tolist() == [1440 + 34, 3 * 1440 - 1]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.booleans()), max_size=60),
    st.integers(1, 6),
)
def test_regulars_are_counted_per_place(rows: list[tuple[int, int, bool]], most: int) -> None:
    patient = np.array([r[0] for r in rows], np.int64)
    place = np.array([r[1] for r in rows], np.int64)
    columns = VisitColumns.build(patient, place, np.arange(len(rows)), patients=6, places=3)
    out = np.array([r[2] for r in rows], np.bool_)[columns.source]
    found = count_regulars(columns.place_offsets, columns.patient, out, 6, most)
    for f in range(3):
        times = [sum(1 for p, g, x in rows if (p, g) == (k, f) and not x) for k in range(6)]
        assert found[f].tolist() == [
            sum(t >= max(v, 1) for t in times) for v in range(most + 1)
        ]  # fmt: skip


def test_no_more_than_one_in_twenty_is_wrong() -> None:
    """Benjamini and Hochberg 1995, table 1 of their example: four of fifteen at 5%."""
    p = np.array([
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0000,
    ])  # fmt: skip
    assert discovered(p, 15).sum() == 4
    assert discovered(p[::-1].copy(), 15).tolist() == [False] * 11 + [True] * 4
    assert discovered(p, 150).sum() == 1 + (0.0004 <= 0.05 * 2 / 150)


@pytest.mark.parametrize("p", [[], [1.0], [0.2, 0.9]])
def test_chance_discovers_nobody(p: list[float]) -> None:
    assert not discovered(np.array(p), 10).any()
