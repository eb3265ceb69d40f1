"""Which rings and look-alikes a world gets, and in what order they are planted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from loaders.synthetic import (
    background,
    lookalikes_events,
    lookalikes_groups,
    lookalikes_places,
    rings_borders,
    rings_papers,
    rings_pools,
    rings_staff,
    rings_stays,
)
from loaders.synthetic.calendar import DAYS
from loaders.synthetic.plan import Plan, Tip
from loaders.synthetic.settings import RingKind, TwinKind
from loaders.synthetic.world import World

Planter = Callable[[World, Plan, np.random.Generator], None]
ManyPlanter = Callable[[World, Plan, np.random.Generator, int], None]
# From so many visits on every kind is present.
FULL_WORLD = 50_000

RINGS: dict[RingKind, Planter] = {
    RingKind.CARD_POOL: rings_pools.card_pool,
    RingKind.CAMOUFLAGED_POOL: rings_pools.camouflaged_pool,
    RingKind.RECEIPT_MILL: rings_papers.receipt_mill,
    RingKind.CROSS_PROVINCE: rings_pools.cross_province,
    RingKind.SHARED_IDENTIFIER: rings_papers.shared_identifier,
    RingKind.RECRUITMENT_STAR: rings_pools.recruitment_star,
    RingKind.RELAY: rings_pools.relay,
    RingKind.SYNCHRONISED_ADMISSIONS: rings_stays.synchronised_admissions,
    RingKind.STAFF_AS_PATIENTS: rings_stays.staff_as_patients,
    RingKind.LIST_SHARING: rings_stays.list_sharing,
    RingKind.USE_AFTER_DEATH: rings_stays.use_after_death,
    RingKind.FUNNEL: rings_staff.funnel,
    RingKind.TWO_PLACES: rings_staff.two_places,
    RingKind.SUBSTITUTION: rings_staff.substitution,
    RingKind.TRACE_RESALE: rings_staff.trace_resale,
}
TWINS: dict[TwinKind, Planter] = {
    TwinKind.DIALYSIS: lookalikes_groups.dialysis,
    TwinKind.CARE_HOME: lookalikes_groups.care_home,
    TwinKind.CHRONIC_DAY: lookalikes_groups.chronic_day,
    TwinKind.CHECK_UP: lookalikes_groups.check_up,
    TwinKind.REHABILITATION: lookalikes_groups.rehabilitation,
    TwinKind.REHABILITATION_STAY: lookalikes_groups.rehabilitation_stay,
    TwinKind.COLLEAGUES: lookalikes_groups.colleagues,
    TwinKind.VILLAGE_CLINIC: lookalikes_places.village_clinic,
    TwinKind.INTERNET_HOSPITAL: lookalikes_places.internet_hospital,
    TwinKind.DEFAULT_DIAGNOSIS: lookalikes_places.default_diagnosis,
    TwinKind.BATCH_UPLOAD: lookalikes_places.batch_upload,
    TwinKind.INHOUSE_PHARMACY: lookalikes_places.inhouse_pharmacy,
    TwinKind.REFERRAL: lookalikes_places.referral,
    TwinKind.COVER_DOCTOR: lookalikes_places.cover_doctor,
    TwinKind.SPLIT_PACK: lookalikes_events.split_pack,
    TwinKind.RESCAN: lookalikes_events.rescan,
    TwinKind.LATE_DEATH_REPORT: lookalikes_events.late_death_report,
    TwinKind.RECEIPT_CLERK: lookalikes_events.receipt_clerk,
}
# Planted all at once.
TWINS_AT_ONCE: dict[TwinKind, ManyPlanter] = {
    TwinKind.FAMILY: lookalikes_groups.families,
    TwinKind.MULTI_SITE: lookalikes_places.multi_site,
    TwinKind.DEFAULT_PHONE: lookalikes_places.default_phone,
}


def ring_counts(world: World) -> dict[RingKind, int]:
    """How many rings of each kind: by weight, largest remainders first."""
    settings = world.settings
    weights = {k: w for k, w in settings.ring_mix.items() if w > 0}
    total = round(world.visits * settings.rings / 10_000)
    if settings.rings <= 0 or not weights:
        return {}
    counts = dict.fromkeys(weights, 0)
    if world.visits >= FULL_WORLD:
        counts = dict.fromkeys(weights, 1)
    scale = sum(weights.values())
    wanted = {k: total * w / scale for k, w in weights.items()}
    while sum(counts.values()) < max(1, total):
        behind = max(weights, key=lambda k: (wanted[k] - counts[k], weights[k]))
        counts[behind] += 1
    return counts


def twin_counts(world: World) -> dict[TwinKind, int]:
    """How many look-alikes of each kind."""
    settings = world.settings
    floor = 1 if world.visits >= FULL_WORLD and settings.twins > 0 else 0
    return {
        kind: max(floor, round(rate * settings.twins * world.visits / 100_000))
        for kind, rate in settings.twin_rates.items()
        if rate > 0
    }


def plant(world: World) -> Plan:
    """Plant everything into the world; rings choose first, look-alikes take from the rest."""
    plan = Plan()
    for ring, count in ring_counts(world).items():
        for turn in range(count):
            RINGS[ring](world, plan, world.stream(ring, turn))
            world.taken_staff.update(plan.planted[-1].professionals)
    rings_borders.plant_borders(world, plan)
    _told(world, plan)
    for twin, count in twin_counts(world).items():
        if twin in TWINS_AT_ONCE:
            if count:
                TWINS_AT_ONCE[twin](world, plan, world.stream(twin), count)
            continue
        for turn in range(count):
            TWINS[twin](world, plan, world.stream(twin, turn))
            world.taken_staff.update(plan.planted[-1].professionals)
    background.receipts(world, plan)
    background.filings(world, plan)
    background.decisions(world, plan)
    return plan


def _told(world: World, plan: Plan) -> None:
    """Somebody reports one ring in six: its place, or a member where it has none."""
    rng = world.stream("told")
    for ring in plan.planted:
        if rng.random() < 1 / 6:
            kind, target = ("place", ring.places) if ring.places else ("patient", ring.members)
            day = int(rng.integers(180, DAYS))
            plan.tips.append(Tip(day, "电话", kind, target[0], "反映多张医保卡由他人保管使用"))
