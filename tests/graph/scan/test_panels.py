"""Each practitioner's patients and days: compiled loops against plain counts."""

from collections import Counter

import numpy as np
import pytest

from graph.scan.panels import deal_out, describe_panels

STAFF, PATIENTS, TOP = 4, 40, 3


@pytest.mark.parametrize("seed", range(3))
def test_panels_are_those_counted_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    who = rng.integers(0, STAFF, 200).astype(np.int32)
    patient = rng.integers(-1, PATIENTS, 200).astype(np.int32)
    day = rng.integers(-5, 30, 200).astype(np.int32)
    visits = np.bincount(who, minlength=STAFF)
    offsets = np.concatenate([[0], np.cumsum(visits)]).astype(np.int64)
    patients, days = np.empty(200, np.int32), np.empty(200, np.int32)
    deal_out(who, patient, day, offsets[:-1].copy(), patients, days)
    found = np.zeros((4, STAFF), dtype=np.int64)
    describe_panels(offsets, patients, days, PATIENTS, TOP, found)
    for k in range(STAFF):
        met = Counter(patient[(who == k) & (patient >= 0)].tolist())
        frequent = sum(n for _, n in met.most_common(TOP))
        assert found[:, k].tolist() == [
            len(met), sum(met.values()), frequent, len(set(day[who == k].tolist()))
        ]  # fmt: skip
