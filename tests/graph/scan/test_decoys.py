"""Decoys: what they keep, what they break, and how many groups the search finds on them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from graph.motifs import covisit
from graph.results import latest_scan
from graph.scan.aside import lay_aside
from graph.scan.candidates import Candidate
from graph.scan.decoys import Decoys, by_chance, decoys, moved
from graph.scan.ignored import Ignores
from graph.scan.parameters import Parameters
from graph.scan.run import run_scan
from graph.scan.visits import attended
from graph.scan.world import World
from graph.schema import Grade
from graph.snapshot import current_snapshot
from tests.graph.found import NOW
from tests.graph.town import town
from tests.graph.worlds import WorldBuilder

LENIENT = Parameters(pair_p=0.1, least_members=3, least_covisits=2, window=60)
"""So lenient that chance makes groups and pairs worth counting."""


@contextmanager
def opened(builder: WorldBuilder, tmp_path: Path, parameters: Parameters) -> Iterator[World]:
    world = World.open(current_snapshot(builder.write(tmp_path)), parameters)
    world.notes["seed"] = 1
    lay_aside(world, Ignores())
    attended(world)
    yield world
    world.con.close()


def searched(world: World, runs: int) -> Decoys:
    return decoys(world, covisit.detect, list(covisit.detect(world)), runs=runs, seed=5)


def pools(seed: int) -> WorldBuilder:
    """A town with three pools of cards, one of them large."""
    t = town(seed)
    b = t.builder
    for place, pool in zip(
        t.shops, ([*range(9)], [*range(50, 62)], [*range(100, 130)]), strict=False
    ):
        for d in b.dates(12):
            at = b.day(d, b.chance.randint(8, 18), b.chance.randint(0, 59))
            b.gathering(b.chance.sample(pool, len(pool) - 2), place, at)
    return b


def test_place_weekday_hour_and_number_of_visits_stay(tmp_path: Path) -> None:
    with opened(town(1).builder, tmp_path, Parameters()) as world:
        seen = attended(world)
        other = moved(seen, [1])
        found = [
            Counter(
                zip(
                    c.patient.tolist(), c.place.tolist(), (c.minute % (7 * 1440)).tolist(),
                    x.explained.tolist(), x.operator.tolist(), strict=True,
                )
            )
            for x in (seen, other)
            for c in (x.columns,)
        ]  # fmt: skip
        assert found[0] == found[1]
        assert np.ptp(other.columns.minute) <= np.ptp(seen.columns.minute) + 2 * 7 * 1440
        same = np.isin(
            other.columns.patient.astype(np.int64) << 32 | other.columns.minute,
            seen.columns.patient.astype(np.int64) << 32 | seen.columns.minute,
        )
        assert same.mean() < 0.1


def test_the_seed_decides(tmp_path: Path) -> None:
    with opened(town(1).builder, tmp_path, Parameters()) as world:
        seen = attended(world)
        first, again, other = (moved(seen, seed).columns.minute for seed in ([3], [3], [4]))
    assert (first == again).all()
    assert (first != other).any()


def test_without_rings_decoys_find_as_much_as_there_is(tmp_path: Path) -> None:
    pairs: list[int] = []

    def search(world: World) -> list[Candidate]:
        found = list(covisit.detect(world))
        pairs.append(len(world.notes["pairs"]))
        return found

    with opened(town(2, visits=30.0).builder, tmp_path, LENIENT) as world:
        found = decoys(world, search, search(world), runs=4, seed=5)
    groups, decoy = sum(found.real.values()), sum(found.decoys.values()) / found.runs
    assert groups + decoy > 0
    assert abs(groups - decoy) <= 3 * np.sqrt(groups + decoy)
    assert pairs[0] >= 100
    assert abs(pairs[0] - np.mean(pairs[1:])) <= 4 * np.sqrt(pairs[0])


def test_with_rings_decoys_find_next_to_nothing(tmp_path: Path) -> None:
    with opened(pools(3), tmp_path, Parameters()) as world:
        found = searched(world, 5)
        assert world.notes["groups"]
    assert found.real[Grade.A] >= 3
    assert found.decoys[Grade.A] == 0
    assert found.decoys[Grade.B] <= 1


def test_a_scan_counts_them_where_they_are_asked_for(tmp_path: Path) -> None:
    workspace = pools(4).write(tmp_path)
    run_scan(workspace, seed=1, now=NOW, parameters=Parameters(decoys=2))
    run = latest_scan(workspace).run
    assert run.counts["decoys"] == 2
    assert run.counts["decoy_real_a"] >= 3
    assert run.counts["decoy_found_a"] == 0
    assert "decoys" in [stage.name for stage in run.stages]


@pytest.mark.parametrize(
    ("found", "real", "runs", "share"),
    [(3, 6, 5, 0.1), (50, 2, 5, 1.0), (0, 4, 5, 0.0), (3, 0, 5, None), (0, 7, 0, None)],
)
def test_the_share_of_chance(found: int, real: int, runs: int, share: float | None) -> None:
    assert by_chance(found, real, runs) == pytest.approx(share)
