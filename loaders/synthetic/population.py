"""Patients in households: who they are, where they live, where they go, how often."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

import numpy as np

from loaders.synthetic import words
from loaders.synthetic.calendar import DAYS, FIRST
from loaders.synthetic.codes import Array, draw_accounts, draw_phones
from loaders.synthetic.places import Places
from loaders.synthetic.settings import WorldSettings

ALIVE = 100_000
_SIZES = (0.24, 0.32, 0.24, 0.12, 0.08)
_SLOTS = (0.6, 0.9)


@dataclass(slots=True)
class People:
    """One entry per patient in every array; patients of a household and a district stand together.

    `birth` is days before 2025 (positive), `died` a day number (`ALIVE` for the living), `homes`
    three places, `rate` expected visits in the year, `chronic` a diagnosis index or -1, `door` the
    number of the address, `area` the district of the identity number, `employer` -1 or a number.
    """

    household: Array
    first: Array
    district: Array
    area: Array
    woman: Array
    birth: Array
    order: Array
    surname: Array
    given: Array
    phone: Array
    account: Array
    door: Array
    road: Array
    employer: Array
    died: Array
    homes: Array
    rate: Array
    chronic: Array

    def __len__(self) -> int:
        return len(self.household)

    def names(self, patients: Array) -> list[str]:
        """Full names of these patients."""
        return [
            person_name(*row)
            for row in zip(
                self.surname[patients].tolist(),
                self.given[patients, 0].tolist(),
                self.given[patients, 1].tolist(),
                self.woman[patients].tolist(),
                strict=True,
            )
        ]

    def birth_dates(self, patients: Array) -> Array:
        """Dates of birth as yyyymmdd."""
        return calendar_dates()[self.birth[patients]]


def person_name(surname: int, one: int, two: int, woman: bool) -> str:
    """A full name; a negative second character means a name of two characters."""
    given = words.GIVEN_WOMEN if woman else words.GIVEN_MEN
    second = given[two % len(given)] if two >= 0 else ""
    return words.SURNAMES[surname % len(words.SURNAMES)] + given[one % len(given)] + second


@functools.cache
def calendar_dates() -> Array:
    """yyyymmdd of the day so many days before 2025."""
    days = (FIRST - dt.timedelta(days=back) for back in range(101 * 366))
    return np.array([d.year * 10_000 + d.month * 100 + d.day for d in days], dtype=np.int64)


def _households(rng: np.random.Generator, patients: int) -> Array:
    sizes = rng.choice(np.arange(1, 6), patients, p=_SIZES)
    household = np.repeat(np.arange(len(sizes)), sizes)[:patients]
    return household.astype(np.int32)


def _births(rng: np.random.Generator, household: Array) -> Array:
    """Ages: a couple of similar age first, then children and grandparents."""
    count = len(household)
    starts = np.r_[0, np.flatnonzero(np.diff(household)) + 1]
    rank = np.arange(count) - np.repeat(starts, np.diff(np.r_[starts, count]))
    head = np.clip(rng.normal(54, 17, int(household[-1]) + 1), 22, 96)[household]
    age = head + rng.normal(0, 3, count) * (rank == 1)
    child = np.where(rng.random(count) < 0.75, -27.0, 26.0) + rng.normal(0, 3, count)
    age = np.where(rank >= 2, head + child, age)
    return (np.clip(age, 0.5, 99.0) * 365.25).astype(np.int32)


def _rates(rng: np.random.Generator, birth: Array, mean: float) -> Array:
    """Gamma rates of shape 0.6; old people go more often, the mean over all stays `mean`."""
    age = birth / 365.25
    rate = rng.gamma(0.6, 1.0, len(birth)) * np.where(age >= 60, 1.6, np.where(age < 18, 0.7, 0.85))
    return np.asarray(rate * (mean / rate.mean()))


def draw_by_district(rng: np.random.Generator, district: Array, places: Places) -> Array:
    """A place in each given district, by popularity (anywhere if a district has none)."""
    order = np.argsort(places.district, kind="stable")
    edge = np.r_[0.0, np.cumsum(places.pop[order])]
    counts = np.bincount(places.district, minlength=len(places.districts))
    last = np.cumsum(counts)
    low, high = edge[last - counts][district], edge[last][district]
    spot = low + rng.random(len(district)) * (high - low)
    found = np.searchsorted(edge, spot, side="right") - 1
    return np.asarray(order[np.clip(found, 0, len(order) - 1)])


def _homes(
    rng: np.random.Generator, household: Array, district: Array, places: Places, near: float
) -> Array:
    """Three places each: shared within the household, with some tastes of one's own."""
    first = np.r_[0, np.flatnonzero(np.diff(household)) + 1]
    homes = np.empty((len(household), 3), dtype=np.int32)
    anywhere = np.cumsum(places.pop)
    for slot in range(3):
        shared = draw_by_district(rng, district[first], places)
        own = draw_by_district(rng, district, places)
        far = np.searchsorted(anywhere, rng.random(len(household)) * anywhere[-1])
        chosen = np.where(rng.random(len(household)) < 0.7, shared[household], own)
        homes[:, slot] = np.where(rng.random(len(household)) < near, chosen, far)
    return homes


def build_people(
    rng: np.random.Generator, patients: int, places: Places, settings: WorldSettings
) -> People:
    """Patients for the given places; rates average `settings.visits_per_patient`."""
    household = _households(rng, patients)
    groups = int(household[-1]) + 1
    mass = np.bincount(places.district, weights=places.pop, minlength=len(places.districts))
    of_group = np.sort(rng.choice(len(mass), groups, p=mass / mass.sum()))
    district = of_group[household].astype(np.int16)
    birth = _births(rng, household)
    age = birth / 365.25
    woman = rng.random(patients) < 0.51
    surname = (len(words.SURNAMES) * rng.random(groups) ** 2.2).astype(np.int16)
    own_name = rng.random(patients) < 0.35
    phone = draw_phones(rng, groups)[household]
    own_phone = (age >= 16) & (rng.random(patients) < 0.55)
    employers = max(5, patients // 60)
    employer = np.where(
        (age >= 22) & (age < 60) & (rng.random(patients) < 0.6),
        rng.zipf(1.6, patients) % employers, -1,
    )  # fmt: skip
    area = places.district_codes()[district]
    moved = rng.random(patients) < 0.15
    elsewhere = places.district_codes()[rng.integers(0, len(places.districts), patients)]
    chronic = rng.random(patients) < np.where(age >= 55, 0.55, 0.08)
    risk = np.where(age >= 75, 0.03, np.where(age >= 60, 0.008, 0.0008))
    died = np.where(rng.random(patients) < risk, rng.integers(0, DAYS, patients), ALIVE)
    given = rng.integers(0, 40, (patients, 2)).astype(np.int16)
    given[rng.random(patients) < 0.2, 1] = -1
    return People(
        household=household,
        first=np.searchsorted(district, np.arange(len(mass) + 1)),
        district=district,
        area=np.where(moved, elsewhere, area),
        woman=woman,
        birth=birth,
        order=rng.integers(0, 499, patients) * 2 + ~woman,
        surname=np.where(
            own_name, (len(words.SURNAMES) * rng.random(patients) ** 2.2).astype(np.int16),
            surname[household],
        ),
        given=given,
        phone=np.where(own_phone, draw_phones(rng, patients), phone),
        account=draw_accounts(rng, patients),
        door=rng.integers(0, 500 * 30 * 6, groups)[household],
        road=rng.integers(0, len(words.ROADS), groups)[household].astype(np.int16),
        employer=employer.astype(np.int32),
        died=died.astype(np.int32),
        homes=_homes(rng, household, district, places, settings.home_district),
        rate=_rates(rng, birth, settings.visits_per_patient),
        chronic=np.where(chronic, rng.integers(0, words.CHRONIC, patients), -1).astype(np.int8),
    )  # fmt: skip
