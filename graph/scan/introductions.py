"""Introductions: people whose first visit to a place falls beside one and the same card's visit, day after day."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.scan.dense import together
from graph.scan.kernels import compiled
from graph.scan.returns import returns
from graph.scan.visits import DAY, Attendance

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

WINDOWS = (10, 30)
"""Minutes between the card's visit and a newcomer's; the better of the two counts, and that is allowed for."""
LEAST_DAYS = 4
LEAST_HOMES = 5
"""Days with somebody new beside the card, and households of those who are."""
TESTS = 2
"""By the hour, with or without those who come again, and by the day; the better counts."""
BY_DAYS = 3.5
"""Most that the days alone may say: a community's health worker comes along with people, too."""
CLEARLY = 2.0
"""Times as many newcomers beside the card as the hours would bring before whole days are counted."""
WEEKS = 4
"""Over which newcomers must come, the middle half of them over half as many."""
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
    is_fresh = np.zeros(len(c), dtype=np.bool_)
    is_fresh[fresh] = True
    mark = np.full(c.patients, -1, dtype=np.int64)
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
            one = _tested(seen, household, is_fresh, mark, row[part], new[part], window, tried)
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


def _beside(
    seen: Attendance, fresh: Longs, window: int, household: Ints, address: Ints
) -> tuple[Longs, Longs]:
    """Pairs of rows: any visit, and a first visit of another household at the same place within `window` minutes; not where a calendar
    explains both."""
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
        other &= (seen.explained[row] == 0) | (seen.explained[new] == 0)
        parts.append((row[other], new[other]))
    rows, news = zip(*parts, strict=True) if parts else ((), ())
    none = np.zeros(0, np.int64)
    return np.concatenate([none, *rows]), np.concatenate([none, *news])


def _tested(
    seen: Attendance, household: Ints, fresh: Flags, mark: Longs, row: Longs, new: Longs, window: int, tried: int,
) -> Introduced | None:  # fmt: skip
    """The card behind `row`, whose visits are beside the first visits `new`; `fresh` bool[N] are all first visits.

    By the hour among that day's newcomers, and by the day among all of the place's, unless the hours speak against it; in both the
    place's other visits say what is usual. Newcomers who keep coming beside the card add to the hours; who does not is then left out.
    Those who do so several at a time are a company, of which the card is one.
    """
    c = seen.columns
    days, homes, span = spread(c.minute, household, c.patient, new)
    if days < LEAST_DAYS or homes < LEAST_HOMES or span < 7 * WEEKS / 2:
        return None
    hub, place = int(c.patient[row[0]]), int(c.place[row[0]])
    mark[c.patient[new]] = mark[hub] = key = hub * c.places + place
    lo, hi = int(c.place_offsets[place]), int(c.place_offsets[place + 1])
    trials, expected, near, others, newcomers = weigh_card(
        c.minute, c.patient, lo, hi, hub, mark, key, fresh, window
    )
    share = expected / max(trials, 1)
    surprise = _told(homes, max(trials, homes), share, tried)
    if homes >= CLEARLY * expected:
        by_days = _told(days, max(newcomers, days), (near + 1) / (others + 2), tried)
        surprise = max(surprise, min(BY_DAYS, by_days))
    again = returns(seen, household, hub, place, mark, key, fresh, window)
    if again is not None and again.company:
        return None
    if again is not None:
        came = _log10_p(homes, max(trials, homes), share)
        with_card = -together([came, again.log10_p]) - _searched(tried)
        if with_card > surprise:
            surprise, kept = with_card, np.isin(c.patient[new], again.patients)
            row, new = row[kept], new[kept]
            days = len(np.unique(c.minute[new] // DAY))
    if surprise <= 0:
        return None
    first, at_first = np.unique(new, return_index=True)
    return Introduced(
        hub, place, np.unique(c.patient[first]), first, row[at_first], days, expected,
        float(surprise),
    )  # fmt: skip


def _told(seen: int, trials: int, share: float, tried: int) -> float:
    """-log10 p of so many, all cards, windows and both tests tried."""
    return -_log10_p(seen, trials, share) - _searched(tried)


def _searched(tried: int) -> float:
    """log10 of the cards, windows and tests tried."""
    return float(np.log10(tried * len(WINDOWS) * TESTS))


def _log10_p(seen: int, trials: int, share: float) -> float:
    from scipy.stats import binom

    return float(binom.logsf(seen - 1, trials, min(share, 1.0))) / float(np.log(10))


@compiled
def spread(minute: Any, household: Any, patient: Any, rows: Any) -> Any:
    """Different days and households of `rows`, and days in which the middle half of them lie."""
    days, homes = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    for k in range(len(rows)):
        days[k], homes[k] = minute[rows[k]] // 1440, household[patient[rows[k]]]
    days.sort()
    homes.sort()
    n_days, n_homes = 1, 1
    for k in range(1, len(rows)):
        n_days += days[k] != days[k - 1]
        n_homes += homes[k] != homes[k - 1]
    return n_days, n_homes, days[3 * len(rows) // 4] - days[len(rows) // 4]


@compiled
def weigh_card(
    minute: Any, patient: Any, lo: int, hi: int, hub: int, mark: Any, key: int, fresh: Any, window: int
) -> Any:  # fmt: skip
    """What is usual at the place, rows [lo, hi), on the card's days and over the year.

    (trials, expected, near, others, newcomers): first visits on the card's days, and those of them expected within `window` of the
    card's visit; visits of `others` (not marked `key`), and those of them within `window` of the card's; all first visits.
    """
    visits, used = np.empty(hi - lo, np.int64), 0
    for i in range(lo, hi):
        if patient[i] == hub:
            visits[used] = i
            used += 1
    hours = np.zeros(1441, np.int64)
    near, others, newcomers, at = 0, 0, 0, 0
    for i in range(lo, hi):
        newcomers += fresh[i] and patient[i] != hub
        if mark[patient[i]] == key:
            continue
        others += 1
        hours[minute[i] % 1440 + 1] += 1
        while at < used and minute[visits[at]] < minute[i] - window:
            at += 1
        near += at < used and minute[visits[at]] <= minute[i] + window
    for m in range(1440):
        hours[m + 1] += hours[m]
    trials, expected, start = 0, 0.0, lo
    for k in range(used):
        when = minute[visits[k]]
        day, clock = when // 1440, when % 1440
        while minute[start] // 1440 < day:
            start += 1
        new, old, beside, i = 0, 0, 0, start
        while i < hi and minute[i] // 1440 == day:
            if fresh[i]:
                new += patient[i] != hub
            elif patient[i] != hub:
                old += 1
                beside += abs(minute[i] - when) <= window
            i += 1
        usual = hours[min(clock + window, 1439) + 1] - hours[max(clock - window, 0)]
        trials += new
        expected += new * (beside + (usual + 1) / (others + 2)) / (old + 1)
    return trials, expected, near, others, newcomers
