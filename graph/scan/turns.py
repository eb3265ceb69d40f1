"""Who is served directly after whom at one till, again and again, among those who were there together anyway."""

from typing import Any

import numpy as np
import numpy.typing as npt

from graph.scan.kernels import compiled
from graph.scan.visits import Attendance

Ints = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]

LEAST = 2
"""Times two people must have been served in turn."""
ROOM = 2_000_000
"""Turns written down at first; where there are more, the visits are gone through again."""


def turns(
    seen: Attendance, a: Ints, b: Ints, observed: Ints, window: int
) -> tuple[npt.NDArray[np.bool_], Reals]:
    """For pairs of patients a < b sorted by (a, b) and met `observed` times: (kept bool[n], log10 p float64[n]).

    The chance that two who are at a place within the window are served in turn at one till is that of everybody there: p says
    nothing about their meeting, only about the queue. Kept are pairs served in turn at least `LEAST` times.
    """
    from scipy.stats import binom

    columns = seen.columns
    asked = np.zeros(columns.patients, dtype=np.bool_)
    asked[a], asked[b] = True, True
    rows = (columns.place, columns.minute, columns.patient, seen.operator, seen.explained > 0)
    tills = int(seen.operator.max(initial=-1)) + 1
    found = np.empty((min(len(columns), ROOM), 3), dtype=np.int32)
    count, near, turn = served(*rows, tills, columns.places, window, asked, found)
    if count > len(found):
        found = np.empty((count, 3), dtype=np.int32)
        served(*rows, tills, columns.places, window, asked, found)
    found = found[:count]
    rate = np.divide(turn, near, out=np.ones(len(near)), where=near > 0)
    pair = a.astype(np.int64) << 32 | b
    code = found[:, 0].astype(np.int64) << 32 | found[:, 1]
    at = np.minimum(np.searchsorted(pair, code), max(len(pair) - 1, 0))
    known = pair[at] == code if len(pair) else np.zeros(0, dtype=np.bool_)
    at, place = at[known], found[known, 2]
    times = np.bincount(at, minlength=len(pair))
    usual = np.zeros(len(pair))
    np.maximum.at(usual, at, rate[place])
    tail = binom.logsf(np.minimum(times, observed) - 1, observed, np.minimum(usual, 1.0))
    return times >= LEAST, np.asarray(tail / np.log(10))


@compiled
def served(
    place: Any,
    minute: Any,
    patient: Any,
    operator: Any,
    excluded: Any,
    tills: int,
    places: int,
    window: int,
    asked: Any,
    out: Any,
) -> Any:
    """Rows sorted by (place, minute). Turns of two people asked about, written to `out` (lesser, greater, place) as far as
    it goes: (how many, pairs of visits within the window by place, turns by place)."""
    last = np.full(tills, -1, np.int64)
    near, turn = np.zeros(places, np.int64), np.zeros(places, np.int64)
    found, first = 0, 0
    for i in range(len(place)):
        f = place[i]
        while place[first] != f or minute[i] - minute[first] > window:
            first += 1
        if excluded[i]:
            continue
        near[f] += i - first
        k = operator[i]
        if k < 0:
            continue
        p = last[k]
        last[k] = i
        if p < 0 or place[p] != f or minute[i] - minute[p] > window or patient[p] == patient[i]:
            continue
        turn[f] += 1
        if asked[patient[p]] and asked[patient[i]]:
            if found < len(out):
                out[found, 0] = min(patient[p], patient[i])
                out[found, 1] = max(patient[p], patient[i])
                out[found, 2] = f
            found += 1
    return found, near, turn
