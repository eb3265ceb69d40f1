"""Rings around hospital beds and dead cards."""

from __future__ import annotations

import numpy as np

from loaders.synthetic import billing
from loaders.synthetic.billing import CLINIC, INPATIENT
from loaders.synthetic.calendar import DAY, DAYS
from loaders.synthetic.codes import Array
from loaders.synthetic.gathering import draw_days
from loaders.synthetic.places import HOSPITALS, PlaceKind
from loaders.synthetic.plan import Penalty, Plan
from loaders.synthetic.settings import RingKind
from loaders.synthetic.staff import DOCTOR, FOREVER, NURSE
from loaders.synthetic.world import World


def admissions(
    world: World,
    rng: np.random.Generator,
    team: Array,
    place: int,
    day: int,
    nights: int,
    jitter: int,
) -> Array:
    """One common stay: everybody admitted and discharged within ± `jitter` days."""
    count = len(team)
    start = np.maximum(0, day + rng.integers(-jitter, jitter + 1, count))
    leave = day + nights + rng.integers(-jitter, jitter + 1, count)
    admit = start * DAY + rng.integers(8 * 3600, 12 * 3600, count)
    discharge = np.maximum(leave, start + 1) * DAY + rng.integers(9 * 3600, 16 * 3600, count)
    rows = billing.bill(world, rng, team, place, discharge, INPATIENT, begin=admit)
    rows["fee"] = (rows["fee"] * (nights + 3)) // 10
    billing.share_out(rng, rows)
    return rows


def synchronised_admissions(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """4–15 patients in and out of a small hospital together, 2–6 times, or serially over several."""
    hospitals = [world.pick_place(rng, PlaceKind.SMALL_HOSPITAL)]
    district = int(world.places.district[hospitals[0]])
    serial = rng.random() < 0.4
    if serial:
        for _ in range(int(rng.integers(1, 4))):
            hospitals.append(world.pick_place(rng, PlaceKind.SMALL_HOSPITAL, district=district))
    members = world.cast(rng, int(rng.integers(4, 16)), district=district, ages=(55, 90))
    times = int(np.clip(round(rng.integers(2, 7) * world.settings.strength), 2, 7))
    attendance = float(rng.uniform(0.7, 1.0))
    chiefs = {h: int(world.staff.doctors(h)[0]) for h in hospitals}
    gap = (DAYS - 30) // times
    rows = []
    last = 0
    for turn in range(times):
        place = hospitals[turn % len(hospitals)]
        here = rng.random(len(members)) < attendance
        here[rng.permutation(len(members))[:4]] = True
        nights = int(rng.integers(5, 13))
        # A serial ring is admitted next door the day it leaves.
        near = serial and turn > 0 and rng.random() < 0.5
        day = last + int(rng.integers(0, 2)) if near else 3 + turn * gap + int(rng.integers(0, 12))
        last = day + nights
        part = admissions(world, rng, members[here], place, day, nights, 1)
        part["practitioner"] = chiefs[place]
        rows.append(part)
    plan.record(
        RingKind.SYNCHRONISED_ADMISSIONS, rows, members=members, places=hospitals,
        professionals=list(chiefs.values()),
        facts={"stays": float(times), "attendance": round(attendance, 3), "serial": float(serial)},
    )  # fmt: skip


def staff_as_patients(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A hospital's own staff lie in its beds on paper and bill patients the same days."""
    place = world.pick_place(rng, PlaceKind.SMALL_HOSPITAL, PlaceKind.SECONDARY)
    staff = world.staff
    here = staff.who[(staff.where == place) & staff.main]
    here = here[np.isin(staff.profession[here], (DOCTOR, NURSE))]
    team = rng.permutation(here)[: int(rng.integers(4, 9))]
    district = int(world.places.district[place])
    members = world.cast(rng, len(team), district=district, ages=(26, 60))
    team = team[: len(members)]
    employer = world.new_employer()
    rows = []
    for practitioner, patient in zip(team.tolist(), members.tolist(), strict=True):
        world.become(practitioner, patient)
        world.people.employer[patient] = employer
        for _ in range(max(1, round(float(rng.integers(1, 4)) * world.settings.strength))):
            day = int(rng.integers(5, DAYS - 20))
            nights = int(rng.integers(6, 12))
            stay = admissions(world, rng, np.array([patient]), place, day, nights, 0)
            rows.append(stay)
            plan.pieces.append(_on_duty(world, rng, practitioner, place, day, nights))
    plan.record(
        RingKind.STAFF_AS_PATIENTS, rows, members=members, professionals=team, places=[place]
    )


def _on_duty(
    world: World, rng: np.random.Generator, practitioner: int, place: int, day: int, nights: int
) -> Array:
    """What the practitioner bills to ordinary patients while lying in bed on paper."""
    if world.staff.profession[practitioner] != DOCTOR:
        return billing.blank(0)
    days = np.repeat(np.arange(day + 1, min(day + nights, DAYS - 1)), 3)
    seconds = days * DAY + rng.integers(8 * 3600, 17 * 3600, len(days))
    patients = rng.choice(world.regulars(place), len(days))
    return billing.bill(world, rng, patients, place, seconds, CLINIC, practitioner=practitioner)


def list_sharing(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """Two facilities bill the same patients, always in the same order, never together."""
    kinds = (PlaceKind.SMALL_HOSPITAL, PlaceKind.CLINIC, PlaceKind.COMMUNITY)
    first = world.pick_place(rng, *kinds, small=True)
    district = int(world.places.district[first])
    second = world.pick_place(rng, *kinds, small=True)
    members = world.cast(rng, int(rng.integers(18, 50)), district=district)
    each = rng.integers(2, 3 + max(1, round(3 * world.settings.strength)), len(members))
    patient = np.repeat(members, each)
    start = rng.integers(5, DAYS - 15, len(patient))
    rows = []
    for place, delay in ((first, 0), (second, rng.integers(1, 6, len(patient)))):
        day = start + delay
        clock = rng.integers(8 * 3600 + 600, 16 * 3600, len(patient))
        rows.append(billing.bill(world, rng, patient, place, day * DAY + clock, CLINIC))
    plan.record(
        RingKind.LIST_SHARING, rows, members=members, places=[first, second],
        facts={"size": float(len(members)), "visits": float(len(patient))},
    )  # fmt: skip


def use_after_death(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A place goes on swiping the cards of the dead, some of them on the same days."""
    place = world.pick_place(rng, PlaceKind.CLINIC, PlaceKind.VILLAGE, PlaceKind.PHARMACY)
    district = int(world.places.district[place])
    members = world.cast(rng, int(rng.integers(3, 8)), district=district, ages=(65, 95))
    world.people.died[members] = rng.integers(10, 200, len(members))
    world.people.homes[members, 0] = place
    count = max(3, round(float(rng.integers(4, 14)) * world.settings.strength))
    days = draw_days(world, rng, place, count, since=40)
    pieces = []
    for day in days.tolist():
        dead = members[world.people.died[members] < day - 12]
        team = dead[rng.random(len(dead)) < 0.7]
        opens = int(world.places.opens[place]) * 60
        start = day * DAY + opens + int(rng.integers(1800, 25_000))
        seconds = start + rng.integers(0, 2400, len(team))
        pieces.append(billing.bill(world, rng, team.astype(np.int32), place, seconds))
    doctors = world.staff.doctors(place)[:1]
    for rows in pieces:
        rows["practitioner"] = int(doctors[0]) if len(doctors) else -1
    plan.record(
        RingKind.USE_AFTER_DEATH, pieces, members=members, professionals=doctors, places=[place]
    )


def hospital_of(world: World, rng: np.random.Generator, doctors: int) -> int:
    """A hospital with so many doctors who work nowhere else, not yet cast where possible."""
    steady = ~world.staff.multi[world.staff.who]
    steady &= world.staff.profession[world.staff.who] == DOCTOR
    steady &= (world.staff.since < 0) & (world.staff.until == FOREVER)
    count = np.bincount(world.staff.where[steady], minlength=len(world.places))
    enough = np.flatnonzero((count >= doctors) & np.isin(world.places.kind, HOSPITALS))
    fresh = enough[~np.isin(enough, list(world.taken_places))]
    place = int(rng.choice(fresh if len(fresh) else enough))
    world.taken_places.add(place)
    return place


def suspension(
    world: World, plan: Plan, practitioner: int, place: int, day: int, until: int, points: int
) -> None:
    """A decision that suspends a practitioner's payment qualification at a place."""
    row = world.staff.registration(practitioner, place)
    world.staff.away_from[row], world.staff.away_to[row] = day, until
    world.staff.state[row] = 1
    plan.penalties.append(
        Penalty(
            place, day, "协议处理", "暂停拨付", "医保支付资格管理实施细则", day, until,
            2_600_000, ((practitioner, "主要", points),),
        )
    )  # fmt: skip
