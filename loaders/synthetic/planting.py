"""Which rings and look-alikes a world gets, and in what order they are planted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from loaders.synthetic import background, rings_papers, rings_pools
from loaders.synthetic.plan import Plan
from loaders.synthetic.settings import RingKind, TwinKind
from loaders.synthetic.world import World

Planter = Callable[[World, Plan, np.random.Generator], None]
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
}
TWINS: dict[TwinKind, Planter] = {}


def ring_counts(world: World) -> dict[RingKind, int]:
    """How many rings of each kind: by weight, largest remainders first."""
    settings = world.settings
    weights = {k: w for k, w in settings.ring_mix.items() if w > 0 and k in RINGS}
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
        if rate > 0 and kind in TWINS
    }


def plant(world: World) -> Plan:
    """Plant everything into the world; rings choose first, look-alikes take from the rest."""
    plan = Plan()
    for ring, count in ring_counts(world).items():
        for turn in range(count):
            RINGS[ring](world, plan, world.stream(ring, turn))
    for twin, count in twin_counts(world).items():
        for turn in range(count):
            TWINS[twin](world, plan, world.stream(twin, turn))
    background.receipts(world, plan)
    background.filings(world, plan)
    background.decisions(world, plan)
    return plan
