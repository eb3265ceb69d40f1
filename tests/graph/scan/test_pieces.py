"""Pieces of one group are told by their days and places; a large pool that comes over hours is found whole."""

from pathlib import Path

import numpy as np

from graph.scan.gatherings import Gatherings
from graph.scan.pieces import MOST_THERE, pieces
from tests.graph.found import best, scanned
from tests.graph.town import town

DAY = 1440


def met(days: list[int], places: list[int] | int = 3) -> Gatherings:
    """A gathering of four on each day, at these places."""
    n = len(days)
    at = np.array(days, np.int32) * DAY + 600
    where = np.broadcast_to(np.array(places, np.int32), n)
    none = np.zeros(0, np.int32)
    return Gatherings(where, at, at + 9, np.full(n, 4, np.int32), none, none)


def test_who_meet_on_the_same_days_at_the_same_place_are_pieces_of_one() -> None:
    found = [met([1, 9, 20, 31]), met([50, 60, 70]), met([1, 9, 20, 44, 45, 46, 47])]
    assert sorted(pieces(found)) == [[0, 2], [1]]


def test_the_same_days_at_other_places_are_not() -> None:
    assert pieces([met([1, 9, 20, 31]), met([1, 9, 20, 31], 4)]) == [[0], [1]]


def test_a_smaller_part_of_the_days_is_none() -> None:
    assert pieces([met([1, 9, 20, 31, 41, 52, 63]), met([1, 9, 20, 70, 80, 90, 99])]) == [[0], [1]]
    assert pieces([met([1, 9]), met([1, 9])]) == [[0], [1]]


def test_a_day_on_which_everybody_comes_joins_nobody() -> None:
    days = [1, 9, 20, 31]
    assert len(pieces([met(days)] * MOST_THERE)) == 1
    assert len(pieces([met(days)] * (MOST_THERE + 1))) == MOST_THERE + 1


def test_nothing_is_no_piece() -> None:
    assert pieces([]) == []


def test_a_pool_that_comes_over_hours_is_one_ring(tmp_path: Path) -> None:
    """Sixteen cards, most of them on each day, one after another for hours: different ones within each half-hour."""
    t = town(42)
    b = t.builder
    ring = list(range(100, 116))
    for d in b.dates(20):
        start = b.chance.randint(490, 620)
        for patient in b.chance.sample(ring, 11):
            minute = start + b.chance.randint(0, 200)
            b.visit(patient, t.shops[3], b.day(d, minute // 60, minute % 60))
    found = scanned(b, tmp_path).of("covisit", "ABC")
    assert len(found) == 1
    assert best(found, ring) >= 0.7
