"""The clock of a scan: stages may overlap, are told one at a time, and are listed in the scan's own order."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from graph.scan.stages import Clock


def test_overlapping_stages_are_listed_in_the_order_asked_for() -> None:
    told: list[tuple[str, int, int]] = []
    clock = Clock(lambda step, done, total: told.append((step, done, total)), 2)
    both = Barrier(2, timeout=10)

    def run(name: str, rows: int) -> None:
        with clock.stage(name) as left:
            both.wait()
            left[0] = rows

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, ["second", "first"], [2, 1]))
    listed = clock.in_order(["first", "second", "never run"])
    assert [(s.name, s.rows) for s in listed] == [("first", 1), ("second", 2)]
    assert {step for step, _, _ in told} == {"first", "second"}
    assert sorted(done for _, done, _ in told) == [0, 0, 1, 2]


def test_a_stage_that_fails_is_not_counted_as_done() -> None:
    clock = Clock(None, 1)
    with pytest.raises(ZeroDivisionError), clock.stage("broken"):
        raise ZeroDivisionError
    assert clock.in_order(["broken"]) == ()
