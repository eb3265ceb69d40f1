"""Settlements in person by patient and time, against plain loops over small random worlds."""

from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest

from graph.scan.in_person import (
    DAY,
    away_from_bed,
    between_cities,
    expected_away,
    put_by_patient,
    sort_by_time,
)

PATIENTS, PLACES, MOST = 6, 5, 3
Rows = list[tuple[int, int, int]]
Settled = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def settled(rng: np.random.Generator, count: int = 900) -> tuple[Settled, Rows]:
    """Patients' settlements (one patient has most of them), put in place in three parts; the rows as (patient, second, place)."""
    patient = np.minimum(rng.integers(12, size=count), PATIENTS - 1).astype(np.int32)
    place = rng.integers(PLACES, size=count).astype(np.int32)
    second = rng.permutation(40 * DAY)[:count].astype(np.int32)
    asked, timed = np.arange(PATIENTS) != 1, np.arange(PLACES) != 2
    counted = np.arange(PATIENTS) <= 1
    most = np.where(asked, np.bincount(patient, minlength=PATIENTS), 0)
    starts = np.concatenate([[0], np.cumsum(most)])[:-1]
    ends = starts.copy()
    where, when = (np.zeros(int(most.sum()), np.int32) for _ in range(2))
    days = np.array([99, -1])
    for part in np.array_split(np.arange(count), 3):
        put_by_patient(
            patient[part], place[part], second[part], asked, counted, timed, ends, where, when, days
        )
    sort_by_time(starts, ends, where, when)
    rows = sorted(
        (i, t, f)
        for i, f, t in zip(patient.tolist(), place.tolist(), second.tolist(), strict=True)
        if f != 2
    )
    theirs = [t // DAY for i, t, _ in rows if i <= 1]
    assert days.tolist() == [min(theirs), max(theirs)]
    return (starts, ends, where, when), [row for row in rows if row[0] != 1]


def stays(rng: np.random.Generator, count: int = 25) -> np.ndarray:
    """int32[n, 4] of patient, place, first and last day, by patient and place; nobody's whom we did not ask for."""
    rows = rng.integers([PATIENTS, PLACES, 35, 5], size=(count, 4))
    rows[:, 0] = np.where(rows[:, 0] == 1, 0, rows[:, 0])
    rows[:, 3] += rows[:, 2]
    return rows[np.lexsort(rows.T[::-1])].astype(np.int32)


@pytest.mark.parametrize("seed", range(4))
def test_rows_stand_by_patient_and_time(seed: int) -> None:
    (starts, ends, where, when), rows = settled(np.random.default_rng(seed))
    found = [
        (i, int(when[k]), int(where[k])) for i in range(PATIENTS) for k in range(starts[i], ends[i])
    ]
    assert found == rows


@pytest.mark.parametrize("seed", range(4))
def test_settlements_elsewhere_during_stays_are_all_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    given, rows = settled(rng)
    beds = stays(rng)
    who, bed, begin, end = beds.T.copy()
    found = [
        (s, int(given[3][row]), int(given[2][row]))
        for s, row in away_from_bed(who, bed, begin, end, given).tolist()
    ]
    wanted = [
        (s, t, f)
        for s, (patient, place, first, last) in enumerate(beds.tolist())
        for i, t, f in rows
        if i == patient and f != place and first <= t // DAY <= last
    ]
    assert found == wanted
    assert wanted


@pytest.mark.parametrize("seed", range(4))
def test_days_expected_away_are_nights_times_settlements_a_day(seed: int) -> None:
    rng = np.random.default_rng(seed)
    given, rows = settled(rng)
    beds = stays(rng)
    nights: Counter[tuple[int, int]] = Counter()
    for patient, place, first, last in beds.tolist():
        nights[patient, place] += last - first + 1
    times = Counter((i, f) for i, _, f in rows)
    wanted: dict[int, float] = defaultdict(float)
    for (patient, bed), lain in nights.items():
        rates = {f: lain * n / 40 for (i, f), n in times.items() if i == patient and f != bed}
        for f, rate in rates.items():
            wanted[bed << 32 | f + 1] += min(rate, MOST)
        wanted[bed << 32] += min(sum(rates.values()), MOST)
    left_out = {3 << 32, 1 << 32 | 5}
    pairs = np.array(sorted(wanted.keys() - left_out))
    patient, place, first, last = beds.T.copy()
    found = expected_away(patient, place, last - first + 1, given, pairs, 40, MOST)
    asked = [0.0 if pair >> 32 == 3 else wanted[pair] for pair in pairs.tolist()]
    assert found == pytest.approx(asked)


@pytest.mark.parametrize("seed", range(4))
def test_trips_between_cities_are_those_of_consecutive_settlements(seed: int) -> None:
    rng = np.random.default_rng(seed)
    given, rows = settled(rng)
    city = np.array([0, 1, 0, 1, -1], np.int32)
    owner = np.array([7, -1, -1, 7, -1], np.int32)
    hasty = np.arange(PATIENTS) != 3
    found = between_cities(hasty, given, city, owner, 240)
    wanted = [
        (min(f, g), max(f, g), i, u // 60 - t // 60)
        for (i, t, f), (j, u, g) in pairwise(rows)
        if i == j and i != 3 and u // 60 - t // 60 <= 240
        and {f, g} in ({0, 1}, {1, 2}, {2, 3})
    ]  # fmt: skip
    assert found.tolist() == [list(row) for row in wanted]
    assert wanted
