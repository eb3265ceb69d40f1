"""The world before anything happens in it, and what gets planted into it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from loaders.synthetic.codes import Array
from loaders.synthetic.places import PlaceKind, Places, build_places
from loaders.synthetic.population import ALIVE, People, build_people
from loaders.synthetic.settings import RingKind, TwinKind, WorldSettings
from loaders.synthetic.staff import FOREVER, Staff, build_staff

# About one visit in seven belongs to a look-alike or a ring.
PLANTED_SHARE = 0.14


@dataclass(frozen=True, slots=True)
class Planted:
    """A ring or a look-alike in world numbers; `amount` is fund money in fen."""

    kind: RingKind | TwinKind
    members: tuple[int, ...]
    professionals: tuple[int, ...]
    places: tuple[int, ...]
    amount: int
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class World:
    """People, places and staff of one seed; `taken` marks patients already cast for a part.

    home_order, home_edges: patients by home place, and where each place's begin; employers: how
    many there are.
    """

    settings: WorldSettings
    seed: int
    visits: int
    places: Places
    people: People
    staff: Staff
    taken: Array
    taken_places: set[int]
    taken_staff: set[int]
    employers: int
    home_order: Array
    home_edges: Array

    def stream(self, name: str, *numbers: int) -> np.random.Generator:
        """An independent random stream for a subject, so that subjects do not disturb each other."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode()), *numbers])

    def cast(
        self,
        rng: np.random.Generator,
        count: int,
        *,
        district: int | None = None,
        province: int | None = None,
        ages: tuple[int, int] = (18, 92),
        homes: Iterable[int] = (),
    ) -> Array:
        """Living patients not yet cast, one per household; fewer if the area runs out of them."""
        low, high = self._range(district, province)
        wanted = set(homes)
        chosen: dict[int, int] = {}
        for attempt in range(40):
            if attempt == 20:
                low, high, wanted = 0, len(self.people), set()
            for patient in rng.integers(low, high, 2 * count + 8).tolist():
                if len(chosen) >= count:
                    break
                age = self.people.birth[patient] / 365.25
                home = not wanted or bool(wanted & set(self.people.homes[patient].tolist()))
                fit = ages[0] <= age < ages[1] and self.people.died[patient] == ALIVE and home
                if fit and not self.taken[patient]:
                    chosen.setdefault(int(self.people.household[patient]), patient)
        members = np.array(sorted(chosen.values()), dtype=np.int32)
        self.taken[members] = True
        return members

    def _range(self, district: int | None, province: int | None) -> tuple[int, int]:
        first = self.people.first
        if district is not None and first[district + 1] - first[district] > 50:
            return int(first[district]), int(first[district + 1])
        if province is not None:
            codes = self.places.district_codes() // 10_000
            inside = np.flatnonzero(codes == province)
            return int(first[inside[0]]), int(first[inside[-1] + 1])
        return 0, len(self.people)

    def pick_place(
        self,
        rng: np.random.Generator,
        *kinds: PlaceKind,
        district: int | None = None,
        province: int | None = None,
        small: bool = False,
        week: bool = True,
    ) -> int:
        """A place of one of these kinds not yet cast; where none is left, one cast before.

        small: from the less popular half; week: open on five days or more.
        """
        found = self.places.of(*kinds)
        filters = [~np.isin(found, list(self.taken_places))]
        if district is not None:
            filters.append(self.places.district[found] == district)
        if province is not None:
            filters.append(self.places.province()[found] == province)
        if week:
            filters.append(np.isin(self.places.open_days[found], (31, 63, 127)))
        if small:
            filters.append(self.places.pop[found] <= np.median(self.places.pop[found]))
        for dropped in range(len(filters) + 1):
            keep = np.ones(len(found), dtype=bool)
            for one in filters[: len(filters) - dropped]:
                keep &= one
            if keep.any():
                place = int(rng.choice(found[keep]))
                self.taken_places.add(place)
                return place
        raise ValueError(f"no place of kind {kinds}: the world is too small")

    def regulars(self, place: int) -> Array:
        """Patients with a home place here and no part yet (anybody without a part if none)."""
        low, high = self.home_edges[place : place + 2]
        local = np.unique(self.home_order[low:high])
        local = local[~self.taken[local]]
        return (local if len(local) else np.flatnonzero(~self.taken)).astype(np.int32)

    def free_doctors(self, place: int) -> Array:
        """Doctors of a place who work there all year and nowhere else.

        Those without a part come first; the resident, who stands in for everybody, last.
        """
        staff = self.staff
        rows = int(staff.first[place]) + np.arange(int(staff.count[place]))
        whole_year = (staff.since[rows] < 0) & (staff.until[rows] == FOREVER)
        doctors = staff.who[rows][whole_year & ~staff.multi[staff.who[rows]]]
        cast = np.isin(doctors[1:], list(self.taken_staff))
        return np.asarray(np.r_[doctors[1:][~cast], doctors[1:][cast], doctors[:1]])

    def new_employer(self) -> int:
        """Number of an employer nobody works for yet."""
        self.employers += 1
        return self.employers - 1

    def become(self, practitioner: int, patient: int) -> None:
        """Let a practitioner be this patient: one person, one identity number, one name."""
        staff, people = self.staff, self.people
        earlier = np.flatnonzero(staff.person == patient)
        staff.person[earlier] = -1
        staff.person[practitioner] = patient
        staff.surname[practitioner] = people.surname[patient]
        staff.given[practitioner] = people.given[patient]
        staff.woman[practitioner] = people.woman[patient]
        staff.birth[practitioner] = people.birth[patient]
        staff.order[practitioner] = people.order[patient]

    def distance(self, a: int, b: int) -> float:
        """Kilometres between two places."""
        dx = (self.places.lnt[a] - self.places.lnt[b]) * 85.0
        dy = (self.places.lat[a] - self.places.lat[b]) * 111.0
        return float(np.hypot(dx, dy))


def build_world(visits: int, seed: int, settings: WorldSettings) -> World:
    """The people, places and staff for about so many visits."""
    rng = np.random.default_rng([seed, 0])
    places = build_places(np.random.default_rng([seed, 1]), visits, settings)
    patients = max(400, int(visits * (1 - PLANTED_SHARE) / settings.visits_per_patient))
    people = build_people(np.random.default_rng([seed, 2]), patients, places, settings)
    staff = build_staff(rng, visits, places, people, settings)
    taken = np.zeros(patients, dtype=bool)
    order = np.argsort(people.homes.ravel(), kind="stable")
    edges = np.searchsorted(people.homes.ravel()[order], np.arange(len(places) + 1))
    return World(
        settings, seed, visits, places, people, staff, taken, set(), set(),
        int(people.employer.max()) + 1, (order // 3).astype(np.int32), edges,
    )  # fmt: skip
