"""The clock of a scan: what each stage took, and word of it to whoever waits. Stages may run side by side."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from graph.results import Stage


class Steps(Protocol):
    """Called as the scan goes on: the stage's name, stages done, stages in all. One call at a time."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


@dataclass
class Clock:
    """Times stages and reports them."""

    progress: Steps | None
    total: int
    _taken: dict[str, Stage] = field(default_factory=dict)
    _turn: Lock = field(default_factory=Lock)

    @contextmanager
    def stage(self, name: str) -> Iterator[list[int]]:
        """Time the body; it puts the rows it left into the list it is given."""
        self._report(name)
        rows = [0]
        began = time.perf_counter()
        yield rows
        with self._turn:
            self._taken[name] = Stage(name, round(time.perf_counter() - began, 3), rows[0])
        self._report(name)

    def _report(self, name: str) -> None:
        with self._turn:
            if self.progress:
                self.progress(name, len(self._taken), self.total)

    def in_order(self, names: list[str]) -> tuple[Stage, ...]:
        """The stages that ran, in the order of `names`."""
        return tuple(self._taken[name] for name in names if name in self._taken)


@contextmanager
def uncollected() -> Iterator[None]:
    """The body without Python's collector of cycles: it would walk millions of events again and again, and finds nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
