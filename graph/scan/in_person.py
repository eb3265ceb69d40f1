"""Settlements that people made in person, patient after patient: who was elsewhere while in a bed, who was in two cities at once."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from graph.scan.candidates import ascending
from graph.scan.kernels import compiled, doubled
from graph.scan.world import INPATIENT_TYPES, INTERNET, World

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

DAY = 86400
MINUTE = 60
KM = 111.19
"""Kilometres of a degree of latitude."""
FEW = 64
"""Rows up to which inserting one by one is the fastest way to sort."""
WHOLE = -1
"""In place of the other end: all places together."""

SETTLED = f"""
CASE WHEN counts AND med_type NOT IN {INPATIENT_TYPES} AND pay_loc IS DISTINCT FROM '{INTERNET}' AND setl_time IS NOT NULL
    AND coalesce(acct_mulaid_pay, 0) <= 0 AND CAST(coalesce(begntime, setl_time) AS DATE) = CAST(setl_time AS DATE)
  THEN true END
"""
"""One condition: DuckDB takes rows under six of them for a few, and would hold them all to join them with less."""
READ = f"""
SELECT patient, place, CAST(date_diff('second', TIMESTAMP '2000-01-01', setl_time) AS INTEGER) AS second FROM setl_d
WHERE {SETTLED} AND patient IS NOT NULL AND place IS NOT NULL
"""


@dataclass(frozen=True)
class InPerson:
    """Settlements in person, at places that tell times, of the patients asked for.

    Patient k's are rows [starts[k], ends[k]) of `place` and `second` (since 2000-01-01), int32, by time. `days` lie
    between the first and the last such day of everybody whose days count.
    """

    starts: Longs
    ends: Longs
    place: Ints
    second: Ints
    days: int

    @classmethod
    def of(cls, world: World, asked: Flags, counted: Flags, timed: Flags, most: Longs) -> Self:
        """Those of patients `asked`, at places `timed`; the days are those of patients `counted`. No patient has more than `most`."""
        starts = np.zeros(len(asked) + 1, np.int64)
        np.cumsum(np.where(asked, most, 0), out=starts[1:])
        place, second = (np.empty(starts[-1], np.int32) for _ in range(2))
        starts = starts[:-1]
        ends = starts.copy()
        days = np.array([np.iinfo(np.int32).max, -1], np.int64)
        for batch in world.batches(READ):
            put_by_patient(
                batch["patient"], batch["place"], batch["second"], asked, counted, timed,
                ends, place, second, days,
            )  # fmt: skip
        sort_by_time(starts, ends, place, second)
        return cls(starts, ends, place, second, int(days[1] - days[0]))

    @property
    def rows(self) -> tuple[Longs, Longs, Ints, Ints]:
        """(starts, ends, place, second), as the compiled loops take them."""
        return self.starts, self.ends, self.place, self.second


@dataclass(frozen=True)
class Beds:
    """Stays of two nights and more, by patient: `patient`, `place`, `first`, `last` int32[n]; the days (since 2000-01-01)
    between admission and discharge."""

    patient: Ints
    place: Ints
    first: Ints
    last: Ints

    @classmethod
    def of(cls, world: World) -> Self:
        """All of them."""
        world.lay_out_stays()
        rows = world.arrays(
            "SELECT patient, place, adm + 1 AS first, dis - 1 AS last FROM stays "
            "WHERE patient IS NOT NULL AND place IS NOT NULL AND dis - adm >= 2"
        )
        order = np.lexsort((rows["last"], rows["first"], rows["place"], rows["patient"]))
        return cls(
            *(rows[c][order].astype(np.int32) for c in ("patient", "place", "first", "last"))
        )

    def in_patients(self, places: int) -> Longs:
        """How many different patients each place had in bed."""
        joined = ascending(self.place.astype(np.int64) << 32 | self.patient)
        return np.bincount(joined >> 32, minlength=places)


@compiled
def put_by_patient(
    patient: Any, place: Any, second: Any, asked: Any, counted: Any, timed: Any,
    ends: Any, where: Any, when: Any, days: Any,
) -> None:  # fmt: skip
    """Append rows to the room of their patients; widen `days` (least and most) by those of patients `counted`."""
    for k in range(len(patient)):
        who = patient[k]
        if not timed[place[k]]:
            continue
        if counted[who]:
            day = second[k] // DAY
            days[0], days[1] = min(days[0], day), max(days[1], day)
        if asked[who]:
            where[ends[who]], when[ends[who]] = place[k], second[k]
            ends[who] += 1


@compiled
def sort_by_time(starts: Any, ends: Any, where: Any, when: Any) -> None:
    """Sort each patient's rows by time, equal ones in the order given."""
    for i in range(len(starts)):
        here, then = where[starts[i] : ends[i]], when[starts[i] : ends[i]]
        if len(then) > FEW:
            order = np.argsort(then, kind="mergesort")
            here[:], then[:] = here[order], then[order]
            continue
        for k in range(1, len(then)):
            f, t, at = here[k], then[k], k
            while at > 0 and then[at - 1] > t:
                here[at], then[at] = here[at - 1], then[at - 1]
                at -= 1
            here[at], then[at] = f, t


@compiled
def away_from_bed(patient: Any, place: Any, first: Any, last: Any, settled: Any) -> Any:
    """Settlements elsewhere on the days of each of n stays: int32[m, 2] of the stay's number and the row. `settled` is
    (starts, ends, place, second)."""
    starts, ends, where, when = settled
    found, used = np.empty((1024, 2), np.int32), 0
    for s in range(len(patient)):
        lo, hi = starts[patient[s]], ends[patient[s]]
        for row in range(lo + np.searchsorted(when[lo:hi], first[s] * DAY), hi):
            if when[row] // DAY > last[s]:
                break
            if where[row] == place[s]:
                continue
            if used == len(found):
                found = doubled(found)
            found[used, 0], found[used, 1] = s, row
            used += 1
    return found[:used].copy()


@compiled
def between_cities(asked: Any, settled: Any, city: Any, owner: Any, most: int) -> Any:
    """Consecutive settlements of patients `asked` in two cities within `most` minutes: int32[n, 4] of (place, place, patient,
    minutes), the lower place first.

    `city` and `owner` int32 per place, -1 where unknown; two places of one owner are none.
    """
    starts, ends, where, when = settled
    found, used = np.empty((1024, 4), np.int32), 0
    for i in range(len(starts)):
        if not asked[i]:
            continue
        for row in range(starts[i] + 1, ends[i]):
            f, g = where[row - 1], where[row]
            gap = when[row] // MINUTE - when[row - 1] // MINUTE
            if gap > most or city[f] < 0 or city[g] < 0 or city[f] == city[g]:
                continue
            if owner[f] >= 0 and owner[f] == owner[g]:
                continue
            if used == len(found):
                found = doubled(found)
            found[used, 0], found[used, 1] = min(f, g), max(f, g)
            found[used, 2], found[used, 3] = i, gap
            used += 1
    return found[:used].copy()


@compiled
def expected_away(
    patient: Any, place: Any, nights: Any, settled: Any, pairs: Any, days: int, most: int
) -> Any:
    """Days away from bed by chance, for each of `pairs` (place << 32 | other place + 1, 0 for all together), ascending: float64.

    Each patient's nights at the place times settlements a day at the other, up to `most` each. The stays are sorted by
    patient and place.
    """
    starts, ends, where, _ = settled
    found = np.zeros(len(pairs), np.float64)
    begin = 0
    while begin < len(patient):
        who, end = patient[begin], begin
        while end < len(patient) and patient[end] == who:
            end += 1
        own = np.sort(where[starts[who] : ends[who]])
        s = begin
        while s < end:
            bed, lain = place[s], 0
            while s < end and place[s] == bed:
                lain += nights[s]
                s += 1
            _add_expected(bed, lain, own, pairs, days, most, found)
        begin = end
    return found


@compiled
def _add_expected(
    bed: int, lain: int, own: Any, pairs: Any, days: int, most: int, found: Any
) -> None:
    """Add one patient's expected days away from one hospital; `own` are the places of the settlements, ascending."""
    whole = np.searchsorted(pairs, np.int64(bed) << 32)
    if whole == len(pairs) or pairs[whole] != np.int64(bed) << 32:
        return
    k, times = 0, 0
    while k < len(own):
        there, n = own[k], 0
        while k < len(own) and own[k] == there:
            n += 1
            k += 1
        if there == bed:
            continue
        times += n
        pair = np.int64(bed) << 32 | np.int64(there) + 1
        at = np.searchsorted(pairs, pair)
        if at < len(pairs) and pairs[at] == pair:
            found[at] += min(lain * n / days, most)
    if times:
        found[whole] += min(lain * times / days, most)


@compiled
def expected_at(
    patient: Any, place: Any, nights: Any, settled: Any, where: Any, near: float, days: int, most: int
) -> Any:  # fmt: skip
    """Days in conflict by chance with stays elsewhere, more than `near` kilometres away, at each place: float64[places].

    Each patient's nights there times settlements a day at the place, up to `most` each. `where` is float64[places, 2] of
    longitude and latitude, NaN where unknown (and then not near). The stays are sorted by patient.
    """
    starts, ends, visited, _ = settled
    found = np.zeros(len(where), np.float64)
    begin = 0
    while begin < len(patient):
        who, end = patient[begin], begin
        while end < len(patient) and patient[end] == who:
            end += 1
        own = np.sort(visited[starts[who] : ends[who]])
        k = 0
        while k < len(own):
            there, n, lain = own[k], 0, 0
            while k < len(own) and own[k] == there:
                n += 1
                k += 1
            for s in range(begin, end):
                north = (where[place[s], 1] - where[there, 1]) * KM
                east = (
                    (where[place[s], 0] - where[there, 0])
                    * KM
                    * np.cos(np.radians(where[there, 1]))
                )
                if place[s] != there and not np.hypot(north, east) < near:
                    lain += nights[s]
            found[there] += min(lain * n / days, most)
        begin = end
    return found
