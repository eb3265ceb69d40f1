"""A place's rhythm as the null: near what independent visits give, never below it, not bent by a ring."""

import numpy as np
import pytest

from graph.scan.covisits import Pairs, VisitColumns, covisits
from graph.scan.rhythm import Rhythm

FIRST = 9138
"""6 January 2025 as a day since 2000-01-01."""
PEOPLE, PLACES, DAYS = 240, 4, 350
WEEK = np.array([0.6, 0.4, 1.3, 1.1, 1.0, 1.0, 1.0])
"""Visits by day number modulo 7; day 0 was a Saturday."""


def independent(seed: int, each: float) -> VisitColumns:
    """Visits made without regard to one another, by weekday and with morning and afternoon peaks."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(PEOPLE), rng.poisson(each, PEOPLE))
    n = len(who)
    weight = WEEK[(FIRST + np.arange(DAYS)) % 7]
    day = FIRST + rng.choice(DAYS, n, p=weight / weight.sum())
    hour = np.clip(rng.normal(rng.choice([9.5, 15.5, 12.0], n, p=[0.5, 0.3, 0.2]), 1.3), 7, 20.9)
    place = rng.choice(PLACES, n, p=[0.4, 0.3, 0.2, 0.1])
    minute = day * 1440 + (hour * 60).astype(np.int64)
    return VisitColumns.build(who, place, minute, patients=PEOPLE, places=PLACES)


def every_pair(columns: VisitColumns, window: int) -> Pairs:
    """All pairs of people who share a place, those never seen together too."""
    found = covisits(columns, window=window, least=1)
    observed = np.zeros((columns.patients, columns.patients), np.int32)
    observed[found.a, found.b] = found.observed
    visited = np.zeros((columns.patients, columns.places), np.int32)
    visited[columns.patient, columns.place] = 1
    a, b = np.nonzero(np.triu(visited @ visited.T, 1))
    once = np.ones(len(a), np.int32)
    keys = (a.astype(np.int32), b.astype(np.int32))
    return Pairs(window, *keys, observed[a, b], once, found.window_pairs)


def by_place(columns: VisitColumns, rhythm: Rhythm) -> float:
    """Co-visits expected of all pairs together by the places' rates alone."""
    total = 0.0
    for place, rate in enumerate(rhythm.rate):
        lo, hi = columns.place_offsets[place : place + 2]
        visits = np.bincount(columns.patient[lo:hi]).astype(float)
        total += rate * (visits.sum() ** 2 - (visits**2).sum()) / 2
    return total


@pytest.mark.parametrize("window", [10, 30])
def test_the_places_rates_foretell_independent_visits(window: int) -> None:
    seen = told = 0.0
    for seed in range(4):
        columns = independent(seed, 14.0)
        seen += float(every_pair(columns, window).observed.sum())
        told += by_place(columns, Rhythm.fit(columns, window))
    assert 0.7 * seen <= told <= 1.3 * seen


@pytest.mark.parametrize("window", [10, 30])
def test_chance_is_allowed_no_less_than_independent_visits_give(window: int) -> None:
    """Habit and place, the larger of the two, exceed what is seen, but not by much."""
    seen = told = 0.0
    for seed in range(4):
        columns = independent(seed, 14.0)
        pairs = every_pair(columns, window)
        seen += float(pairs.observed.sum())
        told += float(Rhythm.fit(columns, window).judge(pairs).expected.sum())
    assert 0.9 * seen <= told <= 2.0 * seen


@pytest.mark.parametrize(("window", "each"), [(10, 8.0), (30, 8.0), (30, 20.0)])
def test_p_values_do_not_promise_too_much(window: int, each: float) -> None:
    shares, tested = [], 0
    for seed in range(4):
        columns = independent(seed, each)
        pairs = every_pair(columns, window)
        log10_p = Rhythm.fit(columns, window).judge(pairs).log10_p
        shares.append((log10_p <= -3).sum())
        tested += len(pairs)
        assert log10_p.max() <= 0.0
    assert tested > 50_000
    assert sum(shares) <= 1e-3 * tested


def with_ring(seed: int, gatherings: int) -> tuple[VisitColumns, VisitColumns]:
    """A small pharmacy without and with ten cards used together on some days."""
    rng = np.random.default_rng(seed)
    who, day = rng.integers(0, 200, 500), FIRST + rng.integers(0, DAYS, 500)
    minute = day * 1440 + rng.integers(480, 1200, 500)
    met = FIRST + rng.choice(DAYS, gatherings, replace=False)
    when = np.repeat(met * 1440 + rng.integers(480, 1190, gatherings), 10)
    ring = np.tile(np.arange(200, 210), gatherings)
    alone = VisitColumns.build(who, np.zeros(500), minute, patients=210, places=1)
    everybody = VisitColumns.build(
        np.r_[who, ring],
        np.zeros(500 + len(ring)),
        np.r_[minute, when + rng.integers(0, 8, len(ring))],
        patients=210,
        places=1,
    )
    return alone, everybody


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_rings_bursts_do_not_excuse_it(seed: int) -> None:
    alone, everybody = with_ring(seed, 15)
    before, after = (float(Rhythm.fit(c, 30).rate[0]) for c in (alone, everybody))
    assert before / 2 < after < before * 2


def test_members_of_a_ring_are_improbable_pairs() -> None:
    _, everybody = with_ring(4, 12)
    pairs = covisits(everybody, window=30, least=3)
    judged = Rhythm.fit(everybody, 30).judge(pairs)
    inside = (pairs.a >= 200) & (pairs.b >= 200)
    assert inside.sum() == 45
    assert (judged.log10_p[inside] <= -5).all()
    assert (judged.log10_p[~inside] > -5).all()


def test_people_of_one_habit_may_meet_without_being_improbable() -> None:
    """Two who come every Monday at nine meet each week; a rate for the place alone would be amazed."""
    rng = np.random.default_rng(5)
    crowd = rng.integers(2, 100, 1500)
    minute = (FIRST + rng.integers(0, DAYS, 1500)) * 1440 + rng.integers(480, 1080, 1500)
    mondays = (FIRST + 7 * np.arange(40)) * 1440 + 540
    who = np.r_[crowd, np.zeros(40), np.ones(40)]
    when = np.r_[minute, mondays + rng.integers(0, 90, 40), mondays + rng.integers(0, 90, 40)]
    columns = VisitColumns.build(who, np.zeros(len(who)), when, patients=100, places=1)
    pairs = every_pair(columns, 30)
    judged = Rhythm.fit(columns, 30).judge(pairs)
    at = int(np.flatnonzero((pairs.a == 0) & (pairs.b == 1))[0])
    assert pairs.observed[at] >= 15
    assert judged.expected[at] > pairs.observed[at] / 3
    assert judged.log10_p[at] > -5


def test_more_visits_and_smaller_gatherings_are_more_to_be_expected() -> None:
    rhythm = Rhythm.fit(independent(6, 14.0), 30)
    by_visits = [rhythm.gatherings(0, n, 3) for n in (5, 20, 80)]
    by_least = [rhythm.gatherings(0, 40, least) for least in (5, 4, 3, 2)]
    assert by_visits == sorted(by_visits)
    assert by_least == sorted(by_least)
    assert by_visits[0] < 0.1


def test_expected_gatherings_hold_against_simulation() -> None:
    """Of groups that come independently, at most as many gatherings as told, and some."""
    rng = np.random.default_rng(7)
    columns = independent(8, 40.0)
    rhythm = Rhythm.fit(columns, 30)
    lo, hi = columns.place_offsets[0:2]
    seen = told = 0.0
    for _ in range(60):
        rows = np.sort(rng.choice(np.arange(lo, hi), 400, replace=False))
        minute = columns.minute[rows]
        start = 0
        while start < len(minute):
            end = int(np.searchsorted(minute, minute[start] + 30, side="right"))
            hit = len(np.unique(columns.patient[rows[start:end]])) >= 3
            seen += hit
            start = end if hit else start + 1
        told += rhythm.gatherings(0, 400, 3)
    assert seen > 5
    assert seen <= told <= 20 * seen


def test_an_empty_world_has_a_rhythm() -> None:
    empty = VisitColumns.build([], [], [], patients=3, places=2)
    rhythm = Rhythm.fit(empty, 30)
    assert np.isfinite(rhythm.rate).all()
    assert len(rhythm.judge(covisits(empty, window=30)).log10_p) == 0
