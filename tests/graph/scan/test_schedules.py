"""Schedules: courses and programme days are recognised, random days are not, and p means what it says."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import hypergeom

from graph.scan.covisits import VisitColumns
from graph.scan.kernels_schedules import chance_of, log_tail
from graph.scan.schedules import schedule_of, scheduled

DAY = 1440
FIRST = (date(2025, 1, 6) - date(2000, 1, 1)).days
Minutes = npt.NDArray[np.int64]


def follows(minutes: npt.ArrayLike) -> bool:
    log10_p, _, kind = schedule_of(minutes)
    return kind > 0 and log10_p <= -4


def at(
    days: npt.ArrayLike, rng: np.random.Generator, hour: float = 9.0, spread: int = 30
) -> Minutes:
    when = (FIRST + np.asarray(days, np.int64)) * DAY + int(hour * 60)
    return np.asarray(when + rng.integers(0, spread + 1, len(when)))


def random_series(rng: np.random.Generator, days: int | None = None) -> Minutes:
    """Distinct random days of up to a year, at any hour of the working day."""
    span = int(rng.integers(120, 360))
    count = days or int(rng.integers(5, 60))
    chosen = np.sort(rng.permutation(span)[:count])
    return np.asarray((FIRST + chosen) * DAY + rng.integers(480, 1080, len(chosen)))


@pytest.mark.parametrize("period", [7, 14, 21, 28, 30])
def test_a_fixed_interval_is_a_schedule(period: int) -> None:
    rng = np.random.default_rng(period)
    assert follows(at(np.arange(0, 340, period), rng))


@pytest.mark.parametrize("missed", [0.1, 0.25])
def test_a_missed_date_now_and_then_does_not_hide_it(missed: float) -> None:
    rng = np.random.default_rng(3)
    weeks = np.arange(45)[rng.random(45) > missed]
    assert follows(at(7 * weeks, rng))


def test_dialysis_on_three_weekdays_is_a_schedule() -> None:
    days = [7 * week + weekday for week in range(30) for weekday in (0, 2, 4)]
    assert follows(at(days, np.random.default_rng(1), hour=7.3))


@pytest.mark.parametrize("day", [1, 8, 25])
def test_a_day_of_the_month_is_a_schedule(day: int) -> None:
    days = [(date(2025, month, day) - date(2025, 1, 6)).days for month in range(2, 13)]
    assert follows(at(days, np.random.default_rng(day)))


def test_the_second_tuesday_of_the_month_is_a_schedule() -> None:
    days = []
    for month in range(2, 13):
        first = date(2025, month, 1)
        second = first.toordinal() + (1 - first.weekday()) % 7 + 7
        days.append(second - date(2025, 1, 6).toordinal())
    assert follows(at(days, np.random.default_rng(2)))


def test_two_weeks_day_after_day_are_a_course() -> None:
    assert follows(at(np.arange(40, 54), np.random.default_rng(4)))


def test_a_course_among_other_visits_is_still_seen() -> None:
    rng = np.random.default_rng(5)
    assert follows(np.r_[at(7 * np.arange(40), rng, hour=8.0), random_series(rng, 8)])


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_few_days_are_no_schedule(count: int) -> None:
    assert schedule_of(at(7 * np.arange(count), np.random.default_rng(1)))[2] == 0


def test_only_one_visit_a_day_counts_and_order_does_not() -> None:
    rng = np.random.default_rng(6)
    minutes = at(14 * np.arange(20), rng)
    doubled = np.r_[minutes, minutes + 60]
    assert schedule_of(doubled) == schedule_of(minutes) == schedule_of(rng.permutation(doubled))


@pytest.mark.parametrize("working_days", [7, 6, 5])
def test_random_days_are_seldom_taken_for_a_schedule(working_days: int) -> None:
    """Over 5,000 random series p is at most a little beyond what it promises."""
    rng = np.random.default_rng(working_days)
    scores: list[float] = []
    while len(scores) < 5000:
        series = random_series(rng)
        series = series[series // DAY % 7 < working_days]
        if len(series) >= 4:
            scores.append(schedule_of(series)[0])
    found = np.array(scores)
    assert (found <= -4).mean() <= 1e-3
    assert (found <= -3).mean() <= 3e-3
    assert (found <= -2).mean() <= 2e-2
    assert len(set(found.round(3).tolist())) > 100


def test_marks_fall_on_the_scheduled_visits_alone() -> None:
    """Patient 0 comes every week and sometimes in between; patient 1 comes at random."""
    rng = np.random.default_rng(7)
    course, between = at(7 * np.arange(40), rng), at(7 * np.arange(6) + 3, rng, hour=16.0)
    wild = random_series(rng, 40)
    minutes = np.r_[course, between, wild]
    patient = np.r_[np.zeros(46), np.ones(40)]
    columns = VisitColumns.build(patient, np.zeros(86), minutes, patients=2, places=1)
    marks = scheduled(columns, np.zeros(86, np.uint8), p=1e-4)
    weekly = np.isin(columns.minute, course) & (columns.patient == 0)
    assert (marks[weekly] > 0).mean() > 0.9
    assert (marks[~weekly] == 0).all()


def test_series_are_told_apart_by_place_and_service() -> None:
    """Neither of two places has five days; together they would be a weekly course."""
    rng = np.random.default_rng(8)
    minutes = at(7 * np.arange(8), rng)
    kinds = np.arange(8) % 2
    apart = VisitColumns.build(np.zeros(8), kinds, minutes, patients=1, places=2)
    assert not scheduled(apart, np.zeros(8, np.uint8), p=1e-4).any()
    same = VisitColumns.build(np.zeros(8), np.zeros(8), minutes, patients=1, places=1)
    assert not scheduled(same, kinds.astype(np.uint8), p=1e-4).any()


def test_marks_do_not_depend_on_threads() -> None:
    rng = np.random.default_rng(9)
    minutes = np.concatenate([at(7 * np.arange(30), rng) for _ in range(40)])
    patient = np.repeat(np.arange(40), 30)
    columns = VisitColumns.build(patient, patient % 5, minutes, patients=40, places=5)
    service = np.zeros(len(columns), np.uint8)
    one, two = (scheduled(columns, service, p=1e-4, threads=n) for n in (1, 2))
    assert one.any()
    np.testing.assert_array_equal(one, two)


def test_the_tail_of_the_draw_is_exact() -> None:
    for days, slots, n in ((365, 52, 10), (40, 24, 20), (266, 20, 15)):
        for k in range(1, min(n, slots) + 1, max(1, n // 9)):
            ours = log_tail(k, n, float(slots), float(days), 0.0)
            exact = hypergeom.logsf(k - 1, days, slots, n) / np.log(10)
            assert ours == pytest.approx(exact, abs=1e-5)


@pytest.mark.parametrize("spread", [20.0, 60.0])
def test_keeping_an_hour_is_no_schedule(spread: float) -> None:
    """Random days at a fixed hour: people have their hours."""
    rng = np.random.default_rng(int(spread))
    scores = []
    for _ in range(2000):
        n = int(rng.integers(8, 40))
        days = rng.choice(365, n, replace=False) + 9000
        clock = np.clip(700 + spread * rng.standard_normal(n), 0, DAY - 1).astype(np.int64)
        scores.append(schedule_of(days * DAY + clock)[0])
    assert (np.array(scores) <= -4).mean() <= 2e-3
    assert max(scores) <= 0.0


def test_a_tail_is_left_aside_only_where_it_cannot_get_below_the_limit() -> None:
    for k, n, slots, days in ((5, 5, 12.5, 140.0), (7, 9, 30.0, 200.0), (3, 20, 25.0, 100.0)):
        whole = log_tail(k, n, slots, days, 0.0)
        assert log_tail(k, n, slots, days, whole + 1e-3) in (whole, 0.0)
        assert log_tail(k, n, slots, days, whole / 2) == whole
        assert log_tail(k, n, slots, days, whole - 1.0) == 0.0


def test_the_chance_of_just_so_many_days_by_products() -> None:
    for k, n, slots, days in ((0, 4, 9, 50), (3, 8, 20, 90), (8, 8, 20, 90), (12, 30, 40, 200)):
        expected = hypergeom.pmf(k, days, slots, n)
        assert chance_of(k, n, float(slots), float(days)) == pytest.approx(expected, rel=1e-9)
