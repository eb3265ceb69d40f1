"""Compiled loops behind `sweeps`: moves of patients between facilities, and which pairs of facilities could have two sweeps."""

from typing import Any

import numpy as np

from graph.scan.kernels import compiled, doubled
from graph.scan.kernels_chance import log_poisson_tail
from graph.scan.moves import by_time, most_visits


@compiled
def moves_within(walked: Any, first: int, last: int) -> Any:
    """Every move of patients [first, last) to another place within so many days: int32[n, 5] of (from, to, patient, day, day).

    `walked` is (order, offsets, place, minute, left_out bool[N], eligible bool[F], most days between). By patient, then time.
    """
    order, offsets, place, minute, left_out, eligible, between = walked
    room = most_visits(offsets, first, last)
    where, when = np.empty(room, np.int32), np.empty(room, np.int32)
    moved, n = np.empty((1024, 5), np.int32), 0
    for i in range(first, last):
        if offsets[i + 1] - offsets[i] < 2:
            continue
        rows = order[offsets[i] : offsets[i + 1]]
        used = by_time(rows, place, minute, eligible, left_out, where, when)
        for x in range(used):
            day = when[x] // 1440
            for y in range(x + 1, used):
                then = when[y] // 1440
                if then - day > between:
                    break
                if where[x] == where[y]:
                    continue
                if n == len(moved):
                    moved = doubled(moved)
                moved[n, 0], moved[n, 1], moved[n, 2] = where[x], where[y], i
                moved[n, 3], moved[n, 4] = day, then
                n += 1
    return moved[:n].copy()


@compiled
def fullest_cell(part: Any, span: int, apart: int, sieve: Any) -> int:
    """At most how many patients of one pair of places two sweeps share; `part` as `moves_within`, by patient.

    `sieve` int32[2^16, 2] holds each cell's patients and the last of them; its first column is zeros before and after.
    """
    most = 0
    for add in (True, False):
        start = 0
        while start < len(part):
            end = start
            who = part[start, 2]
            while end < len(part) and part[end, 2] == who:
                end += 1
            for p in range(start, end):
                for q in range(start, end):
                    if part[q, 3] - part[p, 3] < apart:
                        continue
                    a, b = part[p, 3] // span, part[q, 3] // span
                    for back in range(4):
                        at = ((a - back // 2) * 256 + b - back % 2) & 65535
                        if not add:
                            sieve[at, 0] = 0
                        elif sieve[at, 0] == 0 or sieve[at, 1] != who:
                            sieve[at, 0] += 1
                            sieve[at, 1] = who
                            most = max(most, sieve[at, 0])
            start = end
    return most


@compiled
def beyond_chance(
    starts: Any, moved: Any, span: int, apart: int, least: int, length: int, tried: float
) -> Any:
    """bool per part: whether as many patients in two sweeps as at most could be are fewer than 10^-tried by chance.

    Part k is rows [starts[k], starts[k + 1]) of `moved`, as `moves_within`, of one pair of places, by patient.
    """
    found = np.zeros(len(starts) - 1, np.bool_)
    sieve = np.zeros((1 << 16, 2), np.int32)
    for k in range(len(found)):
        part = moved[starts[k] : starts[k + 1]]
        if len(part) < 2 * least:
            continue
        people, expected = _twice_there(part, span, apart, length)
        if people >= least and -log_poisson_tail(people, expected) > tried * np.log(10.0):
            people = fullest_cell(part, span, apart, sieve)
            found[k] = -log_poisson_tail(people, expected) > tried * np.log(10.0)
    return found


@compiled
def _twice_there(part: Any, span: int, apart: int, length: int) -> Any:
    """How many patients made the move twice, `apart` days between, and how many of them chance puts into two sweeps."""
    row, people, expected = 0, 0, 1e-12
    while row < len(part):
        begin = row
        early = late = part[row, 3]
        while row < len(part) and part[row, 2] == part[begin, 2]:
            early, late = min(early, part[row, 3]), max(late, part[row, 3])
            row += 1
        people += late - early >= apart
        expected += min(1.0, (row - begin) * span / length) ** 2
    return people, expected
