"""Each practitioner's patients and days: compiled loops against plain counts."""

from collections import Counter

import numpy as np
import pytest

from graph.scan.panels import describe_panels
from graph.scan.practice import HALVES, UNKNOWN

STAFF, PATIENTS, TOP = 4, 40, 3


@pytest.mark.parametrize("seed", range(3))
def test_panels_are_those_counted_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    who = np.sort(rng.integers(0, STAFF, 200))
    visits = rng.integers(-1, PATIENTS, (200, 3)).astype(np.int32)
    visits[:, 2] = rng.integers(-5 * HALVES, 30 * HALVES, 200)
    visits[rng.random(200) < 0.1, 2] = UNKNOWN
    offsets = np.searchsorted(who, np.arange(STAFF + 1)).astype(np.int64)
    found = np.zeros((4, STAFF), dtype=np.int64)
    describe_panels(offsets, visits, PATIENTS, TOP, found)
    for k in range(STAFF):
        own = visits[who == k]
        met = Counter(own[own[:, 0] >= 0, 0].tolist())
        frequent = sum(n for _, n in met.most_common(TOP))
        days = {moment // HALVES for moment in own[:, 2].tolist() if moment != UNKNOWN}
        assert found[:, k].tolist() == [len(met), sum(met.values()), frequent, len(days)]


def test_nobody_known_is_nobody_counted() -> None:
    visits = np.array([[-1, 0, UNKNOWN]], dtype=np.int32)
    found = np.zeros((4, 1), dtype=np.int64)
    describe_panels(np.array([0, 1]), visits, PATIENTS, TOP, found)
    assert found.tolist() == [[0], [0], [0], [0]]
