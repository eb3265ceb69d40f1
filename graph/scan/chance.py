"""How many co-visits two patients would share by chance, given how crowded their places are.

The null model relabels visits within a place (or a stratum of it), never across places and never
inside one day. For strata c, d of place f, with W the pairs of visits of different patients in
reach and D all pairs of visits of different patients,

    q_cd = W_cd / D_cd,    mu_ij = sum over f, c, d of n_ic n_jd q_cd,    p_ij = P[X >= X_ij]

with X Poisson(mu_ij), or Poisson-binomial where some q exceeds CROWDED; with one stratum q_f = W_f / D_f.
Source: Tumminello et al. 2011 (statistically validated networks), with rates per place for its draws from one urn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from graph.scan import kernels, kernels_chance
from graph.scan.covisits import Flags, Ints, Longs, Pairs, VisitColumns, even_bounds, windows

Reals = npt.NDArray[np.float64]

CROWDED = 0.01
WEIGHT_CAP = 50.0
WORKWEEK_AND_WEEKEND = (1, 1, 0, 0, 0, 0, 0)
"""Groups of the days of the week, Saturday first, as 1 January 2000 was one."""


@dataclass(frozen=True)
class Strata:
    """How a place is cut by day of the week and time of day, and when a cut is too thin to use.

    groups: the group of each day of the week, Saturday first; block: minutes, dividing 1440. A
    stratum stands alone with at least `days` open days and `visits` visits by others, whoever the
    pair; the rest of the place is one stratum together.
    """

    groups: Sequence[int] = WORKWEEK_AND_WEEKEND
    block: int = 120
    days: int = 20
    visits: int = 200


@dataclass(frozen=True)
class Judged:
    """What chance says of n pairs: expected co-visits, log10 p (<= 0) and evidence weight, float64."""

    expected: Reals
    log10_p: Reals
    weight: Reals

    @property
    def p(self) -> Reals:
        """p as such; below 1e-308 it is 0, so rank by log10_p."""
        return np.asarray(10.0**self.log10_p)


@dataclass(frozen=True)
class Chance:
    """The fitted null of some visits: matrices by stratum of each place, one after another.

    stratum int16[N], the visit's stratum inside its place; sizes int32[F], strata of each place;
    starts int64[F + 1], where its matrix starts; met, own int64[starts[-1]]: pairs of visits of
    different patients in reach, and pairs of visits of one patient; visits int64[sum of sizes].
    """

    columns: VisitColumns
    window: int
    stratum: npt.NDArray[np.int16]
    sizes: Ints
    starts: Longs
    met: Longs
    own: Longs
    visits: Longs

    @classmethod
    def fit(
        cls,
        columns: VisitColumns,
        window: int,
        *,
        strata: Strata | None = None,
        excluded: Flags | None = None,
        threads: int | None = None,
    ) -> Self:
        """The null of these visits; repeated rows and `excluded` ones left out as in `covisits`."""
        visits = columns.distinct(excluded)
        stratum, sizes = _numbered(visits, strata)
        starts = np.zeros(visits.places + 1, np.int64)
        np.cumsum(sizes.astype(np.int64) ** 2, out=starts[1:])
        met = np.zeros(int(starts[-1]), np.int64)
        spans, _ = windows(visits, window, threads)
        offsets, patient = visits.place_offsets, visits.patient
        kernels.in_chunks(
            lambda a, b: kernels_chance.stratum_pairs(
                patient, stratum, spans, offsets, sizes, starts, met, a, b
            ),
            even_bounds(offsets),
            threads,
        )
        own = kernels_chance.own_pairs(
            visits.order, visits.patient_offsets, visits.place, stratum, sizes, starts
        )
        counts = _by_stratum(visits.place, stratum, sizes)
        return cls(visits, window, stratum, sizes, starts, met, own, counts)

    @property
    def possible(self) -> Longs:
        """Pairs of visits of different patients, met or not, of each two strata of each place."""
        return _all_pairs(self.visits, self.sizes, self.starts) - self.own

    @property
    def rate(self) -> Reals:
        """q of each two strata of each place, as far as the visits can tell.

        Inside one stratum never below 1 / (possible + 1): that nobody was seen to meet does not
        show that nobody could. 1 where there is nobody to tell.
        """
        possible = self.possible
        q = np.divide(self.met, possible, out=np.ones(len(possible)), where=possible > 0)
        inside = self._cells()[1]
        return np.asarray(np.where(inside, np.maximum(q, 1.0 / (possible + 1)), q))

    @property
    def place_rate(self) -> Reals:
        """q_f float64[F], strata pooled: the chance that two random visits at f are in reach."""
        place, inside = self._cells()
        share = np.where(inside, 1.0, 0.5)
        met = np.bincount(place, share * self.met, len(self.sizes))
        possible = np.bincount(place, share * self.possible, len(self.sizes))
        return np.divide(met, possible, out=np.zeros(len(met)), where=possible > 0)

    def _cells(self) -> tuple[Longs, Flags]:
        """The place of each cell of the matrices, and whether it is a stratum with itself."""
        place = np.repeat(np.arange(len(self.sizes)), np.diff(self.starts))
        within = np.arange(len(self.met)) - self.starts[place]
        return place, within % (self.sizes[place] + 1) == 0

    def judge(self, a: Ints, b: Ints, observed: Ints) -> Judged:
        """Expected co-visits, log10 p and weight of n pairs of patient keys with X observed.

        weight = X ln(X / mu) - (X - mu) where X > mu, else 0; at most WEIGHT_CAP.
        """
        offsets, entries, i, j = self._lists(a, b)
        matrices = (self.rate, self.sizes, self.starts)
        expected, highest = kernels_chance.expected_pairs(i, j, offsets, entries, *matrices)
        x = np.ascontiguousarray(observed, np.int64)
        log_p: Reals = kernels_chance.log_poisson_tails(x, expected)
        crowded = np.flatnonzero((highest > CROWDED) & (x > 0))
        log_p[crowded] = kernels_chance.log_crowded_tails(
            i[crowded], j[crowded], x[crowded], offsets, entries, *matrices, CROWDED
        )
        return Judged(expected, log_p / np.log(10.0), evidence_weight(observed, expected))

    def judge_pairs(self, pairs: Pairs) -> Judged:
        """`judge` for the pairs of a join; its window must be the one fitted."""
        if pairs.window != self.window:
            raise ValueError(f"pairs within {pairs.window} minutes, null within {self.window}")
        return self.judge(pairs.a, pairs.b, pairs.observed)

    def without(self, members: Ints) -> Self:
        """The null without the visits of `members`, who must not set the rate they are judged by.

        Their visits stay in `columns`, so that pairs among them can be judged.
        """
        who = np.unique(np.asarray(members, np.int32))
        owner, rows = rows_of(self.columns, who)
        met = self.met.copy()
        columns, cut = self.columns, (self.stratum, self.sizes, self.starts)
        kernels_chance.take_out(
            rows,
            columns.patient,
            columns.place,
            columns.minute,
            columns.place_offsets,
            *cut,
            self.window,
            met,
        )
        offsets = np.searchsorted(owner, np.arange(len(who) + 1))
        own = self.own - kernels_chance.own_pairs(rows, offsets, columns.place, *cut)
        gone = _by_stratum(columns.place[rows], self.stratum[rows], self.sizes)
        return replace(self, met=met, own=own, visits=self.visits - gone)

    def _lists(self, a: Ints, b: Ints) -> tuple[Longs, Ints, Longs, Longs]:
        """Lists of (place, stratum, visits) of the patients in a and b; their places in the list."""
        who, back = np.unique(np.concatenate([a, b]), return_inverse=True)
        owner, rows = rows_of(self.columns, who.astype(np.int32))
        above = np.uint64(9 + self.columns.places.bit_length())
        assert len(who).bit_length() + int(above) <= 64
        packed = (
            (owner.astype(np.uint64) << above)
            | (self.columns.place[rows].astype(np.uint64) << np.uint64(9))
            | self.stratum[rows].astype(np.uint64)
        )
        runs, visits = np.unique(packed, return_counts=True)
        entries = np.empty((len(runs), 3), np.int32)
        entries[:, 0] = (runs & ((np.uint64(1) << above) - np.uint64(1))) >> np.uint64(9)
        entries[:, 1] = runs & np.uint64(511)
        entries[:, 2] = visits
        held = np.bincount((runs >> above).astype(np.int64), minlength=len(who))
        offsets = np.zeros(len(who) + 1, np.int64)
        np.cumsum(held, out=offsets[1:])
        back = back.astype(np.int64)
        return offsets, entries, back[: len(a)].copy(), back[len(a) :].copy()


def evidence_weight(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Reals:
    """X ln(X / mu) - (X - mu) where X > mu, else 0; at most WEIGHT_CAP. Source: note §2.3."""
    x, mu = np.asarray(observed, np.float64), np.asarray(expected, np.float64)
    above = x > mu
    ratio = np.divide(x, np.maximum(mu, 1e-300), out=np.ones(len(x)), where=above)
    return np.asarray(np.where(above, np.minimum(x * np.log(ratio) - (x - mu), WEIGHT_CAP), 0.0))


def log10_poisson_tail(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Reals:
    """log10 P[Poisson(expected) >= observed], float64[n], without underflow."""
    x = np.atleast_1d(np.asarray(observed, np.int64))
    mean = np.atleast_1d(np.asarray(expected, np.float64))
    return np.asarray(kernels_chance.log_poisson_tails(x, mean) / np.log(10.0))


def rows_of(columns: VisitColumns, patients: Ints) -> tuple[Ints, Ints]:
    """Each visit of each of these patients: the patient's index in `patients`, and the row."""
    starts = columns.patient_offsets[patients]
    counts = columns.patient_offsets[patients + 1] - starts
    owner = np.repeat(np.arange(len(patients), dtype=np.int32), counts)
    before = np.cumsum(counts) - counts
    at = np.arange(len(owner)) - before[owner] + starts[owner]
    return owner, columns.order[at]


def _numbered(visits: VisitColumns, strata: Strata | None) -> tuple[npt.NDArray[np.int16], Ints]:
    """The stratum of each visit inside its place, int16[N], and the strata of each place, int32[F].

    Strata that stand alone come first; what is left of a place shares the next number.
    """
    if strata is None:
        return np.zeros(len(visits), np.int16), np.ones(visits.places, np.int32)
    blocks = 1440 // strata.block
    day, minute = np.divmod(visits.minute, 1440)
    group = np.asarray(strata.groups, np.int16)[day % 7]
    count = blocks * (max(strata.groups) + 1)
    if 1440 % strata.block or len(strata.groups) != 7 or count > 500:
        raise ValueError(
            "strata need 7 groups and a block dividing 1440 minutes, 500 cells at most"
        )
    raw = (group * blocks + minute // strata.block).astype(np.int16)
    index = visits.place.astype(np.int64) * count + raw
    total = np.bincount(index, minlength=visits.places * count).reshape(-1, count)
    days = kernels_chance.open_days(visits.minute, raw, visits.place_offsets, count)
    top = kernels_chance.heaviest_two(
        visits.order, visits.patient_offsets, visits.place, raw, count, visits.places
    )
    alone = (days >= strata.days) & (total - top.sum(axis=2) >= strata.visits)
    rest = alone.sum(axis=1)
    number = np.where(alone, np.cumsum(alone, axis=1) - 1, rest[:, None]).astype(np.int16)
    left_over = ((total > 0) & ~alone).any(axis=1)
    sizes = np.maximum(rest + left_over, 1).astype(np.int32)
    return np.asarray(number.ravel()[index]), sizes


def _by_stratum(place: Ints, stratum: npt.NDArray[np.int16], sizes: Ints) -> Longs:
    """Visits in each stratum of each place, int64[sum of sizes], place after place."""
    first = np.cumsum(sizes, dtype=np.int64) - sizes
    return np.bincount(first[place] + stratum, minlength=int(sizes.sum())).astype(np.int64)


def _all_pairs(visits: Longs, sizes: Ints, starts: Longs) -> Longs:
    """Pairs of visits of each two strata of each place, whoever made them and whenever."""
    first = np.cumsum(sizes, dtype=np.int64) - sizes
    every = np.zeros(int(starts[-1]), np.int64)
    for k in np.unique(sizes):
        f = np.flatnonzero(sizes == k)
        n = visits[first[f][:, None] + np.arange(k)]
        cells = n[:, :, None] * n[:, None, :]
        diagonal = np.arange(k)
        cells[:, diagonal, diagonal] = n * (n - 1) // 2
        every[starts[f][:, None] + np.arange(k * k)] = cells.reshape(len(f), -1)
    return every
