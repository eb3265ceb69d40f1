"""Innocent reasons for gathering: calendars that are kept explain, habits weaken, what a long series keeps of any does neither."""

import numpy as np
import numpy.typing as npt
import pytest

from graph.scan.candidates import Outcome
from graph.scan.gatherings import Gatherings
from graph.scan.occasions import on_schedule, routine

DAY = 1440
FIRST = 9136  # a Monday, in days since 2000-01-01
CLINIC, SHOP = 0, 1
TREATS = np.array([True, False, True, True, True])


def met(
    days: npt.ArrayLike, clock: npt.ArrayLike = 600, place: npt.ArrayLike = CLINIC
) -> Gatherings:
    """A gathering of four on each of `days` at these minutes of the day and places."""
    first = (FIRST + np.asarray(days)) * DAY + np.asarray(clock)
    n = len(first)
    order = np.argsort(first)
    where = np.broadcast_to(np.asarray(place), n)[order].astype(np.int32)
    at = first[order].astype(np.int32)
    none = np.zeros(0, np.int32)
    return Gatherings(where, at, at + 10, np.full(n, 4, np.int32), none, none)


def fixed_days(rng: np.random.Generator) -> npt.NDArray[np.int64]:
    return 28 * np.arange(12) + rng.integers(0, 2, 12)


def test_a_programme_day_every_four_weeks_explains() -> None:
    rng = np.random.default_rng(1)
    assert on_schedule(met(fixed_days(rng)), TREATS).outcome is Outcome.EXPLAINS


def test_one_weekday_of_most_weeks_explains() -> None:
    rng = np.random.default_rng(2)
    weeks = np.flatnonzero(rng.random(45) < 0.7)
    days = np.r_[7 * weeks + 2, rng.choice(300, 4)]
    assert (
        on_schedule(met(days, rng.integers(480, 900, len(days))), TREATS).outcome
        is Outcome.EXPLAINS
    )


def test_three_weekdays_nearly_all_kept_explain() -> None:
    days = [7 * week + weekday for week in range(8) for weekday in (0, 2, 4)]
    assert on_schedule(met(days), TREATS).outcome is Outcome.EXPLAINS


@pytest.mark.parametrize("seed", range(4))
def test_two_favourite_weekdays_half_kept_only_weaken(seed: int) -> None:
    """An organiser who goes on Tuesdays or Fridays has no programme: it speaks against grade A, no more."""
    rng = np.random.default_rng(seed)
    slots = np.array([7 * week + weekday for week in range(22) for weekday in (1, 4)])
    days = rng.choice(slots, 24, replace=False)
    found = on_schedule(met(days, rng.integers(480, 1000, 24)), TREATS)
    assert found.outcome is Outcome.WEAKENS
    assert found.numbers["share"] == 1.0


def test_a_run_of_a_few_days_among_many_others_is_no_calendar() -> None:
    """Ten days in a row at one hour would be a course; thirty more dates of the year have nothing to do with it."""
    rng = np.random.default_rng(5)
    days = np.r_[np.arange(100, 110), np.sort(rng.choice(np.arange(130, 340), 16, replace=False))]
    clock = np.r_[np.full(10, 600), np.tile([610, 620, 640, 800], 4)]
    found = on_schedule(met(days, clock), TREATS)
    assert found.numbers["kind"] == 5
    assert float(found.numbers["log10_p"]) < -3
    assert found.outcome is Outcome.RULED_OUT


DAILY = np.r_[np.arange(40, 50), 60, 75]
"""Ten days running and two more, the most of them one course."""


def test_a_run_of_days_at_one_hour_is_a_course_where_people_are_treated_only() -> None:
    """The same cards ten days running at a pharmacy counter have no course to come to."""
    clock = np.r_[np.full(10, 490), 495, 500]
    at_clinic, at_shop = (on_schedule(met(DAILY, clock, f), TREATS) for f in (CLINIC, SHOP))
    assert at_clinic.numbers["kind"] == at_shop.numbers["kind"] == 5
    assert at_clinic.outcome is Outcome.EXPLAINS
    assert at_shop.outcome is Outcome.WEAKENS


def test_a_run_mostly_at_the_clinic_is_a_course_though_the_pharmacy_sees_some_of_it() -> None:
    clock = np.r_[np.full(10, 490), 495, 500]
    where = np.where(np.arange(12) % 3 == 0, SHOP, CLINIC)
    assert on_schedule(met(DAILY, clock, where), TREATS).outcome is Outcome.EXPLAINS


def test_several_weekdays_a_week_are_a_course_where_people_are_treated_only() -> None:
    """One weekday a week may be a shop's own day; Tuesdays and Fridays together are nobody's at a counter."""
    twice = np.sort(np.r_[7 * np.arange(14) + 3, 7 * np.arange(14) + 6])
    at_clinic, at_shop = (on_schedule(met(twice, place=f), TREATS) for f in (CLINIC, SHOP))
    assert at_clinic.numbers["kind"] == at_shop.numbers["kind"] == 4
    assert at_clinic.outcome is Outcome.EXPLAINS
    assert at_shop.outcome is Outcome.WEAKENS


def test_the_monthly_member_day_of_a_pharmacy_explains() -> None:
    days = fixed_days(np.random.default_rng(1))
    assert on_schedule(met(days, place=SHOP), TREATS).outcome is Outcome.EXPLAINS


DENSE = 3 * np.arange(20) + np.tile([0, 1], 10)
"""Twenty dates within two months."""


def test_two_months_at_one_hour_are_a_course_at_a_clinic_and_none_at_a_pharmacy() -> None:
    clock = 600 + np.tile([0, 50, 80, 20], 5)
    assert routine(met(DENSE, clock), TREATS).outcome is Outcome.EXPLAINS
    assert routine(met(DENSE, clock, SHOP), TREATS).outcome is Outcome.RULED_OUT


def test_appointments_at_a_pharmacy_only_weaken() -> None:
    days = [3, 12, 17, 30, 38]
    assert routine(met(days), TREATS).outcome is Outcome.EXPLAINS
    assert routine(met(days, place=SHOP), TREATS).outcome is Outcome.WEAKENS


def test_a_weekday_at_one_hour_explains_at_a_pharmacy_too() -> None:
    days = 7 * np.array([0, 2, 3, 7, 8, 12, 20])
    clock = 500 + np.array([0, 40, 80, 70, 10, 30, 60])
    assert routine(met(days, clock, SHOP), TREATS).outcome is Outcome.EXPLAINS


def test_three_places_within_an_hour_are_no_long_session() -> None:
    """A class of an hour and a half is at one place; who is at three places within it goes a round."""
    days = np.repeat([5, 33, 71, 100, 160, 201, 250], 3)
    clock = 540 + np.tile([0, 30, 60], 7)
    assert routine(met(days, clock), TREATS).outcome is Outcome.EXPLAINS
    places = np.tile([2, 3, 4], 7)
    late = clock + np.repeat([0, 35, 5, 28, 10, 40, 20], 3)
    assert routine(met(days, late), TREATS).outcome is Outcome.EXPLAINS
    assert routine(met(days, late, places), TREATS).outcome is Outcome.RULED_OUT


def test_a_round_of_places_day_after_day_is_no_course_at_one() -> None:
    clock = 600 + np.tile([0, 50, 80, 20], 5)
    places = np.tile([0, 2, 3, 4], 5)
    assert routine(met(DENSE, clock, places), TREATS).outcome is Outcome.RULED_OUT


@pytest.mark.parametrize(
    ("round_", "outcome"), [([0, 2, 3], Outcome.RULED_OUT), ([0, SHOP, 0], Outcome.EXPLAINS)]
)
def test_long_sessions_at_three_places_in_turn_are_a_round(
    round_: list[int], outcome: Outcome
) -> None:
    """Two windows at each place, every time: a hospital and its pharmacy may be a class, three places in turn are none."""
    days = np.repeat([5, 33, 71, 100, 160, 201, 250], 6)
    clock = 540 + np.tile([0, 31, 62, 93, 124, 155], 7) + np.repeat([0, 35, 5, 28, 10, 40, 20], 6)
    assert routine(met(days, clock, np.tile(np.repeat(round_, 2), 7)), TREATS).outcome is outcome
