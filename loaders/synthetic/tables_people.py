"""Patients and their kin as tables of text, columns as offices name them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from loaders.synthetic.calendar import dates
from loaders.synthetic.codes import digits, joined, text
from loaders.synthetic.identities import address, certificates, company
from loaders.synthetic.plan import Plan
from loaders.synthetic.population import ALIVE
from loaders.synthetic.tables_events import patient_codes
from loaders.synthetic.world import World


def patient_table(world: World, low: int, high: int) -> pa.Table:
    """`psn_info_b` for patients low ≤ n < high."""
    people = world.people
    patients = np.arange(low, high)
    birth = people.birth_dates(patients)
    dead = people.died[patients] < ALIVE
    employer = people.employer[patients]
    employed = employer >= 0
    died = np.where(dead, people.died[patients], 0)
    brdy = digits(birth, 8)
    return pa.table(
        {
            "psn_no": text(patient_codes(patients)),
            "psn_name": people.names(patients),
            "psn_cert_type": ["01"] * len(patients),
            "certno": text(certificates(people, patients)),
            "gend": np.where(people.woman[patients], "2", "1").tolist(),
            "brdy": text(joined(len(patients), brdy[:, :4], b"-", brdy[:, 4:6], b"-", brdy[:, 6:])),
            "tel": text(digits(people.phone[patients], 11), people.phone[patients] > 0),
            "live_addr": [address(world, int(p)) for p in patients],
            "emp_no": text(
                joined(len(patients), b"E", digits(employer, 6)),
                employed,
            ),
            "emp_name": [company(e) if e >= 0 else "" for e in employer.tolist()],
            "insu_admdvs": text(
                digits(world.places.district_codes()[people.district[patients]], 6)
            ),
            "surv_stas": np.where(dead, "0", "1").tolist(),
            "die_date": text(dates(died), dead),
            "bankacct": text(digits(people.account[patients], 19)),
        }
    )


def kin_table(world: World, rng: np.random.Generator, plan: Plan) -> pa.Table:
    """`psn_kin_d`: the head with each other member, for under half of the households."""
    household = world.people.household
    head = np.r_[0, np.flatnonzero(np.diff(household)) + 1][household]
    told = rng.random(int(household[-1]) + 1) < 0.45
    other = np.flatnonzero(told[household] & (head != np.arange(len(household))))
    pairs = np.array(plan.kin, dtype=np.int64).reshape(-1, 2)
    one = np.concatenate([head[other], pairs[:, 0]])
    two = np.concatenate([other, pairs[:, 1]])
    gap = np.abs(world.people.birth[one] - world.people.birth[two]) / 365.25
    older = world.people.birth[two] > world.people.birth[one]
    relation = np.where(gap < 15, "配偶", np.where(older, "父母", "子女"))
    return pa.table(
        {
            "psn_no": text(patient_codes(one)),
            "kin_psn_no": text(patient_codes(two)),
            "relation": relation.tolist(),
        }
    )
