"""Honest groups: people who are at one place at one time because life is like that."""

from __future__ import annotations

import numpy as np

from loaders.synthetic import billing, words
from loaders.synthetic.billing import CHECK_UP, CHRONIC, CLINIC, PHARMACY
from loaders.synthetic.calendar import DAY, DAYS, is_holiday, weekday
from loaders.synthetic.codes import Array, draw_phones
from loaders.synthetic.gathering import open_days
from loaders.synthetic.places import PlaceKind
from loaders.synthetic.plan import Plan
from loaders.synthetic.population import ALIVE
from loaders.synthetic.rings_stays import admissions
from loaders.synthetic.settings import TwinKind
from loaders.synthetic.world import World


def sessions(
    rng: np.random.Generator, members: Array, days: Array, attendance: float
) -> tuple[Array, Array]:
    """Who comes on which day: (patient, day), by day."""
    here = rng.random((len(days), len(members))) < attendance
    turn, who = np.nonzero(here)
    return members[who], days[turn]


def families(world: World, plan: Plan, rng: np.random.Generator, count: int) -> None:
    """Households of 2–4 who go together now and then, minutes apart, to a home place."""
    people = world.people
    starts = np.r_[0, np.flatnonzero(np.diff(people.household)) + 1]
    sizes = np.diff(np.r_[starts, len(people)])
    able = starts[(sizes >= 2) & ~world.taken[starts]]
    heads = rng.permutation(able)[:count]
    patients, places, seconds = [], [], []
    for head in np.sort(heads).tolist():
        size = min(4, int(sizes[np.searchsorted(starts, head)]))
        members = np.arange(head, head + size)
        members = members[(people.died[members] == ALIVE) & ~world.taken[members]]
        world.taken[members] = True
        times = int(rng.poisson(2.5))
        place = int(people.homes[head, int(rng.integers(0, 2))])
        for day in open_days(world, place, rng.integers(3, DAYS - 8, times)).tolist():
            start = day * DAY + int(world.places.opens[place]) * 60 + int(rng.integers(0, 28_000))
            patients += members.tolist()
            places += [place] * len(members)
            seconds += (start + rng.integers(0, 900, len(members))).tolist()
        plan.record(TwinKind.FAMILY, [], members=members, places=[place])
    rows = billing.bill(
        world, rng, np.array(patients, np.int32), np.array(places, np.int32), np.array(seconds)
    )
    plan.pieces.append(rows)


def dialysis(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A shift of 8–15 patients, three times a week at the same hour, the same item."""
    place = world.pick_place(rng, PlaceKind.TERTIARY, PlaceKind.SECONDARY)
    members = world.cast(
        rng, int(rng.integers(8, 16)), district=int(world.places.district[place]), ages=(30, 90)
    )
    world.people.chronic[members] = words.CHRONIC - 1
    week = (0, 2, 4) if rng.random() < 0.5 else (1, 3, 5)
    days = np.arange(DAYS - 1)
    days = days[np.isin(weekday(days), week)]
    patient, day = sessions(rng, members, days, 0.95)
    hour = int(rng.choice([7 * 60 + 30, 12 * 60 + 30, 17 * 60]))
    second = day * DAY + hour * 60 + np.abs(rng.normal(0, 600, len(day))).astype(np.int64)
    doctor = int(world.free_doctors(place)[0])
    rows = billing.bill(
        world, rng, patient, place, second + 4 * 3600, CHRONIC, practitioner=doctor,
        begin=second, item=words.DIALYSIS_ITEM, boxes=1, diag=words.DIALYSIS,
    )  # fmt: skip
    rows = billing.reprice(rows, rng)
    plan.record(TwinKind.DIALYSIS, [rows], members=members, professionals=[doctor])


def care_home(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """20–50 residents: one address, one phone, a round by one clinic, a monthly refill together."""
    clinic = world.pick_place(rng, PlaceKind.COMMUNITY, PlaceKind.CLINIC)
    district = int(world.places.district[clinic])
    shop = world.pick_place(rng, PlaceKind.PHARMACY, district=district)
    members = world.cast(rng, int(rng.integers(20, 51)), district=district, ages=(70, 98))
    people = world.people
    people.door[members] = -int(rng.integers(1, 400))
    people.road[members] = int(rng.integers(0, len(words.ROADS)))
    people.phone[members] = draw_phones(rng, 1)[0]
    ours = people.chronic[members] < 0
    people.chronic[members[ours]] = rng.integers(0, words.CHRONIC, int(ours.sum()))
    rounds = open_days(world, clinic, np.arange(int(rng.integers(1, 14)), DAYS - 8, 14))
    patient, day = sessions(rng, members, rounds, 0.6)
    second = day * DAY + 9 * 3600 + rng.integers(0, 7200, len(day))
    visits = billing.bill(world, rng, patient, clinic, second, CHRONIC)
    refills = np.arange(int(rng.integers(2, 28)), DAYS - 8, 30)
    patient, day = sessions(rng, members, refills, 0.9)
    start = day * DAY + int(rng.integers(9, 16)) * 3600
    bought = billing.bill(
        world, rng, patient, shop, start + rng.integers(0, 3000, len(day)), PHARMACY
    )
    bought = billing.basket(bought, rng, words.CHRONIC_DRUGS, 2)
    plan.record(TwinKind.CARE_HOME, [visits, bought], members=members)


def chronic_day(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A monthly programme morning with 40–80 chronic patients."""
    place = world.pick_place(rng, PlaceKind.COMMUNITY, PlaceKind.SECONDARY)
    district = int(world.places.district[place])
    members = world.cast(rng, int(rng.integers(40, 81)), district=district, ages=(45, 92))
    disease = int(rng.integers(0, words.CHRONIC))
    world.people.chronic[members] = disease
    days = open_days(world, place, np.arange(int(rng.integers(3, 28)), DAYS - 8, 28))
    days = days[~is_holiday()[days]]
    patient, day = sessions(rng, members, days, 0.8)
    second = day * DAY + 8 * 3600 + rng.integers(0, 3 * 3600, len(day))
    rows = billing.bill(world, rng, patient, place, second, CHRONIC, diag=disease)
    plan.record(TwinKind.CHRONIC_DAY, [rows], members=members)


def check_up(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """An employer sends its people to a hospital on one to three days."""
    place = world.pick_place(rng, PlaceKind.TERTIARY, PlaceKind.SECONDARY, PlaceKind.COMMUNITY)
    district = int(world.places.district[place])
    members = world.cast(rng, int(rng.integers(30, 101)), district=district, ages=(22, 60))
    world.people.employer[members] = world.new_employer()
    first = int(open_days(world, place, np.array([int(rng.integers(60, 330))]))[0])
    day = first + rng.integers(0, int(rng.integers(1, 4)), len(members))
    second = day * DAY + 8 * 3600 + rng.integers(0, 9000, len(members))
    rows = billing.bill(world, rng, members, place, second, CHECK_UP)
    plan.record(TwinKind.CHECK_UP, [rows], members=members)


def rehabilitation(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """6–12 patients train together every working day for some weeks."""
    place = world.pick_place(rng, PlaceKind.SMALL_HOSPITAL, PlaceKind.SECONDARY)
    district = int(world.places.district[place])
    members = world.cast(rng, int(rng.integers(6, 13)), district=district, ages=(40, 90))
    start = int(rng.integers(10, 290))
    days = np.arange(start, start + 7 * int(rng.integers(3, 7)))
    days = days[(weekday(days) < 5) & ~is_holiday()[days]]
    patient, day = sessions(rng, members, days, 0.9)
    hour = int(rng.integers(9, 16)) * 3600
    second = day * DAY + hour + rng.integers(0, 1500, len(day))
    doctor = int(world.free_doctors(place)[0])
    rows = billing.bill(
        world, rng, patient, place, second, CLINIC, practitioner=doctor,
        item=words.TRAINING_ITEM, boxes=1, diag=words.AFTERCARE,
    )  # fmt: skip
    rows = billing.reprice(rows, rng)
    plan.record(TwinKind.REHABILITATION, [rows], members=members, professionals=[doctor])


def rehabilitation_stay(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A seasonal group in hospital: in together, out as each one recovers, once or twice."""
    place = world.pick_place(rng, PlaceKind.SMALL_HOSPITAL, PlaceKind.SECONDARY)
    district = int(world.places.district[place])
    members = world.cast(rng, int(rng.integers(5, 11)), district=district, ages=(55, 90))
    rows = []
    for _ in range(int(rng.integers(1, 3))):
        day, nights = int(rng.integers(10, 330)), int(rng.integers(12, 20))
        team = members[rng.random(len(members)) < 0.8]
        rows.append(admissions(world, rng, team, place, day, nights, 2))
    plan.record(TwinKind.REHABILITATION_STAY, rows, members=members, places=[place])


def colleagues(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """People of one employer use the clinic next door at lunch, each when needed."""
    place = world.pick_place(rng, PlaceKind.CLINIC, PlaceKind.PHARMACY, PlaceKind.COMMUNITY)
    district = int(world.places.district[place])
    members = world.cast(rng, int(rng.integers(8, 21)), district=district, ages=(22, 58))
    world.people.employer[members] = world.new_employer()
    patient = np.repeat(members, rng.integers(4, 11, len(members)))
    day = open_days(world, place, rng.integers(3, DAYS - 8, len(patient)))
    second = day * DAY + 12 * 3600 + rng.integers(0, 3600, len(day))
    rows = billing.bill(world, rng, patient, place, second)
    plan.record(TwinKind.COLLEAGUES, [rows], members=members)
