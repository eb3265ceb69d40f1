"""Batches over several lanes: put down in order, none after the first failure."""

import random
import time

import pytest

from graph.store.neo4j_turns import OutOfTurn, Stopped, in_turn


def test_batches_are_made_beside_each_other_and_put_down_in_order():
    chance, down, told = random.Random(1), [], []
    waits = [chance.random() / 50 for _ in range(30)]

    def put(batch, number, turns):
        time.sleep(waits[batch])
        turns.wait(number)
        down.append((batch, number))

    in_turn(range(30), 7, put, told.append, lanes=4)
    assert down == [(batch, batch + 7) for batch in range(30)]
    assert told == list(range(30))


def test_a_batch_that_waits_too_long_lets_go_and_is_made_again():
    made, down = [], []

    def put(batch, number, turns):
        made.append(batch)
        if batch == 0:
            time.sleep(0.2)
        turns.wait(number, 0.01)
        down.append(batch)

    in_turn(range(2), 1, put, lambda _: None)
    assert sorted(made) == [0, 1, 1]
    assert down == [0, 1]


def test_the_first_failure_is_the_one_that_is_raised_and_nothing_follows_it():
    down = []

    def put(batch, number, turns):
        if batch == 3:
            raise ConnectionError
        try:
            turns.wait(number)
        except Stopped:
            raise
        except OutOfTurn:
            pytest.fail("nobody was to wait that long")
        down.append(batch)

    with pytest.raises(ConnectionError):
        in_turn(range(50), 1, put, lambda _: None, lanes=3)
    assert down == list(range(len(down)))
    assert len(down) <= 3


def test_who_hears_of_a_batch_may_stop_the_rest():
    down = []

    def put(batch, number, turns):
        turns.wait(number)
        down.append(batch)

    def told(batch):
        if batch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_turn(range(50), 1, put, told)
    assert down == [0, 1, 2]


def test_what_yields_batches_may_fail():
    def batches():
        yield 1
        raise OSError("the file is gone")

    with pytest.raises(OSError, match="gone"):
        in_turn(batches(), 1, lambda _, number, turns: turns.wait(number), lambda _: None)
