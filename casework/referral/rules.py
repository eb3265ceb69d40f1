"""What a referral to public security says, and where it is."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from pydantic import TypeAdapter

from casework.approval import Proposal
from casework.exports.content import Decided

_DECIDED = TypeAdapter(Decided)


class Event(StrEnum):
    """What becomes of an approved referral, in the order of the law.

    sealed 封包, sent 移送, received 回执, filed 立案, not_filed 不予立案, reconsideration 提请复议,
    upheld 复议维持不予立案, supervision 建议立案监督, ended 监督后仍不立案, handed_over 移交物品和材料.
    """

    SEALED = "sealed"
    SENT = "sent"
    RECEIVED = "received"
    FILED = "filed"
    NOT_FILED = "not_filed"
    RECONSIDERATION = "reconsideration"
    UPHELD = "upheld"
    SUPERVISION = "supervision"
    ENDED = "ended"
    HANDED_OVER = "handed_over"


class State(StrEnum):
    """Where a referral is: before the head has approved it, or its last event."""

    DRAFT = "draft"
    REPORTED = "reported"
    REFUSED = "refused"
    APPROVED = "approved"
    SEALED = "sealed"
    SENT = "sent"
    RECEIVED = "received"
    FILED = "filed"
    NOT_FILED = "not_filed"
    RECONSIDERATION = "reconsideration"
    UPHELD = "upheld"
    SUPERVISION = "supervision"
    ENDED = "ended"
    HANDED_OVER = "handed_over"


NEXT: Mapping[State, tuple[Event, ...]] = {
    State.APPROVED: (Event.SEALED,),
    State.SEALED: (Event.SEALED, Event.SENT),
    State.SENT: (Event.RECEIVED,),
    State.RECEIVED: (Event.FILED, Event.NOT_FILED),
    State.NOT_FILED: (Event.RECONSIDERATION, Event.SUPERVISION),
    State.RECONSIDERATION: (Event.FILED, Event.UPHELD),
    State.UPHELD: (Event.SUPERVISION,),
    State.SUPERVISION: (Event.FILED, Event.ENDED),
    State.FILED: (Event.HANDED_OVER,),
}
"""What may follow; the database holds the same table."""
PROFILE = "police"
"""Which profile a referral's content is dressed for."""
DESK = "案件受理部门"
"""Who at public security a referral is addressed to."""
OVER = frozenset({State.ENDED, State.HANDED_OVER})


@dataclass(frozen=True)
class Officer:
    """An enforcement officer and the number of their certificate (执法证号)."""

    name: str
    certificate: str


@dataclass(frozen=True)
class Item:
    """Something that goes over with the case: what, how much, where it is kept, what to know of it."""

    name: str
    quantity: str
    place: str
    note: str = ""


@dataclass(frozen=True)
class Answer:
    """What the officers found on one note that speaks against a ring, named as the scan names it."""

    ring: str
    motif: str
    name: str
    text: str


@dataclass(frozen=True)
class Draft:
    """What a referral says. Empty text: not written yet.

    `fund` in fen is the amount the officers state, each settlement once; None before they do. `rings` are those
    of `scan`. `no_items`: why the list of items is empty.
    """

    office: str = ""
    police: str = ""
    number: str = ""
    suspects: str = ""
    crime: str = ""
    law: str = ""
    facts: str = ""
    fund: int | None = None
    scan: str = ""
    rings: tuple[str, ...] = ()
    officers: tuple[Officer, ...] = ()
    items: tuple[Item, ...] = ()
    no_items: str = ""
    answers: tuple[Answer, ...] = ()

    @classmethod
    def read(cls, content: Mapping[str, Any], officers: tuple[Officer, ...]) -> Self:
        """A draft as the store keeps it."""
        kept = {field.name for field in fields(cls)} & set(content)
        said = {name: content[name] for name in kept}
        said["rings"] = tuple(said["rings"])
        said["items"] = tuple(Item(**item) for item in said["items"])
        said["answers"] = tuple(Answer(**answer) for answer in said["answers"])
        return cls(**said | {"officers": officers})


@dataclass(frozen=True)
class Happened:
    """A step that was taken: when, by which document, and why where a reason is needed."""

    event: Event
    happened: datetime
    document: str
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class Referral:
    """A referral of a case: its last version, the reports to the head, and what became of it."""

    no: int
    case_id: str
    area: str
    maker: str
    made_at: datetime
    version: int
    draft: Draft
    reports: tuple[Proposal, ...]
    events: tuple[Happened, ...]

    @property
    def id(self) -> str:
        """What the audit and proposals call it."""
        return f"referral_{self.no}"

    @property
    def report(self) -> Proposal | None:
        """The last report to the head."""
        return self.reports[-1] if self.reports else None

    @property
    def decided(self) -> Decided | None:
        """What had been decided in the case when it was last reported to the head."""
        said = self.report.content.get("decided") if self.report else None
        return _DECIDED.validate_python(said) if said else None

    @property
    def state(self) -> State:
        """Where it is."""
        if self.events:
            return State(self.events[-1].event)
        if self.report is None:
            return State.DRAFT
        if self.report.approved is None:
            return State.REPORTED
        return State.APPROVED if self.report.approved else State.REFUSED

    @property
    def open(self) -> bool:
        """Whether it may still be written."""
        return self.state in (State.DRAFT, State.REFUSED)

    def last(self, event: Event) -> Happened | None:
        """When `event` last happened."""
        return next((one for one in reversed(self.events) if one.event is event), None)
