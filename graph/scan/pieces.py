"""Which groups are pieces of one: they meet at the same places on the same days, as parts of a pool do that come one after another."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from graph.scan.gatherings import DAY, LEAST, Gatherings
from graph.scan.world import components

SAME_OCCASIONS = 0.5
"""Share of the smaller group's days and places at which the other met too from which both are pieces of one."""
MOST_THERE = 20
"""Groups at one place on one day from which the day is everybody's."""


def pieces(found: Sequence[Gatherings]) -> list[list[int]]:
    """The numbers of the groups, by their gatherings, that are pieces of one; each group once, most alone.

    Two are where they have at least `LEAST` days at one place in common, and `SAME_OCCASIONS` of the smaller's.
    """
    each = [np.unique(g.place.astype(np.int64) << 32 | g.first // DAY).tolist() for g in found]
    met: dict[int, list[int]] = {}
    for i, occasions in enumerate(each):
        for occasion in occasions:
            met.setdefault(occasion, []).append(i)
    common = Counter(
        pair
        for there in met.values()
        if len(there) <= MOST_THERE
        for pair in combinations(there, 2)
    )
    linked = [
        (i, j)
        for (i, j), n in sorted(common.items())
        if n >= max(LEAST, SAME_OCCASIONS * min(len(each[i]), len(each[j])))
    ]
    a, b = np.array(linked, dtype=np.int64).reshape(-1, 2).T
    sets: dict[int, list[int]] = {}
    for i, number in enumerate(components(a, b, len(found)).tolist()):
        sets.setdefault(number, []).append(i)
    return list(sets.values())
