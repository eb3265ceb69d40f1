"""Progress of the job at work, written into the table; where it was asked to stop, this says so by raising."""

import time
from dataclasses import replace
from datetime import datetime
from threading import Lock

from casework.beijing import beijing_now
from huancha.jobs.errors import Cancelled
from huancha.jobs.job import Progress, Step
from huancha.jobs.table import JobTable

SELDOM = 0.5
"""Seconds between two writes while nothing but the count moves."""
READ = "read"


class Watch:
    """What a scan or a load reports to. Raises `Cancelled` at the first report after the job was cancelled."""

    def __init__(self, table: JobTable, no: int) -> None:
        self._table, self._no = table, no
        self._steps: dict[str, Step] = {}
        self._done = self._total = 0
        self._wrote = 0.0
        self._turn = Lock()

    def __call__(self, step: str, done: int, total: int) -> None:
        """A scan's stage begins, or is over when it is named again."""
        with self._turn:
            now = beijing_now()
            began = self._steps.get(step)
            self._steps[step] = Step(step, now) if began is None else _over(began, now)
            self._done, self._total = done, total
            self._write()

    def begin(self, files: int, total: int) -> None:
        """A load of `total` bytes begins."""
        self._total = total
        self.stage(READ)

    def advance(self, file: str, rows: int, done: int, total: int) -> None:
        """Of the load's bytes `done` are read."""
        self._done, self._total = done, total
        if time.monotonic() - self._wrote >= SELDOM:
            self._write()

    def stage(self, name: str) -> None:
        """What went before is over; the load is at `name`."""
        now = beijing_now()
        self._close(now)
        self._steps[name] = Step(name, now)
        self._write()

    def end(self) -> None:
        """The load is over, one way or another."""
        self._close(beijing_now())
        self._table.progress(self._no, self._now())

    def _close(self, now: datetime) -> None:
        for name, step in self._steps.items():
            if step.seconds is None:
                self._steps[name] = _over(step, now)

    def _now(self) -> Progress:
        return Progress(tuple(self._steps.values()), self._done, self._total)

    def _write(self) -> None:
        self._wrote = time.monotonic()
        if not self._table.progress(self._no, self._now()):
            raise Cancelled


def _over(step: Step, now: datetime) -> Step:
    return replace(step, seconds=round((now - step.began).total_seconds(), 3))
