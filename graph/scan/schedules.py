"""Visits that follow a calendar: courses of treatment and programme days, found in the data itself.

A series is one patient's days at one place in one service. A schedule is a fixed interval (every 7, 14, 28, 30 …
days), a day of the month, an n-th weekday of the month, or up to three weekdays kept up for weeks. A schedule
may bind the hour too; a run of days close together at one hour is a course as well. A series follows the best schedule when
chance, after trying all of them, would fit one as well with probability at most `schedule_p`, and enough of the schedule's
days in the series' span were kept: half, or three in ten where the hour is bound. Those visits are explained: they are kept, and
scored apart, but do not make a ring by themselves.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.scan.covisits import VisitColumns
from graph.scan.kernels import compiled, in_chunks
from graph.scan.kernels_schedules import chance_of, log_tail

DAY = 1440
INTERVALS = np.array([7, 10, 14, 15, 20, 21, 28, 30, 42, 56, 60, 90], dtype=np.int64)
CHUNKS = 64
WEEKDAYS, RUN = 4, 5
"""Kinds of schedule: up to three weekdays, a run of days at one hour."""
IN_BAND = 0.6
"""Share of the days that must keep one hour and a half before those alone are looked at."""


@compiled
def best_phase(residues: Any, period: int, slack: int, counts: Any) -> Any:
    """The residue of `period` that most days keep, within `slack`: (days kept, residue); `counts` is per residue."""
    best, phase = 0, 0
    for c in residues[:24]:
        k = counts[c]
        for off in range(1, slack + 1):
            after = c + off if c + off < period else c + off - period
            before = c - off if c >= off else c - off + period
            k += counts[after] + counts[before]
        if k > best:
            best, phase = k, c
    return best, phase


@compiled
def slots_kept(days: Any, period: int, slack: int, phase: int) -> int:
    """How many different slots of an interval the days keep."""
    slots, last = 0, -1
    for d in days:
        off = (d - phase) % period
        if off <= slack or period - off <= slack:
            slot = (d - phase + slack) // period
            if slot != last:
                slots += 1
                last = slot
    return slots


@compiled
def fit_months(days: Any, label: Any, slack: int) -> Any:
    """The day-of-month label that most days carry, within `slack`: (days kept, label)."""
    best, best_label = 0, 0
    for c in range(min(len(days), 24)):
        k = 0
        for d in days:
            if abs(label[d] - label[days[c]]) <= slack:
                k += 1
        if k > best:
            best, best_label = k, label[days[c]]
    return best, best_label


@compiled
def fit_weekdays(days: Any, least: float, limit: float) -> Any:
    """Up to three weekdays kept up for weeks: (log10 p, coverage, bit mask of day number modulo 7).

    Nothing above `limit` is looked for.
    """
    m = len(days)
    weeks = (days[m - 1] - days[0] + 1) / 7.0
    counts = np.zeros(7, np.int64)
    for d in days:
        counts[d % 7] += 1
    best, best_mask, best_cover, k, mask, most = limit, 0, 0.0, 0, 0, counts.max()
    for w in range(3):
        chief = -1
        for d in range(7):
            if (mask >> d) & 1 == 0 and (chief < 0 or counts[d] > counts[chief]):
                chief = d
        k += counts[chief]
        mask |= 1 << chief
        cover = k / max((w + 1) * weeks, 1.0)
        if cover < least or counts[chief] * 2 < most:
            continue
        slots = max((w + 1) * weeks, float(k))
        open_days = 5.0 if counts[0] + counts[1] == 0 else 7.0
        ways = np.log10((7.0, 21.0, 35.0)[w])
        score = log_tail(k, m, slots, max(weeks * open_days, float(m)), best - ways) + ways
        if score < best:
            best, best_mask, best_cover = score, mask, cover
    return (best if best_mask else 0.0), best_cover, best_mask


@compiled
def fit_run(days: Any, on: Any) -> int:
    """Marks the longest run of days no more than four apart; how many days it has."""
    m, start, best, best_start = len(days), 0, 1, 0
    for i in range(1, m + 1):
        if i == m or days[i] - days[i - 1] > 4:
            if i - start > best:
                best, best_start = i - start, start
            start = i
    for i in range(m):
        on[i] = best_start <= i < best_start + best
    return best


@compiled
def hopeless(m: int, span: int, period: int, drawn_from: float, limit: float) -> bool:
    """Whether an interval would be no schedule even if all `m` days kept it, with all the slack it may have."""
    for slack in range(2 if period >= 14 else 1):
        room = max((2 * slack + 1) * (span / period + 1.0), float(m))
        if room >= drawn_from or m + 1.0 > room:
            return False
        if chance_of(m, m, room, drawn_from) * period <= 10.0 ** (limit + 1e-6):
            return False
    return True


@compiled
def fit_intervals(days: Any, least: float, limit: float, drawn_from: float, intervals: Any) -> Any:
    """The interval that most days keep: (log10 p, period, phase, slack, coverage); period 0 where none gets below `limit`."""
    m, span = len(days), days[-1] - days[0] + 1
    best, at, phase, slack_kept, cover_kept = limit, 0, 0, 0, 0.0
    counts = np.zeros(intervals[-1], np.int32)
    residues = np.empty(m, np.int32)
    for period in intervals:
        if period * 3 > span:
            break
        if m < least * (span / period + 1.0) or hopeless(m, span, period, drawn_from, best):
            continue
        ways = np.log10(float(period))
        for i in range(m):
            residues[i] = np.int32(days[i]) % np.int32(period)
            counts[residues[i]] += 1
        for slack in range(2 if period >= 14 else 1):
            k, first = best_phase(residues, period, slack, counts)
            room = max((2 * slack + 1) * (span / period + 1.0), float(k))
            if k < 4 or k <= m * room / drawn_from:
                continue
            score = log_tail(k, m, room, drawn_from, best - ways) + ways
            if score >= best:
                continue
            slots = slots_kept(days, period, slack, first)
            cover = slots / (span / period + 1.0)
            if slots >= 4 and cover >= least:
                best, at, phase, slack_kept, cover_kept = score, period, first, slack, cover
        for i in range(m):
            counts[residues[i]] = 0
    return best, at, phase, slack_kept, cover_kept


@compiled
def fit_days(
    days: Any, least: float, habit: int, limit: float, intervals: Any, dom: Any, nth: Any, on: Any
) -> Any:
    """The schedule that most of the ascending distinct `days` keep.

    `least` is the coverage asked for, `habit` how many days a weekday habit needs. Who never comes at a weekend is
    judged among working days. (log10 p, coverage, kind); `on` is set. What cannot get below `limit` is not looked for.
    """
    m = len(days)
    span = days[m - 1] - days[0] + 1
    weekend = 0
    for d in days:
        weekend += d % 7 < 2
    drawn_from = max(span * (5.0 / 7.0 if weekend == 0 else 1.0), float(m))
    best, at, phase, slack_kept, cover_kept = fit_intervals(
        days, least, limit, drawn_from, intervals
    )
    kind = 1 if at else 0
    months = span / 30.44 + 1.0
    for code in range(2, 4):
        if m < least * months:
            break
        k, label = fit_months(days, dom, 1) if code == 2 else fit_months(days, nth, 0)
        if k < 4 or k / months < least:
            continue
        room = max(months * (3.0 if code == 2 else 1.0), float(k))
        ways = np.log10(30.44)
        score = log_tail(k, m, room, drawn_from, best - ways) + ways
        if score < best:
            best, kind, at, cover_kept = score, code, label, k / months
    if m >= habit:
        score, cover, mask = fit_weekdays(days, least, best)
        if score < best:
            best, kind, at, cover_kept = score, 4, mask, cover
    for i in range(m):
        d = days[i]
        off = (d - phase) % max(at, 1)
        on[i] = (
            (kind == 1 and (off <= slack_kept or at - off <= slack_kept))
            or (kind == 2 and abs(dom[d] - at) <= 1)
            or (kind == 3 and nth[d] == at)
            or (kind == 4 and (at >> (d % 7)) & 1 == 1)
        )
    return (best if kind else 0.0), cover_kept, kind


@compiled
def best_schedule(
    days: Any, clock: Any, limit: float, intervals: Any, dom: Any, nth: Any, on: Any
) -> Any:
    """The schedule that fits ascending distinct `days` best, and `on` set for the days on it.

    `clock` is the minute of each day. A schedule may bind days alone, or only those days that keep one hour and a half of
    the day; the hour itself is no evidence, people have their hours. Returns (log10 p after trying all, coverage, kind). kind: 0 none, 1 interval,
    2 day of month, 3 n-th weekday, 4 weekdays, 5 a run of days at one hour. None where no schedule gets to `limit`.
    """
    n = len(days)
    tries = np.log10(float(2 * (len(intervals) * 2 + 5) + 1))
    limit += 1e-9
    best, cover, kind = fit_days(days, 0.5, 5, limit - tries, intervals, dom, nth, on)
    best = best + tries if kind else 0.0
    band, most = 0, 0
    for c in range(min(n, 24)):
        k = 0
        for t in clock:
            k += 0 <= t - clock[c] <= 90
        if k > most:
            most, band = k, clock[c]
    if most >= 5 and most >= IN_BAND * n:
        inside = np.empty(most, np.int64)
        where = np.empty(most, np.int64)
        k = 0
        for i in range(n):
            if 0 <= clock[i] - band <= 90:
                inside[k], where[k] = days[i], i
                k += 1
        keeps = np.zeros(most, np.bool_)
        score, cover_b, kind_b = fit_days(
            inside, 0.3, 5, min(limit, best) - tries, intervals, dom, nth, keeps
        )
        score = score + tries if kind_b else 0.0
        run = np.zeros(most, np.bool_)
        length = fit_run(inside, run)
        close = 1.0 - np.exp(-4.0 * most / 365.0)
        score_r = (length - 1) * np.log10(close) + tries if length >= 6 else 0.0
        if score_r < score:
            score, cover_b, kind_b, keeps = score_r, 1.0, 5, run
        if score < best:
            best, cover, kind = score, cover_b, kind_b
            on[:] = False
            for i in range(most):
                on[where[i]] = keeps[i]
    if best >= 0.0:
        on[:] = False
        return 0.0, 0.0, 0
    return best, cover, kind


@compiled
def mark_series(
    rows: Any, minute: Any, intervals: Any, dom: Any, nth: Any, threshold: float, marks: Any
) -> None:
    """Set `marks` for those of one series' rows, in order of time, that lie on its schedule."""
    days = np.empty(len(rows), np.int64)
    clock = np.empty(len(rows), np.int64)
    n = 0
    for row in rows:
        d = np.int64(minute[row] // 1440)
        if n == 0 or d != days[n - 1]:
            days[n] = d
            n += 1
        clock[n - 1] = minute[row] % 1440
    if n < 5:
        return
    on = np.zeros(n, np.bool_)
    score, _, kind = best_schedule(days[:n], clock[:n], threshold, intervals, dom, nth, on)
    if kind == 0 or score > threshold:
        return
    at = 0
    for row in rows:
        while days[at] != minute[row] // 1440:
            at += 1
        if on[at]:
            marks[row] = kind


@compiled
def mark_scheduled(
    order: Any,
    offsets: Any,
    place: Any,
    minute: Any,
    service: Any,
    intervals: Any,
    dom: Any,
    nth: Any,
    threshold: float,
    marks: Any,
    first: int,
    last: int,
) -> None:
    """Set `marks` for the rows of patients [first, last) that lie on their own schedule."""
    for i in range(first, last):
        rows = order[offsets[i] : offsets[i + 1]]
        start = 0
        while start < len(rows):
            end = start + 1
            while end < len(rows) and place[rows[end]] == place[rows[start]]:
                end += 1
            here = rows[start:end]
            start = end
            while len(here) >= 5:
                alike = 1
                while alike < len(here) and service[here[alike]] == service[here[0]]:
                    alike += 1
                if alike == len(here):
                    mark_series(here, minute, intervals, dom, nth, threshold, marks)
                    break
                mine = service[here] == service[here[0]]
                mark_series(here[mine], minute, intervals, dom, nth, threshold, marks)
                here = here[~mine]


@cache
def calendar(last_day: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Per day since 2000-01-01: day of the month, and week of the month × 7 + weekday."""
    days = np.datetime64("2000-01-01") + np.arange(last_day + 2)
    dom = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    return dom, (dom - 1) // 7 * 7 + np.arange(last_day + 2) % 7


def scheduled(
    columns: VisitColumns, service: npt.NDArray[np.uint8], *, p: float, threads: int | None = None
) -> npt.NDArray[np.uint8]:
    """Per row the kind of schedule it lies on: 0 none, 1 interval, 2 day of month, 3 n-th weekday, 4 weekdays.

    `service` uint8[N] separates series of one patient at one place. Every kind needs five days, a run at one hour six.
    """
    marks = np.zeros(len(columns), dtype=np.uint8)
    if not len(columns):
        return marks
    dom, nth = calendar(int(columns.minute.max()) // DAY)
    bounds = np.linspace(0, columns.patients, CHUNKS + 1).astype(int)
    in_chunks(
        lambda a, b: mark_scheduled(
            columns.order, columns.patient_offsets, columns.place, columns.minute, service, INTERVALS,
            dom, nth, np.log10(p), marks, a, b,
        ),
        sorted(set(bounds.tolist())),
        threads,
    )  # fmt: skip
    return marks


@dataclass(frozen=True)
class Kept:
    """The schedule that dates keep best: log10 p, the share of its own days kept, its kind (0 none), the share of the dates on
    it, and how many weekdays those fall on."""

    log10_p: float = 0.0
    coverage: float = 0.0
    kind: int = 0
    share: float = 0.0
    weekdays: int = 0


def kept_schedule(minutes: npt.ArrayLike) -> Kept:
    """How well `minutes` (since 2000-01-01) keep one schedule; one a day counts, and fewer than four days keep none."""
    moments = np.sort(np.asarray(minutes, dtype=np.int64))
    distinct, first = np.unique(moments // DAY, return_index=True)
    if len(distinct) < 4:
        return Kept()
    dom, nth = calendar(int(distinct.max()) // 366 * 366 + 366)
    clock = moments[first] % DAY
    on = np.zeros(len(distinct), np.bool_)
    score, cover, kind = best_schedule(distinct, clock, 0.0, INTERVALS, dom, nth, on)
    weekdays = len(np.unique(distinct[on] % 7))
    return Kept(float(score), float(cover), int(kind), float(on.mean()), weekdays)


def schedule_of(minutes: npt.ArrayLike) -> tuple[float, float, int]:
    """How well `minutes` (since 2000-01-01) fit one schedule: (log10 p, coverage, kind); one a day counts."""
    kept = kept_schedule(minutes)
    return kept.log10_p, kept.coverage, kept.kind
