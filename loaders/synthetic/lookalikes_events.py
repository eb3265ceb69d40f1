"""Honest events that look like misuse: split packs, scans repeated, deaths told late, a clerk."""

from __future__ import annotations

import numpy as np

from loaders.synthetic import billing, words
from loaders.synthetic.background import OUTSIDE_HOSPITALS
from loaders.synthetic.billing import PHARMACY
from loaders.synthetic.calendar import DAY, DAYS
from loaders.synthetic.codes import draw_phones
from loaders.synthetic.identities import outsider
from loaders.synthetic.places import PlaceKind
from loaders.synthetic.plan import Plan, Receipt
from loaders.synthetic.settings import TwinKind
from loaders.synthetic.world import World


def split_pack(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """A pharmacy opens boxes: one trace code, 3–8 customers, marked as 拆零."""
    shop = world.pick_place(rng, PlaceKind.PHARMACY)
    boxes = int(rng.integers(6, 20))
    sales = rng.integers(3, 9, boxes)
    trace = np.repeat(plan.fresh_boxes(boxes), sales)
    start = np.repeat(rng.integers(3, DAYS - 40, boxes), sales)
    day = start + rng.integers(0, 30, len(trace))
    patient = rng.choice(world.regulars(shop), len(trace))
    second = day * DAY + rng.integers(9 * 3600, 20 * 3600, len(day))
    rows = billing.bill(
        world, rng, patient, shop, second, PHARMACY, item=words.SPLIT_ITEM, boxes=1,
        trace=trace, trdn=1,
    )  # fmt: skip
    rows = billing.reprice(rows, rng)
    plan.record(TwinKind.SPLIT_PACK, [rows], members=[], places=[shop])


def rescan(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """Sales refunded and billed again with the same boxes, after a failed upload."""
    shop = world.pick_place(rng, PlaceKind.PHARMACY)
    count = int(rng.integers(10, 40))
    patient = rng.choice(world.regulars(shop), count)
    second = rng.integers(3, DAYS - 20, count) * DAY + rng.integers(9 * 3600, 20 * 3600, count)
    rows = billing.bill(
        world, rng, patient, shop, second, PHARMACY, follow=2, trace=plan.fresh_boxes(count)
    )
    rows = billing.basket(rows, rng, words.DRUGS, 1)
    plan.record(TwinKind.RESCAN, [rows], members=[], places=[shop])


def late_death_report(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """One use of the card a few days after death: uploaded late, or fetched by the family."""
    member = world.cast(rng, 1, ages=(60, 98))
    died = int(rng.integers(20, 340))
    world.people.died[member] = died
    place = int(world.people.homes[member[0], 0])
    second = (died + int(rng.integers(1, 4))) * DAY + int(rng.integers(9 * 3600, 17 * 3600))
    rows = billing.bill(world, rng, member, place, np.array([second]))
    plan.record(TwinKind.LATE_DEATH_REPORT, [rows], members=member)


def receipt_clerk(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """An employer's clerk hands in colleagues' receipts; each is paid to the patient's account."""
    members = world.cast(rng, int(rng.integers(6, 16)), ages=(22, 62))
    world.people.employer[members] = world.new_employer()
    name, certno = outsider(rng)
    phone = int(draw_phones(rng, 1)[0])
    for patient in members.tolist():
        begin, length = int(rng.integers(0, DAYS - 70)), int(rng.integers(0, 9))
        fee = int(np.exp(rng.normal(12.3, 0.8)))
        hospital = OUTSIDE_HOSPITALS[int(rng.integers(len(OUTSIDE_HOSPITALS)))]
        accepted = begin + length + int(rng.integers(10, 50))
        plan.receipts.append(
            Receipt(
                patient, int(rng.integers(10**7, 10**10)), f"{hospital}{int(rng.integers(1, 90))}",
                -1, begin, begin + length, fee, int(fee * rng.uniform(0.4, 0.65)), name, certno,
                phone, int(world.people.account[patient]), accepted * DAY + 36_000,
            )
        )  # fmt: skip
    plan.record(TwinKind.RECEIPT_CLERK, [], members=members)
