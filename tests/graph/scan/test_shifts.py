"""What codes did before and after a date: compiled loops against plain counts over random visits."""

from collections import Counter

import numpy as np
import pytest

from graph.scan.practice import HALVES, UNKNOWN, Practice
from graph.scan.shifts import Dates, Workplaces

STAFF, PLACES, PATIENTS, VISITS, DAYS, OFTEN = 5, 4, 12, 900, 6, 2

Row = tuple[int, int, int, int]
"""Practitioner, patient, place, moment."""


def worked(seed: int) -> tuple[Workplaces, list[Row]]:
    """Random visits, about half of each practitioner's in the order of time; place 3 is not asked for."""
    rng = np.random.default_rng(seed)
    who = np.sort(rng.integers(0, STAFF, VISITS))
    visits = np.stack(
        [
            rng.integers(-1, PATIENTS, VISITS), rng.integers(-1, PLACES, VISITS),
            rng.integers(-4 * HALVES, 20 * HALVES, VISITS),
        ], axis=1,
    ).astype(np.int32)  # fmt: skip
    visits[rng.random(VISITS) < 0.2, 2] //= HALVES
    visits[:, 2] = np.where(rng.random(VISITS) < 0.2, visits[:, 2] // HALVES * HALVES, visits[:, 2])
    early = who < 2
    visits[early] = visits[early][np.lexsort((visits[early, 2], who[early]))]
    visits[rng.random(VISITS) < 0.05, 2] = UNKNOWN
    offsets = np.searchsorted(who, np.arange(STAFF + 1)).astype(np.int64)
    there, sums = np.ones(VISITS, dtype=np.bool_), np.zeros((STAFF, 0), dtype=np.int64)
    done = Practice(offsets, visits, there, sums, PLACES)
    found = Workplaces.of(done, np.array([0, 1, 2, 1]), PATIENTS)
    rows = [(k, *v) for k, v in zip(who.tolist(), visits.tolist(), strict=True)]
    return found, [(k, p, f, m) for k, p, f, m in rows if m != UNKNOWN]


def dates(seed: int, count: int = 12) -> Dates:
    """Random dates, each twice."""
    rng = np.random.default_rng(seed)
    who, place, day = (
        np.repeat(rng.integers(0, most, count), 2) for most in (STAFF + 1, PLACES - 1, 14)
    )
    return Dates(who, place, day, days=DAYS)


def sides(rows: list[Row], place: int, day: int) -> tuple[list[Row], list[Row]]:
    """The visits at a place before and after the date."""
    begin, date, end = ((day + n) * HALVES for n in (-DAYS, 0, DAYS))
    here = [row for row in rows if row[2] == place]
    return [r for r in here if begin <= r[3] < date], [r for r in here if date <= r[3] <= end]


@pytest.mark.parametrize("seed", range(3))
def test_rows_are_in_order_and_all_there(seed: int) -> None:
    found, rows = worked(seed)
    got: list[Row] = []
    for place in range(PLACES):
        for run in range(found.offsets[place], found.offsets[place + 1]):
            part = found.rows[found.starts[run] : found.starts[run + 1]]
            assert len(set(part[:, 0].tolist())) == 1
            assert (np.diff(part[:, 2]) >= 0).all()
            got += [(k, p, place, m) for k, p, m in part.tolist()]
    assert sorted(got) == sorted(row for row in rows if row[2] in (0, 1, 2))


@pytest.mark.parametrize("seed", range(3))
def test_shifts_are_those_counted_one_by_one(seed: int) -> None:
    found, rows = worked(seed)
    asked = dates(seed)
    want = []
    for no, (who, place, day) in enumerate(columns(asked)):
        before, after = (Counter(r[0] for r in side) for side in sides(rows, place, day))
        codes = sorted((before.keys() | after.keys()) - {who})
        want += [[no, code, before[code], after[code]] for code in codes]
    assert found.shifts(asked).tolist() == want


@pytest.mark.parametrize("seed", range(3))
def test_regulars_are_those_counted_one_by_one(seed: int) -> None:
    found, rows = worked(seed)
    asked = dates(seed)
    want = []
    for no, (who, place, day) in enumerate(columns(asked)):
        before, after = sides(rows, place, day)
        times = Counter(r[1] for r in before if r[0] == who and r[1] >= 0)
        kept = [r for r in after if r[0] != who and times[r[1]] >= OFTEN]
        for code in sorted({r[0] for r in kept}):
            of = [r[1] for r in kept if r[0] == code]
            want.append([no, code, len(of), len(set(of))])
    assert found.inherited(asked, OFTEN).tolist() == want
    assert want


@pytest.mark.parametrize("seed", range(3))
def test_patients_taken_over_are_those_counted_one_by_one(seed: int) -> None:
    found, rows = worked(seed)
    asked = dates(seed)
    others = np.random.default_rng(seed + 9).integers(0, STAFF, len(asked.who))
    others = np.where(others == asked.who, (others + 1) % STAFF, others)
    want = []
    for (who, place, day), other in zip(columns(asked), others.tolist(), strict=True):
        panel = {r[1] for r in rows if r[0] == who and r[2] == place and r[3] < day * HALVES} - {-1}
        came = [r for r in sides(rows, place, day)[1] if r[0] != who and r[1] in panel]
        own = [r[1] for r in came if r[0] == other]
        want.append([len(own), len(set(own)), len({r[1] for r in came})])
    assert found.taken_over(asked, others).tolist() == want
    assert max(n for row in want for n in row) > 0


def test_chosen_dates_are_those_of_their_numbers() -> None:
    asked = dates(1)
    some = asked.chosen([3, 0, 3])
    assert [list(row) for row in columns(some)] == [list(columns(asked)[n]) for n in (3, 0, 3)]
    assert asked.chosen([]).moments.shape == (0, 3)


def columns(asked: Dates) -> list[tuple[int, int, int]]:
    return list(zip(asked.who.tolist(), asked.place.tolist(), asked.day.tolist(), strict=True))
