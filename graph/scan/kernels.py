"""Compiled loops of the scan, and the one door to numba.

Every kernel is a plain function over contiguous arrays, compiled on first use, that releases the
interpreter lock and shares nothing it writes to, so callers spread chunks over ordinary threads and
put the answers together in order: the result cannot depend on the number of threads.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar, cast

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., Any])
R = TypeVar("R")

INSERTION = 48
FILTER_SMALLEST = 256
FILTER_LARGEST = 1 << 20
SLOTS_KEPT = 1 << 10
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def compiled(function: F) -> F:
    """The function compiled without the interpreter lock; its machine code is kept beside it.

    Where neither the package folder nor the user's cache folder can be written, the code is
    compiled anew in each process.
    """
    try:
        return cast(F, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(F, numba.njit(nogil=True)(function))


def thread_count(threads: int | None) -> int:
    """The number of threads to use: as asked, or one for each processor this process may use."""
    if threads is not None:
        return max(1, threads)
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)


def in_chunks(
    kernel: Callable[[int, int], R], bounds: Sequence[int], threads: int | None
) -> list[R]:
    """`kernel(first, last)` for each step of `bounds`, over threads, answers in order of bounds."""
    steps = [(a, b) for a, b in pairwise(bounds) if b > a]
    workers = min(thread_count(threads), len(steps))
    if workers <= 1:
        return [kernel(a, b) for a, b in steps]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda step: kernel(*step), steps))


@compiled
def count_keys(keys: Any, size: int) -> Any:
    """Offsets int64[size + 1] of a counting sort of int32 `keys` in [0, size)."""
    offsets = np.zeros(size + 1, np.int64)
    for key in keys:
        offsets[key + 1] += 1
    for k in range(size):
        offsets[k + 1] += offsets[k]
    return offsets


@compiled
def scatter_by_place(
    place: Any, minute: Any, patient: Any, offsets: Any, least: int, bits: int
) -> Any:
    """Visits dealt out to their places: keys (minute above patient) uint64[N], source int32[N]."""
    cursor = offsets[:-1].copy()
    keys = np.empty(len(place), np.uint64)
    source = np.empty(len(place), np.int32)
    for row in range(len(place)):
        at = cursor[place[row]]
        cursor[place[row]] = at + 1
        keys[at] = (np.uint64(minute[row] - least) << np.uint64(bits)) | np.uint64(patient[row])
        source[at] = row
    return keys, source


@compiled
def sort_places(keys: Any, source: Any, offsets: Any, bits: int, first: int, last: int) -> None:
    """Sort keys, and source with them, inside each of the places [first, last); stable."""
    most = 0
    for f in range(first, last):
        most = max(most, offsets[f + 1] - offsets[f])
    other_keys = np.empty(most, np.uint64)
    other_source = np.empty(most, np.int32)
    counts = np.empty(2048, np.int64)
    for f in range(first, last):
        lo, n = offsets[f], offsets[f + 1] - offsets[f]
        if n <= INSERTION:
            for q in range(lo + 1, lo + n):
                key, row, p = keys[q], source[q], q
                while p > lo and keys[p - 1] > key:
                    keys[p], source[p] = keys[p - 1], source[p - 1]
                    p -= 1
                keys[p], source[p] = key, row
            continue
        digit = 8 if n < 4096 else 11
        radix, mask = 1 << digit, np.uint64((1 << digit) - 1)
        from_keys, from_source = keys[lo : lo + n], source[lo : lo + n]
        to_keys, to_source = other_keys[:n], other_source[:n]
        shift = 0
        while shift < bits:
            counts[:radix] = 0
            for q in range(n):
                counts[(from_keys[q] >> np.uint64(shift)) & mask] += 1
            total = 0
            for d in range(radix):
                total, counts[d] = total + counts[d], total
            for q in range(n):
                d = (from_keys[q] >> np.uint64(shift)) & mask
                at = counts[d]
                counts[d] = at + 1
                to_keys[at] = from_keys[q]
                to_source[at] = from_source[q]
            from_keys, to_keys = to_keys, from_keys
            from_source, to_source = to_source, from_source
            shift += digit
        keys[lo : lo + n] = from_keys
        source[lo : lo + n] = from_source


@compiled
def unpack_keys(keys: Any, offsets: Any, least: int, bits: int) -> Any:
    """Columns of sorted visits: patient, place, minute, all int32[N]."""
    patient = np.empty(len(keys), np.int32)
    place = np.empty(len(keys), np.int32)
    minute = np.empty(len(keys), np.int32)
    mask = np.uint64((1 << bits) - 1)
    for f in range(len(offsets) - 1):
        for row in range(offsets[f], offsets[f + 1]):
            place[row] = f
            patient[row] = np.int32(keys[row] & mask)
            minute[row] = np.int32(np.int64(keys[row] >> np.uint64(bits)) + least)
    return patient, place, minute


@compiled
def order_by_patient(patient: Any, offsets: Any) -> Any:
    """Rows int32[N] grouped by patient, ascending inside each."""
    cursor = offsets[:-1].copy()
    order = np.empty(len(patient), np.int32)
    for row in range(len(patient)):
        who = patient[row]
        order[cursor[who]] = row
        cursor[who] += 1
    return order


@compiled
def fill_windows(
    minute: Any, offsets: Any, window: int, spans: Any, ahead: Any, first: int, last: int
) -> None:
    """For the places [first, last): rows [lo, hi) in reach of each row, and pairs of rows in reach.

    Writes spans int32[N, 2] and ahead int64[F].
    """
    for f in range(first, last):
        lo = hi = offsets[f]
        end = offsets[f + 1]
        pairs = 0
        for row in range(offsets[f], end):
            while minute[row] - minute[lo] > window:
                lo += 1
            while hi < end and minute[hi] - minute[row] <= window:
                hi += 1
            spans[row, 0] = lo
            spans[row, 1] = hi
            pairs += hi - row - 1
        ahead[f] = pairs


@compiled
def flag_repeated(patient: Any, minute: Any, offsets: Any) -> Any:
    """bool[N]: rows equal to the row before, and how many they are."""
    same = np.zeros(len(patient), np.bool_)
    found = 0
    for f in range(len(offsets) - 1):
        for row in range(offsets[f] + 1, offsets[f + 1]):
            if patient[row] == patient[row - 1] and minute[row] == minute[row - 1]:
                same[row] = True
                found += 1
    return same, found


@compiled
def keep_rows(kept: Any, patient: Any, place: Any, minute: Any, source: Any, offsets: Any) -> Any:
    """The four columns of the kept rows, int32[n] each, and their offsets by place."""
    size = np.sum(kept)
    columns = np.empty((4, size), np.int32)
    place_offsets = np.zeros(len(offsets), np.int64)
    at = 0
    for f in range(len(offsets) - 1):
        for row in range(offsets[f], offsets[f + 1]):
            if kept[row]:
                columns[0, at] = patient[row]
                columns[1, at] = place[row]
                columns[2, at] = minute[row]
                columns[3, at] = source[row]
                at += 1
        place_offsets[f + 1] = at
    return columns[0], columns[1], columns[2], columns[3], place_offsets


@compiled
def _slot_of(key: int, slots: Any, entries: Any, shift: Any) -> Any:
    """The slot of partner `key` in an open-addressing table of entry numbers, or its empty slot."""
    at = np.int64((np.uint64(key) * MULTIPLIER) >> shift)
    while slots[at] != -1 and entries[slots[at], 0] != key:
        at = (at + 1) & (len(slots) - 1)
    return at


@compiled
def _regrown(slots: Any, entries: Any, used: int, shift: Any) -> Any:
    """Slots and entries at twice their size, and the shift that goes with them."""
    larger = np.full(2 * len(slots), -1, np.int32)
    more = np.empty((2 * len(entries), 5), np.int32)
    shift -= np.uint64(1)
    for entry in range(used):
        more[entry] = entries[entry]
        at = _slot_of(more[entry, 0], larger, more, shift)
        larger[at] = entry
    return larger, more, shift


@compiled
def _emptied(table: Any) -> Any:
    """The table without entries, and small again if it had grown beyond the caches."""
    slots, entries, shift = table
    if len(slots) > SLOTS_KEPT:
        return np.full(64, -1, np.int32), np.empty((32, 5), np.int32), np.uint64(64 - 6)
    slots[:] = -1
    return slots, entries, shift


@compiled
def _doubled(rows: Any) -> Any:
    """The same rows with room for as many more."""
    larger = np.empty((2 * len(rows), rows.shape[1]), np.int32)
    larger[: len(rows)] = rows
    return larger


@compiled
def _sift(patient: Any, rows: Any, spans: Any, who: int, sieve: Any, shift: Any) -> None:
    """Count the later patients in the windows of `rows`, by hash, saturating at 255."""
    for row in rows:
        for q in range(spans[row, 0], spans[row, 1]):
            at = (np.uint64(patient[q]) * MULTIPLIER) >> shift
            seen = sieve[at]
            sieve[at] = seen + np.uint8((patient[q] > who) & (seen < 255))


@compiled
def _tally(
    patient: Any, rows: Any, spans: Any, who: int, sieve: Any, shift: Any, floor: int, table: Any
) -> Any:
    """The table with exact counts for the partners that the sieve lets through; how many.

    table = (slots int32[n], all -1; entries int32[n / 2, 5]; shift). An entry is: partner, visits
    of `who` in reach of the partner, visits of the partner in reach of `who`, last row of `who`
    counted, 0. The windows of one patient only move forward, so a visit of the partner is new
    exactly when it lies beyond all earlier windows.
    """
    slots, entries, slot_shift = table
    used, beyond = 0, np.int64(-1)
    for row in rows:
        for q in range(spans[row, 0], spans[row, 1]):
            j = patient[q]
            if sieve[(np.uint64(j) * MULTIPLIER) >> shift] < floor or j <= who:
                continue
            at = _slot_of(j, slots, entries, slot_shift)
            if slots[at] == -1:
                if used == len(entries):
                    slots, entries, slot_shift = _regrown(slots, entries, used, slot_shift)
                    at = _slot_of(j, slots, entries, slot_shift)
                entries[used, 0] = j
                entries[used, 1] = entries[used, 2] = entries[used, 4] = 0
                entries[used, 3] = -1
                slots[at] = used
                used += 1
            entry = slots[at]
            if entries[entry, 3] != row:
                entries[entry, 3] = row
                entries[entry, 1] += 1
            if q >= beyond:
                entries[entry, 2] += 1
        beyond = max(beyond, np.int64(spans[row, 1]))
    return (slots, entries, slot_shift), used


@compiled
def _count_places(patient: Any, place: Any, rows: Any, spans: Any, least: int, table: Any) -> None:
    """Put the distinct places of their co-visits in the fifth column of the entries worth it."""
    slots, entries, slot_shift = table
    entries[:, 3] = -1
    for row in rows:
        for q in range(spans[row, 0], spans[row, 1]):
            entry = slots[_slot_of(patient[q], slots, entries, slot_shift)]
            if entry == -1 or min(entries[entry, 1], entries[entry, 2]) < least:
                continue
            if entries[entry, 3] != place[row]:
                entries[entry, 3] = place[row]
                entries[entry, 4] += 1


@compiled
def _echoes_of(rows: Any, spans: Any, echoes: Any, heard: int) -> Any:
    """Append (row, earlier rows of the same patient in its reach) where there are any."""
    near = 0
    for v in range(len(rows)):
        while rows[near] < spans[rows[v], 0]:
            near += 1
        if near < v:
            if heard == len(echoes):
                echoes = _doubled(echoes)
            echoes[heard, 0] = rows[v]
            echoes[heard, 1] = v - near
            heard += 1
    return echoes, heard


@compiled
def walk_patients(
    order: Any,
    offsets: Any,
    spans: Any,
    patient: Any,
    place: Any,
    least: int,
    first: int,
    last: int,
) -> Any:
    """Pairs (i, j > i) of the patients [first, last) with at least `least` co-visits.

    A sieve of saturating counters first tells which partners cannot reach `least`; the few that
    remain are counted exactly. Returns pairs int32[n, 4] (a, b, observed, places), sorted by a
    only, echoes int32[m, 2] (see `_echoes_of`), and a sum that only keeps the early touches alive.
    """
    pairs, found = np.empty((1024, 4), np.int32), 0
    echoes, heard = np.empty((64, 2), np.int32), 0
    sieve = np.zeros(FILTER_SMALLEST, np.uint8)
    table = (np.full(64, -1, np.int32), np.empty((32, 5), np.int32), np.uint64(64 - 6))
    touched = 0
    for who in range(first, last):
        rows = order[offsets[who] : offsets[who + 1]]
        in_reach = 0
        for row in rows:
            lo, hi = spans[row, 0], spans[row, 1]
            in_reach += hi - lo - 1
            touched += patient[lo] + patient[hi - 1]  # many cache misses at once, not one by one
        echoes, heard = _echoes_of(rows, spans, echoes, heard)
        if len(rows) < least or in_reach < least:
            continue
        size, power = FILTER_SMALLEST, 8
        while size < 8 * in_reach and size < FILTER_LARGEST:
            size, power = 2 * size, power + 1
        if len(sieve) < size:
            sieve = np.zeros(size, np.uint8)
        sieve[:size] = 0
        shift = np.uint64(64 - power)
        _sift(patient, rows, spans, who, sieve, shift)
        table, used = _tally(patient, rows, spans, who, sieve, shift, min(least, 255), table)
        if used == 0:
            continue
        entries, before = table[1], found
        for entry in range(used):
            observed = min(entries[entry, 1], entries[entry, 2])
            if observed >= least:
                if found == len(pairs):
                    pairs = _doubled(pairs)
                pairs[found, 0] = who
                pairs[found, 1] = entries[entry, 0]
                pairs[found, 2] = observed
                pairs[found, 3] = entry
                found += 1
        if found > before:
            _count_places(patient, place, rows, spans, least, table)
            for pair in range(before, found):
                pairs[pair, 3] = entries[pairs[pair, 3], 4]
        table = _emptied(table)
    return pairs[:found].copy(), echoes[:heard].copy(), touched
