"""What a sanction is, against whom, and for how long."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """Sanctions of a person's payment qualification, then measures against a place, mildest first."""

    SUSPENSION = "suspension"
    TERMINATION = "termination"
    TALK = "talk"
    RECTIFY = "rectify"
    WITHHOLD_PAY = "withhold_pay"
    REFUSE_PAY = "refuse_pay"
    SUSPEND_AGREEMENT = "suspend_agreement"
    END_AGREEMENT = "end_agreement"


PERSONAL = frozenset({Kind.SUSPENSION, Kind.TERMINATION})
CASCADES: Mapping[Kind, Kind] = {
    Kind.SUSPEND_AGREEMENT: Kind.SUSPENSION,
    Kind.END_AGREEMENT: Kind.TERMINATION,
}
"""What a measure against a place means for the persons responsible; the other measures touch nobody."""


class Stage(StrEnum):
    """Where an approved sanction stands on a day."""

    FUTURE = "future"
    RUNNING = "running"
    OVER = "over"
    LIFTED = "lifted"


@dataclass(frozen=True)
class Person:
    """Somebody of a place under a measure: responsible or not, and why."""

    practitioner: str
    responsible: bool
    reason: str


@dataclass(frozen=True)
class Sanction:
    """A sanction as proposed; `approved` by another person, it is in force from `begins` to `ends`.

    `target` is a practitioner's or a place's blind id; no `ends`: until it is lifted. `lifted` is the first day
    on which it holds no more because of an approved lift.
    """

    no: int
    kind: Kind
    target: str
    area: str
    begins: date
    ends: date | None
    law: str
    case_id: str | None = None
    approved: bool | None = None
    lifted: date | None = None
    persons: tuple[Person, ...] = field(default=())

    def in_force(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return bool(self.approved) and self.stage(day) is Stage.RUNNING

    def stage(self, day: date) -> Stage:
        """Where it stands on `day`, once approved."""
        if self.lifted is not None and self.lifted <= day:
            return Stage.LIFTED
        if day < self.begins:
            return Stage.FUTURE
        return Stage.OVER if self.ends is not None and self.ends < day else Stage.RUNNING

    @property
    def last(self) -> date | None:
        """The last day of its term, or the one before its lift where that is sooner; None: until it is lifted."""
        ends = (self.ends, self.lifted and self.lifted - timedelta(days=1))
        return min((day for day in ends if day), default=None)

    @property
    def undone(self) -> bool:
        """Whether it was lifted from its first day on, so that it counts for nothing."""
        return self.lifted is not None and self.lifted <= self.begins

    @property
    def effects(self) -> Mapping[str, Kind]:
        """Whose payment qualification it touches, and how."""
        if self.kind in PERSONAL:
            return {self.target: self.kind}
        kind = CASCADES.get(self.kind)
        return {p.practitioner: kind for p in self.persons if kind and p.responsible}


def last_day(begins: date, months: int) -> date:
    """The last day of a term of `months` that begins on `begins`; a month's missing day is its last."""
    year, month = divmod(begins.month - 1 + months, 12)
    year, month = begins.year + year, month + 1
    day = min(begins.day, calendar.monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)
