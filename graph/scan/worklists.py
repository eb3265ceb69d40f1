"""Worklists: patients of one facility who turn up at another in rounds, each round in the same order, over some days or within them."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
import numpy.typing as npt

from graph.scan.candidates import ascending
from graph.scan.gatherings import log10_tail
from graph.scan.kernels import in_chunks
from graph.scan.kernels_worklists import bursts
from graph.scan.visits import CHECKUP, DAY, Attendance

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SPAN = 14
"""Days in which a list's first round begins for most of its people."""
SOON, LATE = 7, 100
"""Days from somebody's first visit to a later one by which it may be of another round: up to a quarter and a few days."""
MOST_TIMES = 12
"""Days of one person at the place: who is there oftener is its own patient."""
LEAST = 8
"""People of a list: of fewer, the order says little."""
QUIET = 4
"""Days without any of them between two rounds."""
LONGEST = 24
"""Days a round takes at most."""
LEAST_DAYS, FEW_ROUNDS = 3, 2
"""Days a round takes at least where there are no more than `FEW_ROUNDS`: who all come on one day came in one bus or to one surgery,
or twice by a class list, for both doses of a vaccine."""
SAME = 0.5
"""Share of the people who are in a round."""
INSIDE = 0.75
"""Share of somebody's days at the place that fall into the rounds."""
IDLE = 0.35
"""Share of the time from first to last round in which nobody of the list comes: people who come by their own rhythm leave less."""
ORDERED = 0.6
"""How much two rounds agree on who comes before whom, 1 where always, 0 by chance (Goodman and Kruskal's gamma)."""
LEAST_ORDER = -3.0
"""log10 of the chance of the common order at most."""
CHUNKS = 8


@dataclass(frozen=True)
class Worklist:
    """`people` (sorted keys) of place `first`, who were at `second` in `rounds` (first and last day, since 2000-01-01).

    `size` of them began within `SPAN` days where `expected` would; `surprise` is -log10 of the chance of that and of the
    common order, all pairs of places and days tried. `agreement` is gamma of the order, all rounds.
    """

    first: int
    second: int
    people: Ints
    rounds: tuple[tuple[int, int], ...]
    agreement: float
    expected: float
    size: int
    surprise: float


def worklists(seen: Attendance, eligible: Flags) -> list[Worklist]:
    """Those at all pairs of `eligible` places, check-ups left out, the most improbable first; no two of one place share half their people."""
    c = seen.columns
    if not len(c):
        return []
    days = max((int(c.minute.max()) - int(c.minute.min())) // DAY + 1, 2 * SPAN)
    counted = seen.explained != CHECKUP
    visits = (
        c.patient, c.minute, c.place, c.place_offsets, c.order, c.patient_offsets, counted, eligible,
    )  # fmt: skip
    rules = np.array([SPAN, SOON, LATE, MOST_TIMES, LEAST, days], np.int64)
    one_place = float(np.log10(days / SPAN) + np.log10(max(int(eligible.sum()), 2)))
    all_places = one_place + float(np.log10(max(int(eligible.sum()), 2)))
    at = np.linspace(0, len(c), CHUNKS + 1)
    bounds = np.unique(np.searchsorted(c.place_offsets[:-1], at)).tolist()
    found = np.concatenate(
        in_chunks(lambda a, b: bursts(visits, rules, one_place, a, b), bounds, None)
    )
    lists = []
    for first, second, day, _ in found.tolist():
        there = _Days.of(seen, counted, first, second)
        listed = there.begun(day)
        by_chance = float(np.minimum(1.0, there.times[there.few] * SPAN / days).sum())
        surprise = -log10_tail(len(listed), by_chance) - all_places
        one = there.worked_off(listed, surprise, by_chance)
        if one is not None:
            lists.append(one)
    return _apart(lists)


def _apart(found: list[Worklist]) -> list[Worklist]:
    kept: list[Worklist] = []
    for one in sorted(found, key=lambda w: (-w.surprise, -len(w.people), w.second, w.first)):
        same = (w for w in kept if w.second == one.second)
        if all(len(np.intersect1d(w.people, one.people)) < SAME * len(one.people) for w in same):
            kept.append(one)
    return kept


@dataclass(frozen=True)
class _Days:
    """The days (since 2000-01-01) on which patients of `first` were at `second`: `who`, `day` and that day's first `minute`, int32[n],
    by patient, then day; no minute, -1, where a calendar explains the visit: who has an hour of the own keeps to an order, too.

    `people` are the patients, each once; patient k's rows are `times`[k] from `starts`[k].
    """

    first: int
    second: int
    who: Ints
    day: Ints
    minute: Ints
    people: Ints
    starts: Longs
    times: Longs

    @classmethod
    def of(cls, seen: Attendance, counted: Flags, first: int, second: int) -> Self:
        c = seen.columns
        theirs, here = (slice(*c.place_offsets[f : f + 2].tolist()) for f in (first, second))
        known = counted[here] & np.isin(c.patient[here], c.patient[theirs])
        of_calendar = (seen.explained[here][known] > 0).astype(np.int64)
        times = ascending(
            c.patient[here][known].astype(np.int64) << 32 | c.minute[here][known] << 1 | of_calendar
        )
        who, minute = (times >> 32).astype(np.int32), ((times & 0xFFFFFFFF) >> 1).astype(np.int32)
        fresh = np.ones(len(times), dtype=np.bool_)
        fresh[1:] = (who[1:] != who[:-1]) | (minute[1:] // DAY != minute[:-1] // DAY)
        who, minute, free = who[fresh], minute[fresh], (times[fresh] & 1) == 0
        each = np.unique(who, return_index=True, return_counts=True)
        return cls(first, second, who, minute // DAY, np.where(free, minute, -1), *each)

    @property
    def few(self) -> Flags:
        """Who was there more than once and not often."""
        return (self.times >= 2) & (self.times <= MOST_TIMES)

    def begun(self, day: int) -> Ints:
        """Those of the few who were first there from `day` on, within `SPAN` days."""
        first = self.day[self.starts]
        return self.people[self.few & (first >= day) & (first < day + SPAN)]

    def worked_off(self, listed: Ints, surprise: float, by_chance: float) -> Worklist | None:
        """The list that begins with those `listed`, if they came in rounds of one order: of days, or else of minutes."""
        runs = self._rounds(listed)
        long = [run for run in runs if len(run) >= LEAST_DAYS]
        for unit, kept in ((DAY, long), (1, runs if len(runs) > FEW_ROUNDS else long)):
            rounds = tuple((int(run[0]), int(run[-1])) for run in kept)
            member, came = self._came(rounds, self.day if unit == DAY else self.minute)
            length = sum(b - a + 1 for a, b in rounds)
            if member.sum() < LEAST or length > (1 - IDLE) * (rounds[-1][1] - rounds[0][0] + 1):
                continue
            gamma, log10_p = _agreement(came[member])
            total = surprise - log10_p
            if gamma >= ORDERED and log10_p <= LEAST_ORDER and total > 0:
                return Worklist(
                    self.first, self.second, self.people[member], rounds, gamma, by_chance, len(listed), total
                )  # fmt: skip
        return None

    def _came(self, rounds: tuple[tuple[int, int], ...], when: Ints) -> tuple[Flags, Longs]:
        """Of `people`, who came to two of the rounds and hardly otherwise; and `when` to each, int64[people, rounds], -1 where not."""
        came = np.full((len(self.people), len(rounds)), -1, np.int64)
        if len(rounds) < 2:
            return np.zeros(len(self.people), np.bool_), came
        of = np.searchsorted([a for a, _ in rounds], self.day, side="right") - 1
        of[self.day > np.array([b for _, b in rounds])[of]] = -1
        there = np.zeros(came.shape, np.bool_)
        row = np.repeat(np.arange(len(self.people)), self.times)
        back = np.flatnonzero(of >= 0)[::-1]
        came[row[back], of[back]], there[row[back], of[back]] = when[back], True
        inside = np.add.reduceat((of >= 0).astype(np.int64), self.starts)
        return (there.sum(axis=1) >= 2) & (inside >= INSIDE * self.times), came

    def _rounds(self, listed: Ints) -> list[Ints]:
        """The days of each run with hardly a break in which most of those `listed` were there."""
        theirs = np.isin(self.who, listed)
        who, day = self.who[theirs], self.day[theirs]
        days = np.unique(day)
        parts = np.split(days, np.flatnonzero(np.diff(days) > QUIET) + 1)
        return [
            part
            for part in parts
            if part[-1] - part[0] < LONGEST
            and len(np.unique(who[(day >= part[0]) & (day <= part[-1])])) >= SAME * len(listed)
        ]


def _agreement(came: Longs) -> tuple[float, float]:
    """Gamma of the order of days, or minutes, in each round and the next, and log10 of the chance: int64[people, rounds], -1 where not there."""
    from scipy.stats import kendalltau

    agree, oppose, log10_p = 0.0, 0.0, 0.0
    for a, b in pairwise(came.T):
        both = (a >= 0) & (b >= 0)
        one, next_ = (np.sign(x[both][:, None] - x[both][None, :]) for x in (a, b))
        agree += float((one * next_ > 0).sum())
        oppose += float((one * next_ < 0).sum())
        if both.sum() >= LEAST and np.ptp(a[both]) and np.ptp(b[both]):
            p = float(kendalltau(a[both], b[both], alternative="greater").pvalue)
            log10_p += float(np.log10(max(p, 1e-300)))
    return (agree - oppose) / max(agree + oppose, 1.0), log10_p
