"""Batches sent over several connections at once, put down one after another in their order.

What a batch makes is made beside the others; the word that it is there is written in turn. So a load
that stops anywhere has put down a whole number of batches, and goes on after the last of them.
"""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Condition
from typing import TypeVar

T = TypeVar("T")

LANES = 2
PATIENCE = 30.0


class OutOfTurn(Exception):
    """A batch was ready long before its turn: let go of all it holds, wait, and make it again."""


class Stopped(Exception):
    """Another batch failed; this one must not be put down."""


class Turns:
    """Whose turn it is; batches are numbered on from `first`."""

    def __init__(self, first: int) -> None:
        self._next = first
        self._stopped = False
        self._moved = Condition()

    def wait(self, number: int, seconds: float | None = None) -> None:
        """Wait for the turn of batch `number`; raises `OutOfTurn` after `seconds`, or `Stopped`."""
        with self._moved:
            self._moved.wait_for(lambda: self._stopped or self._next == number, seconds)
            if self._stopped:
                raise Stopped
            if self._next != number:
                raise OutOfTurn

    def pass_on(self, number: int) -> None:
        """Batch `number` is there: the next may be put down."""
        with self._moved:
            self._next = number + 1
            self._moved.notify_all()

    def stop(self) -> None:
        """Nobody may put down anything any more."""
        with self._moved:
            self._stopped = True
            self._moved.notify_all()


def in_turn(
    batches: Iterable[T],
    first: int,
    put: Callable[[T, int, Turns], None],
    told: Callable[[T], None],
    *,
    lanes: int = LANES,
) -> None:
    """Put all `batches`, numbered on from `first`, down over `lanes` connections.

    `put` makes a batch, waits for its turn with `Turns.wait` and puts it down; where it raises
    `OutOfTurn` it is called again when the turn has come. `told` hears of each batch when it is
    there. The first failure of either is raised, after which no further batch is put down.
    """
    turns = Turns(first)
    failures: list[BaseException] = []

    def send(batch: T, number: int) -> None:
        try:
            try:
                put(batch, number, turns)
            except OutOfTurn:
                turns.wait(number)
                put(batch, number, turns)
            told(batch)
            turns.pass_on(number)
        except BaseException as failure:
            if not isinstance(failure, Stopped):
                failures.append(failure)
            turns.stop()

    sent: deque[Future[None]] = deque()
    with ThreadPoolExecutor(lanes, "huancha-graph") as pool:
        try:
            for number, batch in enumerate(batches, first):
                sent.append(pool.submit(send, batch, number))
                while len(sent) > lanes:
                    sent.popleft().result()
                if failures:
                    break
        except BaseException:
            turns.stop()
            raise
    if failures:
        raise failures[0]
