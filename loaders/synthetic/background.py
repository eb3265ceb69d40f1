"""Ordinary paper receipts, filings, decisions and reports, unconnected with any ring."""

from __future__ import annotations

import numpy as np

from loaders.synthetic.calendar import DAY, DAYS
from loaders.synthetic.codes import text
from loaders.synthetic.identities import certificates
from loaders.synthetic.plan import Filing, Penalty, Plan, Receipt, Tip
from loaders.synthetic.world import World

_CHANNELS = ("电话", "网络", "来信", "来访", "部门移交")
_CONTENTS = ("反映存在串换药品", "反映多收费用", "反映空刷医保卡", "反映重复收费", "反映服务态度")
_MEASURES = ("约谈", "限期整改", "拒付", "罚款", "暂停拨付")
OUTSIDE_HOSPITALS = ("外地医院", "省立医院", "大学附属医院", "市第一医院", "专科医院")


def agent_of(world: World, patient: int) -> tuple[str, str, int]:
    """Name, identity number and phone of the patient's own household head, as an agent."""
    household = world.people.household
    head = int(np.searchsorted(household, household[patient]))
    certno = text(certificates(world.people, np.array([head]))).to_pylist()[0]
    name = world.people.names(np.array([head]))[0]
    return name, certno, int(world.people.phone[head])


def receipts(world: World, plan: Plan) -> None:
    """About one receipt in 400 visits: handed in by the family, paid to the patient."""
    rng = world.stream("receipts")
    count = max(20, world.visits // 400)
    for patient in rng.integers(0, len(world.people), count).tolist():
        begin = int(rng.integers(0, DAYS - 60))
        length = int(rng.integers(0, 12))
        fee = int(np.exp(rng.normal(12.5, 0.9)))
        name, certno, phone = agent_of(world, patient)
        accepted = min(DAYS - 1, begin + length + int(rng.integers(10, 60)))
        outside = OUTSIDE_HOSPITALS[int(rng.integers(len(OUTSIDE_HOSPITALS)))]
        plan.receipts.append(
            Receipt(
                patient, int(rng.integers(10**7, 10**10)), f"{outside}{int(rng.integers(1, 90))}",
                -1, begin, begin + length, fee, int(fee * rng.uniform(0.4, 0.65)),
                name, certno, phone, int(world.people.account[patient]),
                accepted * DAY + int(rng.integers(9 * 3600, 17 * 3600)),
            )
        )  # fmt: skip


def filings(world: World, plan: Plan) -> None:
    """About one patient in 70 files treatment in another district, mostly through the family."""
    rng = world.stream("filings")
    for patient in rng.integers(0, len(world.people), max(8, len(world.people) // 70)).tolist():
        begin = int(rng.integers(0, DAYS - 30))
        end = min(DAYS - 1, begin + int(rng.integers(30, 300)))
        district = int(rng.integers(0, len(world.places.districts)))
        plan.filings.append(Filing(patient, district, begin, end, *agent_of(world, patient)))


def decisions(world: World, plan: Plan) -> None:
    """Decisions against places for ordinary faults, and reports from the public, most unfounded."""
    rng = world.stream("decisions")
    for place in rng.integers(0, len(world.places), max(4, len(world.places) // 15)).tolist():
        day = int(rng.integers(20, 330))
        doctors = world.staff.doctors(place)
        points = int(rng.integers(1, 5))
        duties = (
            ((int(doctors[-1]), "一般", points),) if len(doctors) and rng.random() < 0.4 else ()
        )
        measure = _MEASURES[int(rng.integers(len(_MEASURES)))]
        plan.penalties.append(
            Penalty(
                place, day, "协议处理" if measure != "罚款" else "行政处罚", measure,
                "医疗保障基金使用监督管理条例第三十八条", day, day + 30,
                int(rng.integers(500, 90_000)) * 100, duties,
            )
        )  # fmt: skip
    for _ in range(max(6, world.visits // 8_000)):
        kind = ("place", "patient", "practitioner")[int(rng.choice(3, p=(0.7, 0.2, 0.1)))]
        sizes = {
            "place": len(world.places),
            "patient": len(world.people),
            "practitioner": len(world.staff),
        }
        plan.tips.append(
            Tip(
                int(rng.integers(0, DAYS)), _CHANNELS[int(rng.integers(len(_CHANNELS)))], kind,
                int(rng.integers(0, sizes[kind])),
                _CONTENTS[int(rng.integers(len(_CONTENTS)))],
            )
        )  # fmt: skip
