"""What is usual beside a card: the compiled count against one written out, and what days may say."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from graph.scan.covisits import VisitColumns
from graph.scan.introductions import spread, weigh_card
from graph.scan.returns import weigh_returns
from tests.graph.found import scanned
from tests.graph.town import town

HUB, WINDOW = 0, 20


def world(seed: int) -> tuple[VisitColumns, np.ndarray, np.ndarray]:
    """One place, a few days, many people; which visits are first ones; the marked people."""
    rng = np.random.default_rng(seed)
    n = 200
    who = rng.integers(0, 30, n)
    when = np.sort(rng.integers(0, 8, n) * 1440 + rng.integers(0, 1440, n))
    c = VisitColumns.build(who, np.zeros(n, np.int32), when, patients=30, places=1)
    fresh = np.zeros(n, np.bool_)
    fresh[np.unique(c.patient, return_index=True)[1]] = True
    marked = np.unique(np.append(rng.integers(1, 30, 5), HUB))
    return c, fresh, marked


@pytest.mark.parametrize("seed", range(5))
def test_the_count_equals_one_written_out(seed: int) -> None:
    c, fresh, marked = world(seed)
    mark = np.full(30, -1, np.int64)
    mark[marked] = 7
    got = weigh_card(c.minute, c.patient, 0, len(c), HUB, mark, 7, fresh, WINDOW)

    mine = [int(m) for m, p in zip(c.minute, c.patient, strict=True) if p == HUB]
    others = [int(m) for m, p in zip(c.minute, c.patient, strict=True) if p not in marked]
    near = sum(any(abs(m - at) <= WINDOW for at in mine) for m in others)
    trials, expected = 0, 0.0
    for at in mine:
        that_day = [
            i for i in range(len(c)) if c.minute[i] // 1440 == at // 1440 and c.patient[i] != HUB
        ]
        new = sum(bool(fresh[i]) for i in that_day)
        old = [i for i in that_day if not fresh[i]]
        usual = sum(abs(m % 1440 - at % 1440) <= WINDOW for m in others)
        share = sum(abs(int(c.minute[i]) - at) <= WINDOW for i in old) + (usual + 1) / (
            len(others) + 2
        )
        trials += new
        expected += new * share / (len(old) + 1)
    newcomers = int((fresh & (c.patient != HUB)).sum())
    assert got == pytest.approx((trials, expected, near, len(others), newcomers))


def test_days_homes_and_span_of_some_rows() -> None:
    c, _, _ = world(1)
    rows = np.arange(0, len(c), 3)
    household = np.arange(30, dtype=np.int32) // 2
    days = c.minute[rows] // 1440
    ordered = sorted(days.tolist())
    middle = ordered[3 * len(rows) // 4] - ordered[len(rows) // 4]
    expected = (len(set(ordered)), len(set(household[c.patient[rows]].tolist())), middle)
    assert spread(c.minute, household, c.patient, rows) == expected


def test_newcomers_beside_one_card_at_a_quiet_place_are_a_ring(tmp_path: Path) -> None:
    """Eighteen people come to a quiet clinic for the first time, each ten minutes after the same card."""
    t = town(3)
    b = t.builder
    quiet = b.add_places(1)[0]
    for k, day in enumerate(b.dates(18)):
        at = b.day(day, 9 + k % 3, 5 * k % 60)
        b.visit(50, quiet, at)
        b.visit(100 + k, quiet, at + timedelta(minutes=10))
        b.visit(100 + k, quiet, at + timedelta(days=9 + k, minutes=37 * k))
    for day in b.dates(25):
        b.visit(b.chance.randrange(300, 900), quiet, b.day(day, b.chance.randint(8, 17), 30))
    rings = scanned(b, tmp_path).of("recruitment")
    assert any({100, 105, 111, 50} <= r.patients for r in rings)


@pytest.mark.parametrize("seed", range(5))
def test_returns_equal_those_written_out(seed: int) -> None:
    c, fresh, marked = world(seed)
    mark = np.full(30, -1, np.int64)
    mark[marked] = 7
    explained = (np.random.default_rng(seed).random(len(c)) < 0.1).astype(np.uint8)
    rows, alone, trials, expected = weigh_returns(
        c.minute, c.patient, explained, 0, len(c), HUB, mark, 7, fresh, WINDOW
    )

    inside = np.isin(c.patient, marked)
    clock = [int(m) % 1440 for m in c.minute[~inside]]
    found: set[int] = set()
    single, tried, chance = 0, 0, 0.0
    for k in np.flatnonzero((c.patient == HUB) & (explained == 0)).tolist():
        day = np.flatnonzero(c.minute // 1440 == c.minute[k] // 1440)
        near = np.abs(c.minute[day] - c.minute[k]) <= WINDOW
        mine = inside[day] & (c.patient[day] != HUB) & (explained[day] == 0)
        later = set(day[mine & near & ~fresh[day]].tolist()) - found
        single += len(later) if (mine & near).sum() == 1 else 0
        found |= later
        tried += int((mine & ~fresh[day]).sum())
        old, beside = int((~inside[day]).sum()), int((~inside[day] & near).sum())
        usual = sum(abs(x - int(c.minute[k]) % 1440) <= WINDOW for x in clock)
        share = (beside + (usual + 1) / (len(clock) + 2)) / (old + 1)
        chance += int((mine & ~fresh[day]).sum()) * share
    assert set(rows.tolist()) == found
    assert (alone, trials, expected) == pytest.approx((single, tried, chance))
