"""Core and periphery: who always comes is core, who comes along now and then is not."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from graph.scan.assemble import assemble
from graph.scan.candidates import Candidate, keys
from graph.scan.cores import cores
from graph.scan.covisits import VisitColumns
from graph.scan.gatherings import gather
from graph.scan.groups import Group
from tests.graph.found import scanned
from tests.graph.town import town

ALWAYS, SOMETIMES = list(range(100, 108)), [200, 201, 202]
DAY = 1440


def group(meetings: Sequence[Sequence[int]], members: Sequence[int]) -> tuple[VisitColumns, Group]:
    """A group whose members met on these days, one meeting every third day."""
    who = [k for met in meetings for k in met]
    when = [3 * DAY * d + 600 + i for d, met in enumerate(meetings) for i in range(len(met))]
    columns = VisitColumns.build(who, [0] * len(who), when, patients=60, places=1)
    found = gather(columns, keys(members), 30)
    return columns, Group(keys(members), keys(members), found, 3, 0.1, -20.0, 2.0, 1.0)


def test_who_comes_now_and_then_is_periphery() -> None:
    meetings = [[*range(8), 20 + d % 4] for d in range(12)]
    columns, one = group(meetings, [*range(8), 20, 21, 22, 23])
    assert cores(columns, [one], seed=1)[0].tolist() == list(range(8))


def test_a_group_that_always_comes_whole_is_all_core() -> None:
    columns, one = group([range(6)] * 5, range(6))
    assert cores(columns, [one], seed=1)[0].tolist() == list(range(6))


def test_many_cards_of_which_few_come_at_a_time_are_core_together() -> None:
    rng = np.random.default_rng(1)
    meetings = [sorted(rng.choice(24, 8, replace=False).tolist()) for _ in range(18)]
    columns, one = group(meetings, range(24))
    assert len(cores(columns, [one], seed=1)[0]) >= 20


def test_groups_do_not_touch_each_other_and_the_seed_decides() -> None:
    meetings = [[*range(8), 20 + d % 4] for d in range(12)]
    columns, one = group(meetings, [*range(8), 20, 21, 22, 23])
    both = cores(columns, [one, one], seed=4)
    assert both[0].tolist() == both[1].tolist() == cores(columns, [one], seed=9)[0].tolist()
    assert cores(columns, [], seed=1) == []


def test_a_ring_takes_its_core_from_its_group() -> None:
    found = Candidate("covisit", keys(range(9)), 20.0, core=keys(range(6)))
    phone = Candidate("shared_token", keys(range(10)), 9.0)
    (draft,) = assemble([found, phone])
    assert draft.patients.tolist() == list(range(10))
    assert draft.core.tolist() == list(range(6))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_scan_shows_who_came_along(tmp_path: Path, seed: int) -> None:
    t = town(seed)
    b = t.builder
    days = b.dates(16)
    for n, d in enumerate(days):
        along = [k for i, k in enumerate(SOMETIMES) if n % 4 == i]
        at = b.day(d, b.chance.randint(8, 18), b.chance.randint(0, 59))
        b.gathering([*ALWAYS, *along], t.shops[3], at)
    found = scanned(b, tmp_path)
    ring = next(r for r in found.of("covisit") if r.patients >= set(ALWAYS))
    people = [m for m in found.scan.members(ring.ring) if m.kind == "patient"]
    assert {m.key for m in people if m.core} == set(ALWAYS)
    assert {m.key for m in people if not m.core} >= set(SOMETIMES)
