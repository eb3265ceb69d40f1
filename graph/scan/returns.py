"""Returns: newcomers who, once brought by a card, go on coming beside it, each alone with it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.scan.candidates import ascending
from graph.scan.kernels import compiled
from graph.scan.visits import Attendance

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MOSTLY = 0.5
"""Share of the returns on the card's days that are beside it, and share of those at which no other newcomer is, from which it is the
card that they come with: a doctor's hours, a bus or a course bring several at a time."""
CLEARLY = 2.0
"""Times as many as the place's others would make likely."""
AGAIN = 2
"""Returns beside the card of one person that are no chance."""
LEAST_HOMES = 5
"""Households of those who came beside it again so often."""


@dataclass(frozen=True)
class Returns:
    """Who came again beside the card, sorted, and log10 p of it all by where the place's others are on those days.

    `company`: they come several at a time, so that the card is but one of them.
    """

    patients: Ints
    log10_p: float
    company: bool


def returns(
    seen: Attendance, household: Ints, hub: int, place: int, mark: Longs, key: int, fresh: Flags, window: int
) -> Returns | None:  # fmt: skip
    """Those marked `key` at the card's visits after their own first one; None where they do not come with the card.

    Visits that a calendar explains are left out; `fresh` bool[N] are first visits.
    """
    c = seen.columns
    lo, hi = int(c.place_offsets[place]), int(c.place_offsets[place + 1])
    rows, alone, trials, expected = weigh_returns(
        c.minute, c.patient, seen.explained, lo, hi, hub, mark, key, fresh, window
    )
    if not len(rows) or len(rows) < max(MOSTLY * trials, CLEARLY * expected):
        return None
    who, times = np.unique(c.patient[rows], return_counts=True)
    homes = len(ascending(household[who[times >= AGAIN]]))
    if homes < LEAST_HOMES:
        return None
    from scipy.stats import binom

    tail = float(binom.logsf(len(rows) - 1, trials, min(expected / trials, 1.0)))
    return Returns(who.astype(np.int32), tail / float(np.log(10)), alone < MOSTLY * len(rows))


@compiled
def weigh_returns(
    minute: Any, patient: Any, explained: Any, lo: int, hi: int, hub: int, mark: Any, key: int, fresh: Any, window: int
) -> Any:  # fmt: skip
    """On the days of the card at the place, rows [lo, hi): (rows, alone, trials, expected).

    `trials` later visits of those marked `key`; of them the rows within `window` of the card's, how many of these with no other marked
    person beside it, and how many would be there by the share of the place's others who are, that day and at such hours.
    """
    hours, others = np.zeros(1441, np.int64), 0
    for i in range(lo, hi):
        if mark[patient[i]] != key:
            others += 1
            hours[minute[i] % 1440 + 1] += 1
    for m in range(1440):
        hours[m + 1] += hours[m]
    found, used = np.empty(hi - lo, np.int64), 0
    alone, trials, expected, start = 0, 0, 0.0, lo
    for k in range(lo, hi):
        if patient[k] != hub or explained[k] > 0:
            continue
        day, clock = minute[k] // 1440, minute[k] % 1440
        while minute[start] // 1440 < day:
            start += 1
        later, near, old, beside, company, i = 0, 0, 0, 0, 0, start
        while i < hi and minute[i] // 1440 == day:
            close = abs(minute[i] - minute[k]) <= window
            if mark[patient[i]] != key:
                old += 1
                beside += close
            elif patient[i] != hub and explained[i] == 0:
                company += close
                if not fresh[i]:
                    later += 1
                    if close and (used == 0 or found[used - 1] < i):
                        found[used] = i
                        used += 1
                        near += 1
            i += 1
        usual = hours[min(clock + window, 1439) + 1] - hours[max(clock - window, 0)]
        alone += near if company == 1 else 0
        trials += later
        expected += later * (beside + (usual + 1) / (others + 2)) / (old + 1)
    return found[:used], alone, trials, expected
