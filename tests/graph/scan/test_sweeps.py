"""Sweeps: what is not looked at could not have been two sweeps; a list sent round twice is found, one trip is not."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np

from graph.scan.covisits import VisitColumns
from graph.scan.sweeps import APART, BETWEEN, LEAST, SPAN, _moves, _twice, sweeps
from graph.scan.visits import CHECKUP, DAY, Attendance

PLACES = 4


def attendance(rows: list[tuple[int, int, int]], patients: int) -> Attendance:
    """Visits given as (patient, place, day), at ten o'clock."""
    who, where, day = (np.array(c) for c in zip(*rows, strict=True))
    columns = VisitColumns.build(who, where, day * DAY + 600, patients=patients, places=PLACES)
    none = np.zeros(len(columns), np.uint8)
    return Attendance(columns, none, none, np.zeros(0, np.int32), np.full(len(columns), -1))


def every_move(rows: list[tuple[int, int, int]]) -> dict[tuple[int, int], list[tuple[int, ...]]]:
    found: dict[tuple[int, int], list[tuple[int, ...]]] = {}
    for who in {row[0] for row in rows}:
        mine = sorted((day, place) for p, place, day in rows if p == who)
        for (a, f), (b, g) in combinations(mine, 2):
            if f != g and b - a <= BETWEEN:
                found.setdefault((f, g), []).append((f, g, who, a, b))
    return found


def busy(seed: int) -> list[tuple[int, int, int]]:
    """People who come at random, and eight who are taken from place 0 to place 1 twice."""
    rng = np.random.default_rng(seed)
    rows = [
        (p, int(rng.integers(PLACES)), int(rng.integers(200))) for p in range(60) for _ in range(6)
    ]
    for start in (20, 90):
        rows += [(p, place, start + 3 * place + p % 3) for p in range(60, 68) for place in (0, 1)]
    return sorted(set(rows))


def test_the_moves_are_those_found_by_hand() -> None:
    for seed in range(5):
        rows = busy(seed)
        moved, starts = _moves(attendance(rows, 68), np.array([True, True, False, True]))
        found = {
            tuple(moved[a, :2].tolist()): sorted(map(tuple, moved[a:b].tolist()))
            for a, b in pairwise(starts.tolist())
        }
        without = every_move([row for row in rows if row[1] != 2])
        assert found == {pair: sorted(moves) for pair, moves in without.items()}
        assert (np.diff(moved[starts[0] : starts[1], 2]) >= 0).all()


def test_no_pair_of_places_is_left_out_that_has_two_sweeps() -> None:
    for seed in range(5):
        rows = busy(seed)
        seen, home = attendance(rows, 68), np.arange(68, dtype=np.int32)
        whole = every_move(rows)
        length = max(max(r[2] for r in rows) - min(r[2] for r in rows) + 1, 2 * APART)
        often = sum(len(moves) >= 2 * LEAST for moves in whole.values())
        tried = 2 * np.log10(length / SPAN) + np.log10(often)
        wanted = {}
        for pair, moves in whole.items():
            one = _twice(np.array(sorted(moves), np.int32), home, length, float(tried))
            if one is not None:
                wanted[pair] = (one.again.tolist(), one.days, round(one.surprise, 6))
        found = {
            (one.first, one.second): (one.again.tolist(), one.days, round(one.surprise, 6))
            for one in sweeps(seen, np.ones(PLACES, np.bool_), home)
        }
        assert found == wanted
        assert set(range(60, 68)) <= set(found[0, 1][0])


def test_check_ups_make_no_move() -> None:
    rows = busy(2)
    seen = attendance(rows, 68)
    marked = replace(seen, explained=np.full(len(seen.columns), CHECKUP, np.uint8))
    assert not len(_moves(marked, np.ones(PLACES, np.bool_))[0])


def test_one_trip_is_no_sweep_and_one_household_neither() -> None:
    once = [row for row in busy(1) if row[0] < 60 or row[2] < 80]
    assert not sweeps(
        attendance(once, 68), np.ones(PLACES, np.bool_), np.arange(68, dtype=np.int32)
    )
    family = np.minimum(np.arange(68), 60).astype(np.int32)
    assert not sweeps(attendance(busy(1), 68), np.ones(PLACES, np.bool_), family)
