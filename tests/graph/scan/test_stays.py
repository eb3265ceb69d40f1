"""Common stays of two patients: the sweep against a plain count of all pairs of stays."""

from collections import Counter

import numpy as np
import pytest

from graph.scan.kernels import count_keys
from graph.scan.stays import Stays, costays

PLACES, PATIENTS, DAYS = 3, 12, 1


@pytest.mark.parametrize("seed", range(4))
def test_matches_are_those_of_all_pairs_of_stays(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = np.stack([rng.integers(0, n, 80) for n in (PLACES, 20, PATIENTS, 6)], axis=1)
    rows[:, 3] += rows[:, 1]
    place, adm, patient, dis = (rows[np.lexsort(rows.T[::-1])].T).astype(np.int32)
    stays = Stays(count_keys(place, PLACES), patient, adm, dis)
    met = {
        (int(patient[i]), int(patient[j]), int(place[i]), int(adm[i]))
        for i in range(80)
        for j in range(80)
        if place[i] == place[j] and patient[i] != patient[j]
        and abs(adm[i] - adm[j]) <= DAYS and abs(dis[i] - dis[j]) <= DAYS
    }  # fmt: skip
    times = Counter((a, b) for a, b, *_ in met if a < b)
    for least in (1, 2, 3):
        found = costays(stays, PATIENTS, days=DAYS, least=least)
        pairs = zip(found.a.tolist(), found.b.tolist(), found.times.tolist(), strict=True)
        assert list(pairs) == sorted((a, b, n) for (a, b), n in times.items() if n >= least)
        assert found.matched.tolist() == [sum(m[2] == f for m in met) for f in range(PLACES)]
    assert max(times.values()) > 2


@pytest.mark.parametrize("seed", range(4))
def test_stays_near_given_days_are_those_of_a_plain_search(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = np.stack([rng.integers(0, n, 80) for n in (PLACES, 40, PATIENTS, 6)], axis=1)
    rows[:, 3] += rows[:, 1]
    place, adm, patient, dis = (rows[np.lexsort(rows.T[::-1])].T).astype(np.int32)
    stays = Stays(count_keys(place, PLACES), patient, adm, dis)
    where, begin, end = (rng.integers(0, n, 15).astype(np.int32) for n in (PLACES, 40, 45))
    near = stays.near(where, begin, end, DAYS)
    here = place[None, :] == where[:, None]
    began = abs(adm[None, :] - begin[:, None]) <= DAYS
    number, row = np.nonzero(here & began & (abs(dis[None, :] - end[:, None]) <= DAYS))
    assert near.no.tolist() == number.tolist()
    assert near.patient.tolist() == patient[row].tolist()
    assert near.adm.tolist() == adm[row].tolist()
    assert near.others.tolist() == (here & ~began).sum(axis=1).tolist()
