"""Each practitioner's patients: how many, how much the most frequent ones weigh, and on how many days they came."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from graph.scan.kernels import compiled
from graph.scan.world import World

Longs = npt.NDArray[np.int64]

UNKNOWN = -(2**31)
READ = f"""
SELECT practitioner, coalesce(patient, -1) AS patient, coalesce(CAST(setl_time AS DATE) - DATE '2000-01-01', {UNKNOWN}) AS day
FROM visits WHERE practitioner IS NOT NULL
"""


@dataclass(frozen=True)
class Panels:
    """Per practitioner int64[practitioners]: different patients, visits of known patients, those of the `top` most frequent
    ones, different days."""

    patients: Longs
    known: Longs
    frequent: Longs
    days: Longs

    @classmethod
    def of(cls, world: World, visits: Longs, top: int) -> Self:
        """Those of all visits; `visits` int64[practitioners] says how many each has."""
        offsets = np.zeros(len(visits) + 1, np.int64)
        np.cumsum(visits, out=offsets[1:])
        cursor = offsets[:-1].copy()
        patient, day = (np.empty(int(offsets[-1]), np.int32) for _ in range(2))
        for rows in world.batches(READ):
            deal_out(
                rows["practitioner"],
                rows["patient"],
                rows["day"].astype(np.int32),
                cursor,
                patient,
                day,
            )
        found = np.zeros((4, len(visits)), dtype=np.int64)
        describe_panels(offsets, patient, day, world.patients, top, found)
        return cls(*found)


@compiled
def deal_out(who: Any, patient: Any, day: Any, cursor: Any, patients: Any, days: Any) -> None:
    """Put each visit into its practitioner's part of `patients` and `days`."""
    for row in range(len(who)):
        at = cursor[who[row]]
        cursor[who[row]] = at + 1
        patients[at], days[at] = patient[row], day[row]


@compiled
def describe_panels(
    offsets: Any, patient: Any, day: Any, patients: int, top: int, found: Any
) -> None:
    """Fill found[0..3] per practitioner: patients, visits of known ones, visits of the `top` ones, days."""
    times = np.zeros(patients, np.int32)
    met = np.empty(patients, np.int32)
    for k in range(len(offsets) - 1):
        rows, used = range(offsets[k], offsets[k + 1]), 0
        for row in rows:
            who = patient[row]
            if who >= 0:
                if times[who] == 0:
                    met[used] = who
                    used += 1
                times[who] += 1
                found[1, k] += 1
        found[0, k] = used
        most, least = np.zeros(top, np.int64), np.int64(0)
        for i in range(used):
            n = times[met[i]]
            times[met[i]] = 0
            if n > most[least]:
                most[least] = n
                least = np.int64(np.argmin(most))
        found[2, k] = most.sum()
        before = np.int64(UNKNOWN)
        for d in np.sort(day[offsets[k] : offsets[k + 1]]):
            found[3, k] += d != before
            before = np.int64(d)
