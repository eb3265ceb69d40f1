"""A pool that moves on: one place after another is a relay; roaming, new people and a clinic's removal are not."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from graph.motifs import covisit, relay
from graph.scan.candidates import Outcome, keys
from graph.scan.parameters import Parameters
from graph.scan.world import World
from graph.snapshot import current_snapshot
from tests.graph.found import best, scanned
from tests.graph.town import Town, town

CARDS = list(range(100, 109))


def gatherings(t: Town, days: list[int], places: list[int], cards: list[int] = CARDS) -> None:
    """Most of the cards within minutes on each of `days` at the place named for it."""
    for d, place in zip(days, places, strict=True):
        at = t.builder.day(d, t.builder.chance.randint(8, 18), t.builder.chance.randint(0, 59))
        t.builder.gathering(t.builder.chance.sample(cards, len(cards) - 1), place, at)


def test_a_pool_that_changes_its_place_is_a_relay(tmp_path: Path) -> None:
    t = town(1)
    gatherings(t, t.builder.dates(12), [t.shops[3]] * 6 + [t.shops[5]] * 6)
    found = scanned(t.builder, tmp_path).of("relay")
    assert best(found, CARDS) >= 0.8
    assert {t.shops[3], t.shops[5]} <= found[0].places


def test_three_places_in_turn_are_a_relay(tmp_path: Path) -> None:
    t = town(2)
    gatherings(t, t.builder.dates(9), [t.shops[k] for k in (1, 1, 1, 4, 4, 4, 6, 6, 6)])
    assert best(scanned(t.builder, tmp_path).of("relay"), CARDS) >= 0.8


def test_a_pool_that_comes_back_is_none(tmp_path: Path) -> None:
    t = town(3)
    gatherings(t, t.builder.dates(12), [t.shops[3], t.shops[5]] * 6)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("covisit"), CARDS) >= 0.8
    assert not found.of("relay", "ABC")


def test_other_people_at_the_next_place_are_none(tmp_path: Path) -> None:
    t = town(4)
    others = list(range(300, 309))
    first, second = t.builder.dates(7, 3, 150), t.builder.dates(7, 180, 330)
    gatherings(t, first, [t.shops[3]] * 7)
    gatherings(t, second, [t.shops[5]] * 7, others)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("covisit"), others) >= 0.8
    assert not found.of("relay", "ABC")


def test_half_a_year_in_between_is_none(tmp_path: Path) -> None:
    t = town(5)
    gatherings(t, [*t.builder.dates(6, 3, 100), *t.builder.dates(6, 280, 330)],
               [t.shops[3]] * 6 + [t.shops[5]] * 6)  # fmt: skip
    assert not scanned(t.builder, tmp_path).of("relay", "ABC")


def test_a_family_that_moves_house_is_no_ring(tmp_path: Path) -> None:
    t = town(6)
    family = CARDS[:5]
    for other in family[1:]:
        t.builder.kin(family[0], other)
    gatherings(t, t.builder.dates(12), [t.shops[3]] * 6 + [t.shops[5]] * 6, family)
    assert not scanned(t.builder, tmp_path).touching(set(family))


def test_two_codes_of_one_institution_weaken_it(tmp_path: Path) -> None:
    t = town(7)
    for place in (t.clinics[2], t.clinics[4]):
        t.builder.tables["places"][place]["uscc"] = "91330100MA27XXXX0A"
    gatherings(t, t.builder.dates(12), [t.clinics[2]] * 6 + [t.clinics[4]] * 6)
    world = opened(t, tmp_path)
    (candidate,) = relay.detect(world)
    asked = {e.name: e.outcome for e in candidate.explanations}
    assert asked["relocation"] is Outcome.WEAKENS
    world.con.close()


def opened(t: Town, tmp_path: Path) -> World:
    """The world after the co-visit stage."""
    world = World.open(current_snapshot(t.builder.write(tmp_path)), Parameters())
    world.notes["seed"] = 1
    list(covisit.detect(world))
    return world


def test_two_weak_halves_with_the_same_members_are_joined(tmp_path: Path) -> None:
    t = town(8)
    gatherings(t, t.builder.dates(12), [t.shops[3]] * 6 + [t.shops[5]] * 6)
    world = opened(t, tmp_path)
    whole = max(world.notes["groups"], key=lambda g: len(g.gatherings))
    assert set(CARDS) == set(whole.members.tolist())
    halves = []
    for shop in (t.shops[3], t.shops[5]):
        g = whole.gatherings
        here = np.flatnonzero(g.place == shop)
        rows = np.isin(g.of, here)
        part = replace(
            g, place=g.place[here], first=g.first[here], last=g.last[here],
            present=g.present[here], rows=g.rows[rows], of=np.searchsorted(here, g.of[rows]),
        )  # fmt: skip
        members = keys([m for m in CARDS if m != CARDS[0 if shop == t.shops[3] else -1]])
        halves.append(replace(whole, members=members, gatherings=part, log10_p=-2.0, tried=1.5))
    world.notes["groups"] = halves
    (candidate,) = relay.detect(world)
    assert candidate.patients.tolist() == CARDS
    assert 4.0 <= candidate.surprise <= 9.0
    assert candidate.facts["same"] == 7
    world.con.close()
