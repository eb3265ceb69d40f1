"""Introductions: people whose first visit to a place falls beside one and the same card's visit, day after day."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from graph.scan.visits import DAY, Attendance

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

WINDOWS = (10, 30)
"""Minutes between the card's visit and a newcomer's; the better of the two counts, and that is allowed for."""
LEAST_DAYS = 4
LEAST_HOMES = 5
"""Days with somebody new beside the card, and households of those who are."""
WEEKS = 4
MOST_NEW = 12
"""A day with more newcomers than this at one place says nothing about who brought whom."""
PAIRS = 1 << 22
"""Visits beside newcomers held at a time."""


@dataclass(frozen=True)
class Introduced:
    """A card (`hub`) at whose visits to `place` people appear there for the first time.

    `newcomers` sorted patient keys, not of the hub's household; `rows` are their first visits and `beside` the hub's next to them,
    as rows of the attendance; `days` of them. `expected` newcomers at such hours; `surprise` is -log10 of the chance after trying all cards.
    """

    hub: int
    place: int
    newcomers: Ints
    rows: Longs
    beside: Longs
    days: int
    expected: float
    surprise: float


def introductions(seen: Attendance, household: Ints, address: Ints) -> list[Introduced]:
    """One per card and place at most; `address` is a token per patient, -1 where unknown: residents of one home are no newcomers to
    each other. Places that upload in batches are left out, as their hours mean nothing."""
    c = seen.columns
    if not len(c):
        return []
    day = c.minute // DAY
    fresh = _first_visits(seen, day)
    near = [_beside(seen, fresh, window, household, address) for window in WINDOWS]
    who = _days(c.patient, c.place, day, c.places)
    regular = np.unique(who, return_counts=True)
    tried = max(int((regular[1] >= LEAST_DAYS).sum()), 1)
    found: dict[tuple[int, int], Introduced] = {}
    new_on = _counted(c.place[fresh], day[fresh])
    for window, (row, new) in zip(WINDOWS, near, strict=True):
        key = c.patient[row].astype(np.int64) * c.places + c.place[row]
        often = _days(c.patient[row], c.place[row], day[row], c.places)
        cards, n = np.unique(often, return_counts=True)
        kept = np.isin(key, cards[n >= LEAST_DAYS])
        key, row, new = key[kept], row[kept], new[kept]
        order = np.argsort(key, kind="stable")
        cuts = np.flatnonzero(np.diff(key[order])) + 1
        for part in np.split(order, cuts):
            if len(part) < LEAST_HOMES:
                continue
            one = _tested(seen, household, fresh, row[part], new[part], window, tried, new_on)
            if one is not None:
                known = found.get((one.hub, one.place))
                if known is None or one.surprise > known.surprise:
                    found[one.hub, one.place] = one
    return [found[key] for key in sorted(found)]


def _days(who: Ints, where: Ints, day: Ints, places: int) -> Longs:
    """Card and place as one number, once per day."""
    key = who.astype(np.int64) * places + where
    order = np.lexsort((day, key))
    key, day = key[order], day[order]
    new = np.ones(len(key), dtype=np.bool_)
    new[1:] = (key[1:] != key[:-1]) | (day[1:] != day[:-1])
    found: Longs = key[new]
    return found


def _first_visits(seen: Attendance, day: Ints) -> Longs:
    """Rows of first visits to a place on days with no more than `MOST_NEW` of them, in the order of rows."""
    c = seen.columns
    key = c.place.astype(np.int64) * c.patients + c.patient
    rows = np.sort(np.unique(key, return_index=True)[1])
    rows = rows[~np.isin(c.place[rows], seen.batch_places)]
    when = c.place[rows].astype(np.int64) << 32 | day[rows]
    _, of, n = np.unique(when, return_inverse=True, return_counts=True)
    return rows[n[of] <= MOST_NEW]


def _counted(place: Ints, day: Ints) -> dict[tuple[int, int], int]:
    where, n = np.unique(np.stack([place, day], axis=1), axis=0, return_counts=True)
    return {(int(a), int(b)): int(k) for (a, b), k in zip(where.tolist(), n.tolist(), strict=True)}


def _beside(
    seen: Attendance, fresh: Longs, window: int, household: Ints, address: Ints
) -> tuple[Longs, Longs]:
    """Pairs of rows: any visit, and a first visit of another household at the same place within `window` minutes."""
    c = seen.columns
    at = c.place.astype(np.int64) << 32 | c.minute
    lo = np.searchsorted(at, at[fresh] - window)
    hi = np.searchsorted(at, at[fresh] + window, side="right")
    width = hi - lo
    parts: list[tuple[Longs, Longs]] = []
    bounds = np.searchsorted(np.cumsum(width), np.arange(0, width.sum(), PAIRS)).tolist()
    for start, end in zip(bounds, [*bounds[1:], len(fresh)], strict=True):
        n = width[start:end]
        new = np.repeat(fresh[start:end], n)
        row = np.repeat(lo[start:end], n) + np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
        a, b = c.patient[row], c.patient[new]
        other = (household[a] != household[b]) & ((address[a] != address[b]) | (address[a] < 0))
        parts.append((row[other], new[other]))
    rows, news = zip(*parts, strict=True) if parts else ((), ())
    none = np.zeros(0, np.int64)
    return np.concatenate([none, *rows]), np.concatenate([none, *news])


def _tested(
    seen: Attendance, household: Ints, fresh: Longs, row: Longs, new: Longs, window: int, tried: int,
    new_on: dict[tuple[int, int], int],
) -> Introduced | None:  # fmt: skip
    """The card behind `row`, whose visits are beside the first visits `new`."""
    c = seen.columns
    days = np.unique(c.minute[new] // DAY)
    homes = np.unique(household[c.patient[new]])
    if len(days) < LEAST_DAYS or len(homes) < LEAST_HOMES or np.ptp(days) < 7 * WEEKS:
        return None
    hub, place = int(c.patient[row[0]]), int(c.place[row[0]])
    here = slice(int(c.place_offsets[place]), int(c.place_offsets[place + 1]))
    mine = np.flatnonzero(c.patient[here] == hub) + here.start
    hours = np.sort(c.minute[here] % DAY)
    at = c.minute[mine] % DAY
    share = (
        np.searchsorted(hours, at + window, side="right") - np.searchsorted(hours, at - window)
    ) / len(hours)
    trials, expected = 0, 0.0
    for visit, usual in zip(mine.tolist(), share.tolist(), strict=True):
        when = int(c.minute[visit]) // DAY
        n = new_on.get((place, when), 0)
        trials += n
        if n:
            expected += n * _nearby(seen, fresh, visit, here, window, usual)
    tail = float(binom.logsf(len(homes) - 1, max(trials, len(homes)), expected / max(trials, 1)))
    surprise = -tail / np.log(10) - np.log10(tried * len(WINDOWS))
    if surprise <= 0:
        return None
    first, at_first = np.unique(new, return_index=True)
    return Introduced(
        hub, place, np.unique(c.patient[first]), first, row[at_first], len(days), expected,
        float(surprise),
    )  # fmt: skip


def _nearby(
    seen: Attendance, fresh: Longs, visit: int, here: slice, window: int, usual: float
) -> float:
    """The share of that day's other visits, newcomers apart, within `window` of `visit`; one visit of the `usual` share is added."""
    c = seen.columns
    minute = c.minute[here]
    start = int(c.minute[visit]) // DAY * DAY
    lo, hi = np.searchsorted(minute, [start, start + DAY]) + here.start
    rows = np.arange(lo, hi)
    place = np.searchsorted(fresh, rows)
    new = fresh[np.minimum(place, len(fresh) - 1)] == rows
    old = rows[~new & (c.patient[rows] != c.patient[visit])]
    near = np.abs(c.minute[old] - c.minute[visit]) <= window
    return (float(near.sum()) + usual) / (len(old) + 1)
