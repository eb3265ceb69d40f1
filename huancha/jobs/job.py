"""What a job is: what was asked, by whom, how far it is, what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What can be asked for."""

    SCAN = "scan"
    LOAD = "load"


class State(StrEnum):
    """Where a job is; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    FAILED = "failed"
    DONE = "done"


LIVE = (State.RUNNING, State.CANCELLING)
FINAL = (State.CANCELLED, State.FAILED, State.DONE)


@dataclass(frozen=True)
class Step:
    """A stage of a job: when it began, and the seconds it took once it is over."""

    name: str
    began: datetime
    seconds: float | None = None


@dataclass(frozen=True)
class Fault:
    """Why a job failed: a code that screens have words for, its facts, and one English sentence."""

    code: str
    sentence: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """A row of the table. Times are local Beijing time; `again` is the job this one repeats.

    `done` of `total` are stages of a scan, bytes of a load. `result` is the scan or snapshot that was published;
    `outcome` what it says of itself (a scan's counts, a load's report).
    """

    no: int
    kind: Kind
    parameters: Mapping[str, Any]
    asked_by: str
    asked: datetime
    state: State
    again: int | None = None
    steps: tuple[Step, ...] = ()
    done: int = 0
    total: int = 0
    started: datetime | None = None
    ended: datetime | None = None
    heartbeat: datetime | None = None
    pid: int | None = None
    fault: Fault | None = None
    result: str | None = None
    outcome: Mapping[str, Any] = field(default_factory=dict)

    @property
    def live(self) -> bool:
        """Whether a process is at it."""
        return self.state in LIVE

    @property
    def final(self) -> bool:
        """Whether it is over, one way or another."""
        return self.state in FINAL

    @property
    def now_at(self) -> tuple[str, ...]:
        """The stages begun and not over; several where they run side by side."""
        return tuple(step.name for step in self.steps if step.seconds is None)


@dataclass(frozen=True)
class Progress:
    """How far a job is; see `Job` for the units."""

    steps: tuple[Step, ...] = ()
    done: int = 0
    total: int = 0
