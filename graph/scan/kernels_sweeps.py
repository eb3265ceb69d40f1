"""Compiled loops behind `sweeps`: moves of patients between facilities, and which of them could be part of two sweeps.

Two counting sieves without keys (collisions only let more through) stand for all pairs of places and days, so that nothing
is kept of the very many moves that nobody makes in company.
"""

from typing import Any

import numpy as np

from graph.scan.kernels import compiled, doubled
from graph.scan.kernels_join import MULTIPLIER


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
def _cells_of(f: int, g: int, first: int, second: int, span: int, shift: Any) -> Any:
    """The four cells in which moves from `f` to `g` on days `first` and `second` count: a body of `span` days spans two."""
    a, b = first // span, second // span
    return (
        _cell(f, g, a, b, shift), _cell(f, g, a, b - 1, shift),
        _cell(f, g, a - 1, b, shift), _cell(f, g, a - 1, b - 1, shift),
    )  # fmt: skip


@compiled
def _moves_of(i: int, walked: Any, out: Any) -> Any:
    """The moves of patient `i` into `out`, int32[n, 4] of (from, to, day, day); `out` and how many.

    `walked` is (order, offsets, place, minute, left_out bool[N], eligible bool[F], most days between).
    """
    order, offsets, place, minute, left_out, eligible, between = walked
    kept = 0
    chosen = np.empty(offsets[i + 1] - offsets[i], np.int64)
    for row in order[offsets[i] : offsets[i + 1]]:
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
                out = doubled(out)
            out[used, 0], out[used, 1] = place[by[x]], place[by[y]]
            out[used, 2], out[used, 3] = first, then
            used += 1
    return out, used


@compiled
def _again(found: Any, p: int, q: int, apart: int) -> Any:
    """Whether move q is move p made once more, at least `apart` days later."""
    same = found[q, 0] == found[p, 0] and found[q, 1] == found[p, 1]
    return same and found[q, 2] - found[p, 2] >= apart


@compiled
def sieve_moves(
    walked: Any, span: int, apart: int, pairs: Any, cells: Any, shift_pairs: Any, shift: Any
) -> None:
    """Count every move by pair of places, and a patient's every two moves `apart` by the `span`-day cells of both."""
    found = np.empty((64, 4), np.int32)
    for i in range(len(walked[1]) - 1):
        found, used = _moves_of(i, walked, found)
        for p in range(used):
            f, g = found[p, 0], found[p, 1]
            _bump(pairs, _cell(f, g, 0, 0, shift_pairs))
            for q in range(p + 1, used):
                if _again(found, p, q, apart):
                    for at in _cells_of(f, g, found[p, 2], found[q, 2], span, shift):
                        _bump(cells, at)


@compiled
def hot_pairs(walked: Any, span: int, apart: int, least: int, cells: Any, shift: Any) -> Any:
    """Pairs of places, int32[n, 2] with repeats, some cell of which at least `least` patients may share."""
    hot, n = np.empty((1024, 2), np.int32), 0
    found = np.empty((64, 4), np.int32)
    for i in range(len(walked[1]) - 1):
        found, used = _moves_of(i, walked, found)
        for p in range(used):
            f, g = found[p, 0], found[p, 1]
            warm = False
            for q in range(p + 1, used):
                if _again(found, p, q, apart):
                    for at in _cells_of(f, g, found[p, 2], found[q, 2], span, shift):
                        warm = warm or cells[at] >= least
            if warm:
                if n == len(hot):
                    hot = doubled(hot)
                hot[n, 0], hot[n, 1] = f, g
                n += 1
    return hot[:n].copy()


@compiled
def moves_between(walked: Any, wanted: Any) -> Any:
    """All moves between the `wanted` pairs (from << 32 | to), ascending: int32[n, 5] of (from, to, patient, day, day)."""
    moved, n = np.empty((1024, 5), np.int32), 0
    found = np.empty((64, 4), np.int32)
    for i in range(len(walked[1]) - 1):
        found, used = _moves_of(i, walked, found)
        for p in range(used):
            code = np.int64(found[p, 0]) << 32 | np.int64(found[p, 1])
            at = np.searchsorted(wanted, code)
            if at == len(wanted) or wanted[at] != code:
                continue
            if n == len(moved):
                moved = doubled(moved)
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
