"""Gatherings of a group: windows in which at least m of its members were at one place, against chance."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from graph.scan.chance import rows_of
from graph.scan.covisits import VisitColumns
from graph.scan.kernels import compiled
from graph.scan.kernels_chance import log_poisson_tail

DAY = 1440
LEAST = 3
"""Members that make a gathering."""


@dataclass(frozen=True)
class Gatherings:
    """n gatherings of one group, by place and time.

    place, first, last (minutes), present (distinct members) int32[n]; `rows` are the members' visits in
    them and `of` the gathering of each row.
    """

    place: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]
    present: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    of: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.place)

    def first_few(self, most: int) -> "Gatherings":
        """The first `most` gatherings alone."""
        kept = self.of < most
        return Gatherings(
            self.place[:most], self.first[:most], self.last[:most], self.present[:most],
            self.rows[kept], self.of[kept],
        )  # fmt: skip

    @property
    def days(self) -> npt.NDArray[np.int64]:
        """The distinct days, since 2000-01-01."""
        return np.unique(self.first.astype(np.int64) // 1440)


def runs(ascending: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """The different values of an ascending array, and how often each stands there."""
    fresh = np.ones(len(ascending) + 1, dtype=np.bool_)
    fresh[1:-1] = ascending[1:] != ascending[:-1]
    bounds = np.flatnonzero(fresh)
    return ascending[bounds[:-1]], bounds[1:] - bounds[:-1]


@compiled
def sweep(
    rows: Any, place: Any, minute: Any, patient: Any, window: int, least: int, of: Any, present: Any
) -> int:
    """Greedy windows anchored at their first visit; sets `of` per row (-1 none) and the patients `present` in each, returns how many."""
    count, i, n = 0, 0, len(rows)
    while i < n:
        f, t = place[rows[i]], minute[rows[i]]
        j = i
        while j < n and place[rows[j]] == f and minute[rows[j]] - t <= window:
            j += 1
        distinct = 0
        for x in range(i, j):
            fresh = True
            for y in range(i, x):
                if patient[rows[y]] == patient[rows[x]]:
                    fresh = False
                    break
            distinct += fresh
        if distinct >= least:
            for x in range(i, j):
                of[x] = count
            present[count] = distinct
            count += 1
            i = j
        else:
            i += 1
    return count


def gather(
    columns: VisitColumns,
    members: npt.NDArray[np.int32],
    window: int,
    *,
    least: int = LEAST,
    excluded: npt.NDArray[np.bool_] | None = None,
) -> Gatherings:
    """The gatherings of `members` within `window` minutes, `excluded` visits left out."""
    rows = np.sort(rows_of(columns, members)[1])
    return gather_rows(
        columns, rows if excluded is None else rows[~excluded[rows]], window, least=least
    )


def gather_rows(
    columns: VisitColumns, rows: npt.NDArray[np.int32], window: int, *, least: int = LEAST
) -> Gatherings:
    """The gatherings among ascending `rows` alone."""
    of = np.full(len(rows), -1, dtype=np.int32)
    present = np.empty(len(rows), dtype=np.int32)
    n = sweep(rows, columns.place, columns.minute, columns.patient, window, least, of, present)
    inside = of >= 0
    rows, of = rows[inside], of[inside]
    starts = np.searchsorted(of, np.arange(n))
    ends = np.append(starts, len(of))[1:] - 1
    return Gatherings(
        columns.place[rows[starts]],
        columns.minute[rows[starts]],
        columns.minute[rows[ends]],
        present[:n].copy(),
        rows,
        of,
    )


@compiled
def count_regulars(offsets: Any, patient: Any, excluded: Any, patients: int, most: int) -> Any:
    """How many patients each place has seen at least v times, v = 0 … `most`, `excluded` visits left out; int64[F, most + 1].

    Column 0 counts like column 1; patients seen more than `most` times count as seen `most` times.
    """
    found = np.zeros((len(offsets) - 1, most + 1), np.int64)
    times = np.zeros(patients, np.int32)
    for f in range(len(offsets) - 1):
        for row in range(offsets[f], offsets[f + 1]):
            if not excluded[row]:
                times[patient[row]] += 1
        for row in range(offsets[f], offsets[f + 1]):
            n = min(times[patient[row]], most)
            times[patient[row]] = 0
            for v in range(n + 1 if n else 0):
                found[f, v] += 1
    return found


def within_reach(found: Gatherings, window: int) -> Gatherings:
    """The gatherings with the time in which one more would still be within `window` minutes of all; the date's own minutes only."""
    day = found.first - found.first % DAY
    first = np.minimum(found.first, np.maximum(found.last - window, day))
    last = np.maximum(found.last, np.minimum(found.first + window, day + DAY - 1))
    return replace(found, first=first.astype(np.int32), last=last.astype(np.int32))


def visitors(
    columns: VisitColumns, found: Gatherings
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Everybody at the place during each gathering: (gathering, row) of every visit between first and last."""
    begin, end = bounds(columns, found)
    size = end - begin
    of = np.repeat(np.arange(len(found), dtype=np.int32), size)
    at = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size) + begin[of]
    return of, at.astype(np.int32)


def bounds(
    columns: VisitColumns, found: Gatherings
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows [begin, end) of each gathering's place and span."""
    begin = np.empty(len(found), dtype=np.int64)
    end = np.empty(len(found), dtype=np.int64)
    for k in range(len(found)):
        lo, hi = columns.place_offsets[found.place[k]], columns.place_offsets[found.place[k] + 1]
        span = columns.minute[lo:hi]
        begin[k] = lo + np.searchsorted(span, found.first[k])
        end[k] = lo + np.searchsorted(span, found.last[k], side="right")
    return begin, end


def log10_tail(observed: int, expected: float) -> float:
    """log10 P[Poisson(expected) >= observed], without underflow for far tails."""
    if observed <= 0:
        return 0.0
    return float(log_poisson_tail(observed, max(expected, 1e-12)) / np.log(10))


def log10_choose(n: int, k: int) -> float:
    """log10 of n over k: how many groups of k could have been looked at."""
    k = min(k, n)
    return float(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)) / float(np.log(10))
