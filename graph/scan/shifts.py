"""What each staff code of a place did before and after a date, and with whose patients."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from graph.scan.kernels import compiled, doubled
from graph.scan.practice import HALVES, UNKNOWN, Practice

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Dates:
    """Someone's date at a place, int64[n] each: `who` (a practitioner), `place`, `day` since 2000; `days` are looked at on either side.

    Before is from `days` before that day's midnight to it; after is from midnight to `days` later, that midnight included.
    """

    who: Longs
    place: Longs
    day: Longs
    days: int

    @property
    def moments(self) -> Longs:
        """As `Practice` counts them: int64[n, 3], the begin, the date, the end."""
        reach = np.array([-self.days, 0, self.days])
        return np.asarray((self.day[:, None] + reach) * HALVES)

    def chosen(self, numbers: Sequence[int]) -> "Dates":
        """Those of these numbers, in their order."""
        at = np.asarray(numbers, dtype=np.int64)
        return Dates(self.who[at], self.place[at], self.day[at], self.days)


@dataclass(frozen=True)
class Workplaces:
    """Visits at some places under a staff code: `rows` int32[n, 3] (practitioner, patient, -1 where unknown, and moment), place after
    place, there by practitioner, then by moment.

    A run is one practitioner's rows at one place: `offsets` int64[places + 1] into the runs, `starts` int64[runs + 1] into the rows.
    """

    offsets: Longs
    starts: Longs
    rows: Ints
    patients: int

    @classmethod
    def of(cls, practice: Practice, places: Longs, patients: int) -> Self:
        """Those of `places`; visits at an unknown time are left out."""
        wanted = np.zeros(practice.places, dtype=np.bool_)
        wanted[places] = True
        place_offsets, rows = gather(practice.offsets, practice.visits, wanted)
        offsets, starts = runs_of(place_offsets, rows)
        return cls(offsets, starts, rows, patients)

    def shifts(self, dates: Dates) -> Longs:
        """Visits of the other codes: int64[n, 4] of (number of the date, practitioner, before, after), in that order."""
        found = count_shifts(
            self.offsets, self.starts, self.rows, dates.who, dates.place, dates.moments
        )
        return np.asarray(found.astype(np.int64))

    def inherited(self, dates: Dates, often: int) -> Longs:
        """Visits of the person's regulars (`often` visits before) to other codes after the date.

        int64[n, 4] of (number of the date, practitioner, visits, different patients), in that order.
        """
        found = count_inherited(
            self.offsets, self.starts, self.rows, dates.who, dates.place, dates.moments, often, self.patients
        )  # fmt: skip
        return np.asarray(found.astype(np.int64))

    def taken_over(self, dates: Dates, others: Longs) -> Longs:
        """Of the person's patients at any time before the date, int64[n, 3] per date: visits to the other code after it, how many
        they were, and how many came to any other code of the place. Dates of one person follow each other."""
        found: Longs = np.zeros((len(others), 3), dtype=np.int64)
        count_taken(
            self.offsets, self.starts, self.rows, dates.who, dates.place, dates.moments, others, self.patients, found
        )  # fmt: skip
        return found


@compiled
def gather(offsets: Any, visits: Any, wanted: Any) -> Any:
    """Offsets by place and rows (practitioner, patient, moment) of visits at the `wanted` places, by practitioner."""
    starts = np.zeros(len(wanted) + 1, np.int64)
    for row in range(len(visits)):
        f = visits[row, 1]
        if f >= 0 and wanted[f] and visits[row, 2] != UNKNOWN:
            starts[f + 1] += 1
    for f in range(len(wanted)):
        starts[f + 1] += starts[f]
    cursor = starts[:-1].copy()
    rows = np.empty((starts[-1], 3), np.int32)
    for k in range(len(offsets) - 1):
        for row in range(offsets[k], offsets[k + 1]):
            f = visits[row, 1]
            if f >= 0 and wanted[f] and visits[row, 2] != UNKNOWN:
                at = cursor[f]
                cursor[f] = at + 1
                rows[at, 0], rows[at, 1], rows[at, 2] = k, visits[row, 0], visits[row, 2]
    return starts, rows


@compiled
def runs_of(place_offsets: Any, rows: Any) -> Any:
    """`Workplaces.offsets` and `starts`; the rows of each run are put in the order of their moments."""
    offsets = np.zeros(len(place_offsets), np.int64)
    starts = np.zeros(len(rows) + 1, np.int64)
    used = 0
    for f in range(len(place_offsets) - 1):
        first, sorted_so_far = place_offsets[f], True
        last = place_offsets[f + 1]
        for row in range(first, last):
            if row + 1 < last and rows[row + 1, 0] == rows[row, 0]:
                sorted_so_far &= rows[row + 1, 2] >= rows[row, 2]
                continue
            if not sorted_so_far:
                keys = np.empty(row + 1 - first, np.int64)
                for i in range(len(keys)):
                    keys[i] = np.int64(rows[first + i, 2]) << 32 | (rows[first + i, 1] + 1)
                keys.sort()
                for i in range(len(keys)):
                    rows[first + i, 1], rows[first + i, 2] = np.int32(keys[i]) - 1, keys[i] >> 32
            starts[used] = first
            used += 1
            first, sorted_so_far = row + 1, True
        offsets[f + 1] = used
    starts[used] = len(rows)
    return offsets, starts[: used + 1].copy()


@compiled
def since(rows: Any, first: int, last: int, moment: int) -> Any:
    """The first row of a run, in [first, last], that is at `moment` or later."""
    while first < last:
        middle = (first + last) // 2
        if rows[middle, 2] < moment:
            first = middle + 1
        else:
            last = middle
    return first


@compiled
def run_at(offsets: Any, starts: Any, rows: Any, place: int, who: int) -> Any:
    """First row and end of the run of `who` at `place`; 0 and 0 if there is none."""
    first, last = offsets[place], offsets[place + 1]
    while first < last:
        middle = (first + last) // 2
        if rows[starts[middle], 0] < who:
            first = middle + 1
        else:
            last = middle
    if first < offsets[place + 1] and rows[starts[first], 0] == who:
        return starts[first], starts[first + 1]
    return np.int64(0), np.int64(0)


@compiled
def told(found: Any, used: int, a: int, b: int, c: int, d: int) -> Any:
    """`found` with one more row at `used`."""
    if used == len(found):
        found = doubled(found)
    found[used, 0], found[used, 1], found[used, 2], found[used, 3] = a, b, c, d
    return found


@compiled
def count_shifts(offsets: Any, starts: Any, rows: Any, who: Any, place: Any, moments: Any) -> Any:
    """`Workplaces.shifts` as int32[n, 4]; codes with no visit on either side are left out."""
    found, used = np.empty((1024, 4), np.int32), 0
    for no in range(len(who)):
        for run in range(offsets[place[no]], offsets[place[no] + 1]):
            first, last = starts[run], starts[run + 1]
            begin = since(rows, first, last, moments[no, 0])
            date = since(rows, begin, last, moments[no, 1])
            end = since(rows, date, last, moments[no, 2] + 1)
            if end > begin and rows[first, 0] != who[no]:
                found = told(found, used, no, rows[first, 0], date - begin, end - date)
                used += 1
    return found[:used].copy()


@compiled
def count_inherited(
    offsets: Any, starts: Any, rows: Any, who: Any, place: Any, moments: Any, often: int, patients: int
) -> Any:  # fmt: skip
    """`Workplaces.inherited` as int32[n, 4]."""
    found, used = np.empty((1024, 4), np.int32), 0
    times = np.zeros(patients, np.int32)
    latest = np.full(patients, -1, np.int64)
    turn = 0
    for no in range(len(who)):
        own, last = run_at(offsets, starts, rows, place[no], who[no])
        own = since(rows, own, last, moments[no, 0])
        last = since(rows, own, last, moments[no, 1])
        regulars = 0
        for row in range(own, last):
            p = rows[row, 1]
            if p >= 0:
                times[p] += 1
                regulars += times[p] == often
        for run in range(offsets[place[no]], offsets[place[no] + 1] if regulars else 0):
            visits, people = 0, 0
            first = since(rows, starts[run], starts[run + 1], moments[no, 1])
            for row in range(first, starts[run + 1]):
                p = rows[row, 1]
                if rows[row, 2] > moments[no, 2]:
                    break
                if p >= 0 and times[p] >= often:
                    visits += 1
                    people += latest[p] != turn
                    latest[p] = turn
            turn += 1
            if visits > 0 and rows[starts[run], 0] != who[no]:
                found = told(found, used, no, rows[starts[run], 0], visits, people)
                used += 1
        for row in range(own, last):
            if rows[row, 1] >= 0:
                times[rows[row, 1]] = 0
    return found[:used].copy()


@compiled
def count_taken(
    offsets: Any,
    starts: Any,
    rows: Any,
    who: Any,
    place: Any,
    moments: Any,
    others: Any,
    patients: int,
    found: Any,
) -> None:
    """Fill `found` as `Workplaces.taken_over` says."""
    panel, again, came = np.full((3, patients), -1, np.int64)
    same = -1
    for no in range(len(who)):
        date, end = moments[no, 1], moments[no, 2]
        known = (
            same >= 0
            and who[same] == who[no]
            and place[same] == place[no]
            and moments[same, 1] == date
        )
        if not known:
            same = no
            first, last = run_at(offsets, starts, rows, place[no], who[no])
            for row in range(first, since(rows, first, last, date)):
                if rows[row, 1] >= 0:
                    panel[rows[row, 1]] = no
            for run in range(offsets[place[no]], offsets[place[no] + 1]):
                first, last = starts[run], starts[run + 1]
                if rows[first, 0] == who[no]:
                    continue
                for row in range(since(rows, first, last, date), last):
                    p = rows[row, 1]
                    if rows[row, 2] > end:
                        break
                    if p >= 0 and panel[p] == no and again[p] != no:
                        found[no, 2] += 1
                        again[p] = no
        found[no, 2] = found[same, 2]
        first, last = run_at(offsets, starts, rows, place[no], others[no])
        for row in range(since(rows, first, last, date), since(rows, first, last, end + 1)):
            p = rows[row, 1]
            if p >= 0 and panel[p] == same:
                found[no, 0] += 1
                found[no, 1] += came[p] != no
                came[p] = no
