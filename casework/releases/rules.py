"""What may leave, for whom, and where it was since."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casework.exports.content import Decided


class Subject(StrEnum):
    """What an export is of; a view is what somebody chose on the canvas."""

    RING = "ring"
    CASE = "case"
    VIEW = "view"


class Event(StrEnum):
    """What happens to a bundle."""

    BUILT = "built"
    OPENED = "opened"
    SENT = "sent"
    RECEIVED = "received"
    RETURNED = "returned"


@dataclass(frozen=True)
class Draft:
    """What is to leave. `formats` are names of `casework.exports.FORMATS`, `attachments` numbers of the case's.

    `snapshot` and `scan` are what it is built from; `parts` are the nodes of a view, the rings of a case;
    `decided` is what was decided in the case as it stood then.
    """

    subject: Subject
    id: str
    area: str
    body: str
    person: str
    profile: str
    formats: tuple[str, ...]
    law: str
    snapshot: str
    scan: str
    parts: tuple[str, ...] = ()
    attachments: tuple[int, ...] = ()
    decided: Decided | None = None


@dataclass(frozen=True)
class Step:
    """A row of the custody; `sha256` is the bundle's, `who` has or had it, `note` the receipt or the reason."""

    release: int
    step: int
    event: Event
    at: datetime
    actor: str
    sha256: str
    size: int | None = None
    version: str | None = None
    who: str | None = None
    how: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Release:
    """A draft that somebody proposed. `approved` is None until another person has decided."""

    no: int
    draft: Draft
    why: str
    maker: str
    made_at: datetime
    approved: bool | None
    reviewer: str | None
    reviewed_at: datetime | None
    review: str | None
    custody: tuple[Step, ...] = ()

    @property
    def built(self) -> Step | None:
        """The first time it was built."""
        return self.custody[0] if self.custody else None

    @property
    def left(self) -> tuple[Step, ...]:
        """Each time it was sent."""
        return tuple(step for step in self.custody if step.event is Event.SENT)

    @property
    def state(self) -> str:
        """`proposed`, `refused`, `released`, or the event that came last."""
        if self.custody:
            return self.custody[-1].event
        return {None: "proposed", True: "released", False: "refused"}[self.approved]
