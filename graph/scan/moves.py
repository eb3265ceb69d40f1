"""Patients who go from one place straight to another: again and again, or in two cities."""

from typing import Any

import numpy as np
import numpy.typing as npt

from graph.scan.covisits import VisitColumns
from graph.scan.kernels import compiled, doubled, in_chunks

CHUNKS = 64
FEW = 64
"""Visits up to which inserting one by one is the fastest way to sort."""


@compiled
def by_time(
    rows: Any, place: Any, minute: Any, eligible: Any, left_out: Any, where: Any, when: Any
) -> int:
    """Place and minute of the `rows` at eligible places into `where` and `when`, by minute, equal ones as given; how many.

    `left_out` flags rows that do not count; it may be empty.
    """
    used = 0
    for row in rows:
        if eligible[place[row]] and not (len(left_out) and left_out[row]):
            where[used], when[used] = place[row], minute[row]
            used += 1
    if used > FEW:
        order = np.argsort(when[:used], kind="mergesort")
        where[:used], when[:used] = where[:used][order], when[:used][order]
        return used
    for k in range(1, used):
        f, t, at = where[k], when[k], k
        while at > 0 and when[at - 1] > t:
            where[at], when[at] = where[at - 1], when[at - 1]
            at -= 1
        where[at], when[at] = f, t
    return used


@compiled
def most_visits(offsets: Any, first: int, last: int) -> int:
    """The most visits any patient of [first, last) made, at least 1."""
    most = 1
    for i in range(first, last):
        most = max(most, offsets[i + 1] - offsets[i])
    return most


@compiled
def walk_moves(
    order: Any,
    offsets: Any,
    place: Any,
    minute: Any,
    eligible: Any,
    most: int,
    least: int,
    first: int,
    last: int,
) -> Any:
    """Moves of patients [first, last) made at least `least` times: int32[n, 4] of patient, from, to, times."""
    found = np.empty((256, 4), np.int32)
    used = 0
    none = np.zeros(0, np.bool_)
    room = most_visits(offsets, first, last)
    where, when = np.empty(room, np.int32), np.empty(room, np.int32)
    for i in range(first, last):
        if offsets[i + 1] - offsets[i] < 2 * least:
            continue
        start = used
        rows = order[offsets[i] : offsets[i + 1]]
        for k in range(1, by_time(rows, place, minute, eligible, none, where, when)):
            f, g = where[k - 1], where[k]
            if f == g or when[k] - when[k - 1] > most:
                continue
            known = False
            for q in range(start, used):
                if found[q, 1] == f and found[q, 2] == g:
                    found[q, 3] += 1
                    known = True
                    break
            if not known:
                if used == len(found):
                    found = doubled(found)
                found[used, 0], found[used, 1], found[used, 2], found[used, 3] = i, f, g, 1
                used += 1
        kept = start
        for q in range(start, used):
            if found[q, 3] >= least:
                found[kept] = found[q]
                kept += 1
        used = kept
    return found[:used].copy()


def moves(
    columns: VisitColumns, eligible: npt.NDArray[np.bool_], *, most: int, least: int
) -> npt.NDArray[np.int32]:
    """Consecutive visits of a patient at two eligible places within `most` minutes: (patient, from, to, times).

    Only moves the patient made at least `least` times. Shape (n, 4), sorted by patient.
    """
    bounds = np.unique(np.linspace(0, columns.patients, CHUNKS + 1).astype(int)).tolist()
    parts = in_chunks(
        lambda a, b: walk_moves(
            columns.order,
            columns.patient_offsets,
            columns.place,
            columns.minute,
            eligible,
            most,
            least,
            a,
            b,
        ),
        bounds,
        None,
    )
    return np.concatenate([np.empty((0, 4), np.int32), *parts])


@compiled
def mark_several(patient: Any, offsets: Any, city: Any, several: Any) -> None:
    """Mark the patients seen at places, [offsets[f], offsets[f + 1]) of `patient`, of two cities."""
    home = np.full(len(several), -1, np.int32)
    for f in range(len(offsets) - 1):
        c = city[f]
        if c < 0:
            continue
        for row in range(offsets[f], offsets[f + 1]):
            who = patient[row]
            if home[who] < 0:
                home[who] = c
            elif home[who] != c:
                several[who] = True


@compiled
def mark_hasty(
    order: Any,
    offsets: Any,
    place: Any,
    minute: Any,
    city: Any,
    timed: Any,
    most: int,
    several: Any,
    hasty: Any,
    first: int,
    last: int,
) -> None:
    """Mark those of the `several` patients [first, last) seen in two cities within `most` minutes at places that are `timed`."""
    none = np.zeros(0, np.bool_)
    room = most_visits(offsets, first, last)
    where, when = np.empty(room, np.int32), np.empty(room, np.int32)
    for i in range(first, last):
        if not several[i]:
            continue
        rows = order[offsets[i] : offsets[i + 1]]
        for k in range(1, by_time(rows, place, minute, timed, none, where, when)):
            if when[k] - when[k - 1] <= most and city[where[k]] != city[where[k - 1]]:
                hasty[i] = True
                break


def in_two_cities(
    columns: VisitColumns,
    city: npt.NDArray[np.int32],
    *,
    most: int,
    timed: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Per patient, whether seen in two cities at all, and whether within `most` minutes of each other.

    `city` is a number per place, negative where unknown; the second counts visits at `timed` places alone.
    """
    several, hasty = (np.zeros(columns.patients, dtype=np.bool_) for _ in range(2))
    mark_several(columns.patient, columns.place_offsets, city, several)
    bounds = np.unique(np.linspace(0, columns.patients, CHUNKS + 1).astype(int)).tolist()
    in_chunks(
        lambda a, b: mark_hasty(
            columns.order, columns.patient_offsets, columns.place, columns.minute,
            city, timed & (city >= 0), most, several, hasty, a, b,
        ),
        bounds,
        None,
    )  # fmt: skip
    return several, hasty
