"""What an appeal is, where it is, and what a decision on it does."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from casework.notices import About


class Outcome(StrEnum):
    """What a decision says: upheld 支持, partly 部分支持, rejected 维持原决定."""

    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"


class State(StrEnum):
    """Where an appeal is; `LATE` waits for somebody to admit it, `PROPOSED` for a second person."""

    LATE = "late"
    NOT_ADMITTED = "not_admitted"
    FILED = "filed"
    ASKED = "asked"
    ANSWERED = "answered"
    PROPOSED = "proposed"
    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"


ENDED = frozenset({State.NOT_ADMITTED, State.UPHELD, State.PARTLY, State.REJECTED})
"""States after which nothing more is decided."""


@dataclass(frozen=True)
class Effects:
    """What an approved decision does: lines reversed, sanctions lifted from `begins` on.

    `instead`: the fewer points that stand in place of the line appealed against.
    """

    lines: tuple[int, ...] = ()
    lifts: tuple[int, ...] = ()
    begins: date | None = None
    instead: int | None = None


NOTHING = Effects()


@dataclass(frozen=True)
class Opinion:
    """What a third party was asked, and answered once `recusal`, `opinion` and the paper's `sha256` are there."""

    no: int
    appeal: int
    expert: str
    body: str
    question: str
    asker: str
    asked_at: datetime
    recusal: str | None = None
    opinion: str | None = None
    sha256: str | None = None
    author: str | None = None
    given_at: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """A decision as one person proposed it; `approved` by another it has taken effect."""

    no: int
    outcome: Outcome
    effects: Effects
    maker: str
    why: str
    approved: bool | None = None
    reviewer: str | None = None


@dataclass(frozen=True)
class Appeal:
    """An objection against approved points or an approved sanction.

    `subject` is the blind id of whom it touches, `due` the last day the law gave, `letter` the SHA-256 of the
    letter; `admitted` is None unless it came late and somebody decided on that.
    """

    no: int
    notice: int
    about: About
    subject: str
    area: str
    filed_on: date
    due: date
    late: bool
    grounds: str
    letter: str
    law: str
    filer: str
    filed_at: datetime
    admitted: bool | None
    opinions: tuple[Opinion, ...]
    decisions: tuple[Decision, ...]

    @property
    def state(self) -> State:
        """Where it is."""
        if self.late and not self.admitted:
            return State.LATE if self.admitted is None else State.NOT_ADMITTED
        last = self.decisions[-1] if self.decisions else None
        if last is not None and last.approved:
            return State(last.outcome)
        if last is not None and last.approved is None:
            return State.PROPOSED
        if not self.opinions:
            return State.FILED
        answered = all(one.opinion is not None for one in self.opinions)
        return State.ANSWERED if answered else State.ASKED
