"""How likely a lead is true: the built-in curve at first, the outcomes of closed cases once there are enough."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import BrokenLedger
from graph.scan.calibration import (
    BUILT_IN,
    ENOUGH,
    FILE,
    Calibration,
    Closed,
    Finding,
    built_in,
    load_outcomes,
    probability,
    record_outcomes,
)
from tests.graph.found import NOW, scan_of
from tests.graph.scan.test_run import busy_town

DAY = date(2025, 12, 1)
GRID = [n / 4 for n in range(240)]


def closed(ring: int, outcome: Finding, evidence: float, weakened: int = 0) -> Closed:
    return Closed(f"rg_{ring}", outcome, DAY, ("covisit",), evidence, weakened)


def world(count: int, true: float, seed: int = 1) -> list[Closed]:
    """Cases of evidence 4 to 20; below 10 none is confirmed, above it the share `true`."""
    chance = Random(seed)
    found = []
    for n in range(count):
        evidence = 4 + 16 * n / count
        confirmed = evidence >= 10 and chance.random() < true
        wrong = chance.choice([Finding.REFUTED, Finding.LEGITIMATE, Finding.DATA_ERROR])
        found.append(closed(n, Finding.CONFIRMED if confirmed else wrong, evidence))
    return found


def test_without_outcomes_the_curve_speaks() -> None:
    for evidence in GRID:
        assert probability(evidence, 0, []) == built_in(evidence)
    assert built_in(5.0) == pytest.approx(0.5)
    assert built_in(5.0, 2) == pytest.approx(0.5 * 0.8**2)
    assert Calibration.of([]) == BUILT_IN


def test_one_decided_case_short_of_enough_changes_nothing() -> None:
    few = world(ENOUGH - 1, 0.9)
    undecided = [closed(900 + n, Finding.INCONCLUSIVE, 8.0) for n in range(500)]
    assert Calibration.of(few + undecided) == BUILT_IN
    assert Calibration.of([*few, closed(999, Finding.REFUTED, 6.0)]).decided == ENOUGH


def test_outcomes_teach_where_true_leads_begin() -> None:
    learned = Calibration.of(world(2000, 0.7))
    assert learned.probability(6.0) == pytest.approx(0.0, abs=0.02)
    assert learned.probability(18.0) == pytest.approx(0.7, abs=0.08)
    assert built_in(9.0) > 0.85 > 0.1 > learned.probability(9.0)


def test_the_share_confirmed_at_each_strength_is_what_is_told() -> None:
    cases = [closed(n, Finding.CONFIRMED if n % 4 else Finding.REFUTED, 12.0) for n in range(120)]
    cases += [
        closed(200 + n, Finding.CONFIRMED if n % 4 == 0 else Finding.LEGITIMATE, 6.0)
        for n in range(120)
    ]
    assert probability(12.0, 0, cases) == pytest.approx(0.75)
    assert probability(6.0, 0, cases) == pytest.approx(0.25)
    assert 0.25 < probability(7.0, 0, cases) < 0.75
    assert probability(60.0, 0, cases) == pytest.approx(0.75)


def test_below_all_closed_cases_nothing_is_promised() -> None:
    cases = [closed(n, Finding.CONFIRMED, 10.0 + n / 50) for n in range(150)]
    assert probability(1.0, 0, cases) == built_in(1.0)
    assert 0.99 < probability(11.0, 0, cases) < 1.0


def test_what_weakens_a_lead_counts_the_same_before_and_after() -> None:
    cases = world(400, 0.8)
    learned = Calibration.of(cases)
    assert learned.probability(12.0, 3) <= learned.probability(12.0, 0)
    weak = [closed(n, Finding.REFUTED, 14.0, weakened=2) for n in range(100)]
    strong = [closed(500 + n, Finding.CONFIRMED, 14.0) for n in range(100)]
    assert probability(14.0, 2, weak + strong) < 0.05
    assert probability(14.0, 0, weak + strong) > 0.95


cases = st.lists(
    st.tuples(st.sampled_from(list(Finding)), st.floats(0, 120), st.integers(0, 4)),
    min_size=ENOUGH,
    max_size=160,
)


@settings(deadline=None)
@given(cases, st.randoms())
def test_it_rises_with_evidence_and_stays_inside(
    drawn: Sequence[tuple[Finding, float, int]], chance: Random
) -> None:
    found = [closed(n, outcome, evidence, w) for n, (outcome, evidence, w) in enumerate(drawn)]
    learned = Calibration.of(found)
    told = [learned.probability(evidence) for evidence in GRID]
    assert told == sorted(told)
    assert all(0.0 < p < 1.0 + 1e-9 for p in told)
    chance.shuffle(found)
    assert Calibration.of(found) == learned


def test_outcomes_are_read_as_recorded_the_last_of_a_ring_counts(tmp_path: Path) -> None:
    assert load_outcomes(tmp_path, DAY) == ()
    first = closed(1, Finding.REFUTED, 7.5, 1)
    again = Closed("rg_1", Finding.CONFIRMED, DAY + timedelta(days=9), ("covisit", "receipts"), 7.5)
    other = closed(2, Finding.DATA_ERROR, 30.0)
    record_outcomes(tmp_path, [first, other])
    record_outcomes(tmp_path, [again])
    assert load_outcomes(tmp_path, DAY) == (first, other)
    assert load_outcomes(tmp_path, again.on) == (again, other)
    assert load_outcomes(tmp_path, DAY - timedelta(days=1)) == ()


@pytest.mark.parametrize(
    "line",
    ["x", "{}", '{"ring": "rg_1", "outcome": "guilty", "date": "2025-12-01", "motifs": [], "evidence": 1}',
     '{"ring": "rg_1", "outcome": "refuted", "date": "2025-12-01", "motifs": [], "evidence": NaN}'],
)  # fmt: skip
def test_a_broken_outcome_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / FILE).write_text(line + "\n")
    with pytest.raises(BrokenLedger, match="line 1"):
        load_outcomes(tmp_path, DAY)


def test_the_scan_learns_from_closed_cases(tmp_path: Path) -> None:
    workspace = busy_town().builder.write(tmp_path)
    first = scan_of(workspace).scan.rings(limit=None).items
    for ring in first:
        if ring.grade != "C":
            expected = built_in(ring.evidence, ring.weakened)
            assert ring.score == pytest.approx(expected, abs=2e-6)
    refuted = [closed(n, Finding.REFUTED, 1 + n / 2) for n in range(120)]
    record_outcomes(workspace, refuted)
    scan = scan_of(workspace, NOW + timedelta(hours=1)).scan
    assert scan.run.parameters["decided_cases"] == 120
    second = {ring.ring: ring for ring in scan.rings(limit=None)}
    assert set(second) == {ring.ring for ring in first}
    assert all(ring.score < 0.05 for ring in second.values())
    assert all(second[ring.ring].grade == ring.grade for ring in first)
