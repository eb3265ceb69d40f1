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
    offsets: Any, patient: Any, adm: Any, dis: Any, days: int, patients: int, matched: Any
) -> Any:
    """a << 32 | b per admission of a matched by b > a, in any order; counts all matches into `matched` by place."""
    found, used = np.empty(1024, np.int64), 0
    latest = np.full(patients, -1, np.int32)
    for f in range(len(offsets) - 1):
        low, admission = offsets[f], -1
        for i in range(offsets[f], offsets[f + 1]):
            if i == offsets[f] or adm[i] != adm[i - 1] or patient[i] != patient[i - 1]:
                admission = i
            while adm[low] < adm[i] - days:
                low += 1
            for j in range(low, offsets[f + 1]):
                b = patient[j]
                if adm[j] > adm[i] + days:
                    break
                if b == patient[i] or abs(dis[j] - dis[i]) > days or latest[b] == admission:
                    continue
                latest[b] = admission
                matched[f] += 1
                if b > patient[i]:
                    if used == len(found):
                        larger = np.empty(2 * used, np.int64)
                        larger[:used] = found
                        found = larger
                    found[used] = np.int64(patient[i]) << 32 | b
                    used += 1
    return found[:used].copy()


def costays(stays: Stays, patients: int, *, days: int, least: int) -> Costays:
    """Pairs of `patients` with at least `least` common stays, admissions and discharges within `days` of each other."""
    matched = np.zeros(len(stays.offsets) - 1, dtype=np.int64)
    found = match_stays(
        stays.offsets, stays.patient, stays.adm, stays.dis, days, patients, matched
    )  # fmt: skip
    found.sort()
    first = np.flatnonzero(np.diff(found, prepend=-1))
    times = np.diff(first, append=len(found))
    first, times = first[times >= least], times[times >= least]
    a, b = (found[first] >> 32).astype(np.int32), (found[first] & 0xFFFFFFFF).astype(np.int32)
    return Costays(a, b, times.astype(np.int32), matched)
