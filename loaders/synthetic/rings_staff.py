"""Rings around practitioners: funnels, two places at once, substitutes, drugs sold again."""

from __future__ import annotations

import numpy as np

from loaders.synthetic import billing, words
from loaders.synthetic.billing import CHRONIC, CLINIC, PHARMACY
from loaders.synthetic.calendar import DAY, DAYS
from loaders.synthetic.codes import Array
from loaders.synthetic.gathering import Meeting, draw_days, gather
from loaders.synthetic.places import PlaceKind
from loaders.synthetic.plan import Plan
from loaders.synthetic.rings_pools import SHOPS, swipes
from loaders.synthetic.rings_stays import hospital_of, suspension
from loaders.synthetic.settings import RingKind
from loaders.synthetic.world import World


def consultations(
    world: World, rng: np.random.Generator, patient: Array, place: int, doctor: int, day: Array
) -> Array:
    """Chronic-disease visits with one doctor in consulting hours."""
    second = day * DAY + rng.integers(8 * 3600 + 600, 16 * 3600, len(day))
    return billing.bill(world, rng, patient, place, second, CHRONIC, practitioner=doctor)


def filled_prescriptions(
    world: World, rng: np.random.Generator, written: Array, shop: int | Array, delay: Array
) -> Array:
    """Pharmacy purchases on the prescriptions of the rows `written`, after `delay` seconds."""
    rows = billing.bill(
        world, rng, written["patient"], shop, written["settle"] + delay, PHARMACY,
        rx_doctor=written["practitioner"], rx_place=written["place"],
    )  # fmt: skip
    rows = billing.basket(rows, rng, words.CHRONIC_DRUGS, 2)
    costly = rng.random(len(rows)) < 0.5
    rows["item"] = np.where(costly, rng.integers(0, 8, len(rows)), rows["item"])
    return billing.reprice(rows, rng)


def funnel(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """One doctor's prescriptions end at one pharmacy, far above its share of the market."""
    place = hospital_of(world, rng, 4) if rng.random() < 0.4 else world.pick_place(
        rng, PlaceKind.COMMUNITY, PlaceKind.SECONDARY
    )  # fmt: skip
    district = int(world.places.district[place])
    shop = world.pick_place(rng, PlaceKind.PHARMACY, district=district, small=True)
    doctor = int(world.free_doctors(place)[0])
    members = world.cast(rng, int(rng.integers(10, 41)), district=district, ages=(45, 92))
    each = max(3, round(float(rng.integers(4, 9)) * world.settings.strength))
    patient = np.repeat(members, each)
    day = rng.integers(3, DAYS - 4, len(patient))
    written = consultations(world, rng, patient, place, doctor, day)
    share = float(rng.uniform(0.65, 0.95))
    kept = written[rng.random(len(written)) < share]
    delay = np.where(
        rng.random(len(kept)) < 0.7, rng.integers(900, 5400, len(kept)),
        rng.integers(1, 3, len(kept)) * DAY,
    )  # fmt: skip
    sold = filled_prescriptions(world, rng, kept, shop, delay)
    plan.record(
        RingKind.FUNNEL, [sold], members=members, professionals=[doctor], places=[place, shop],
        facts={"share": round(share, 3), "scripts": float(len(sold))}, ordinary=[written],
    )  # fmt: skip


def two_places(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A doctor bills at the own hospital and, minutes apart, at a far place without registration."""
    home = hospital_of(world, rng, 3)
    doctor = int(world.free_doctors(home)[0])
    other = home
    for _ in range(30):
        other = world.pick_place(rng, PlaceKind.CLINIC, PlaceKind.COMMUNITY, PlaceKind.VILLAGE)
        if world.distance(home, other) > 20:
            break
        world.taken_places.discard(other)
    members = world.cast(rng, int(rng.integers(6, 21)), district=int(world.places.district[other]))
    count = max(8, round(float(rng.integers(12, 41)) * world.settings.strength))
    days = rng.choice(np.arange(5, DAYS - 5), count)
    clock = rng.integers(9 * 3600, 16 * 3600, count)
    second = days * DAY + clock
    local = rng.choice(world.regulars(home), count)
    at_home = billing.bill(world, rng, local, home, second, CLINIC, practitioner=doctor)
    gap = rng.integers(120, 1500, count) * rng.choice([-1, 1], count)
    rows = billing.bill(
        world, rng, rng.choice(members, count), other, second + gap, CLINIC, practitioner=doctor
    )
    plan.record(
        RingKind.TWO_PLACES, [rows], members=np.unique(rows["patient"]), professionals=[doctor],
        places=[home, other], ordinary=[at_home],
        facts={"kilometres": round(world.distance(home, other), 1), "times": float(count)},
    )  # fmt: skip


def rhythm(
    rng: np.random.Generator, members: Array, since: int, until: int, period: int
) -> tuple[Array, Array]:
    """Patients who come about every `period` days: (patient, day)."""
    patients, days = [], []
    for patient in members.tolist():
        day = since + int(rng.integers(0, period))
        while day < until:
            patients.append(patient)
            days.append(day)
            day += int(rng.integers(period - 4, period + 5))
    return np.array(patients, dtype=np.int32), np.array(days, dtype=np.int64)


def substitution(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A doctor is suspended; from that day a colleague's code bills the same patients."""
    place = hospital_of(world, rng, 4)
    first, second = (int(d) for d in world.free_doctors(place)[:2])
    rows = [world.staff.registration(d, place) for d in (first, second)]
    world.staff.dept[rows[1]] = world.staff.dept[rows[0]]
    for row in rows:
        world.staff.since[row], world.staff.until[row] = -700, 10_000
    day = int(rng.integers(110, 210))
    suspension(world, plan, first, place, day, min(DAYS - 2, day + int(rng.integers(60, 170))), 9)
    district = int(world.places.district[place])
    members = world.cast(rng, int(rng.integers(15, 41)), district=district, ages=(45, 92))
    patient, when = rhythm(rng, members, 2, DAYS - 2, int(rng.integers(14, 26)))
    before = when < day
    old = consultations(world, rng, patient[before], place, first, when[before])
    loyal = ~before & (rng.random(len(when)) < min(0.97, 0.8 * world.settings.strength))
    new = consultations(world, rng, patient[loyal], place, second, when[loyal])
    plan.record(
        RingKind.SUBSTITUTION, [new], members=members, professionals=[first, second],
        places=[place], ordinary=[old], facts={"suspended": float(day)},
    )  # fmt: skip


def trace_resale(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """Pooled cards buy drugs at one pharmacy; the same boxes are sold again elsewhere later."""
    shop = world.pick_place(rng, PlaceKind.PHARMACY)
    district = int(world.places.district[shop])
    again = [world.pick_place(rng, *SHOPS, small=True) for _ in range(int(rng.integers(1, 4)))]
    members = world.cast(rng, int(rng.integers(5, 13)), district=district)
    buyers = world.cast(rng, int(rng.integers(3, 8)))
    count = max(4, round(float(rng.integers(5, 11)) * world.settings.strength))
    meeting = Meeting(count, float(rng.uniform(0.6, 0.9)), int(rng.choice([15, 40])), False)
    days = draw_days(world, rng, shop, count, until=300)
    bought = swipes(world, rng, plan, gather(world, rng, members, [shop], meeting, days=days))
    resold = bought[rng.random(len(bought)) < 0.75]
    later = (resold["settle"] // DAY + rng.integers(5, 41, len(resold))) * DAY
    second = later + rng.integers(9 * 3600, 19 * 3600, len(resold))
    rows = billing.bill(
        world, rng, rng.choice(buyers, len(resold)), rng.choice(again, len(resold)), second,
        PHARMACY, item=resold["item"], boxes=resold["boxes"], trace=resold["trace"],
    )  # fmt: skip
    rows["med"] = np.where(world.places.kind[rows["place"]] == PlaceKind.PHARMACY, PHARMACY, CLINIC)
    rows = billing.reprice(rows, rng)
    plan.record(
        RingKind.TRACE_RESALE, [bought, rows], members=np.r_[members, buyers],
        places=[shop, *again], facts={"boxes": float(len(rows))},
    )  # fmt: skip
