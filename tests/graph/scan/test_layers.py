"""Whether any two people share an attribute of a layer, against counting."""

import numpy as np
import pytest

from graph.scan.layers import Layer


@pytest.mark.parametrize("seed", range(6))
def test_shared_attributes_are_told_as_by_counting(seed: int) -> None:
    rng = np.random.default_rng(seed)
    who, code = rng.integers(0, 60, 90).astype(np.int32), rng.integers(0, 40, 90)
    layer = Layer.of("token", who, code, np.arange(60, dtype=np.int32), most=60)
    told = []
    for size in (0, 1, 2, 3, 5):
        for _ in range(40):
            members = np.sort(rng.choice(60, size, replace=False)).astype(np.int32)
            counts = np.unique(layer.held_by(members)[1], return_counts=True)[1]
            told.append(layer.shared_by(members))
            assert told[-1] == bool((counts >= 2).any())
    assert 0 < sum(told) < len(told)
