"""The statuses of a case and the one table of steps between them."""

from dataclasses import dataclass
from enum import StrEnum

from casework.people import Role


class Status(StrEnum):
    """Where a case is; what was found is its outcome."""

    NEW = "new"
    SNOOZED = "snoozed"
    INVESTIGATING = "investigating"
    CLOSING = "closing"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True)
class Transition:
    """A step from one status to another, and the role it needs."""

    source: Status
    target: Status
    role: Role


TRANSITIONS = (
    Transition(Status.NEW, Status.INVESTIGATING, Role.INVESTIGATOR),
    Transition(Status.NEW, Status.SNOOZED, Role.INVESTIGATOR),
    Transition(Status.NEW, Status.CLOSING, Role.INVESTIGATOR),
    Transition(Status.NEW, Status.MERGED, Role.INVESTIGATOR),
    Transition(Status.SNOOZED, Status.NEW, Role.INVESTIGATOR),
    Transition(Status.SNOOZED, Status.INVESTIGATING, Role.INVESTIGATOR),
    Transition(Status.INVESTIGATING, Status.SNOOZED, Role.INVESTIGATOR),
    Transition(Status.INVESTIGATING, Status.CLOSING, Role.INVESTIGATOR),
    Transition(Status.INVESTIGATING, Status.MERGED, Role.INVESTIGATOR),
    Transition(Status.CLOSING, Status.INVESTIGATING, Role.APPROVER),
    Transition(Status.CLOSING, Status.CLOSED, Role.APPROVER),
    Transition(Status.CLOSED, Status.INVESTIGATING, Role.APPROVER),
)
"""The one table of steps; the store holds a copy and refuses every other step."""

PLAIN = frozenset({Status.NEW, Status.INVESTIGATING})
"""Statuses that a plain move reaches; the others need an end, a target or a second person."""
