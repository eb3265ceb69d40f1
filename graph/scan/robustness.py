"""What a ring's evidence is worth under other choices, and the least of it that must be checked on paper."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from graph.scan.candidates import Check
from graph.scan.chance import rows_of
from graph.scan.gatherings import gather_rows, log10_tail, runs
from graph.scan.groups import Group
from graph.scan.rhythm import Rhythm
from graph.scan.visits import Attendance

WINDOWS = (5, 10, 30)
ENOUGH = -6.0
"""log10 p, after the look-elsewhere allowance, that the minimal evidence must still reach."""
DAY = 1440


def robustness(seen: Attendance, rhythm: Rhythm, group: Group) -> tuple[Check, ...]:
    """The test again, one choice changed at a time; weak cells are shown like strong ones."""
    return tuple(_cells(seen, rhythm, group))


def _cells(seen: Attendance, rhythm: Rhythm, group: Group) -> Iterable[Check]:
    columns, found = seen.columns, group.gatherings
    every = np.sort(rows_of(columns, group.members)[1])
    rows = every[seen.explained[every] == 0]
    for window in WINDOWS:
        yield _cell(f"window_{window}", rhythm, group, rows, window=window)
    places, times = np.unique(found.place, return_counts=True)
    elsewhere = rows[columns.place[rows] != places[np.argmax(times)]]
    yield _cell("without_busiest_place", rhythm, group, elsewhere)
    busiest = np.argmax(np.bincount(found.first % DAY // 60, minlength=24))
    yield _cell(
        "without_busiest_hour", rhythm, group, rows[columns.minute[rows] % DAY // 60 != busiest]
    )
    who, often = np.unique(columns.patient[found.rows], return_counts=True)
    yield _cell(
        "without_top_member", rhythm, group, rows[columns.patient[rows] != who[np.argmax(often)]]
    )
    yield _cell("with_scheduled_visits", rhythm, group, every)
    middle = (int(columns.minute[rows].min()) + int(columns.minute[rows].max())) // 2
    late = columns.minute[rows] > middle
    yield _cell("first_half", rhythm, group, rows[~late], half=True)
    yield _cell("second_half", rhythm, group, rows[late], half=True)


def _cell(
    name: str,
    rhythm: Rhythm,
    group: Group,
    rows: npt.NDArray[np.int32],
    *,
    window: int | None = None,
    half: bool = False,
) -> Check:
    """The test on these rows of the members alone; `half` where they span half the time."""
    columns = rhythm.columns
    span = rhythm.window if window is None else window
    gatherings = gather_rows(columns, rows, span, least=group.least)
    places, visits = runs(columns.place[rows])
    scale = 2 if half else 1
    enough = visits >= group.least
    expected = (
        rhythm.gatherings_at(places[enough], scale * visits[enough], group.least, window=span)
        / scale
    )
    return Check(name, len(gatherings), expected, log10_tail(len(gatherings), expected))


def minimal(group: Group) -> tuple[int, ...]:
    """The fewest gatherings, best attended first, that alone still stand after the look-elsewhere allowance.

    Empty where even all of them do not. Numbers count the group's gatherings from 0.
    """
    order = np.argsort(-group.gatherings.present, kind="stable")
    for n in range(1, len(order) + 1):
        if log10_tail(n, group.expected) + group.tried <= ENOUGH:
            return tuple(sorted(int(k) for k in order[:n]))
    return ()
