"""Compiled loop behind `worklists`: where many patients of one facility first come to another within days, and come again."""

from typing import Any

import numpy as np

from graph.scan.kernels import compiled, doubled
from graph.scan.kernels_chance import log_poisson_tail

DAY = 1440
LN10 = float(np.log(10.0))


@compiled
def bursts(visits: Any, rules: Any, tried: float, first: int, last: int) -> Any:
    """Bursts at places [first, last) of patients another place has, too: int32[n, 4] of (other place, place, first day, patients).

    `visits` is (patient, minute, place, place offsets, order, patient offsets, counted bool[N], eligible bool[F]); `rules`
    int64[6] is (days of a burst, least and most days until a patient is there again, most days of one patient there, least
    patients, days of all visits). Of each two places the largest burst alone, and none that chance brings about oftener
    than 10^-tried.
    """
    patient, minute, place, offsets, order, own, counted, eligible = visits
    span, soon, late, most, least, _ = rules
    people, places = len(own) - 1, len(offsets) - 1
    begun, latest = np.full(people, -1, np.int32), np.empty(people, np.int32)
    times, again = np.zeros(people, np.int16), np.zeros(people, np.bool_)
    mark, cells = np.full(places, -1, np.int64), np.zeros((places, 3), np.int32)
    by_chance = np.zeros(places, np.float64)
    found, n = np.empty((64, 4), np.int32), 0
    for f in range(first, last):
        if not eligible[f] or offsets[f + 1] - offsets[f] < 2 * least:
            continue
        came, arrived = np.empty(offsets[f + 1] - offsets[f], np.int32), 0
        for row in range(offsets[f], offsets[f + 1]):
            if not counted[row]:
                continue
            who, day = patient[row], minute[row] // DAY
            if begun[who] < 0:
                begun[who], latest[who], times[who] = day, day, 1
                came[arrived] = who
                arrived += 1
            elif day > latest[who]:
                latest[who] = day
                times[who] = min(times[who] + 1, most + 1)
                again[who] |= soon <= day - begun[who] <= late
        listed = 0
        for k in range(arrived):
            who = came[k]
            if again[who] and times[who] <= most:
                came[k], came[listed] = came[listed], who
                listed += 1
        if fullest(came[:listed], begun, span) >= least:
            went, starts = elsewhere(came[:listed], f, place, order, own, eligible, mark)
            busiest(came[:listed], begun, times, went, starts, rules, cells, by_chance)
            for g in went:
                size = cells[g, 1]
                if size >= least and -log_poisson_tail(size, by_chance[g]) > tried * LN10:
                    if n == len(found):
                        found = doubled(found)
                    found[n, 0], found[n, 1], found[n, 2], found[n, 3] = g, f, cells[g, 2], size
                    n += 1
                cells[g], by_chance[g] = 0, 0.0
        for k in range(arrived):
            begun[came[k]], times[came[k]], again[came[k]] = -1, 0, False
    return found[:n].copy()


@compiled
def fullest(came: Any, begun: Any, span: int) -> int:
    """The most patients `came`, by the day they had `begun`, within `span` days."""
    lo, most = 0, 0
    for hi in range(len(came)):
        while begun[came[hi]] - begun[came[lo]] >= span:
            lo += 1
        most = max(most, hi + 1 - lo)
    return most


@compiled
def elsewhere(
    came: Any, here: int, place: Any, order: Any, own: Any, eligible: Any, mark: Any
) -> Any:
    """The eligible places other than `here` of each of n patients, each once: int32[m] and where those of each start, int64[n + 1].

    `mark` int64[places] is -1 before and after.
    """
    went, starts, used = np.empty((256, 1), np.int32), np.zeros(len(came) + 1, np.int64), 0
    for k in range(len(came)):
        who = came[k]
        for row in order[own[who] : own[who + 1]]:
            g = place[row]
            if g == here or not eligible[g] or mark[g] == k:
                continue
            mark[g] = k
            if used == len(went):
                went = doubled(went)
            went[used, 0] = g
            used += 1
        starts[k + 1] = used
    for g in went[:used, 0]:
        mark[g] = -1
    return went[:used, 0].copy(), starts


@compiled
def busiest(
    came: Any, begun: Any, times: Any, went: Any, starts: Any, rules: Any, cells: Any,
    by_chance: Any,
) -> None:  # fmt: skip
    """Into `cells`[g, 1:] the most patients of place g within a burst's days and its first day; how many chance brings, into
    `by_chance`. Both are zeros before; `cells`[g, 0] counts."""
    span, days, lo = rules[0], rules[5], 0
    for hi in range(len(came)):
        day = begun[came[hi]]
        while day - begun[came[lo]] >= span:
            for g in went[starts[lo] : starts[lo + 1]]:
                cells[g, 0] -= 1
            lo += 1
        for g in went[starts[hi] : starts[hi + 1]]:
            by_chance[g] += min(1.0, times[came[hi]] * span / days)
            cells[g, 0] += 1
            if cells[g, 0] > cells[g, 1]:
                cells[g, 1], cells[g, 2] = cells[g, 0], day - span + 1
