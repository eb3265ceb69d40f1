"""Rings visible in paper: receipts handed in by one agent, identifiers shared by strangers."""

from __future__ import annotations

import numpy as np

from loaders.synthetic import billing
from loaders.synthetic.background import OUTSIDE_HOSPITALS
from loaders.synthetic.calendar import DAY, DAYS
from loaders.synthetic.codes import Array, draw_accounts, draw_phones
from loaders.synthetic.identities import outsider
from loaders.synthetic.places import PlaceKind
from loaders.synthetic.plan import Filing, Plan, Receipt
from loaders.synthetic.settings import RingKind
from loaders.synthetic.world import World


def file_together(
    world: World, plan: Plan, rng: np.random.Generator, members: Array, districts: list[int]
) -> int:
    """One agent files 异地备案 for all members; returns the agent's phone."""
    name, certno = outsider(rng)
    phone = int(draw_phones(rng, 1)[0])
    start = int(rng.integers(0, 40))
    for patient in members.tolist():
        district = districts[int(rng.integers(len(districts)))]
        begin = start + int(rng.integers(0, 4))
        plan.filings.append(Filing(patient, district, begin, DAYS - 1, name, certno, phone))
    return phone


def receipt_mill(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """One agent, one or two accounts, many patients, false invoices in sequence or used twice."""
    members = world.cast(rng, int(rng.integers(5, 21)))
    count = int(np.clip(round(rng.integers(10, 41) * world.settings.strength), len(members), 60))
    name, certno = outsider(rng)
    phone = int(draw_phones(rng, 1)[0])
    accounts = draw_accounts(rng, int(rng.integers(1, 3))).tolist()
    reuse = rng.random() < 0.35
    number = int(rng.integers(10**7, 9 * 10**9))
    hospital = f"{OUTSIDE_HOSPITALS[0]}{int(rng.integers(1, 90))}"
    who = np.r_[members, rng.choice(members, count - len(members))]
    amount = 0
    for turn, patient in enumerate(rng.permutation(who).tolist()):
        if not (reuse and rng.random() < 0.4):
            number += int(rng.integers(1, 3))
        begin = int(rng.integers(0, DAYS - 60))
        length = int(rng.integers(5, 15))
        fee = int(rng.integers(1_200_000, 4_200_000))
        fund = int(fee * 0.6)
        accepted = min(DAYS - 1, begin + length + int(rng.integers(5, 40)))
        plan.receipts.append(
            Receipt(
                patient, number, hospital, -1, begin, begin + length, fee, fund, name, certno,
                phone, accounts[turn % len(accounts)],
                accepted * DAY + int(rng.integers(9 * 3600, 17 * 3600)),
            )
        )  # fmt: skip
        amount += fund
    facts = {"receipts": float(count), "reused": float(reuse)}
    plan.record(RingKind.RECEIPT_MILL, [], members=members, places=[], amount=amount, facts=facts)


def shared_identifier(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """One phone or account stands for 5–15 strangers who all go to one place, never together."""
    place = world.pick_place(
        rng, PlaceKind.CLINIC, PlaceKind.SMALL_HOSPITAL, PlaceKind.PHARMACY, small=True
    )
    members = world.cast(rng, int(rng.integers(5, 16)))
    by_phone = rng.random() < 0.6
    if by_phone:
        world.people.phone[members] = draw_phones(rng, 1)[0]
    if not by_phone or rng.random() < 0.3:
        world.people.account[members] = draw_accounts(rng, 1)[0]
    each = max(2, round(4 * world.settings.strength))
    patient = np.repeat(members, rng.integers(2, each + 3, len(members)))
    second = rng.integers(5, DAYS - 5, len(patient)) * DAY
    second += rng.integers(9 * 3600, 17 * 3600, len(patient))
    rows = billing.bill(world, rng, patient, place, second)
    plan.record(
        RingKind.SHARED_IDENTIFIER, [rows], members=members, places=[place],
        facts={"phone": float(by_phone), "size": float(len(members))},
    )  # fmt: skip
