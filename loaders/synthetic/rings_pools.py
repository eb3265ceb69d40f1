"""Rings of cards: the same cards swiped together at the counter of an accomplice."""

from __future__ import annotations

import numpy as np

from loaders.synthetic import billing, words
from loaders.synthetic.billing import CHRONIC, PHARMACY
from loaders.synthetic.calendar import DAY, DAYS
from loaders.synthetic.codes import Array
from loaders.synthetic.gathering import Meeting, draw_days, gather, meeting_facts
from loaders.synthetic.places import PlaceKind
from loaders.synthetic.plan import Penalty, Plan
from loaders.synthetic.rings_papers import file_together
from loaders.synthetic.settings import RingKind
from loaders.synthetic.world import World

SHOPS = (PlaceKind.PHARMACY, PlaceKind.CLINIC, PlaceKind.VILLAGE)


def swipes(
    world: World, rng: np.random.Generator, plan: Plan, meetings: Array, till: int = 0
) -> Array:
    """Gatherings (patient, place, second) as rows with costly drugs; `till` is a common operator."""
    shop = world.places.kind[meetings["place"]] == PlaceKind.PHARMACY
    rows = billing.bill(
        world, rng, meetings["patient"], meetings["place"], meetings["second"],
        np.where(shop, PHARMACY, CHRONIC).astype(np.int8), opter=till,
    )  # fmt: skip
    resident = world.staff.who[world.staff.first[rows["place"]]]
    rows["practitioner"] = np.where(rows["med"] == PHARMACY, -1, resident)
    rows = billing.basket(rows, rng, words.HIGH_RESALE, 2)
    boxes = rows["boxes"].astype(np.int64)
    rows["trace"] = plan.fresh_boxes(int(boxes.sum()))[np.cumsum(boxes) - boxes]
    return rows


def accomplices(rows: Array) -> Array:
    """The doctors in whose names the rows were billed."""
    return np.unique(rows["practitioner"][rows["practitioner"] >= 0])


def pool_size(rng: np.random.Generator, low: int = 4, high: int = 30) -> int:
    """Small pools are commoner than large ones."""
    return int(np.round(np.exp(rng.uniform(np.log(low), np.log(high)))))


def card_pool(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """4–30 cards at one counter, 4–20 times, sometimes also at a second one."""
    home = world.pick_place(rng, *SHOPS, small=rng.random() < 0.7)
    district = int(world.places.district[home])
    members = world.cast(rng, pool_size(rng), district=district)
    meeting = Meeting.draw(rng, world.settings.strength)
    places = [home]
    if rng.random() < 0.5:
        places.append(world.pick_place(rng, *SHOPS, district=district))
    met = gather(world, rng, members, places, meeting)
    till = int(rng.integers(1, 4)) if rng.random() < 0.5 else 0
    rows = swipes(world, rng, plan, met, till)
    plan.record(
        RingKind.CARD_POOL, [rows], members=members, professionals=accomplices(rows),
        places=places,
        facts=meeting_facts(meeting, met) | {"operator": float(till > 0)},
    )  # fmt: skip


def camouflaged_pool(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A larger pool of which other cards come each time, hidden in much ordinary activity."""
    home = world.pick_place(rng, *SHOPS)
    members = world.cast(rng, int(rng.integers(8, 25)), district=int(world.places.district[home]))
    usual = Meeting.draw(rng, world.settings.strength)
    share = min(0.7, max(4.0 / len(members), float(rng.uniform(0.3, 0.55))))
    meeting = usual.with_(count=usual.count + 8, attendance=share)
    met = gather(world, rng, members, [home], meeting)
    rows = swipes(world, rng, plan, met)
    cover = ordinary(world, rng, members, int(rng.integers(10, 26)))
    plan.record(
        RingKind.CAMOUFLAGED_POOL, [rows], members=members, places=[home],
        professionals=accomplices(rows), facts=meeting_facts(meeting, met),
        ordinary=[cover],
    )  # fmt: skip


def ordinary(world: World, rng: np.random.Generator, members: Array, each: int) -> Array:
    """Ordinary-looking visits of members at their own home places, `each` in the year."""
    patient = np.repeat(members, each)
    place = world.people.homes[patient, rng.integers(0, 3, len(patient))]
    second = rng.integers(0, DAYS, len(patient)) * DAY
    second += rng.integers(8 * 3600, 18 * 3600, len(patient))
    return billing.bill(world, rng, patient, place, second)


def cross_province(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """Cards used in turn in two or three provinces within days, filed by one agent."""
    provinces = rng.permutation(np.array([11, 12, 13]))[: int(rng.integers(2, 4))].tolist()
    places = [world.pick_place(rng, *SHOPS, province=p, small=True) for p in provinces]
    members = world.cast(rng, pool_size(rng, 4, 14), province=provinces[0])
    tours = max(3, round(float(rng.integers(3, 9)) * world.settings.strength))
    meeting = Meeting(tours, float(rng.uniform(0.6, 0.95)), int(rng.choice([5, 15, 40])), False)
    days = draw_days(world, rng, places[0], tours)
    legs = []
    for leg, place in enumerate(places):
        legs.append(gather(world, rng, members, [place], meeting, days=days + leg * 2))
    met = np.concatenate(legs)
    rows = swipes(world, rng, plan, met)
    phone = file_together(
        world, plan, rng, members, [int(world.places.district[p]) for p in places]
    )
    some = members[rng.random(len(members)) < 0.5]
    world.people.phone[some] = phone
    plan.record(
        RingKind.CROSS_PROVINCE, [rows], members=members, places=places,
        professionals=accomplices(rows),
        facts=meeting_facts(meeting, met) | {"provinces": float(len(places))},
    )  # fmt: skip


def recruitment_star(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """Cards join one hub over the weeks; each one's first gathering is with the hub."""
    place = world.pick_place(rng, *SHOPS)
    members = world.cast(rng, int(rng.integers(7, 17)), district=int(world.places.district[place]))
    weeks = max(8, round(float(rng.integers(12, 22)) * min(1.3, world.settings.strength)))
    days = draw_days(world, rng, place, weeks)
    hub = members[rng.integers(len(members))]
    others = rng.permutation(members[members != hub])
    legs = []
    for week, day in enumerate(days):
        joined = max(2, round(len(others) * (week + 1) / (weeks * 0.7)))
        team = np.r_[hub, others[:joined]].astype(np.int32)
        once = Meeting(1, float(rng.uniform(0.6, 0.9)), 15, False)
        legs.append(gather(world, rng, team, [place], once, days=np.array([day]), always=1))
    met = np.concatenate(legs)
    rows = swipes(world, rng, plan, met)
    plan.record(
        RingKind.RECRUITMENT_STAR, [rows], members=members, places=[place],
        professionals=accomplices(rows),
        facts={"gatherings": float(weeks), "hub": float(hub)},
    )  # fmt: skip


def relay(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A pool whose counter closes and which goes on at another one."""
    old = world.pick_place(rng, PlaceKind.PHARMACY, PlaceKind.CLINIC, small=True)
    new = world.pick_place(rng, PlaceKind.PHARMACY, PlaceKind.CLINIC, small=True)
    members = world.cast(rng, pool_size(rng, 5, 16), district=int(world.places.district[old]))
    closing = int(rng.integers(140, 220))
    world.places.closed[old] = closing
    if rng.random() < 0.4:
        article = "医疗保障定点管理办法"
        plan.penalties.append(
            Penalty(old, closing, "协议处理", "解除协议", article, closing, -1, 0)
        )
    meeting = Meeting.draw(rng, world.settings.strength).with_(count=int(rng.integers(5, 11)))
    before = draw_days(world, rng, old, meeting.count, until=closing)
    after = draw_days(world, rng, new, meeting.count, since=closing + 14)
    met = np.concatenate(
        [
            gather(world, rng, members, [old], meeting, days=before),
            gather(world, rng, members, [new], meeting, days=after),
        ]
    )
    rows = swipes(world, rng, plan, met)
    facts = meeting_facts(meeting, met) | {"closed": float(closing)}
    plan.record(
        RingKind.RELAY, [rows], members=members, places=[old, new], facts=facts,
        professionals=accomplices(rows),
    )  # fmt: skip
