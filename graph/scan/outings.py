"""Passengers of one bus: people who come to one hospital on the same days, each seen in his turn, at whichever window is free."""

import numpy as np

from graph.scan.candidates import Explanation, Keys, Outcome
from graph.scan.chance import rows_of
from graph.scan.friends import FEW
from graph.scan.gatherings import LEAST, Gatherings
from graph.scan.visits import DAY, Attendance

LONG = 40.0
"""Minutes from the first to the last of a day, from which they were seen as patients are."""
TURN = 7.0
"""Minutes from one to the next, from which nobody settles the cards in a row."""
WINDOWS = 0.45
"""Share of the settlements by the busiest operator, up to which each went to whichever window was free."""
KNOWN = 0.5
"""Share of the settlements whose operator is known, from which that can be told."""
TWICE_A_MONTH, YEAR = 24, 365
"""Days of a year: a bus goes to market; who comes oftener is on another errand."""
STOPS = 2
"""Places on the way: the hospital and the shop beside it."""


def one_bus(seen: Attendance, members: Keys, found: Gatherings) -> Explanation:
    """Did they come to one place on a few days, one every several minutes over most of an hour, and pay at several windows?

    A place where they are not on every day, more stops, more days than buses go, a row of cards, or one busy window rule it out;
    where operators are not known, it only weakens. So few as friends are `friends` or nothing.
    """
    if len(members) <= FEW or not len(found):
        return Explanation("outing", Outcome.RULED_OUT, {"people": len(members)})
    places, times = np.unique(found.place, return_counts=True)
    chief = int(places[np.argmax(times)])
    there = np.unique(found.first[found.place == chief] // DAY)
    long, turn, rows = _day(seen, members, chief, there)
    codes = seen.operator[rows]
    codes = codes[codes >= 0]
    busiest = (
        float(np.unique(codes, return_counts=True)[1].max() / len(codes)) if len(codes) else 1.0
    )
    span = max(int(np.ptp(there)) + 1, YEAR) / YEAR
    outcome = Outcome.RULED_OUT
    if (
        len(places) <= STOPS
        and len(there) == len(found.days)
        and len(there) <= TWICE_A_MONTH * span
        and long >= LONG
        and turn >= TURN
    ):
        outcome = Outcome.EXPLAINS if busiest <= WINDOWS else Outcome.RULED_OUT
        if len(codes) < KNOWN * len(rows):
            outcome = Outcome.WEAKENS
    numbers: dict[str, float | int | str] = {
        "places": len(places),
        "days": len(there),
        "minutes": round(long, 1),
        "minutes_apart": round(turn, 1),
        "busiest_window": round(busiest, 2),
    }
    return Explanation("outing", outcome, numbers)


def _day(seen: Attendance, members: Keys, place: int, days: Keys) -> tuple[float, float, Keys]:
    """Medians over the days on which several were at `place`: minutes from first to last, and from one to the next; and their visits."""
    columns = seen.columns
    rows = rows_of(columns, members)[1]
    rows = rows[(columns.place[rows] == place) & np.isin(columns.minute[rows] // DAY, days)]
    rows = rows[np.argsort(columns.minute[rows], kind="stable")]
    minute = columns.minute[rows].astype(np.int64)
    first = np.flatnonzero(np.diff(minute // DAY, prepend=-1))
    present = np.diff(first, append=len(rows))
    long = np.maximum.reduceat(minute, first) - minute[first]
    several = present >= LEAST
    if not several.any():
        return 0.0, 0.0, rows
    apart = long[several] / (present[several] - 1)
    return float(np.median(long[several])), float(np.median(apart)), rows
