"""The one door to numba, and the compiled loops that sort and index visits.

Every kernel is a plain function over contiguous arrays, compiled on first use, that releases the
interpreter lock and shares nothing it writes to, so callers spread chunks over ordinary threads and
put the answers together in order: the result cannot depend on the number of threads.
Columns as long as the visits are allocated by NumPy, outside of the kernels: it asks the system for large pages, without
which reading them in any order but their own costs a tenth more.
"""

import fcntl
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.core.compiler_lock import global_compiler_lock

F = TypeVar("F", bound=Callable[..., Any])
R = TypeVar("R")

INSERTION = 48


def compiled(function: F) -> F:
    """The function compiled without the interpreter lock; its machine code is kept beside it.

    One process at a time compiles it, and those that waited read what it kept: numba's index of a
    function, written by two at once, names code of other types than it says. Where neither the
    package folder nor the user's cache folder can be written or locked, each compiles for itself.
    """
    try:
        made: Any = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return cast(F, numba.njit(nogil=True)(function))
    lock = Path(made.stats.cache_path, f"{function.__module__}.{function.__qualname__}.lock")
    compile_anyhow = made.compile

    def compile_alone(signature: Any) -> Any:
        # Numba's own lock first: a thread that holds it may be about to ask for the file.
        with global_compiler_lock, ExitStack() as stack:
            with suppress(OSError):
                fcntl.flock(stack.enter_context(lock.open("w")), fcntl.LOCK_EX)
            return compile_anyhow(signature)

    made.compile = compile_alone
    return cast(F, made)


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
def doubled(rows: Any) -> Any:
    """The same rows with room for as many more."""
    larger = np.empty((2 * len(rows), rows.shape[1]), np.int32)
    larger[: len(rows)] = rows
    return larger


@compiled
def count_keys(keys: Any, size: int) -> Any:
    """Offsets int64[size + 1] of a counting sort of int32 `keys` in [0, size)."""
    offsets = np.zeros(size + 1, np.int64)
    for key in keys:
        offsets[key + 1] += 1
    for k in range(size):
        offsets[k + 1] += offsets[k]
    return offsets


def scatter_by_place(
    place: Any, minute: Any, patient: Any, offsets: Any, least: int, bits: int
) -> Any:
    """Visits dealt out to their places: keys (minute above patient) uint64[N], source int32[N]."""
    keys, source = np.empty(len(place), np.uint64), np.empty(len(place), np.int32)
    _scatter_by_place(place, minute, patient, offsets, least, bits, keys, source)
    return keys, source


@compiled
def _scatter_by_place(
    place: Any, minute: Any, patient: Any, offsets: Any, least: int, bits: int, keys: Any, source: Any
) -> None:  # fmt: skip
    cursor = offsets[:-1].copy()
    for row in range(len(place)):
        at = cursor[place[row]]
        cursor[place[row]] = at + 1
        keys[at] = (np.uint64(minute[row] - least) << np.uint64(bits)) | np.uint64(patient[row])
        source[at] = row


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


def unpack_keys(keys: Any, offsets: Any, least: int, bits: int) -> Any:
    """Columns of sorted visits: patient, place, minute, all int32[N]."""
    patient, place, minute = (np.empty(len(keys), np.int32) for _ in range(3))
    _unpack_keys(keys, offsets, least, bits, patient, place, minute)
    return patient, place, minute


@compiled
def _unpack_keys(
    keys: Any, offsets: Any, least: int, bits: int, patient: Any, place: Any, minute: Any
) -> None:
    mask = np.uint64((1 << bits) - 1)
    for f in range(len(offsets) - 1):
        for row in range(offsets[f], offsets[f + 1]):
            place[row] = f
            patient[row] = np.int32(keys[row] & mask)
            minute[row] = np.int32(np.int64(keys[row] >> np.uint64(bits)) + least)


def order_by_patient(patient: Any, offsets: Any) -> Any:
    """Rows int32[N] grouped by patient, ascending inside each."""
    order = np.empty(len(patient), np.int32)
    _order_by_patient(patient, offsets, order)
    return order


@compiled
def _order_by_patient(patient: Any, offsets: Any, order: Any) -> None:
    cursor = offsets[:-1].copy()
    for row in range(len(patient)):
        who = patient[row]
        order[cursor[who]] = row
        cursor[who] += 1


@compiled
def flag_first(patient: Any, minute: Any, offsets: Any, excluded: Any, kept: Any) -> None:
    """Set `kept`, bool[N], for rows that are not excluded and differ from the last row kept of their place."""
    for f in range(len(offsets) - 1):
        last = -1
        for row in range(offsets[f], offsets[f + 1]):
            kept[row] = not excluded[row] and (
                last < 0 or patient[row] != patient[last] or minute[row] != minute[last]
            )
            if kept[row]:
                last = row


def keep_rows(kept: Any, patient: Any, place: Any, minute: Any, source: Any, offsets: Any) -> Any:
    """The four columns of the kept rows, int32[n] each, and their offsets by place."""
    columns = np.empty((4, np.count_nonzero(kept)), np.int32)
    place_offsets = _keep_rows(kept, patient, place, minute, source, offsets, columns)
    return columns[0], columns[1], columns[2], columns[3], place_offsets


@compiled
def _keep_rows(
    kept: Any, patient: Any, place: Any, minute: Any, source: Any, offsets: Any, columns: Any
) -> Any:
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
    return place_offsets
