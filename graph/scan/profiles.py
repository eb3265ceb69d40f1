"""Gatherings of many groups at once, and how many there would be by chance when places are busy.

A gathering is a window of `window` minutes, opened by a visit of a member, in which at least m
different members were at one place; the next one opens after the last visit of this one.
Source: research note §2.7 (5), for windows that may open anywhere instead of fixed slots.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from graph.scan import kernels_chance
from graph.scan.chance import WORKWEEK_AND_WEEKEND, log10_poisson_tail, rows_of
from graph.scan.covisits import Ints, Longs, VisitColumns

BIN = 10
BINS = 1440 // BIN
STEPS = (10, 20, 30, 40, 60, 120, 240, 480, 720, 1440)
COARSEST = 120
STEADY = 20


@dataclass(frozen=True)
class Gatherings:
    """G gatherings in order of (ring, place, first): int32[G], rows by offsets int64[G + 1].

    ring: index of the group; first, last: minutes of the first and last visit; members: how many
    different members; rows int32: visits, as row numbers of the columns searched.
    """

    ring: Ints
    place: Ints
    first: Ints
    last: Ints
    members: Ints
    offsets: Longs
    rows: Ints

    def __len__(self) -> int:
        return len(self.ring)

    def rows_at(self, gathering: int) -> Ints:
        """The visits of one gathering, in order of time."""
        return self.rows[self.offsets[gathering] : self.offsets[gathering + 1]]


def gatherings(
    columns: VisitColumns,
    members: Sequence[npt.ArrayLike],
    window: int,
    least_members: int | Sequence[int],
) -> Gatherings:
    """The gatherings of each group of patient keys, greedy and not overlapping.

    `least_members` holds for all groups, or one number for each. Only members' visits are touched.
    """
    groups = [np.unique(np.asarray(m, np.int32)) for m in members]
    least = np.broadcast_to(np.asarray(least_members, np.int32), len(groups)).copy()
    if window < 0 or (len(least) and int(least.min()) < 1):
        raise ValueError("a gathering needs a window >= 0 minutes and at least one member")
    who = np.concatenate([np.empty(0, np.int32), *groups])
    group = np.repeat(np.arange(len(groups), dtype=np.int64), [len(g) for g in groups])
    owner, rows = rows_of(columns, who)
    packed = np.sort((group[owner].astype(np.uint64) << np.uint64(32)) | rows.astype(np.uint64))
    ring = (packed >> np.uint64(32)).astype(np.int32)
    sorted_rows = (packed & np.uint64(2**32 - 1)).astype(np.int32)
    found, bounds = kernels_chance.greedy_gatherings(
        ring,
        sorted_rows,
        columns.patient,
        columns.place,
        columns.minute,
        window,
        least,
        columns.patients,
    )
    sizes = bounds[:, 1] - bounds[:, 0]
    offsets = np.zeros(len(found) + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    inside = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)
    kept = sorted_rows[np.repeat(bounds[:, 0], sizes) + inside]
    ring_of, place, first, last, size = (np.ascontiguousarray(found[:, k]) for k in range(5))
    return Gatherings(ring_of, place, first, last, size, offsets, kept)


@dataclass(frozen=True)
class Expected:
    """Gatherings to expect of a group: in all, and by place (int32[n], float64[n]).

    clients: patients of the places where the group could gather, summed; size: members.
    """

    total: float
    place: Ints
    by_place: npt.NDArray[np.float64]
    clients: int
    size: int

    def log10_p(self, observed: int) -> float:
        """log10 P[Poisson(total) >= observed]: the members visiting independently."""
        return float(log10_poisson_tail(observed, max(self.total, 1e-300))[0])

    def look_elsewhere(self, observed: int) -> float:
        """`log10_p` after allowing for every possible group of this size; at most 0."""
        return min(0.0, self.log10_p(observed) + log10_choose(self.clients, self.size))


@dataclass(frozen=True)
class Profiles:
    """When each place is busy; made once, asked about many groups.

    groups int32[7], the group of each day of the week, Saturday first; visits int32[F, groups,
    144] by ten minutes of the day; days int32[F, groups] on which the place saw anybody;
    clients int32[F], different patients.
    """

    columns: VisitColumns
    groups: Ints
    visits: Ints
    days: Ints
    clients: Ints

    @classmethod
    def build(cls, columns: VisitColumns, groups: Sequence[int] = WORKWEEK_AND_WEEKEND) -> Self:
        """Profiles of all places; leave repeated and excluded visits out of `columns` first."""
        group = np.asarray(groups, np.int32)
        visits, days, clients = kernels_chance.place_profiles(
            columns.patient,
            columns.minute,
            group,
            columns.place_offsets,
            BINS,
            int(group.max()) + 1,
            columns.patients,
        )
        return cls(columns, group, visits, days, clients)

    def expected(self, members: npt.ArrayLike, window: int, least_members: int) -> Expected:
        """Gatherings to expect if the members came independently, when others usually come.

        Members keep the number of their visits at each place. The hours come from the visits of
        all others there, spread evenly over the days on which others came: a crowd on one day
        explains nothing. A window may open anywhere, hence m chances for each set of m members.
        """
        who = np.unique(np.asarray(members, np.int32))
        rows = rows_of(self.columns, who)[1]
        place, patient = self.columns.place[rows], self.columns.patient[rows]
        means: list[float] = []
        places: list[int] = []
        for f in np.unique(place):
            there = rows[place == f]
            visits = np.unique(patient[place == f], return_counts=True)[1]
            if len(visits) < least_members:
                continue
            mean = self._at_place(int(f), there, visits, window, least_members)
            means.append(min(mean, float(int(visits.sum()) // least_members)))
            places.append(int(f))
        at, by_place = np.array(places, np.int32), np.array(means, np.float64)
        return Expected(float(by_place.sum()), at, by_place, int(self.clients[at].sum()), len(who))

    def _at_place(self, f: int, rows: Ints, visits: Longs, window: int, least: int) -> float:
        others, days = self._others(f, rows)
        if not others.any():
            return float("inf")
        coarse = _steady(others, window)
        span = (window + 1) / (1440 / coarse.shape[1])
        nearby = np.maximum(coarse, np.roll(coarse, -1, axis=1))
        mean = 0.0
        for group, open_days in enumerate(days):
            values, counts = np.unique(nearby[group][nearby[group] > 0], return_counts=True)
            for value, count in zip(values, counts, strict=True):
                share = float(value) / float(others.sum()) / max(1, open_days) * span
                p = float(kernels_chance.gathering_probability(visits, min(1.0, share), least))
                mean += float(open_days) * float(count) / span * min(1.0, least * p)
        return mean

    def _others(self, f: int, rows: Ints) -> tuple[Ints, Ints]:
        """Visits of others at a place by group and time of day, and days on which others came."""
        day, inside = np.divmod(self.columns.minute[rows], 1440)
        visits, days = self.visits[f].copy(), self.days[f].copy()
        np.subtract.at(visits, (self.groups[day % 7], inside // BIN), 1)
        lo, hi = self.columns.place_offsets[f], self.columns.place_offsets[f + 1]
        when = self.columns.minute[lo:hi]
        own_days, own = np.unique(day, return_counts=True)
        opened, closed = (np.searchsorted(when, (own_days + k) * 1440) for k in (0, 1))
        np.subtract.at(days, self.groups[own_days[own == closed - opened] % 7], 1)
        return visits, days


def _steady(visits: Ints, window: int) -> Ints:
    """The profile in the finest steps, at least as long as the window, that are not mere noise.

    Steps grow up to COARSEST minutes until those in use hold STEADY visits on average.
    """
    for step in (s for s in STEPS if s >= min(window + 1, 1440)):
        coarse = visits.reshape(len(visits), 1440 // step, step // BIN).sum(axis=2)
        if step >= COARSEST or coarse.sum() >= STEADY * np.count_nonzero(coarse):
            return np.asarray(coarse, np.int32)
    raise AssertionError("the last step is a whole day")


def log10_choose(n: int, k: int) -> float:
    """log10 of the number of groups of k among n; 0 where k > n."""
    if k > n:
        return 0.0
    return float((gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)) / np.log(10.0))


def expected_gatherings(
    columns: VisitColumns, members: npt.ArrayLike, window: int, least_members: int
) -> Expected:
    """`Profiles.expected` for a single group; for many groups build the profiles once."""
    return Profiles.build(columns).expected(members, window, least_members)
