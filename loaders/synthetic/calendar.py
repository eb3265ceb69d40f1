"""The year 2025 in Beijing: days, weekdays, holidays, and how busy each kind of place is."""

from __future__ import annotations

import datetime as dt
import functools

import numpy as np

from loaders.synthetic.codes import Array, digits

YEAR = 2025
DAYS = 365
DAY = 86_400
FIRST = dt.date(YEAR, 1, 1)
FIRST_WEEKDAY = FIRST.weekday()
MONTH_STARTS = (*((dt.date(YEAR, month, 1) - FIRST).days for month in range(1, 13)), DAYS)

# Public holidays of 2025 as (month, day, length).
_HOLIDAYS = ((1, 1, 1), (1, 28, 8), (4, 4, 3), (5, 1, 5), (5, 31, 3), (10, 1, 8))
# Monday to Sunday, for hospitals and clinics, and for pharmacies.
_WEEK = {
    "facility": (1.30, 1.12, 1.08, 1.05, 1.08, 0.75, 0.55),
    "pharmacy": (0.95, 0.95, 0.95, 0.97, 1.05, 1.12, 1.05),
}
_SEASON = (1.12, 0.90, 1.02, 1.00, 0.97, 0.95, 0.95, 0.94, 0.98, 1.00, 1.07, 1.12)


def weekday(day: Array) -> Array:
    """0 Monday … 6 Sunday for day numbers counted from 1 January 2025."""
    return np.asarray((day + FIRST_WEEKDAY) % 7)


def day_of(month: int, day: int) -> int:
    """Day number of a date in the year."""
    return (dt.date(YEAR, month, day) - FIRST).days


def is_holiday() -> Array:
    """365 flags: public holidays."""
    flags = np.zeros(DAYS, dtype=bool)
    for month, day, length in _HOLIDAYS:
        start = day_of(month, day)
        flags[start : start + length] = True
    return flags


def day_weights(kind: str) -> Array:
    """365 relative weights for `facility` or `pharmacy`: week, season and holidays."""
    days = np.arange(DAYS)
    month = np.searchsorted(np.array(MONTH_STARTS), days, side="right") - 1
    weights = np.array(_WEEK[kind])[weekday(days)] * np.array(_SEASON)[month]
    weights[is_holiday()] *= 0.45 if kind == "facility" else 0.8
    return np.asarray(weights)


@functools.cache
def _day_texts() -> Array:
    # Deaths and births may lie outside the year, settlements may not: a table from 2024 to 2026.
    start = dt.date(YEAR - 1, 1, 1)
    texts = [(start + dt.timedelta(days=n)).isoformat() for n in range(366 + 365 + 365)]
    return np.frombuffer("".join(texts).encode(), dtype=np.uint8).reshape(-1, 10)


def dates(day: Array) -> Array:
    """`2025-03-01`, shape (n, 10), for day numbers (2024 to 2026)."""
    return np.asarray(_day_texts()[np.asarray(day) + 366])


def stamps(second: Array) -> Array:
    """`2025-03-01 09:15:00`, shape (n, 19), for seconds since the year began."""
    day, rest = np.divmod(np.asarray(second, dtype=np.int64), DAY)
    out = np.empty((len(day), 19), dtype=np.uint8)
    out[:, :10] = dates(day)
    out[:, 10] = 32
    hour, rest = np.divmod(rest, 3600)
    minute, sec = np.divmod(rest, 60)
    out[:, 11:13] = digits(hour, 2)
    out[:, 13] = out[:, 16] = 58
    out[:, 14:16] = digits(minute, 2)
    out[:, 17:19] = digits(sec, 2)
    return out
