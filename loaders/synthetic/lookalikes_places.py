"""Honest places and practitioners that look like accomplices."""

from __future__ import annotations

import numpy as np

from loaders.synthetic import billing, words
from loaders.synthetic.billing import CLINIC, INPATIENT
from loaders.synthetic.calendar import DAY, DAYS
from loaders.synthetic.codes import draw_phones
from loaders.synthetic.gathering import open_days
from loaders.synthetic.places import PlaceKind
from loaders.synthetic.plan import Plan
from loaders.synthetic.rings_staff import consultations, filled_prescriptions, rhythm
from loaders.synthetic.rings_stays import hospital_of
from loaders.synthetic.settings import TwinKind
from loaders.synthetic.staff import DOCTOR
from loaders.synthetic.world import World

# Share of all patients for whom somebody typed the default number.
_DEFAULT_SHARE = 0.008


def village_clinic(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """One doctor for everybody; the village's contact number is typed for many."""
    place = world.pick_place(rng, PlaceKind.VILLAGE, week=False)
    locals_ = np.flatnonzero((world.people.homes[:, 0] == place) & ~world.taken)
    share = rng.random(len(locals_)) < rng.uniform(0.3, 0.6)
    world.people.phone[locals_[share]] = draw_phones(rng, 1)[0]
    doctors = world.staff.doctors(place)
    plan.record(TwinKind.VILLAGE_CLINIC, [], members=locals_, professionals=doctors, places=[place])


def multi_site(world: World, plan: Plan, rng: np.random.Generator, count: int) -> None:
    """All doctors registered at two to four places; nothing is added, only told."""
    for doctor in np.flatnonzero(world.staff.multi).tolist():
        where = world.staff.where[world.staff.who == doctor]
        plan.record(TwinKind.MULTI_SITE, [], professionals=[doctor], places=where)


def internet_hospital(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """Online visits (pay_loc 5) answered by doctors who sit in another hospital that minute."""
    place = world.pick_place(rng, PlaceKind.INTERNET)
    away = np.flatnonzero((world.staff.profession == DOCTOR) & ~world.staff.multi)
    away = np.setdiff1d(away, list(world.taken_staff))
    doctors = rng.choice(away, min(6, len(away)), replace=False)
    for doctor in doctors.tolist():
        world.staff.register(doctor, place, -int(rng.integers(30, 900)))
    count = int(min(0.004 * world.visits, 400))
    patients = rng.choice(np.flatnonzero(~world.taken), count).astype(np.int32)
    second = rng.integers(2, DAYS - 2, count) * DAY + rng.integers(8 * 3600, 21 * 3600, count)
    who = rng.choice(doctors, count)
    rows = billing.bill(world, rng, patients, place, second, CLINIC, practitioner=who, pay_loc=5)
    # At the same minutes they see patients where they work.
    busy = rng.random(len(rows)) < 0.3
    home = world.staff.place[rows["practitioner"][busy]]
    others = rng.choice(np.flatnonzero(~world.taken), int(busy.sum())).astype(np.int32)
    gap = rng.integers(-600, 600, len(others))
    beside = billing.bill(
        world, rng, others, home, rows["settle"][busy] + gap, CLINIC,
        practitioner=rows["practitioner"][busy],
    )  # fmt: skip
    plan.record(
        TwinKind.INTERNET_HOSPITAL, [rows], members=[], professionals=doctors, places=[place],
        ordinary=[beside],
    )  # fmt: skip


def default_phone(world: World, plan: Plan, rng: np.random.Generator, count: int) -> None:
    """13800000000 for everybody whose number nobody asked."""
    chosen = np.flatnonzero((rng.random(len(world.people)) < _DEFAULT_SHARE) & ~world.taken)
    world.people.phone[chosen] = words.DEFAULT_PHONE
    plan.record(TwinKind.DEFAULT_PHONE, [], members=chosen)


def default_diagnosis(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A small place that types one diagnosis for everybody."""
    place = world.pick_place(rng, PlaceKind.VILLAGE, PlaceKind.CLINIC)
    world.places.default_diagnosis[place] = True
    plan.record(TwinKind.DEFAULT_DIAGNOSIS, [], places=[place])


def batch_upload(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A place that uploads the day's settlements at night, within seconds."""
    place = world.pick_place(rng, PlaceKind.VILLAGE, PlaceKind.CLINIC, PlaceKind.COMMUNITY)
    world.places.batch[place] = True
    plan.record(TwinKind.BATCH_UPLOAD, [], places=[place])


def inhouse_pharmacy(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A pharmacy at the hospital's door: most of all its doctors' prescriptions go there."""
    place = hospital_of(world, rng, 4)
    district = int(world.places.district[place])
    shop = world.pick_place(rng, PlaceKind.PHARMACY, district=district)
    world.places.lnt[shop] = world.places.lnt[place] + 0.0004
    world.places.lat[shop] = world.places.lat[place] + 0.0002
    world.places.addresses[shop] = world.places.addresses[place] + "院内"
    patient = np.repeat(world.cast(rng, int(rng.integers(50, 121)), district=district), 3)
    day = open_days(world, place, rng.integers(3, DAYS - 9, len(patient)))
    second = day * DAY + rng.integers(8 * 3600 + 600, 16 * 3600, len(day))
    written = billing.bill(world, rng, patient, place, second)
    kept = written[rng.random(len(written)) < 0.75]
    delay = rng.integers(600, 3000, len(kept))
    sold = filled_prescriptions(world, rng, kept, shop, delay)
    plan.record(
        TwinKind.INHOUSE_PHARMACY, [sold], places=[place, shop],
        professionals=np.unique(kept["practitioner"]), ordinary=[written],
    )  # fmt: skip


def referral(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A community centre refers patients to one hospital, each once or twice."""
    first = world.pick_place(rng, PlaceKind.COMMUNITY)
    district = int(world.places.district[first])
    second = world.pick_place(rng, PlaceKind.SECONDARY, PlaceKind.TERTIARY)
    members = world.cast(rng, int(rng.integers(30, 81)), district=district)
    patient = np.repeat(members, rng.integers(1, 3, len(members)))
    day = open_days(world, first, rng.integers(3, DAYS - 40, len(patient)))
    seen = day * DAY + rng.integers(8 * 3600 + 600, 16 * 3600, len(day))
    sent = billing.bill(world, rng, patient, first, seen, CLINIC)
    start = (day + rng.integers(1, 11, len(day))) * DAY + rng.integers(29_000, 40_000, len(day))
    leave = start + rng.integers(4, 12, len(day)) * DAY
    stays = rng.random(len(day)) < 0.5
    rows = billing.bill(
        world, rng, patient, second, np.where(stays, leave, start),
        np.where(stays, INPATIENT, CLINIC), begin=start,
    )  # fmt: skip
    plan.record(TwinKind.REFERRAL, [sent, rows], members=members, places=[first, second])


def cover_doctor(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A doctor goes on leave; the patients spread, most to a colleague who has patients too."""
    place = hospital_of(world, rng, 4)
    doctors = world.free_doctors(place)
    first, second = (int(d) for d in doctors[:2])
    for doctor in (first, second):
        row = world.staff.registration(doctor, place)
        world.staff.since[row], world.staff.until[row] = -700, 10_000
    day = int(rng.integers(110, 230))
    row = world.staff.registration(first, place)
    world.staff.away_from[row], world.staff.away_to[row] = day, day + int(rng.integers(30, 120))
    district = int(world.places.district[place])
    members = world.cast(rng, int(rng.integers(15, 41)), district=district, ages=(45, 92))
    own = world.cast(rng, int(rng.integers(15, 31)), district=district, ages=(45, 92))
    patient, when = rhythm(rng, members, 2, DAYS - 2, int(rng.integers(14, 26)))
    before = when < day
    old = consultations(world, rng, patient[before], place, first, when[before])
    stay = ~before & (rng.random(len(when)) < 0.8)
    cover = np.where(rng.random(len(when)) < 0.55, second, rng.choice(doctors, len(when)))
    new = consultations(world, rng, patient[stay], place, -1, when[stay])
    new["practitioner"] = cover[stay][: len(new)]
    patient, when = rhythm(rng, own, 2, DAYS - 2, int(rng.integers(14, 26)))
    always = consultations(world, rng, patient, place, second, when)
    plan.record(
        TwinKind.COVER_DOCTOR, [old, new], members=members, professionals=[first, second],
        places=[place], ordinary=[always],
    )  # fmt: skip
