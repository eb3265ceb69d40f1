"""Practitioners and their registrations: who may bill where, on which weekdays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loaders.synthetic import words
from loaders.synthetic.calendar import weekday
from loaders.synthetic.codes import Array, draw_accounts, draw_phones
from loaders.synthetic.places import HOSPITALS, PlaceKind, Places
from loaders.synthetic.population import People
from loaders.synthetic.settings import WorldSettings

DOCTOR, NURSE, PHARMACIST, TECHNICIAN = 1, 2, 3, 4
FOREVER = 10_000


_REGISTRATION = (
    "who", "where", "main", "days", "dept", "since", "until", "away_from", "away_to", "state",
)  # fmt: skip


@dataclass(slots=True)
class Staff:
    """`person` is the practitioner as a patient, or -1. Registrations are sorted by place.

    Per practitioner: profession, place (main), district, person, phone, account, surname, given,
    woman, birth, order, multi. Per registration: who, where, main, days (weekday mask), dept,
    since and until (day numbers, negative before the year), away_from, away_to (leave or
    suspension), state (0 正常, 1 暂停, 2 终止). `first`/`count` give each place's doctors.
    """

    profession: Array
    place: Array
    person: Array
    phone: Array
    account: Array
    surname: Array
    given: Array
    woman: Array
    birth: Array
    order: Array
    multi: Array
    who: Array
    where: Array
    main: Array
    days: Array
    dept: Array
    since: Array
    until: Array
    away_from: Array
    away_to: Array
    state: Array
    first: Array
    count: Array

    def __len__(self) -> int:
        return len(self.profession)

    def doctors(self, place: int) -> Array:
        """Practitioners registered as doctors at a place, the resident one first."""
        start = int(self.first[place])
        return np.asarray(self.who[start : start + int(self.count[place])])

    def registration(self, practitioner: int, place: int) -> int:
        """Row of a registration; raises IndexError if there is none."""
        return int(np.flatnonzero((self.who == practitioner) & (self.where == place))[0])

    def register(self, practitioner: int, place: int, since: int) -> None:
        """Add a registration beside the main one; ordinary visits do not draw on it."""
        spot = int(self.first[place] + self.count[place])
        values = {"who": practitioner, "where": place, "since": since, "until": FOREVER}
        values |= {"away_from": FOREVER, "away_to": FOREVER}
        for name in _REGISTRATION:
            column = getattr(self, name)
            setattr(self, name, np.insert(column, spot, values.get(name, 0)))
        self.count[place] += 1
        self.first[place + 1 :] += 1
        self.multi[practitioner] = True

    def draw(self, rng: np.random.Generator, place: Array, day: Array) -> Array:
        """A doctor on duty at each place on each day; -1 where none is registered."""
        day = np.asarray(day)
        bit = np.left_shift(1, weekday(day))
        chosen = np.full(len(place), -1, dtype=np.int32)
        start, many = self.first[place], self.count[place]
        open_rows = np.flatnonzero(many > 0)
        for attempt in range(6):
            if attempt == 5:
                row = start[open_rows]
            else:
                share = rng.random(len(open_rows)) ** 1.4
                row = start[open_rows] + (share * many[open_rows]).astype(np.int64)
            today = day[open_rows]
            fits = (
                ((self.days[row] & bit[open_rows]) > 0)
                & (self.since[row] <= today)
                & (self.until[row] > today)
                & ~((self.away_from[row] <= today) & (today < self.away_to[row]))
            )
            fits |= attempt == 5
            chosen[open_rows[fits]] = self.who[row[fits]]
            open_rows = open_rows[~fits]
        return chosen


def _headcount(rng: np.random.Generator, total: int, places: Places) -> Array:
    weight = places.pop * np.where(places.kind == PlaceKind.PHARMACY, 0.15, 1.0)
    weight *= np.where(np.isin(places.kind, HOSPITALS), 1.8, 1.0)
    count = np.maximum(1, np.round(total * weight / weight.sum())).astype(np.int64)
    count[(places.kind == PlaceKind.PHARMACY)] = np.clip(
        count[places.kind == PlaceKind.PHARMACY], 1, 3
    )
    count[places.kind == PlaceKind.VILLAGE] = 1
    small = (places.kind == PlaceKind.SMALL_HOSPITAL) | (places.kind == PlaceKind.SECONDARY)
    count[small] = np.maximum(count[small], 6)
    return np.asarray(np.maximum(count, np.where(places.kind == PlaceKind.TERTIARY, 12, 1)))


def _professions(rng: np.random.Generator, place: Array, rank: Array, places: Places) -> Array:
    hospital = np.isin(places.kind[place], HOSPITALS)
    draw = rng.random(len(place))
    other = np.select([draw < 0.18, draw < 0.24, draw < 0.28], [NURSE, PHARMACIST, TECHNICIAN], 1)
    kind = np.where(hospital & (rank >= 4), other, DOCTOR)
    return np.where(places.kind[place] == PlaceKind.PHARMACY, PHARMACIST, kind).astype(np.int8)


def _persons(rng: np.random.Generator, count: int, people: People) -> Array:
    """Six of ten practitioners are insured in this very data: adults of working age."""
    age = people.birth / 365.25
    able = np.flatnonzero((age >= 26) & (age <= 62) & (people.died > 1000))
    picked = np.full(count, -1, dtype=np.int64)
    some = rng.permutation(able)[: min(int(count * 0.6), len(able) // 3)]
    picked[rng.permutation(count)[: len(some)]] = some
    return picked


def _registrations(
    rng: np.random.Generator, staff_place: Array, profession: Array, multi: Array, places: Places
) -> dict[str, Array]:
    """Main places for all, then one to three more for the multi-site ones, on their own weekdays."""
    who = [np.arange(len(staff_place))]
    where = [staff_place]
    days = [np.where(multi, 0b0000111, 127)]
    others = np.setdiff1d(places.of(*PlaceKind), places.of(PlaceKind.PHARMACY))
    movers = np.flatnonzero(multi)
    extra = rng.integers(1, 4, len(movers))
    for turn in range(3):
        going = movers[extra > turn]
        near = rng.integers(0, len(others), (len(going), 12))
        same = places.district[others[near]] == places.district[staff_place[going]][:, None]
        away = others[near] != staff_place[going][:, None]
        column = np.argmax(same * 2 + away, axis=1)
        target = others[near[np.arange(len(going)), column]]
        fresh = target != staff_place[going]
        who.append(going[fresh])
        where.append(target[fresh])
        # Thursday, Friday, Saturday: never two places on one day.
        days.append(np.full(int(fresh.sum()), 1 << (3 + turn)))
    table = {"who": np.concatenate(who), "where": np.concatenate(where)}
    table["days"] = np.concatenate(days).astype(np.int16)
    table["main"] = np.r_[
        np.ones(len(staff_place), bool), np.zeros(len(table["who"]) - len(staff_place), bool)
    ]
    pairs = table["who"] * len(places) + table["where"]
    keep = np.sort(np.unique(pairs, return_index=True)[1])
    table = {name: column[keep] for name, column in table.items()}
    doctor = profession[table["who"]] == DOCTOR
    order = np.lexsort((~table["main"], ~doctor, table["where"]))
    return {name: column[order] for name, column in table.items()}


def build_staff(
    rng: np.random.Generator, visits: int, places: Places, people: People, settings: WorldSettings
) -> Staff:
    """Practitioners for the places; every facility has one resident doctor who never leaves."""
    headcount = _headcount(rng, visits // settings.visits_per_practitioner, places)
    place = np.repeat(np.arange(len(places)), headcount)
    count = len(place)
    start = np.cumsum(headcount) - headcount
    rank = np.arange(count) - start[place]
    profession = _professions(rng, place, rank, places)
    multi = (rng.random(count) < settings.multi_site * 1.25) & (profession == DOCTOR) & (rank > 0)
    rows = _registrations(rng, place, profession, multi, places)
    total = len(rows["who"])
    doctor = profession[rows["who"]] == DOCTOR
    per_place = np.bincount(rows["where"][doctor], minlength=len(places))
    person = _persons(rng, count, people)
    known = person >= 0
    seat = np.maximum(person, 0)
    woman = np.where(known, people.woman[seat], rng.random(count) < 0.5)
    since = -rng.integers(30, 5000, total)
    until = np.full(total, FOREVER)
    # Some move: a registration ends or begins within the year (never the resident's).
    mover = (rng.random(total) < 0.04) & (rank[rows["who"]] > 0) & ~multi[rows["who"]]
    until = np.where(mover & (rng.random(total) < 0.5), rng.integers(20, 345, total), until)
    since = np.where(mover & (until == FOREVER), rng.integers(20, 345, total), since)
    return Staff(
        profession=profession, place=place, person=person, phone=draw_phones(rng, count),
        account=draw_accounts(rng, count),
        surname=np.where(known, people.surname[seat], rng.integers(0, 100, count)),
        given=np.where(known[:, None], people.given[seat], rng.integers(0, 40, (count, 2))),
        woman=woman,
        birth=np.where(known, people.birth[seat], rng.integers(26 * 366, 62 * 365, count)),
        order=np.where(known, people.order[seat], rng.integers(0, 499, count) * 2 + ~woman),
        multi=multi, who=rows["who"].astype(np.int32), where=rows["where"].astype(np.int32),
        main=rows["main"], days=rows["days"],
        dept=rng.integers(0, len(words.DEPARTMENTS), total).astype(np.int16),
        since=since, until=until, away_from=np.full(total, FOREVER),
        away_to=np.full(total, FOREVER),
        state=np.where(until < FOREVER, 2, 0).astype(np.int8),
        first=np.searchsorted(rows["where"], np.arange(len(places))), count=per_place,
    )  # fmt: skip
