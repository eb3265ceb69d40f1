"""What a request for assistance is and where it stands; what a bill of a monthly batch is."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Direction(StrEnum):
    """Asked by us, or asked of us."""

    OUT = "out"
    IN = "in"


class State(StrEnum):
    """Where a request is; `TAKEN` has a first responder (第一响应人)."""

    MADE = "made"
    SENT = "sent"
    TAKEN = "taken"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.MADE, State.SENT, State.TAKEN})


@dataclass(frozen=True)
class Wanted:
    """What a letter asks: under which case and law, about whom, what, of which period, by when, and who answers."""

    case_no: str
    law: str
    subject: str
    what: str
    first: date
    last: date
    reply_by: date
    contacts: str


@dataclass(frozen=True)
class Step:
    """Something that happened to a request; its text is sealed in the store."""

    event: State
    at: datetime
    actor: str


@dataclass(frozen=True)
class Between:
    """Something between two bodies, one of which asks the other; both by their codes."""

    no: int
    id: str
    direction: Direction
    asker: str
    asked: str

    @property
    def partner(self) -> str:
        """The other body."""
        return self.asked if self.direction is Direction.OUT else self.asker

    @property
    def own(self) -> str:
        """This side's body."""
        return self.asker if self.direction is Direction.OUT else self.asked


@dataclass(frozen=True)
class Request(Between):
    """A request without what is sealed of it."""

    case_no: str
    law: str
    first: date
    last: date
    reply_by: date
    contacts: str
    maker: str
    made_at: datetime
    steps: tuple[Step, ...]

    @property
    def state(self) -> State:
        """Where it is."""
        return self.steps[-1].event if self.steps else State.MADE

    @property
    def responder(self) -> str | None:
        """Who took it first and has to finish it in time (第一响应人责任制)."""
        return next((one.actor for one in self.steps if one.event is State.TAKEN), None)


@dataclass(frozen=True)
class Result:
    """核查无误 (`correct`) or 核查有误 with the reason."""

    correct: bool
    reason: str
    author: str
    at: datetime


@dataclass(frozen=True)
class Bill(Between):
    """One inpatient stay of a monthly batch, without the identity number. `total` in fen.

    `due` is the day of the next batch by the law of the insuring side; where it passes without a result the bill
    rolls over to the batch after, `rolled` times so far.
    """

    batch: date
    stay: str
    place: str
    total: int
    made_at: datetime
    due: date
    rolled: int
    result: Result | None
    confirmed_at: datetime | None
