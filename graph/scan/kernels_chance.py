"""Compiled loops behind `chance`; numba itself stays behind `kernels`.

Wherever a place is cut into strata, `stratum` gives each visit its number inside the place, `sizes`
the number of strata of each place, and the matrices of all places lie one after another: the entry
(c, d) of place f is at starts[f] + c * sizes[f] + d.
"""

from math import exp, lgamma, log, log1p
from typing import Any

import numpy as np

from graph.scan.kernels import compiled

NEVER = -np.inf


@compiled
def log_poisson_tail(least: Any, mean: Any) -> Any:
    """ln P[Poisson(mean) >= least], without underflow."""
    if least <= 0:
        return 0.0
    if mean <= 0.0:
        return NEVER
    if least <= mean:
        below = 0.0
        for k in range(least):
            below += exp(-mean + k * log(mean) - lgamma(k + 1.0))
        return log(1.0 - below) if below < 0.5 else log1p(-min(below, 1.0 - 1e-16))
    term = total = 1.0
    k = least + 1
    while term > 1e-17 * total:
        term *= mean / k
        total += term
        k += 1
    return -mean + least * log(mean) - lgamma(least + 1.0) + log(total)


@compiled
def log_poisson_tails(least: Any, mean: Any) -> Any:
    """`log_poisson_tail` for each of int64[n], float64[n]."""
    tails = np.empty(len(least), np.float64)
    for k in range(len(least)):
        tails[k] = log_poisson_tail(least[k], mean[k])
    return tails


@compiled
def _log_sum(x: float, y: float) -> float:
    high, low = max(x, y), min(x, y)
    return high if low == NEVER else high + log1p(exp(low - high))


@compiled
def stratum_pairs(
    patient: Any,
    stratum: Any,
    spans: Any,
    offsets: Any,
    sizes: Any,
    starts: Any,
    met: Any,
    first: int,
    last: int,
) -> None:
    """Add to `met` the pairs of visits in reach, of different patients, of the places given."""
    for f in range(first, last):
        k, start = sizes[f], starts[f]
        for row in range(offsets[f], offsets[f + 1]):
            c = np.int64(stratum[row])
            alone = 0
            for q in range(row + 1, spans[row, 1]):
                if patient[q] == patient[row]:
                    continue
                d = np.int64(stratum[q])
                if d == c:
                    alone += 1
                else:
                    met[start + c * k + d] += 1
                    met[start + d * k + c] += 1
            met[start + c * k + c] += alone


@compiled
def own_pairs(order: Any, offsets: Any, place: Any, stratum: Any, sizes: Any, starts: Any) -> Any:
    """Pairs of visits of the same patient, whether in reach or not, as matrices of all places."""
    own = np.zeros(starts[-1], np.int64)
    seen = np.zeros(512, np.int64)
    for who in range(len(offsets) - 1):
        v, end = offsets[who], offsets[who + 1]
        while v < end:
            f = place[order[v]]
            k, start = sizes[f], starts[f]
            while v < end and place[order[v]] == f:
                seen[stratum[order[v]]] += 1
                v += 1
            for c in range(k):
                if seen[c]:
                    for d in range(k):
                        own[start + c * k + d] += seen[c] * seen[d]
                    own[start + c * k + c] += (seen[c] * (seen[c] - 1)) // 2 - seen[c] * seen[c]
            seen[:k] = 0
    return own


@compiled
def heaviest_two(order: Any, offsets: Any, place: Any, raw: Any, strata: int, places: int) -> Any:
    """int32[places, strata, 2]: the most visits that one patient, and another, made there."""
    top = np.zeros((places, strata, 2), np.int32)
    seen = np.zeros(strata, np.int32)
    for who in range(len(offsets) - 1):
        v, end = offsets[who], offsets[who + 1]
        while v < end:
            f = place[order[v]]
            while v < end and place[order[v]] == f:
                seen[raw[order[v]]] += 1
                v += 1
            for c in range(strata):
                if seen[c] > top[f, c, 0]:
                    top[f, c, 1] = top[f, c, 0]
                    top[f, c, 0] = seen[c]
                elif seen[c] > top[f, c, 1]:
                    top[f, c, 1] = seen[c]
            seen[:] = 0
    return top


@compiled
def open_days(minute: Any, raw: Any, offsets: Any, strata: int) -> Any:
    """int32[F, strata]: days on which the stratum of the place saw anybody."""
    days = np.zeros((len(offsets) - 1, strata), np.int32)
    seen = np.empty(strata, np.int64)
    for f in range(len(offsets) - 1):
        seen[:] = -(1 << 62)
        for row in range(offsets[f], offsets[f + 1]):
            day = minute[row] // 1440
            if seen[raw[row]] != day:
                seen[raw[row]] = day
                days[f, raw[row]] += 1
    return days


@compiled
def _near_sides(
    entries: Any, i: int, i_end: int, j: int, j_end: int, rate: Any, start: int, k: int
) -> Any:
    """At one place: expected co-visits of the two lists of (place, stratum, visits); highest q."""
    mean = highest = 0.0
    for x in range(i, i_end):
        for y in range(j, j_end):
            q = rate[start + entries[x, 1] * k + entries[y, 1]]
            mean += entries[x, 2] * entries[y, 2] * q
            highest = max(highest, q)
    return mean, highest


@compiled
def expected_pairs(
    a: Any, b: Any, offsets: Any, entries: Any, rate: Any, sizes: Any, starts: Any
) -> Any:
    """Expected co-visits of each pair, and the highest rate among the places they share.

    offsets, entries: lists of (place, stratum, visits) int32[n, 3] by patient, sorted by place.
    """
    mean = np.zeros(len(a), np.float64)
    highest = np.zeros(len(a), np.float64)
    for pair in range(len(a)):
        i, i_stop = offsets[a[pair]], offsets[a[pair] + 1]
        j, j_stop = offsets[b[pair]], offsets[b[pair] + 1]
        while i < i_stop and j < j_stop:
            f, g = entries[i, 0], entries[j, 0]
            i_end, j_end = i + 1, j + 1
            while i_end < i_stop and entries[i_end, 0] == f:
                i_end += 1
            while j_end < j_stop and entries[j_end, 0] == g:
                j_end += 1
            if f == g:
                there, q = _near_sides(entries, i, i_end, j, j_end, rate, starts[f], sizes[f])
                mean[pair] += there
                highest[pair] = max(highest[pair], q)
            if f <= g:
                i = i_end
            if g <= f:
                j = j_end
    return mean, highest


@compiled
def _log_side_tail(
    entries: Any,
    i: int,
    i_stop: int,
    j: int,
    j_stop: int,
    rate: Any,
    sizes: Any,
    starts: Any,
    crowded: float,
    least: int,
) -> Any:
    """ln P[at least `least` visits of i are met], i's list against j's.

    Where the rate exceeds `crowded` each visit of i is a trial of its own (Poisson-binomial);
    elsewhere the pairs of visits add up to a Poisson number.
    """
    state = np.full(least + 1, NEVER)
    state[0] = 0.0
    mean = 0.0
    for x in range(i, i_stop):
        f = entries[x, 0]
        there = highest = missed = 0.0
        for y in range(j, j_stop):
            if entries[y, 0] == f:
                q = rate[starts[f] + entries[x, 1] * sizes[f] + entries[y, 1]]
                there += entries[y, 2] * q
                missed += entries[y, 2] * log1p(-min(q, 1.0 - 1e-12))
                highest = max(highest, q)
        if highest <= crowded:
            mean += entries[x, 2] * there
            continue
        yes, no = log(1.0 - exp(missed)), missed
        for _ in range(entries[x, 2]):
            state[least] = _log_sum(state[least], state[least - 1] + yes)
            for k in range(least - 1, 0, -1):
                state[k] = _log_sum(state[k] + no, state[k - 1] + yes)
            state[0] += no
    total = state[least]
    for k in range(least):
        total = _log_sum(total, state[k] + log_poisson_tail(least - k, mean))
    return min(total, 0.0)


@compiled
def log_crowded_tails(
    a: Any,
    b: Any,
    observed: Any,
    offsets: Any,
    entries: Any,
    rate: Any,
    sizes: Any,
    starts: Any,
    crowded: float,
) -> Any:
    """ln P[X >= observed] for pairs that share a crowded place: the lesser bound of the two sides."""
    tails = np.empty(len(a), np.float64)
    for pair in range(len(a)):
        i, i_stop = offsets[a[pair]], offsets[a[pair] + 1]
        j, j_stop = offsets[b[pair]], offsets[b[pair] + 1]
        x = observed[pair]
        one = _log_side_tail(entries, i, i_stop, j, j_stop, rate, sizes, starts, crowded, x)
        other = _log_side_tail(entries, j, j_stop, i, i_stop, rate, sizes, starts, crowded, x)
        tails[pair] = min(one, other)
    return tails


@compiled
def take_out(
    rows: Any,
    patient: Any,
    place: Any,
    minute: Any,
    offsets: Any,
    stratum: Any,
    sizes: Any,
    starts: Any,
    window: int,
    met: Any,
) -> None:
    """Take the pairs in reach that touch any visit of `rows` out of `met`."""
    gone = np.zeros(len(patient), np.bool_)
    for row in rows:
        f = place[row]
        k, start, c = sizes[f], starts[f], np.int64(stratum[row])
        for step in (-1, 1):
            q = np.int64(row) + step
            while offsets[f] <= q < offsets[f + 1] and abs(minute[q] - minute[row]) <= window:
                if patient[q] != patient[row] and not gone[q]:
                    d = np.int64(stratum[q])
                    met[start + c * k + d] -= 1
                    if c != d:
                        met[start + d * k + c] -= 1
                q += step
        gone[row] = True
