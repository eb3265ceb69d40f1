"""Compiled chances behind `schedules`: distinct days drawn, and how many fall on given ones; numba itself stays behind `kernels`."""

from typing import Any

import numpy as np

from graph.scan.kernels import compiled


@compiled
def log_factorial(x: float) -> Any:
    """ln x! of a real x >= 0, by Stirling's series, to about 1e-12."""
    z, low = x + 1.0, 1.0
    while z < 10.0:
        low *= z
        z += 1.0
    r = 1.0 / z
    series = r * (1.0 / 12 - r * r * (1.0 / 360 - r * r * (1.0 / 1260 - r * r / 1680)))
    return (z - 0.5) * np.log(z) - z + 0.5 * np.log(2 * np.pi) + series - np.log(low)


@compiled
def chance_of(k: int, n: int, slots: float, days: float) -> float:
    """The chance that just `k` of `n` distinct days, drawn from `days`, fall on `slots` given ones; by products, 0 where it underflows."""
    p, off = 1.0, days - slots
    for i in range(k):
        p *= (slots - i) * (n - i) / ((days - i) * (i + 1))
    for i in range(n - k):
        p *= (off - i) / (days - k - i)
    return p


@compiled
def log_tail(k: int, n: int, slots: float, days: float, limit: float) -> Any:
    """log10 of the chance that at least `k` of `n` distinct days, drawn from `days`, fall on `slots` given ones.

    Hypergeometric, summed upwards from k; slots and days may be fractional. 0 where it cannot be below `limit`.
    """
    slots = min(max(slots, 1.0), days)
    if k <= 0 or slots >= days or n > days:
        return 0.0
    x = max(k, int(np.ceil(n - (days - slots))))
    if x > slots or x > n:
        return 0.0 if k <= slots else -300.0
    if chance_of(x, n, slots, days) > 10.0 ** (limit + 1e-6):
        return 0.0
    off = days - slots
    term = log_factorial(slots) - log_factorial(x) - log_factorial(slots - x)
    term += log_factorial(off) - log_factorial(n - x) - log_factorial(off - n + x)
    term -= log_factorial(days) - log_factorial(n) - log_factorial(days - n)
    if term >= limit * np.log(10.0):
        return 0.0
    total, share = 1.0, 1.0
    while x < n and x + 1 <= slots:
        share *= (slots - x) * (n - x) / ((x + 1) * (off - n + x + 1))
        total += share
        x += 1
        if share < 1e-17 * total:
            break
    return min(0.0, (term + np.log(total)) / np.log(10.0))
