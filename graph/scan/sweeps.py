"""Sweeps: the same people seen at one facility within a few days, then at another within a few days; and all that once more."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.scan import kernels_sweeps
from graph.scan.gatherings import log10_tail, runs
from graph.scan.visits import CHECKUP, DAY, Attendance

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

SPAN = 5
"""Days in which a list is worked off at one place."""
BETWEEN = 14
"""Most days from a patient's visit at the first place to that at the second."""
APART = 30
"""Least days between two sweeps: what is nearer is one treatment."""
LEAST = 3
"""People, of as many households, who go along in both."""
MOST_BITS = 28
"""The larger sieve has at most so many cells (as a power of two), one byte each."""


@dataclass(frozen=True)
class Sweeps:
    """Two facilities between which one set of people went twice in a body.

    `again` were in both sweeps, `either` in one at least; sorted patient keys. `days`: first day of each sweep at
    `first`, since 2000-01-01. `surprise` is -log10 of the chance, all pairs of places and of days tried.
    """

    first: int
    second: int
    again: Ints
    either: Ints
    days: tuple[int, int]
    expected: float
    surprise: float


def sweeps(seen: Attendance, eligible: npt.NDArray[np.bool_], household: Ints) -> list[Sweeps]:
    """All ordered pairs of `eligible` places with two sweeps beyond chance, by place. Check-ups are left out."""
    moved, pairs = _moves(seen, eligible)
    if not len(moved):
        return []
    minute = seen.columns.minute
    length = max((int(minute.max()) - int(minute.min())) // DAY + 1, 2 * APART)
    cuts = np.flatnonzero(np.any(np.diff(moved[:, :2], axis=0), axis=1)) + 1
    parts = [part for part in np.split(moved, cuts) if len(part) >= 2 * LEAST]
    tried = 2 * np.log10(length / SPAN) + np.log10(max(pairs, 1))
    sieve = np.zeros((1 << 16, 2), np.int32)
    found = (_twice(part, household, length, float(tried), sieve) for part in parts)
    return [one for one in found if one is not None]


def _moves(seen: Attendance, eligible: npt.NDArray[np.bool_]) -> tuple[Ints, int]:
    """The moves between places that two sweeps could join, and how many pairs of places have as many moves as two sweeps need.

    int32[n, 5]: first place, second place, patient, day at the first, day at the second; sorted by all of them.
    """
    c = seen.columns
    walked = (
        c.order, c.patient_offsets, c.place, c.minute, seen.explained == CHECKUP, eligible, BETWEEN,
    )  # fmt: skip
    bits = min(max(len(c).bit_length() + 3, 16), MOST_BITS)
    cells, pairs = np.zeros(1 << bits, np.uint8), np.zeros(1 << (bits - 3), np.uint8)
    shift, shift_pairs = np.uint64(64 - bits), np.uint64(64 - bits + 3)
    kernels_sweeps.sieve_moves(walked, SPAN, APART - SPAN + 1, pairs, cells, shift_pairs, shift)
    hot = kernels_sweeps.hot_pairs(walked, SPAN, APART - SPAN + 1, LEAST, cells, shift)
    wanted = np.unique(hot[:, 0].astype(np.int64) << 32 | hot[:, 1])
    moved = kernels_sweeps.moves_between(walked, wanted)
    return moved[np.lexsort(moved.T[::-1])], int((pairs >= 2 * LEAST).sum())


def _twice(part: Ints, household: Ints, length: int, tried: float, sieve: Ints) -> Sweeps | None:
    """The pair's two best sweeps, by the households that were in both."""
    often = runs(part[:, 2])[1]
    expected = float((np.minimum(1.0, often * SPAN / length) ** 2).sum())
    together = kernels_sweeps.fullest_cell(part, SPAN, APART - SPAN + 1, sieve)
    if together < LEAST or -log10_tail(together, expected) <= tried:
        return None
    sweeps_ = _bodies(part)
    best: tuple[int, int, int] | None = None
    for i, (day, people) in enumerate(sweeps_):
        for j in range(i + 1, len(sweeps_)):
            if sweeps_[j][0] - day < APART:
                continue
            again = np.intersect1d(people, sweeps_[j][1], assume_unique=True)
            homes = len(np.unique(household[again]))
            if homes >= LEAST and (best is None or homes > best[0]):
                best = (homes, i, j)
    if best is None:
        return None
    homes, i, j = best
    surprise = -log10_tail(homes, expected) - tried
    if surprise <= 0:
        return None
    (day_a, a), (day_b, b) = sweeps_[i], sweeps_[j]
    return Sweeps(
        int(part[0, 0]), int(part[0, 1]), np.intersect1d(a, b), np.union1d(a, b),
        (day_a, day_b), expected, surprise,
    )  # fmt: skip


def _bodies(part: Ints) -> list[tuple[int, Ints]]:
    """Day and people of each body of at least `LEAST`: at the first place within `SPAN` days, then at the second likewise."""
    part = part[np.argsort(part[:, 3], kind="stable")]
    starts = np.unique(part[:, 3])
    ends = np.searchsorted(part[:, 3], starts + SPAN)
    begins = np.searchsorted(part[:, 3], starts)
    found = []
    for day, lo, hi in zip(starts.tolist(), begins.tolist(), ends.tolist(), strict=True):
        if hi - lo < LEAST:
            continue
        rows = part[lo:hi]
        rows = rows[np.argsort(rows[:, 4], kind="stable")]
        till = np.searchsorted(rows[:, 4], rows[:, 4] + SPAN)
        widest = int(np.argmax(till - np.arange(len(rows))))
        people = np.unique(rows[widest : till[widest], 2])
        if len(people) >= LEAST:
            found.append((int(day), people))
    return found
