"""Patients who are admitted to one hospital and discharged from it together."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from graph.scan.kernels import compiled, count_keys, doubled
from graph.scan.world import World

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

READ = """
SELECT place, patient, adm, dis FROM stays WHERE adm IS NOT NULL AND place IS NOT NULL AND patient IS NOT NULL
ORDER BY place, adm, patient
"""


@dataclass(frozen=True)
class Stays:
    """All stays by place, admission and patient: `patient`, `adm`, `dis` int32[n] (days since 2000-01-01), `offsets` int64[places + 1]."""

    offsets: Longs
    patient: Ints
    adm: Ints
    dis: Ints

    @classmethod
    def of(cls, world: World) -> Self:
        """Those whose begin is known."""
        world.lay_out_stays()
        rows = world.arrays(READ)
        columns = (rows[name].astype(np.int32) for name in ("patient", "adm", "dis"))
        return cls(count_keys(rows["place"], world.places), *columns)

    def near(self, place: Ints, adm: Ints, dis: Ints, days: int) -> "Near":
        """The stays at each of n places whose admission and discharge are within `days` of the days given, int32[n]."""
        return Near(
            *stays_near(self.offsets, self.patient, self.adm, self.dis, place, adm, dis, days)
        )


@dataclass(frozen=True)
class Near:
    """Stays near given days: `no` (of the days, ascending), `patient` and `adm` int32[n]; `others` int64: per days given, the
    other stays there, those aside that began as near."""

    no: Ints
    patient: Ints
    adm: Ints
    others: Longs


@dataclass(frozen=True)
class Costays:
    """Pairs of patients a < b with `times` common stays each, sorted by (a, b), int32[n].

    A common stay is an admission of a, counted once, within days of b's at both ends. `matched`, int64[places]: admissions and
    others they match, both ways.
    """

    a: Ints
    b: Ints
    times: Ints
    matched: Longs


@compiled
def stays_near(
    offsets: Any, patient: Any, adm: Any, dis: Any, place: Any, begin: Any, end: Any, days: int
) -> Any:
    """Numbers, patients and admissions of the stays within `days` of the n begins and ends; how many others began further off."""
    found, used = np.empty((1024, 3), np.int32), 0
    others = np.empty(len(place), np.int64)
    for k in range(len(place)):
        first, last = offsets[place[k]], offsets[place[k] + 1]
        low = first + np.searchsorted(adm[first:last], begin[k] - days)
        high = first + np.searchsorted(adm[first:last], begin[k] + days, side="right")
        others[k] = last - first - (high - low)
        for row in range(low, high):
            if abs(dis[row] - end[k]) > days:
                continue
            if used == len(found):
                found = doubled(found)
            found[used, 0], found[used, 1], found[used, 2] = k, patient[row], adm[row]
            used += 1
    return found[:used, 0].copy(), found[:used, 1].copy(), found[:used, 2].copy(), others


@compiled
def match_stays(
    offsets: Any, patient: Any, adm: Any, dis: Any, days: int, matched: Any, ends: Any, partner: Any
) -> None:
    """Per admission of a matched by b > a: b into `partner` at ends[a], which moves on; or only that where there is no room.

    Counts all matches into `matched` by place.
    """
    latest = np.full(len(ends), -1, np.int32)
    for f in range(len(offsets) - 1):
        low, admission = offsets[f], -1
        for i in range(offsets[f], offsets[f + 1]):
            a = patient[i]
            if i == offsets[f] or adm[i] != adm[i - 1] or a != patient[i - 1]:
                admission = i
            while adm[low] < adm[i] - days:
                low += 1
            for j in range(low, offsets[f + 1]):
                b = patient[j]
                if adm[j] > adm[i] + days:
                    break
                if b == a or abs(dis[j] - dis[i]) > days or latest[b] == admission:
                    continue
                latest[b] = admission
                matched[f] += 1
                if b > a:
                    if len(partner):
                        partner[ends[a]] = b
                    ends[a] += 1


@compiled
def often_matched(ends: Any, partner: Any, least: int) -> Any:
    """Pairs matched at least `least` times, ascending: int32[n, 3] of a, b, times. Those of a end at ends[a], after those of a - 1."""
    found, used = np.empty((1024, 3), np.int32), 0
    begin = 0
    for a in range(len(ends)):
        mine = np.sort(partner[begin : ends[a]])
        begin = ends[a]
        k = 0
        while k < len(mine):
            first = k
            while k < len(mine) and mine[k] == mine[first]:
                k += 1
            if k - first < least:
                continue
            if used == len(found):
                found = doubled(found)
            found[used, 0], found[used, 1], found[used, 2] = a, mine[first], k - first
            used += 1
    return found[:used].copy()


def costays(stays: Stays, patients: int, *, days: int, least: int) -> Costays:
    """Pairs of `patients` with at least `least` common stays, admissions and discharges within `days` of each other."""
    columns = stays.offsets, stays.patient, stays.adm, stays.dis
    matched = np.zeros(len(stays.offsets) - 1, dtype=np.int64)
    size = np.zeros(patients, dtype=np.int64)
    match_stays(*columns, days, matched, size, np.empty(0, np.int32))
    partner = np.empty(int(size.sum()), np.int32)
    ends = np.cumsum(size) - size
    matched[:] = 0
    match_stays(*columns, days, matched, ends, partner)
    a, b, times = often_matched(ends, partner, least).T
    return Costays(a.copy(), b.copy(), times.copy(), matched)
