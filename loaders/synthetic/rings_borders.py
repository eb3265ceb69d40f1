"""Rings across the borders of three offices, and what looks like them: each office sees too little of it by itself."""

from __future__ import annotations

import numpy as np

from loaders.synthetic.codes import Array
from loaders.synthetic.gathering import Meeting, draw_days, gather
from loaders.synthetic.places import PlaceKind
from loaders.synthetic.plan import Plan
from loaders.synthetic.rings_pools import SHOPS, accomplices, ordinary, swipes
from loaders.synthetic.settings import RingKind, TwinKind
from loaders.synthetic.world import World

PROVINCES = (11, 12, 13)
PER_PLACE = 2
"""Gatherings at the one counter of each province: an office alone takes two for chance."""
PRESENT = 2
"""Cards of each province at a gathering: what an insurer sees of its own people elsewhere is a pair."""


def plant_borders(world: World, plan: Plan) -> None:
    """So many rings as the settings ask for; each with an outing and colleagues across the border."""
    for turn in range(world.settings.borders):
        for kind, planter in (
            (RingKind.CROSS_BORDER, cross_border),
            (TwinKind.BORDER_OUTING, outing),
            (TwinKind.BORDER_COLLEAGUES, colleagues),
        ):
            planter(world, plan, world.stream(kind, turn))
            world.taken_staff.update(plan.planted[-1].professionals)


def cross_border(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """Two or three cards of each province, used together at a counter of each, twice in each."""
    members = _mixed(world, rng, int(rng.integers(PRESENT, PRESENT + 2)))
    places = _counters(world, rng, *SHOPS)
    met = np.concatenate([
        _meetings(world, rng, members, place, PER_PLACE, spread=10) for place in places
    ])  # fmt: skip
    rows = swipes(world, rng, plan, met)
    everybody = np.concatenate(members)
    plan.record(
        RingKind.CROSS_BORDER, [rows], members=everybody, places=places,
        professionals=accomplices(rows), ordinary=[ordinary(world, rng, everybody, 4)],
        facts={"gatherings": float(PER_PLACE * len(places)), "size": float(len(everybody))},
    )  # fmt: skip


def outing(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """The near miss: people of all three provinces who happen to sit in one waiting room twice, in two provinces."""
    members = _mixed(world, rng, PRESENT)
    places = _counters(world, rng, PlaceKind.COMMUNITY, PlaceKind.CLINIC)[:2]
    met = np.concatenate([
        _meetings(world, rng, members, place, 1, spread=40) for place in places
    ])  # fmt: skip
    plan.record(TwinKind.BORDER_OUTING, [swipes(world, rng, plan, met)], places=places)


def colleagues(world: World, plan: Plan, rng: np.random.Generator) -> None:
    """One employer's people, insured in three provinces, who see the clinic next to each of its sites before the shift."""
    members = _mixed(world, rng, PRESENT, ages=(22, 58))
    world.people.employer[np.concatenate(members)] = world.new_employer()
    places = _counters(world, rng, PlaceKind.CLINIC, PlaceKind.COMMUNITY)
    met = np.concatenate([
        _meetings(world, rng, members, place, PER_PLACE, spread=20) for place in places
    ])  # fmt: skip
    plan.record(TwinKind.BORDER_COLLEAGUES, [swipes(world, rng, plan, met)], places=places)


def _mixed(
    world: World, rng: np.random.Generator, each: int, ages: tuple[int, int] = (18, 92)
) -> list[Array]:
    return [world.cast(rng, each, province=province, ages=ages) for province in PROVINCES]


def _counters(world: World, rng: np.random.Generator, *kinds: PlaceKind) -> list[int]:
    return [world.pick_place(rng, *kinds, province=province, small=True) for province in PROVINCES]


def _meetings(
    world: World,
    rng: np.random.Generator,
    members: list[Array],
    place: int,
    count: int,
    spread: int,
) -> Array:
    """`count` gatherings at `place`, each of `PRESENT` cards of every province."""
    once = Meeting(1, 1.0, spread, False)
    pieces = []
    for day in draw_days(world, rng, place, count):
        team = np.concatenate([rng.permutation(some)[:PRESENT] for some in members])
        pieces.append(gather(world, rng, team, [place], once, days=np.array([day])))
    return np.concatenate(pieces)
