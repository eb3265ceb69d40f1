"""Sweeps: the same people seen at one facility within a few days, then at another within a few days; and all that once more."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.scan import kernels_sweeps
from graph.scan.gatherings import log10_tail, runs
from graph.scan.kernels import in_chunks
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
CHUNKS = 64


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
    moved, starts = _moves(seen, eligible)
    if not len(moved):
        return []
    minute = seen.columns.minute
    length = max((int(minute.max()) - int(minute.min())) // DAY + 1, 2 * APART)
    pairs = int((np.diff(starts) >= 2 * LEAST).sum())
    tried = float(2 * np.log10(length / SPAN) + np.log10(max(pairs, 1)))
    # one hundredth less, so that rounding leaves out none that `_twice` would find
    near = kernels_sweeps.beyond_chance(
        starts, moved, SPAN, APART - SPAN + 1, LEAST, length, tried - 0.01
    )
    found = []
    for k in np.flatnonzero(near).tolist():
        part = moved[starts[k] : starts[k + 1]]
        one = _twice(part[np.lexsort(part.T[::-1])], household, length, tried)
        if one is not None:
            found.append(one)
    return found


def _moves(seen: Attendance, eligible: npt.NDArray[np.bool_]) -> tuple[Ints, Longs]:
    """The moves between places within `BETWEEN` days, and where those of each ordered pair of places start (and the last ends).

    int32[n, 5]: first place, second place, patient, day at the first, day at the second; sorted by the first three.
    """
    c = seen.columns
    walked = (
        c.order, c.patient_offsets, c.place, c.minute, seen.explained == CHECKUP, eligible, BETWEEN,
    )  # fmt: skip
    bounds = np.unique(np.linspace(0, c.patients, CHUNKS + 1).astype(int)).tolist()
    parts = in_chunks(lambda a, b: kernels_sweeps.moves_within(walked, a, b), bounds, None)
    moved = np.concatenate([np.empty((0, 5), np.int32), *parts])
    del parts
    pair = moved[:, 0].astype(np.int64) * c.places + moved[:, 1]
    order = np.argsort(pair, kind="stable")
    starts = np.concatenate([[0], np.cumsum(runs(pair[order])[1])])
    return moved[order], starts


def _twice(part: Ints, household: Ints, length: int, tried: float) -> Sweeps | None:
    """The pair's two best sweeps, by the households that were in both."""
    often = runs(part[:, 2])[1]
    expected = float((np.minimum(1.0, often * SPAN / length) ** 2).sum())
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
