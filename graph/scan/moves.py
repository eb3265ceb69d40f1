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
def by_time(rows: Any, minute: Any, room: Any) -> Any:
    """`rows` by their minute, equal ones in the order given; in `room` where they are few."""
    if len(rows) > len(room):
        return rows[np.argsort(minute[rows], kind="mergesort")]
    for k in range(len(rows)):
        row, at = rows[k], k
        while at > 0 and minute[room[at - 1]] > minute[row]:
            room[at] = room[at - 1]
            at -= 1
        room[at] = row
    return room[: len(rows)]


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
    room = np.empty(FEW, np.int32)
    for i in range(first, last):
        if offsets[i + 1] - offsets[i] < 2 * least:
            continue
        start = used
        before = -1
        for row in by_time(order[offsets[i] : offsets[i + 1]], minute, room):
            if not eligible[place[row]]:
                continue
            if before >= 0:
                f, g = place[before], place[row]
                if f != g and minute[row] - minute[before] <= most:
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
            before = row
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
def walk_cities(
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
    """Mark patients [first, last) seen in two cities, and in two within `most` minutes at places that are `timed`."""
    for i in range(first, last):
        rows = order[offsets[i] : offsets[i + 1]]
        home, kept = -1, 0
        for row in rows:
            c = city[place[row]]
            if c >= 0:
                kept += timed[place[row]]
                several[i] |= home >= 0 and c != home
                home = c
        if not several[i]:
            continue
        chosen, used = np.empty(kept, np.int64), 0
        for row in rows:
            if city[place[row]] >= 0 and timed[place[row]]:
                chosen[used] = row
                used += 1
        by = chosen[np.argsort(minute[chosen], kind="mergesort")]
        for k in range(1, used):
            near = minute[by[k]] - minute[by[k - 1]] <= most
            hasty[i] |= near and city[place[by[k]]] != city[place[by[k - 1]]]


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
    bounds = np.unique(np.linspace(0, columns.patients, CHUNKS + 1).astype(int)).tolist()
    in_chunks(
        lambda a, b: walk_cities(
            columns.order, columns.patient_offsets, columns.place, columns.minute,
            city, timed, most, several, hasty, a, b,
        ),
        bounds,
        None,
    )  # fmt: skip
    return several, hasty
