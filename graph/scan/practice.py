"""What each practitioner did: all visits under a staff code, read once and dealt out by practitioner."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from graph.scan.kernels import compiled, doubled
from graph.scan.world import World

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

UNKNOWN = -(2**31)
"""A moment nobody wrote down."""
NEVER = -(2**63)
"""The same in SQL, and an amount nobody wrote down."""
EPOCH = 946_684_800_000_000
"""2000-01-01 in microseconds since 1970."""
MINUTE = 60_000_000
HALVES = 2880
"""Moments in a day: two a minute, on the minute and after it."""
NOTE, POSTS = "practice", "posts"
UNSEEN = 2
"""Mark of a visit that may or may not be a stay."""

CODES = """
WITH code AS (
  SELECT practitioner, count(*) AS visits, min(setl_time) AS first, max(setl_time) AS last
  FROM visits WHERE practitioner IS NOT NULL GROUP BY practitioner)
SELECT practitioner, visits, coalesce(epoch_us(min(first) OVER () + (max(last) OVER () - min(first) OVER ()) / 2), 0) AS middle
FROM code
"""
"""Visits per staff code, and the middle of the period of all of them."""

READ = f"""
SELECT practitioner, coalesce(patient, -1) AS patient, coalesce(place, -1) AS place, coalesce(epoch_us(setl_time), {NEVER}) AS moment,
  coalesce(CAST(stay AS TINYINT), {UNSEEN}) AS stay, CAST(online AS TINYINT) AS online,
  coalesce(net_medfee, {NEVER}) AS fee, coalesce(net_fund, {NEVER}) AS fund
FROM visits WHERE practitioner IS NOT NULL
"""

SUMS = (
    "stays", "fees", "total", "funds", "fund", "visit_fees", "visit_total", "visits_first", "visits_second",
    "fees_first", "total_first", "fees_second", "total_second",
)  # fmt: skip
"""Per practitioner: stays; how many fees and fund parts are known, and their sums in fen; of visits that are no stays, the same; the
visits of the first and the second half of the period, and of those that are no stays the fees known and their sums."""


@dataclass(frozen=True)
class Practice:
    """All visits of practitioners, practitioner after practitioner: `visits` int32[n, 3] (patient, place, -1 where unknown, and
    moment; rows, for they are dealt out at random), `there` bool[n] (neither stay nor internet visit), `offsets`
    int64[practitioners + 1].

    A moment is twice the minutes since 2000, and one more for a settlement after the full minute; `UNKNOWN` where not told.
    `sums` is int64[practitioners, len(SUMS)].
    """

    offsets: Longs
    visits: Ints
    there: Flags
    sums: Longs
    places: int

    @classmethod
    def of(cls, world: World) -> Self:
        """That of all visits."""
        codes = world.arrays(CODES)
        practitioners = int(codes["practitioner"].max(initial=-1)) + 1
        offsets = np.zeros(practitioners + 1, np.int64)
        offsets[codes["practitioner"] + 1] = codes["visits"]
        np.cumsum(offsets, out=offsets)
        middle = int(codes["middle"][0]) if practitioners else 0
        cursor = offsets[:-1].copy()
        visits = np.empty((int(offsets[-1]), 3), np.int32)
        there = np.empty(int(offsets[-1]), np.bool_)
        sums = np.zeros((practitioners, len(SUMS)), np.int64)
        for rows in world.batches(READ):
            deal_out(
                rows["practitioner"], rows["patient"], rows["place"], rows["moment"], rows["stay"], rows["online"],
                rows["fee"], rows["fund"], middle, cursor, visits, there, sums,
            )  # fmt: skip
        return cls(offsets, visits, there, sums, world.places)

    @cached_property
    def posts(self) -> "Posts":
        """Who worked where."""
        return Posts(*count_posts(self.offsets, self.visits, self.there, self.places).T)

    def hurried(self, counted: Flags, gap: int, least: int) -> Ints:
        """Practitioners, ascending, who may have gone from one of the `counted` places, bool[places], straight to another within
        `gap` minutes at least `least` times."""
        kept = self.posts.there * counted[self.posts.place] > 0
        several = np.bincount(self.posts.practitioner[kept]) > 1
        who = np.flatnonzero(several).astype(np.int32)
        moves = count_moves(who, self.offsets, self.visits, self.there, counted, gap)
        return np.asarray(who[moves >= least])

    def busy_days(self, who: Ints, place: Ints, least: int) -> Longs:
        """Per practitioner and place, int[n] each: days on which at least `least` different known patients were seen `there`."""
        return np.asarray(count_busy_days(self.offsets, self.visits, self.there, who, place, least))

    def billed(self, who: Ints, place: Ints, but: Ints, first: Ints, last: Ints) -> Longs:
        """Per span of days (since 2000), int[n] each, on how many days strictly between `first` and `last` somebody settled `there`
        at the place under the code `who`, for any patient but `but`."""
        return np.asarray(
            count_days(self.offsets, self.visits, self.there, who, place, but, first, last)
        )


@dataclass(frozen=True)
class Posts:
    """A row per practitioner and place with visits, int32[n], by practitioner: visits, of these `there`, and the latest moment of
    those (`UNKNOWN` where there are none)."""

    practitioner: Ints
    place: Ints
    visits: Ints
    there: Ints
    latest: Ints


def practice(world: World) -> Practice:
    """The scan's practice, read by whoever asks first; others wait."""
    with world.other_turn:
        if NOTE not in world.notes:
            world.notes[NOTE] = Practice.of(world)
    found = world.notes[NOTE]
    assert isinstance(found, Practice)
    return found


def posts(world: World) -> Posts:
    """Who worked where; still told when the practice is let go."""
    if POSTS not in world.notes:
        world.notes[POSTS] = practice(world).posts
    found = world.notes[POSTS]
    assert isinstance(found, Posts)
    return found


def let_go(world: World) -> None:
    """Free the practice, which is as long as the visits, once nobody asks for more of it than the posts."""
    posts(world)
    world.notes.pop(NOTE, None)


@compiled
def deal_out(
    who: Any,
    patient: Any,
    place: Any,
    moment: Any,
    stay: Any,
    online: Any,
    fee: Any,
    fund: Any,
    middle: int,
    cursor: Any,
    visits: Any,
    there: Any,
    sums: Any,
) -> None:
    """Put each visit into its practitioner's part of `visits` and `there`, and add it to `sums`.

    `moment` and `middle` are microseconds since 1970.
    """
    for row in range(len(who)):
        k, t = who[row], moment[row]
        at = cursor[k]
        cursor[k] = at + 1
        visits[at, 0], visits[at, 1], visits[at, 2] = patient[row], place[row], halves(t)
        there[at] = stay[row] == 0 and online[row] == 0
        sums[k, 0] += stay[row] == 1
        if fund[row] != NEVER:
            sums[k, 3] += 1
            sums[k, 4] += fund[row]
        if t != NEVER:
            sums[k, 7 if t < middle else 8] += 1
        if fee[row] == NEVER:
            continue
        sums[k, 1] += 1
        sums[k, 2] += fee[row]
        if stay[row] != 0:
            continue
        sums[k, 5] += 1
        sums[k, 6] += fee[row]
        if t != NEVER:
            half = 9 if t < middle else 11
            sums[k, half] += 1
            sums[k, half + 1] += fee[row]


@compiled
def halves(moment: Any) -> Any:
    """Microseconds since 1970 as a moment of `Practice`; far-off years end at the bounds of an int32."""
    if moment == NEVER:
        return np.int32(UNKNOWN)
    since = moment - EPOCH
    found = since // MINUTE * 2 + (since % MINUTE != 0)
    return np.int32(min(max(found, UNKNOWN + 1), -(UNKNOWN + 1)))


@compiled
def count_posts(offsets: Any, visits: Any, there: Any, places: int) -> Any:
    """The columns of `Posts` as int32[n, 5]; places in the order of their first visits."""
    found, used = np.empty((1024, 5), np.int32), 0
    at = np.full(places, -1, np.int64)
    for k in range(len(offsets) - 1):
        first = used
        for row in range(offsets[k], offsets[k + 1]):
            f = visits[row, 1]
            if f < 0:
                continue
            if at[f] < first:
                if used == len(found):
                    found = doubled(found)
                at[f] = used
                found[used] = 0
                found[used, 0], found[used, 1], found[used, 4] = k, f, UNKNOWN
                used += 1
            post = at[f]
            found[post, 2] += 1
            if there[row]:
                found[post, 3] += 1
                found[post, 4] = max(found[post, 4], visits[row, 2])
    return found[:used].copy()


@compiled
def count_moves(who: Any, offsets: Any, visits: Any, there: Any, counted: Any, gap: int) -> Any:
    """int64[n]: how many visits of each one of `who` follow one at another place within `gap` minutes; all, where two of
    them are in one minute at different places, for then the order is open."""
    found = np.zeros(len(who), np.int64)
    for i in range(len(who)):
        first, last = offsets[who[i]], offsets[who[i] + 1]
        keys = np.empty(last - first, np.int64)
        used = 0
        for row in range(first, last):
            f, moment = visits[row, 1], visits[row, 2]
            if there[row] and moment != UNKNOWN and f >= 0 and counted[f]:
                keys[used] = np.int64(moment >> 1) << 32 | f
                used += 1
        keys = np.sort(keys[:used])
        for q in range(1, used):
            apart = (keys[q] >> 32) - (keys[q - 1] >> 32)
            if np.int32(keys[q]) != np.int32(keys[q - 1]) and apart <= gap:
                found[i] += 1 if apart else used
    return found


@compiled
def count_days(
    offsets: Any, visits: Any, there: Any, who: Any, place: Any, but: Any, first: Any, last: Any
) -> Any:
    """int64[n] as `Practice.billed` says."""
    found = np.zeros(len(who), np.int64)
    for i in range(len(who)):
        if who[i] + 1 >= len(offsets):
            continue
        seen = np.zeros(max(last[i] - first[i], 0) + 1, np.bool_)
        for row in range(offsets[who[i]], offsets[who[i] + 1]):
            known = there[row] and visits[row, 2] != UNKNOWN and visits[row, 1] == place[i]
            if not known or visits[row, 0] < 0 or visits[row, 0] == but[i]:
                continue
            day = visits[row, 2] // HALVES
            if first[i] < day < last[i] and not seen[day - first[i]]:
                seen[day - first[i]] = True
                found[i] += 1
    return found


@compiled
def count_busy_days(offsets: Any, visits: Any, there: Any, who: Any, place: Any, least: int) -> Any:
    """int64[n] as `Practice.busy_days` says."""
    found = np.zeros(len(who), np.int64)
    for i in range(len(who)):
        first, last = offsets[who[i]], offsets[who[i] + 1]
        seen = np.empty(last - first, np.int64)
        used = 0
        for row in range(first, last):
            known = visits[row, 0] >= 0 and visits[row, 2] != UNKNOWN
            if known and there[row] and visits[row, 1] == place[i]:
                seen[used] = np.int64(visits[row, 2] // HALVES) << 32 | visits[row, 0]
                used += 1
        seen = np.sort(seen[:used])
        people = 0
        for q in range(used):
            if q and seen[q] >> 32 != seen[q - 1] >> 32:
                people = 0
            fresh = q == 0 or seen[q] != seen[q - 1]
            people += fresh
            found[i] += fresh and people == least
    return found
