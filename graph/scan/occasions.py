"""Innocent reasons for gathering: a calendar, a kept hour, a crowd of the day."""

import numpy as np
import numpy.typing as npt

from graph.scan.candidates import Explanation, Keys, Outcome
from graph.scan.chance import rows_of
from graph.scan.gatherings import Gatherings, runs
from graph.scan.schedules import RUN, WEEKDAYS, Kept, kept_schedule
from graph.scan.visits import Attendance

SCHEDULE_P = -2.5
MOSTLY = 0.5
"""Share of the dates that must be on a calendar for it to be theirs: a long series keeps a part of any."""
WEEKDAY_P, COURSE_KEPT = -6.0, 0.75
"""Everybody has favourite weekdays, a clerk's turns at the till too. A weekday is a programme's where the chance is this small,
several are a course's where so many of their days were kept."""
HOUR = 90
REGULAR = 0.85
LONG_SESSION = 1.6
COMPACT = 4.5
"""Days between gatherings, on average, up to which they are one course."""
SHARP = 30
"""Minutes within which all gatherings start where people have appointments."""
IN_TURN = 3
"""Places on one day from which people go a round: a hospital and the pharmacy beside it are two."""
LEAST_DATES = 3
COURSE = 45
"""Days that a course of treatment by appointment may take."""
ROUTINE_P = -1.3
EPISODE, FEW_DAYS = 7, 4
"""Days from first to last that make one episode, and how many of them a journey or a festival accounts for; more weaken."""
LEAST_CROWD = 6.0
"""Others a day below which nothing is a crowd."""
CROWD = 3.0
"""Others in the windows, over what the place usually sees, from which the day's crowd explains the gathering."""


def on_schedule(
    found: Gatherings, treats: npt.NDArray[np.bool_], at_work: bool = False
) -> Explanation:
    """Do the gatherings follow a calendar, as courses, programme days and rounds do? A habit of some weekdays only weakens, and so
    does any calendar where people are `at_work`: nobody is called to where they are anyway, and quotas, too, are filled monthly.
    So do a run of days at one hour and several weekdays a week where nobody is treated: a pharmacy gives no courses. `treats` is
    bool[places].
    """
    kept = kept_schedule(found.first)
    outcome = Outcome.RULED_OUT
    if kept.kind > 0 and kept.log10_p <= SCHEDULE_P and kept.share >= MOSTLY:
        course = kept.kind == RUN or (kept.kind == WEEKDAYS and kept.weekdays > 1)
        no_course = course and 2 * int(treats[found.place].sum()) <= len(found)
        weak = at_work or no_course or _habit(kept)
        outcome = Outcome.WEAKENS if weak else Outcome.EXPLAINS
    figures = {
        "log10_p": round(kept.log10_p, 2),
        "coverage": round(kept.coverage, 2),
        "kind": kept.kind,
        "share": round(kept.share, 2),
    }
    return Explanation("schedule", outcome, figures)


def _habit(kept: Kept) -> bool:
    """Some weekdays preferred, neither one nearly always nor several nearly all kept."""
    if kept.kind != WEEKDAYS or kept.coverage >= COURSE_KEPT:
        return False
    return kept.weekdays > 1 or kept.log10_p > WEEKDAY_P


def routine(found: Gatherings, treats: npt.NDArray[np.bool_]) -> Explanation:
    """Do the gatherings keep one hour: on one weekday (a nurse's round), as long sessions at one place (a class), or within a few
    weeks at one place (a course of treatment)? Three at the same half-hour within some weeks are appointments; over the year they
    weaken. `treats` bool[places] is False where nobody is treated: a pharmacy has no classes, courses and appointments, nor have
    people who go a round of places.
    """
    day, clock = np.divmod(found.first.astype(np.int64), 1440)
    dates, first, windows = np.unique(day, return_index=True, return_counts=True)
    here, chief, places = _sessions(found, day)
    treated = 2 * int(treats[found.place].sum()) > len(found) and places < IN_TURN
    start = clock[first]
    near, sharp = _kept(start, HOUR), _kept(start, SHARP)
    weekday = float(np.bincount(dates % 7).max() / len(dates))
    log10_p = (len(dates) - 1) * (np.log10(0.2) + (np.log10(1 / 6) if weekday >= REGULAR else 0.0))
    span = int(np.ptp(dates))
    compact = len(dates) >= 5 and span <= COMPACT * (len(dates) - 1) and chief >= REGULAR
    treatment = treated and (here >= LONG_SESSION or compact)
    kept = near >= REGULAR and (weekday >= REGULAR or treatment)
    outcome = Outcome.RULED_OUT
    if sharp >= REGULAR and len(dates) >= LEAST_DATES:
        outcome = Outcome.EXPLAINS if span <= COURSE and treated else Outcome.WEAKENS
    if kept and log10_p <= ROUTINE_P:
        outcome = Outcome.EXPLAINS
    return Explanation(
        "routine",
        outcome,
        {
            "same_hour": round(near, 2),
            "same_weekday": round(weekday, 2),
            "windows_a_day": round(float(windows.mean()), 2),
        },
    )


def _sessions(found: Gatherings, day: npt.NDArray[np.int64]) -> tuple[float, float, float]:
    """Gatherings a day at one place, on average, the share of the days on which they were at their chief place, and at how many
    places they usually were on one day."""
    at, windows = np.unique(np.stack([found.place, day]), axis=1, return_counts=True)
    chief = np.unique(at[0], return_counts=True)[1].max()
    places = np.unique(at[1], return_counts=True)[1]
    return float(windows.mean()), float(chief / len(places)), float(np.median(places))


def _kept(start: npt.NDArray[np.int64], minutes: int) -> float:
    """The largest share of the starts within so many minutes."""
    ordered = np.sort(start)
    until = np.searchsorted(ordered, ordered + minutes, side="right")
    return float((until - np.searchsorted(ordered, ordered)).max() / len(ordered))


def one_episode(found: Gatherings) -> Explanation:
    """Did they gather on a few days of one week only, as on a journey, at a festival or a course, and never again?"""
    days = found.days
    span = int(np.ptp(days)) + 1
    outcome = Outcome.RULED_OUT
    if span <= EPISODE:
        outcome = Outcome.EXPLAINS if len(days) <= FEW_DAYS else Outcome.WEAKENS
    return Explanation("episode", outcome, {"days": len(days), "span": span})


def crowd(seen: Attendance, members: Keys, found: Gatherings) -> Explanation:
    """Was the place unusually full of others on those days, as on a programme day or when a school class comes?"""
    columns = seen.columns
    visits = rows_of(columns, members)[1]
    outside, usual, present = 0.0, 0.0, 0.0
    for f in np.unique(found.place).tolist():
        lo, hi = columns.place_offsets[f], columns.place_offsets[f + 1]
        dates, everybody = runs(columns.minute[lo:hi] // 1440)
        mine = columns.minute[visits[columns.place[visits] == f]] // 1440
        ours = np.bincount(np.searchsorted(dates, mine), minlength=len(dates))
        others = everybody - ours
        ordinary = float(np.median(others[others > 0])) if (others > 0).any() else 0.0
        days = np.searchsorted(dates, np.unique(found.first[found.place == f] // 1440))
        outside += float(others[days].sum())
        usual += max(ordinary, 1.0) * len(days)
        present += float(ours[days].sum())
    ratio, majority = outside / max(usual, 1.0), outside / max(present, 1.0)
    explains = ratio >= CROWD and majority >= 0.5 and outside >= LEAST_CROWD * len(found.days)
    return Explanation(
        "crowd",
        Outcome.EXPLAINS if explains else Outcome.RULED_OUT,
        {"others_over_usual": round(ratio, 2), "others_per_member": round(majority, 2)},
    )
