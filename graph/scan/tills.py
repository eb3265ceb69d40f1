"""Visits by the till that settled them: an operator's code at a place."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.scan.covisits import VisitColumns
from graph.scan.groups import Group
from graph.scan.kernels import compiled
from graph.scan.visits import Attendance

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

SINGLE_TILL = 0.9
"""A till with this share of its place's known visits says no more than the place."""


@dataclass(frozen=True)
class Tills:
    """Visits with the till as their place; `rows` leads back to the rows of the scan's attendance."""

    seen: Attendance
    rows: Ints

    def at_places(self, group: Group, columns: VisitColumns) -> Group:
        """The group's gatherings told by place instead of till."""
        rows = self.rows[self.seen.columns.source[group.gatherings.rows]]
        starts = np.searchsorted(group.gatherings.of, np.arange(len(group.gatherings)))
        place = columns.place[rows[starts]]
        return replace(group, gatherings=replace(group.gatherings, place=place, rows=rows))


def tills(seen: Attendance, asked: Flags, least: int) -> Tills | None:
    """The visits of places with several tills, by till, as far as those asked about were there `least` times."""
    columns, operator = seen.columns, seen.operator
    codes = int(operator.max(initial=-1)) + 1
    if not codes:
        return None
    till, place = numbered(operator, columns.place)
    size, suspected = (np.zeros(len(place), dtype=np.int64) for _ in range(2))
    known = np.zeros(columns.places, dtype=np.int64)
    count_tills(till, columns.place, columns.patient, asked, size, suspected, known)
    kept = (size < SINGLE_TILL * known[place]) & (suspected >= least)
    rows = rows_at(till, kept)
    if not len(rows):
        return None
    till = (np.cumsum(kept, dtype=np.int32) - 1)[till[rows]]
    by_till = VisitColumns.build(
        columns.patient[rows], till, columns.minute[rows],
        patients=columns.patients, places=int(kept.sum()),
    )  # fmt: skip
    at = rows[by_till.source]
    batched = np.flatnonzero(np.isin(place[kept], seen.batch_places)).astype(np.int32)
    return Tills(
        Attendance(by_till, seen.service[at], seen.explained[at], batched, operator[at]), rows
    )


def numbered(operator: Ints, place: Ints) -> tuple[Ints, Ints]:
    """A till per (operator, place): its number per visit, -1 where unknown, and the place of each till.

    A code used at several places is a till at each of them.
    """
    first = np.full(int(operator.max(initial=-1)) + 1, -1, dtype=np.int32)
    elsewhere = first_places(operator, place, first)
    till = operator.copy()
    pairs = operator[elsewhere].astype(np.int64) << 32 | place[elsewhere]
    distinct, number = np.unique(pairs, return_inverse=True)
    till[elsewhere] = len(first) + number.astype(np.int32)
    where = np.concatenate([np.maximum(first, 0), (distinct & 0xFFFFFFFF).astype(np.int32)])
    return till, where.astype(np.int32)


@compiled
def first_places(operator: Any, place: Any, first: Any) -> Any:
    """Set the place where each code was used first; returns the rows of its use elsewhere, int32."""
    count = 0
    for row in range(len(operator)):
        code = operator[row]
        if code >= 0:
            if first[code] < 0:
                first[code] = place[row]
            count += first[code] != place[row]
    found, used = np.empty(count, np.int32), 0
    for row in range(len(operator)):
        if operator[row] >= 0 and first[operator[row]] != place[row]:
            found[used] = row
            used += 1
    return found


@compiled
def count_tills(
    till: Any, place: Any, patient: Any, asked: Any, size: Any, suspected: Any, known: Any
) -> None:
    """Count the visits of each till, those of people asked about, and those of each place with a known till."""
    for row in range(len(till)):
        if till[row] >= 0:
            size[till[row]] += 1
            known[place[row]] += 1
            suspected[till[row]] += asked[patient[row]]


@compiled
def rows_at(till: Any, kept: Any) -> Any:
    """The rows of the tills kept, int32."""
    count = 0
    for row in range(len(till)):
        count += till[row] >= 0 and kept[till[row]]
    found, used = np.empty(count, np.int32), 0
    for row in range(len(till)):
        if till[row] >= 0 and kept[till[row]]:
            found[used] = row
            used += 1
    return found
