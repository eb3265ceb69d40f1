"""Compiled loops behind `sweeps`: moves of patients between facilities, and which of them could be part of two sweeps.

Two counting sieves without keys (collisions only let more through) stand for all pairs of places and days, so that nothing
is kept of the very many moves that nobody makes in company.
"""

from typing import Any

import numpy as np

from graph.scan.kernels import compiled

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@compiled
def _cell(f: int, g: int, a: int, b: int, shift: Any) -> Any:
    key = (np.uint64(f) << np.uint64(32) | np.uint64(g)) * MULTIPLIER
    key ^= np.uint64(a) << np.uint64(24) | np.uint64(b + 1)
    key ^= key >> np.uint64(29)
    return (key * MULTIPLIER) >> shift


@compiled
def _bump(sieve: Any, at: Any) -> None:
    if sieve[at] < 255:
        sieve[at] += 1


@compiled
def _moves_of(
    rows: Any, place: Any, minute: Any, left_out: Any, eligible: Any, between: int, out: Any
) -> Any:
    """Moves of one patient within `between` days into `out`, int32[n, 4] of (from, to, day, day); `out` and how many."""
    kept = 0
    chosen = np.empty(len(rows), np.int64)
    for row in rows:
        if eligible[place[row]] and not left_out[row]:
            chosen[kept] = row
            kept += 1
    if kept < 2:
        return out, 0
    chosen = chosen[:kept]
    by = chosen[np.argsort(minute[chosen], kind="mergesort")]
    used = 0
    for x in range(kept):
        for y in range(x + 1, kept):
            first, then = minute[by[x]] // 1440, minute[by[y]] // 1440
            if then - first > between:
                break
            if place[by[x]] == place[by[y]]:
                continue
            if used == len(out):
                larger = np.empty((2 * used, 4), np.int32)
                larger[:used] = out
                out = larger
            out[used, 0], out[used, 1] = place[by[x]], place[by[y]]
            out[used, 2], out[used, 3] = first, then
            used += 1
    return out, used


@compiled
def sieve_moves(
    order: Any,
    offsets: Any,
    place: Any,
    minute: Any,
    left_out: Any,
    eligible: Any,
    between: int,
    span: int,
    apart: int,
    pairs: Any,
    cells: Any,
    shift_pairs: Any,
    shift: Any,
) -> None:
    """Count every move by pair of places, and a patient's every two moves `apart` by the `span`-day cells of both."""
    found = np.empty((64, 4), np.int32)
    for i in range(len(offsets) - 1):
        rows = order[offsets[i] : offsets[i + 1]]
        if len(rows) < 2:
            continue
        found, used = _moves_of(rows, place, minute, left_out, eligible, between, found)
        for p in range(used):
            f, g = found[p, 0], found[p, 1]
            _bump(pairs, _cell(f, g, 0, 0, shift_pairs))
            for q in range(p + 1, used):
                if found[q, 0] == f and found[q, 1] == g and found[q, 2] - found[p, 2] >= apart:
                    a, b = found[p, 2] // span, found[q, 2] // span
                    for back_a in range(2):
                        for back_b in range(2):
                            _bump(cells, _cell(f, g, a - back_a, b - back_b, shift))


@compiled
def hot_pairs(
    order: Any,
    offsets: Any,
    place: Any,
    minute: Any,
    left_out: Any,
    eligible: Any,
    between: int,
    span: int,
    apart: int,
    least: int,
    cells: Any,
    shift: Any,
) -> Any:
    """Pairs of places (from << 32 | to), with repeats, some cell of which at least `least` patients may share."""
    hot, n = np.empty(1024, np.int64), 0
    found = np.empty((64, 4), np.int32)
    for i in range(len(offsets) - 1):
        rows = order[offsets[i] : offsets[i + 1]]
        if len(rows) < 4:
            continue
        found, used = _moves_of(rows, place, minute, left_out, eligible, between, found)
        for p in range(used):
            f, g = found[p, 0], found[p, 1]
            warm = False
            for q in range(p + 1, used):
                if found[q, 0] == f and found[q, 1] == g and found[q, 2] - found[p, 2] >= apart:
                    a, b = found[p, 2] // span, found[q, 2] // span
                    for back in range(4):
                        at = _cell(f, g, a - back // 2, b - back % 2, shift)
                        warm = warm or cells[at] >= least
            if warm:
                if n == len(hot):
                    larger = np.empty(2 * n, np.int64)
                    larger[:n] = hot
                    hot = larger
                hot[n] = np.int64(f) << 32 | np.int64(g)
                n += 1
    return hot[:n].copy()


@compiled
def moves_between(
    order: Any,
    offsets: Any,
    place: Any,
    minute: Any,
    left_out: Any,
    eligible: Any,
    between: int,
    wanted: Any,
) -> Any:
    """All moves between the `wanted` pairs, ascending codes: int32[n, 5] of (from, to, patient, day, day)."""
    moved, n = np.empty((1024, 5), np.int32), 0
    found = np.empty((64, 4), np.int32)
    for i in range(len(offsets) - 1):
        rows = order[offsets[i] : offsets[i + 1]]
        if len(rows) < 2:
            continue
        found, used = _moves_of(rows, place, minute, left_out, eligible, between, found)
        for p in range(used):
            code = np.int64(found[p, 0]) << 32 | np.int64(found[p, 1])
            at = np.searchsorted(wanted, code)
            if at == len(wanted) or wanted[at] != code:
                continue
            if n == len(moved):
                larger = np.empty((2 * n, 5), np.int32)
                larger[:n] = moved
                moved = larger
            moved[n, 0], moved[n, 1], moved[n, 2] = found[p, 0], found[p, 1], i
            moved[n, 3], moved[n, 4] = found[p, 2], found[p, 3]
            n += 1
    return moved[:n].copy()


@compiled
def fullest_cell(part: Any, span: int, apart: int, sieve: Any) -> int:
    """At most how many patients of one pair of places two sweeps share; `part` as `moves_between`, by patient.

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
