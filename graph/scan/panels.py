"""Each practitioner's patients: how many, how much the most frequent ones weigh, and on how many days they came."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from graph.scan.kernels import compiled
from graph.scan.practice import HALVES, UNKNOWN, Practice

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Panels:
    """Per practitioner int64[practitioners]: different patients, visits of known patients, those of the `top` most frequent
    ones, different days."""

    patients: Longs
    known: Longs
    frequent: Longs
    days: Longs

    @classmethod
    def of(cls, practice: Practice, patients: int, top: int) -> Self:
        """Those of all visits."""
        found = np.zeros((4, len(practice.offsets) - 1), dtype=np.int64)
        describe_panels(practice.offsets, practice.visits, patients, top, found)
        return cls(*found)


@compiled
def describe_panels(offsets: Any, visits: Any, patients: int, top: int, found: Any) -> None:
    """Fill found[0..3] per practitioner: patients, visits of known ones, visits of the `top` ones, days."""
    times = np.zeros(patients, np.int32)
    met = np.empty(patients, np.int32)
    least, latest = span(visits)
    worked = np.full(latest - least + 1, -1, np.int32)
    for k in range(len(offsets) - 1):
        used = 0
        for row in range(offsets[k], offsets[k + 1]):
            who, moment = visits[row, 0], visits[row, 2]
            if who >= 0:
                if times[who] == 0:
                    met[used] = who
                    used += 1
                times[who] += 1
                found[1, k] += 1
            if moment != UNKNOWN:
                day = moment // HALVES - least
                found[3, k] += worked[day] != k
                worked[day] = k
        found[0, k] = used
        most, fewest = np.zeros(top, np.int64), np.int64(0)
        for i in range(used):
            n = times[met[i]]
            times[met[i]] = 0
            if n > most[fewest]:
                most[fewest] = n
                fewest = np.int64(np.argmin(most))
        found[2, k] = most.sum()


@compiled
def span(visits: Any) -> Any:
    """The first and the last day on which anybody settled, in days since 2000; 0 and 0 where none is known."""
    least, latest = 2**31, -(2**31)
    for row in range(len(visits)):
        moment = visits[row, 2]
        if moment != UNKNOWN:
            least, latest = min(least, moment), max(latest, moment)
    return (least // HALVES, latest // HALVES) if least <= latest else (0, 0)
