"""Passengers of one bus: people who come to one hospital on the same days, each seen in his turn, at whichever window is free."""

import numpy as np

from graph.scan.candidates import Explanation, Keys, Outcome, ascending
from graph.scan.chance import rows_of
from graph.scan.friends import FEW
from graph.scan.gatherings import LEAST, Gatherings
from graph.scan.settlements import practitioners
from graph.scan.visits import DAY, Attendance
from graph.scan.world import World

LONG = 40.0
"""Minutes from the first to the last of a day, from which they were seen as patients are."""
TURN = 7.0
"""Minutes from one to the next, from which nobody settles the cards in a row."""
WINDOWS = 0.45
"""Share of the settlements by the busiest operator, up to which each went to whichever window was free."""
WINDOWS_IF_OWN = 0.6
"""The same where each was seen by a practitioner of his own: that may be a hospital of two windows."""
KNOWN = 0.5
"""Share of the settlements whose operator (practitioner) is known, from which that can be told."""
OWN = 0.5
"""Different practitioners to a patient of one day, from which each came for himself; who settles borrowed cards uses one or two."""
SEVERAL = 3
"""Practitioners of one day: two may share a surgery."""
TWICE_A_MONTH, YEAR = 24, 365
"""Days of a year: a bus goes to market; who comes oftener is on another errand."""
STOPS = 2
"""Places on the way: the hospital and the shop beside it."""


def one_bus(
    world: World, seen: Attendance, members: Keys, found: Gatherings, own_staff: bool = False
) -> Explanation:
    """Did they come to one place on a few days and pay at several windows, each seen by a practitioner of his own or one every
    several minutes over most of an hour?

    That they are the place's `own_staff`, a place where they are not on every day, more stops, more days than buses go, a row of cards, or one busy window rule it out;
    where operators are not known, or one window takes the money of those who each saw a practitioner of his own, it only weakens. So few as friends are `friends` or nothing.
    """
    if own_staff or len(members) <= FEW or not len(found):
        return Explanation("outing", Outcome.RULED_OUT, {"people": len(members)})
    places, times = np.unique(found.place, return_counts=True)
    chief = int(places[np.argmax(times)])
    there = np.unique(found.first[found.place == chief] // DAY)
    long, turn, rows = _day(seen, members, chief, there)
    own = _own(seen, rows, practitioners(world, seen.columns.source[rows]))
    codes = seen.operator[rows]
    codes = codes[codes >= 0]
    busiest = (
        float(np.unique(codes, return_counts=True)[1].max() / len(codes)) if len(codes) else 1.0
    )
    span = max(int(np.ptp(there)) + 1, YEAR) / YEAR
    one_window = Outcome.WEAKENS if own >= OWN else Outcome.RULED_OUT
    outcome = Outcome.RULED_OUT
    if (
        len(places) <= STOPS
        and len(there) == len(found.days)
        and len(there) <= TWICE_A_MONTH * span
        and (own >= OWN or (long >= LONG and turn >= TURN))
    ):
        free = busiest <= (WINDOWS_IF_OWN if own >= OWN else WINDOWS)
        outcome = Outcome.EXPLAINS if free else one_window
        if len(codes) < KNOWN * len(rows):
            outcome = Outcome.WEAKENS
    numbers: dict[str, float | int | str] = {
        "places": len(places),
        "days": len(there),
        "minutes": round(long, 1),
        "minutes_apart": round(turn, 1),
        "busiest_window": round(busiest, 2),
        "own_doctor": round(own, 2),
    }
    return Explanation("outing", outcome, numbers)


def _own(seen: Attendance, rows: Keys, practitioner: Keys) -> float:
    """Median over the days with several visits: different practitioners to a visit; 0 where they are few or mostly unknown."""
    known = practitioner >= 0
    if not len(rows) or known.sum() < KNOWN * len(rows):
        return 0.0
    days, of = np.unique(seen.columns.minute[rows[known]] // DAY, return_inverse=True)
    visits = np.bincount(of, minlength=len(days))
    each = ascending(of.astype(np.int64) << 32 | practitioner[known]) >> 32
    different = np.bincount(each, minlength=len(days))
    several = visits >= LEAST
    share = np.where(different >= SEVERAL, different / visits, 0.0)[several]
    return float(np.median(share)) if len(share) else 0.0


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
