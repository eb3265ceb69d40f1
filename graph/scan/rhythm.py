"""Each place's ordinary rhythm, robust to the very gatherings one looks for, and chance under it.

A small pharmacy that a ring uses owes most of its coincidences to the ring: judged by its own coincidence rate, the ring
would excuse itself. So the null here knows a place only by its open dates per weekday, its share of visits by weekday and its
hours of the day (smoothed), and people only by their own habits: on which weekdays and in which two hours they come. It
never looks at what happened on one particular date.

    habit   mu_ij = sum_f sum_{d, b, b'} n_ifdb n_jfdb' / dates_fd * reach(b, b')
    place   mu_ij = sum_f n_if n_jf q_f,   q_f = sum_d share_fd^2 / dates_fd * P(|t - t'| <= window)

The larger of the two, place by place, is what chance is allowed.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from graph.scan.chance import Judged, evidence_weight, log10_poisson_tail
from graph.scan.covisits import Pairs, VisitColumns
from graph.scan.kernels import compiled, in_chunks

DAY = 1440
BLOCK = 120
BLOCKS = DAY // BLOCK
BIN = 30
BINS = DAY // BIN
BORROWED = 20.0
"""Visits' worth of the whole week's hours lent to a weekday's own."""
CHUNKS = 64

Reals = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Rhythm:
    """dates, share float64[F, 7] by day number modulo 7; hours float64[F, 7, 48]; rate float64[F] is q_f."""

    columns: VisitColumns
    window: int
    dates: Reals
    share: Reals
    hours: Reals
    rate: Reals

    @classmethod
    def fit(cls, columns: VisitColumns, window: int) -> Self:
        """The rhythm of every place in these visits."""
        dates = np.zeros((columns.places, 7))
        share = np.zeros((columns.places, 7))
        hours = np.zeros((columns.places, 7, BINS))
        bounds = np.unique(np.linspace(0, columns.places, CHUNKS + 1).astype(int)).tolist()
        in_chunks(
            lambda a, b: fill_rhythm(
                columns.place_offsets, columns.minute, dates, share, hours, a, b
            ),
            bounds,
            None,
        )
        return cls(columns, window, dates, share, hours, _rate(dates, share, hours, window))

    def habits(
        self, people: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Visits of flagged people by (place, weekday × block): offsets int64[P + 1], entries int32[n, 3] sorted by place."""
        c = self.columns
        size = np.zeros(c.patients + 1, np.int64)
        bounds = np.unique(np.linspace(0, c.patients, CHUNKS + 1).astype(int)).tolist()
        found = in_chunks(
            lambda a, b: tally_habits(
                c.order, c.patient_offsets, c.place, c.minute, people, size, a, b
            ),
            bounds,
            None,
        )
        return np.cumsum(size), np.concatenate([np.empty((0, 3), np.int32), *found])

    def judge(self, pairs: Pairs, threads: int | None = None) -> Judged:
        """Expected co-visits, log10 of the Poisson tail and evidence weight of each pair."""
        people = np.zeros(self.columns.patients, np.bool_)
        people[pairs.a] = people[pairs.b] = True
        offsets, entries = self.habits(people)
        expected = np.zeros(len(pairs.a))
        within = _within(self.window)
        bounds = np.unique(np.linspace(0, len(pairs.a), CHUNKS + 1).astype(int)).tolist()
        in_chunks(
            lambda a, b: expect(
                pairs.a, pairs.b, offsets, entries, self.dates, self.rate, within, expected, a, b
            ),
            bounds,
            threads,
        )
        log_p = log10_poisson_tail(pairs.observed, expected)
        return Judged(expected, log_p, evidence_weight(pairs.observed, expected))

    def chance_at(self, place: int, first: int, last: int) -> float:
        """The chance that one visit to `place` falls between minutes `first` and `last` of that very date."""
        bins = np.arange(first % DAY // BIN, min((last % DAY) // BIN, BINS - 1) + 1)
        weekday = first // DAY % 7
        hours = float(self.hours[place, weekday][bins].sum())
        width = min(1.0, (last - first + 1) / (BIN * max(len(bins), 1)))
        return (
            float(self.share[place][weekday] / max(self.dates[place][weekday], 1.0)) * hours * width
        )

    def gatherings(
        self, place: int, visits: int, least: int, *, window: int | None = None
    ) -> float:
        """Expected windows with `least` of `visits` visits at `place`, made independently in its rhythm."""
        return self.gatherings_at(np.array([place]), np.array([visits]), least, window=window)

    def gatherings_at(
        self,
        places: npt.NDArray[Any],
        visits: npt.NDArray[np.int64],
        least: int,
        *,
        window: int | None = None,
    ) -> float:
        """The same added up over places with their visits."""
        width = max(self.window if window is None else window, 1) / BIN
        return float(
            expect_everywhere(
                self.dates, self.share, self.hours, places.astype(np.int64), visits, least, width
            )
        )


def _within(window: int) -> Reals:
    """P(|t - t'| <= window) for two times in two-hour blocks 0, 1, 2 … apart, float64[12]."""
    grid = (np.arange(BLOCK) + 0.5)[:, None]
    return np.array([
        float((np.abs(grid - (grid.T + k * BLOCK)) <= window).mean()) for k in range(BLOCKS)
    ])  # fmt: skip


def _rate(dates: Reals, share: Reals, hours: Reals, window: int) -> Reals:
    grid = (np.arange(BIN) + 0.5)[:, None]
    near = np.zeros(hours.shape[:2])
    for k in range(BINS):
        p = float((np.abs(grid - (grid.T + k * BIN)) <= window).mean())
        if p == 0.0:
            break
        pairs = (hours[:, :, : BINS - k] * hours[:, :, k:]).sum(axis=2)
        near += p * pairs * (1.0 if k == 0 else 2.0)
    found: Reals = (share**2 / np.maximum(dates, 1.0) * near).sum(axis=1)
    return found


@compiled
def tally_habits(
    order: Any,
    offsets: Any,
    place: Any,
    minute: Any,
    people: Any,
    size: Any,
    first: int,
    last: int,
) -> Any:
    """Runs of equal (place, weekday, block) of the flagged patients among [first, last), and `size` of each at i + 1.

    Rows of a patient ascend, so places do too.
    """
    n = 0
    for i in range(first, last):
        if people[i]:
            n += offsets[i + 1] - offsets[i]
    entries = np.empty((n, 3), np.int32)
    used = 0
    for i in range(first, last):
        if not people[i]:
            continue
        begin = used
        for r in range(offsets[i], offsets[i + 1]):
            row = order[r]
            f = place[row]
            s = (minute[row] // 1440) % 7 * 12 + minute[row] % 1440 // 120
            found = False
            for k in range(used - 1, begin - 1, -1):
                if entries[k, 0] != f:
                    break
                if entries[k, 1] == s:
                    entries[k, 2] += 1
                    found = True
                    break
            if not found:
                entries[used, 0], entries[used, 1], entries[used, 2] = f, s, 1
                used += 1
        size[i + 1] = used - begin
    return entries[:used].copy()


@compiled
def expect_gatherings(
    dates: Any, share: Any, hours: Any, visits: float, least: int, width: float
) -> Any:
    """Windows of `width` half-hours with `least` of `visits` independent visits: dates, share [7], hours [7, 48]."""
    total = 0.0
    for d in range(7):
        for k in range(48):
            rate = 2.0 * width * visits * share[d] * hours[d, k] / dates[d]
            if rate > 0.0:
                total += dates[d] * poisson_tail(least, rate)
    return total / width


@compiled
def expect_everywhere(
    dates: Any, share: Any, hours: Any, places: Any, visits: Any, least: int, width: float
) -> Any:
    """`expect_gatherings` added up over places."""
    total = 0.0
    for k in range(len(places)):
        f = places[k]
        total += expect_gatherings(dates[f], share[f], hours[f], visits[k], least, width)
    return total


@compiled
def poisson_tail(least: int, rate: float) -> Any:
    """P[Poisson(rate) >= least], summed from the smaller side."""
    term = np.exp(-rate)
    if rate >= least + 1.0:
        below = 0.0
        for i in range(least):
            below += term
            term *= rate / (i + 1)
        return max(0.0, 1.0 - below)
    for i in range(least):
        term *= rate / (i + 1)
    total, i = term, least
    while term > 1e-17 * total:
        i += 1
        term *= rate / i
        total += term
    return total


@compiled
def expect(
    a: Any,
    b: Any,
    offsets: Any,
    entries: Any,
    dates: Any,
    rate: Any,
    within: Any,
    out: Any,
    first: int,
    last: int,
) -> None:
    """Expected co-visits of pairs [first, last): the larger of habit and place, summed over places."""
    for q in range(first, last):
        i, i_end = offsets[a[q]], offsets[a[q] + 1]
        j, j_end = offsets[b[q]], offsets[b[q] + 1]
        total = 0.0
        while i < i_end and j < j_end:
            f, g = entries[i, 0], entries[j, 0]
            if f < g:
                i += 1
                continue
            if g < f:
                j += 1
                continue
            i2, j2, n_i, n_j = i, j, 0, 0
            while i2 < i_end and entries[i2, 0] == f:
                n_i += entries[i2, 2]
                i2 += 1
            while j2 < j_end and entries[j2, 0] == f:
                n_j += entries[j2, 2]
                j2 += 1
            habit = 0.0
            for x in range(i, i2):
                d, block = entries[x, 1] // 12, entries[x, 1] % 12
                for y in range(j, j2):
                    if entries[y, 1] // 12 == d:
                        apart = abs(entries[y, 1] % 12 - block)
                        habit += (
                            entries[x, 2] * entries[y, 2] * within[apart] / max(dates[f, d], 1.0)
                        )
            total += max(habit, n_i * n_j * rate[f])
            i, j = i2, j2
        out[q] = total


@compiled
def fill_rhythm(
    offsets: Any, minute: Any, dates: Any, share: Any, hours: Any, first: int, last: int
) -> None:
    """Open dates, weekday shares and smoothed hours of places [first, last).

    One date counts for two visits at most, so that a gathering weighs no more than a quiet day. A place is taken to be open
    on every date of its span, unless it only ever shows crowds.
    """
    for f in range(first, last):
        lo, hi = offsets[f], offsets[f + 1]
        visits = np.zeros(7)
        clock = np.zeros((7, 48))
        distinct, crowded, row = 0, 0, lo
        while row < hi:
            d = minute[row] // 1440
            end = row
            while end < hi and minute[end] // 1440 == d:
                end += 1
            weight = min(1.0, 2.0 / (end - row))
            for r in range(row, end):
                clock[d % 7, minute[r] % 1440 // 30] += weight
            visits[d % 7] += weight * (end - row)
            distinct += 1
            crowded += end - row >= 5
            row = end
        weeks = 1.0
        if hi > lo:
            weeks = max(1.0, (minute[hi - 1] - minute[lo]) / 10080.0)
        crowds_only = distinct >= 12 and crowded >= 0.8 * distinct
        used = 0.0
        for d in range(7):
            used += visits[d] > 0
        every = smoothed(clock.sum(axis=0))
        for d in range(7):
            dates[f, d] = min(weeks, max(1.0, distinct / used)) if crowds_only else weeks
            share[f, d] = visits[d] + 0.5
            own = smoothed(clock[d])
            mine = visits[d] / (visits[d] + BORROWED)
            hours[f, d] = mine * own + (1.0 - mine) * every
        share[f] /= share[f].sum()


@compiled
def smoothed(clock: Any) -> Any:
    """Hours of the day as shares: neighbours lent a quarter each, a twentieth spread over the open half-hours."""
    hours = np.zeros(48)
    n = clock.sum()
    if n <= 0.0:
        return hours
    open_bins = 0.0
    for k in range(48):
        open_bins += clock[k] > 0
    for k in range(48):
        left = clock[k - 1] if k > 0 else 0.0
        right = clock[k + 1] if k < 47 else 0.0
        hours[k] = 0.95 * (0.25 * left + 0.5 * clock[k] + 0.25 * right) / n
        if clock[k] > 0:
            hours[k] += 0.05 / open_bins
    return hours / hours.sum()
