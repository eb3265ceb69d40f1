"""Several patients at one place within minutes: how often, how complete, how tight."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from loaders.synthetic.calendar import DAY, DAYS, is_holiday, weekday
from loaders.synthetic.codes import Array
from loaders.synthetic.world import World

MEETING = np.dtype([("patient", "i4"), ("place", "i4"), ("second", "i4"), ("round", "i4")])


@dataclass(frozen=True, slots=True)
class Meeting:
    """count: gatherings; attendance: share of members who come; spread: minutes from first to last;
    queue: one card after the other, seconds apart."""

    count: int
    attendance: float
    spread: int
    queue: bool

    @classmethod
    def draw(cls, rng: np.random.Generator, strength: float) -> Meeting:
        """A usual ring's habits: 4–20 gatherings, 0.5–0.95, 5, 15 or 40 minutes."""
        count = int(np.clip(round(rng.integers(4, 21) * strength), 3, 30))
        attendance = float(rng.uniform(0.5, 0.95)) ** (1 / strength)
        spread = int(
            rng.choice([5, 15, 40], p=(0.4, 0.4, 0.2) if strength >= 1 else (0.2, 0.4, 0.4))
        )
        return cls(count, attendance, spread, bool(rng.random() < 0.4))

    def with_(self, count: int | None = None, attendance: float | None = None) -> Meeting:
        """The same habits with another count or attendance."""
        return replace(
            self,
            count=self.count if count is None else count,
            attendance=self.attendance if attendance is None else attendance,
        )


def draw_days(
    world: World, rng: np.random.Generator, place: int, count: int, since: int = 3, until: int = 355
) -> Array:
    """Open working days of a place, spread over the span, ascending and distinct."""
    span = np.arange(since, min(until, DAYS - 8))
    open_day = (int(world.places.open_days[place]) >> weekday(span)) & 1 == 1
    good = span[open_day & ~is_holiday()[span]]
    return np.sort(rng.choice(good, min(count, len(good)), replace=False))


def open_days(world: World, place: int, days: Array) -> Array:
    """Each day moved on to the place's next open one."""
    mask = int(world.places.open_days[place])
    moved = days.copy()
    for _ in range(6):
        moved = np.where((mask >> weekday(moved)) & 1 == 0, moved + 1, moved)
    return moved


def gather(
    world: World,
    rng: np.random.Generator,
    members: Array,
    places: list[int],
    meeting: Meeting,
    days: Array | None = None,
    always: int = 0,
) -> Array:
    """Attendances, dtype `MEETING`: at the first place, one gathering in four at the others.

    always: so many of the first members never miss one. At least three come (or all of two).
    """
    if days is None:
        days = draw_days(world, rng, places[0], meeting.count)
    pieces = []
    for turn, day in enumerate(days.tolist()):
        place = places[0]
        if len(places) > 1 and rng.random() < 0.25:
            place = places[int(rng.integers(1, len(places)))]
            day = int(open_days(world, place, np.array([day]))[0])
        here = rng.random(len(members)) < meeting.attendance
        here[:always] = True
        missing = min(3, len(members)) - int(here.sum())
        if missing > 0:
            here[rng.permutation(np.flatnonzero(~here))[:missing]] = True
        team = rng.permutation(members[here])
        opens, closes = int(world.places.opens[place]), int(world.places.closes[place])
        start = int(rng.integers(opens + 15, max(opens + 30, closes - 60))) * 60
        if meeting.queue:
            offsets = np.cumsum(rng.integers(20, 95, len(team)))
        else:
            offsets = rng.integers(0, meeting.spread * 60 + 1, len(team))
        rows = np.empty(len(team), dtype=MEETING)
        rows["patient"], rows["place"], rows["round"] = team, place, turn
        rows["second"] = day * DAY + start + offsets + rng.integers(0, 60)
        pieces.append(rows)
    return np.concatenate(pieces)


def meeting_facts(meeting: Meeting, met: Array) -> dict[str, float]:
    """What benchmarks break recall down by."""
    return {
        "gatherings": float(len(np.unique(met["second"] // DAY))),
        "attendance": round(meeting.attendance, 4),
        "spread": 0.0 if meeting.queue else float(meeting.spread),
        "size": float(len(np.unique(met["patient"]))),
    }
