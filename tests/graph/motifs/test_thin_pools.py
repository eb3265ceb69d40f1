"""Pools of many cards of which few come at a time: found by the company they keep, not by pairs that meet often."""

from pathlib import Path

import pytest

from tests.graph.found import best, scanned
from tests.graph.town import Town, town

POOL = list(range(100, 112))


def thin(seed: int, gatherings: int, present: int = 4) -> Town:
    """Twelve cards, a few of them used together on days and at hours without rhythm."""
    t = town(seed)
    b = t.builder
    for d in b.dates(gatherings):
        at = b.day(d, b.chance.randint(8, 18), b.chance.randint(0, 59))
        b.gathering(b.chance.sample(POOL, present), t.shops[3], at, spread=15)
    return t


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_a_pool_of_which_a_third_comes_at_a_time_is_found(tmp_path: Path, seed: int) -> None:
    assert best(scanned(thin(seed, 14).builder, tmp_path).of("covisit"), POOL) >= 0.7


@pytest.mark.parametrize("seed", [24, 25])
def test_three_such_gatherings_are_too_few(tmp_path: Path, seed: int) -> None:
    assert not scanned(thin(seed, 3, 3).builder, tmp_path).touching(set(POOL))


def test_a_class_that_comes_twice_is_no_pool(tmp_path: Path) -> None:
    t = town(26)
    b = t.builder
    for d in (90, 245):
        b.gathering(range(300, 330), t.clinics[2], b.day(d, 9, 10), spread=40)
    assert not scanned(b, tmp_path).touching(set(range(300, 330)))


def test_appointments_of_a_few_weeks_are_no_pool(tmp_path: Path) -> None:
    t = town(27)
    b = t.builder
    for d in (60, 63, 68, 74, 81, 83):
        b.gathering(b.chance.sample(range(300, 306), 4), t.clinics[2], b.day(d, 14, 5), spread=20)
    assert not scanned(b, tmp_path).touching(set(range(300, 306)))


def test_appointments_kept_all_year_are_no_grade_a(tmp_path: Path) -> None:
    t = town(28)
    b = t.builder
    for d in b.dates(12):
        b.gathering(b.chance.sample(range(300, 306), 5), t.shops[2], b.day(d, 14, 5), spread=15)
    assert not scanned(b, tmp_path).touching(set(range(300, 306)), "A")
