"""Different patients per place and area: counted in loops against plain sets."""

import numpy as np
import pytest

from graph.scan.clientele import Clientele, different
from graph.scan.kernels import count_keys

PLACES, PATIENTS = 5, 30


def visits(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Places in order and patients, int32."""
    return (
        np.sort(rng.integers(0, PLACES, n)).astype(np.int32),
        rng.integers(0, PATIENTS, n).astype(np.int32),
    )


@pytest.mark.parametrize("seed", range(3))
def test_each_patient_counts_once_per_place_and_area(seed: int) -> None:
    rng = np.random.default_rng(seed)
    (place, patient), (elsewhere, other) = visits(rng, 60), visits(rng, 20)
    online = np.zeros(20, dtype=np.bool_)
    for f in range(PLACES):
        here = np.flatnonzero(elsewhere == f)
        online[here[len(here) // 2 :]] = True
    found = Clientele(
        *different(
            count_keys(place, PLACES),
            patient,
            count_keys(elsewhere, PLACES),
            other,
            online,
            PATIENTS,
        )
    )
    there = set(zip(place.tolist(), patient.tolist(), strict=True))
    there |= set(zip(elsewhere[~online].tolist(), other[~online].tolist(), strict=True))
    everything = there | set(zip(elsewhere.tolist(), other.tolist(), strict=True))
    where = np.repeat(np.arange(PLACES), found.clients).tolist()
    pairs = list(zip(where, found.patient.tolist(), strict=True))
    assert sorted(pairs) == sorted(everything)
    assert {p for p, seen in zip(pairs, found.there, strict=True) if seen} == there
    area = np.array([0, 1, 0, -1, 1])
    kind = np.where(np.arange(PATIENTS) % 4 == 0, -1, np.arange(PATIENTS) % 2)
    counted = found.by_area(area, kind, found.there)
    for a in range(2):
        for k in range(2):
            who = {p for f, p in there if area[f] == a and kind[p] == k}
            assert counted[a, k] == len(who)
