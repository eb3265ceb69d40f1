"""Clinics that bill people who are not there: in beds of whatever hospitals, or in other cities at the time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.scan.away import PER_PATIENT, Away, capped, enough, grouped
from graph.scan.candidates import ascending
from graph.scan.in_person import WHOLE, Beds, InPerson, between_cities, expected_at
from graph.scan.kernels_chance import log_poisson_tails
from graph.scan.visits import CHECKUP, Attendance
from graph.scan.world import World

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

LEAST_SPAN = 30
"""Days the data are taken to cover at least."""
LIFT = 3.0
"""Times the expected days in conflict from which a place stands out."""
ALONE = 9.0
"""Most this may say by itself: a grade B."""
BUNCHED = 2.0
"""What the logarithm of chance is divided by: the ill go often, before, during and after a stay."""
NEXT_DOOR = 0.5
"""Kilometres from the bed that a patient may walk, or a visitor shop."""
HOPELESS, LONG_WAY = 0.5, 60.0
"""Share of the way's minutes up to which nobody can have gone it, whatever the road; minutes from which a way is long."""
LATE = 0.1
"""Share of long ways that late entries alone make look like that, generously."""
MOST_MAPPED = 20
"""People of one pair of places up to which the way is believed: where more seem to fly, the coordinates are wrong."""
SAME_TRIP = 240
"""Minutes between visits in two cities within which they are compared with the way."""
AGAIN = 1 / 3
"""Share of a clinic's people in conflict more than once: one wrong date each is nobody's habit."""
COURSE = 0.5
"""Share of somebody's visits at a clinic that keep to a schedule, from which they are a course."""
BLOCK = 1 << 22
"""Visits looked at in one go: memory stays the same however many there are."""
LEAST_SAID = 2.0
"""-log10 of chance from which a clinic is worth a look at all."""
SCATTERED = 0.5
"""Share of a clinic's hopeless trips that one other place has at most: else the two are looked at by themselves."""


@dataclass(frozen=True)
class Lead:
    """What stands out: a hospital and the other end, two places and the minutes between them, or a clinic; the people and how
    improbable."""

    kind: str
    ends: tuple[float, ...]
    who: Ints
    surprise: float
    most: float
    expected: float
    agreed: bool = False


@dataclass(frozen=True)
class Trips:
    """Consecutive settlements of one person in two cities, n: places a < b, the person, the minutes between, the way's minutes."""

    a: Ints
    b: Ints
    patient: Ints
    minutes: Ints
    way: Floats

    @classmethod
    def of(cls, world: World, settled: InPerson, hasty: Flags, owner: Ints) -> "Trips":
        """Those of patients `hasty`."""
        trips = between_cities(hasty, settled.rows, world.area, owner, SAME_TRIP)
        a, b, patient, minutes = trips.T
        return cls(a, b, patient, minutes, world.travel_minutes(a, b))

    @property
    def fast(self) -> Flags:
        """Which took less than the way."""
        return np.asarray(self.minutes < self.way)

    @property
    def hopeless(self) -> Flags:
        """Which nobody can have made."""
        return hopeless(self.minutes, self.way)

    def sure(self, world: World) -> Flags:
        """Which nobody can have made, between facilities of two districts by their codes as well: coordinates may be wrong."""
        a, b = self.a, self.b
        told = world.facility[a] & world.facility[b] & (world.district[a] != world.district[b])
        return np.asarray(self.hopeless & told)


def hopeless(minutes: npt.NDArray[Any], way: Floats) -> Flags:
    """Whether so many minutes are far too few for the way."""
    return np.asarray((minutes <= way * HOPELESS) & (minutes < way) & (way >= LONG_WAY))


def in_course(seen: Attendance, who: Ints, place: Ints) -> Flags:
    """Whether most visits of each patient `who` at each `place` keep to a schedule, as dialysis does: bool[n].

    A course goes on during a stay, and the hour its bills are posted is not the hour of the session.
    """
    c = seen.columns
    asked, of = np.unique(place.astype(np.int64) << 32 | who, return_inverse=True)
    if not len(asked):
        return np.zeros(0, np.bool_)
    concerned = np.zeros(c.patients, np.bool_)
    concerned[who] = True
    visits, kept_to = np.zeros(len(asked), np.int64), np.zeros(len(asked), np.int64)
    for first in range(0, len(c.patient), BLOCK):
        piece = slice(first, first + BLOCK)
        rows = first + np.flatnonzero(concerned[c.patient[piece]])
        code = c.place[rows].astype(np.int64) << 32 | c.patient[rows]
        at = np.minimum(np.searchsorted(asked, code), len(asked) - 1)
        known = asked[at] == code
        explained = seen.explained[rows]
        kept = known & (explained > 0) & (explained != CHECKUP)
        visits += np.bincount(at[known], minlength=len(asked))
        kept_to += np.bincount(at[kept], minlength=len(asked))
    return np.asarray((kept_to > COURSE * visits)[of])


def at_clinics(
    world: World, beds: Beds, settled: InPerson, away: Away, trips: Trips, seen: Attendance
) -> Iterable[Lead]:
    """One lead per clinic at which people settle while they lie in beds, or are in other cities, at several places.

    A pharmacy is none: relatives collect there. Nor does the course count that somebody has there.
    """
    clinic = world.facility[away.elsewhere] & ~(
        world.distance(away.place, away.elsewhere) < NEXT_DOOR
    )
    away = away.only(clinic)
    away = away.only(~in_course(seen, away.patient, away.elsewhere))
    stay = grouped(away.elsewhere.astype(np.int64), away.patient, away.day)
    expected = world.facility * expected_at(
        beds.patient, beds.place, beds.last - beds.first + 1, settled.rows,
        world.where, NEXT_DOOR, max(settled.days, LEAST_SPAN), PER_PATIENT,
    )  # fmt: skip
    days = np.zeros(world.places, np.int64)
    days[stay[0]] = [group.days for group in stay[1]]
    usual = np.minimum(1.0, (days.sum() - days + 1.0) / (expected.sum() - expected + 1.0))
    by_chance = expected * usual
    sure = trips.sure(world)
    sure &= ~(in_course(seen, trips.patient, trips.a) | in_course(seen, trips.patient, trips.b))
    flown, flights = _flown(world, trips, sure)
    tail = log_poisson_tails(days, np.maximum(by_chance, 1e-12)) / -np.log(10)
    asked = (days > 0) | (flights > 0)
    surprise = np.where(days >= LIFT * by_chance, tail / BUNCHED, 0.0) + flown
    surprise -= np.log10(max(int(asked.sum()), 1))
    for place in np.flatnonzero(asked & (surprise >= LEAST_SAID)).tolist():
        mine, flew = away.elsewhere == place, sure & ((trips.a == place) | (trips.b == place))
        days_of = ascending(away.patient[mine].astype(np.int64) << 32 | away.day[mine]) >> 32
        who = np.concatenate([days_of, trips.patient[flew]]).astype(np.int32)
        people, times = np.unique(who, return_counts=True)
        if enough(len(people), len(who)) and (times >= 2).sum() >= AGAIN * len(people):
            said = float(surprise[place])
            yield Lead("clinic", (WHOLE, place), who, said, ALONE, float(by_chance[place]))


def _flown(world: World, trips: Trips, sure: Flags) -> tuple[Floats, Longs]:
    """-log10 of the chance that so many of the trips between each facility and others are `sure`, and how many are."""
    from scipy.stats import binom

    told = world.facility[trips.a] & world.facility[trips.b]
    ends = np.concatenate([trips.a[told], trips.b[told]]).astype(np.int64)
    others = np.concatenate([trips.b[told], trips.a[told]])
    patient, flew = np.tile(trips.patient[told], 2), np.tile(sure[told], 2)
    made = capped(ends, patient, world.places)
    ends, others, patient = ends[flew], others[flew], patient[flew]
    flights = capped(ends, patient, world.places)
    # each trip has two ends
    usual = (flights.sum() / 2 - flights + 1.0) / (made.sum() / 2 - made + 2.0)
    tail = binom.logsf(flights - 1, made, np.clip(usual, LATE, 1.0)) / np.log(10)
    pair, times = np.unique(ends << 32 | others, return_counts=True)
    most = np.zeros(world.places, np.int64)
    np.maximum.at(most, pair >> 32, times)
    people = np.bincount(np.unique(ends << 32 | patient) >> 32, minlength=world.places)
    kept = (most <= SCATTERED * np.bincount(ends, minlength=world.places)) & (people <= MOST_MAPPED)
    return np.where(kept, -tail, 0.0), np.where(kept, flights, 0)
