"""What points add up to and what follows from them, by the law of a place; no store in here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from casework.law import Law, Provision, Rule

SUSPENSIONS = {9: Rule.SUSPENSION_AT_9, 10: Rule.SUSPENSION_AT_10, 11: Rule.SUSPENSION_AT_11}
"""The provision that gives the length of a suspension, by the sum of points."""


class Kind(StrEnum):
    """What a line of the ledger does: give points, take some back, or undo an earlier line."""

    ACT = "act"
    STUDY = "study"
    ACTIVITY = "activity"
    REVERSAL = "reversal"


class Responsibility(StrEnum):
    """How far the person is responsible (一般、重要、主要责任)."""

    GENERAL = "general"
    IMPORTANT = "important"
    MAIN = "main"


class Measure(StrEnum):
    """What must have been decided first: a penalty, or a measure under the agreement (协议处理)."""

    PENALTY = "penalty"
    AGREEMENT = "agreement"


class Effect(StrEnum):
    """What a sum of points leads to."""

    NONE = "none"
    TALK = "talk"
    SUSPENSION = "suspension"
    TERMINATION = "termination"


@dataclass(frozen=True)
class Act:
    """Points to be given: to whom, for what, by which document.

    `practitioner` and `place` are blind ids, `area` is the place's 区划 code, `band` the least points of the
    band chosen. `document` and `decided_on` are number and day of the penalty or measure. `village`: the place
    is a township's or a village's.
    """

    practitioner: str
    place: str
    area: str
    band: int
    points: int
    responsibility: Responsibility
    measure: Measure
    document: str
    decided_on: date
    grounds: str
    village: bool = False


@dataclass(frozen=True)
class Repair:
    """Points to be taken back for study (`Kind.STUDY`) or activities, by a document of `decided_on`."""

    practitioner: str
    area: str
    kind: Kind
    points: int
    document: str
    decided_on: date


@dataclass(frozen=True)
class Points:
    """A line of the ledger. `approved` is None until somebody else than `maker` has reviewed it."""

    no: int
    kind: Kind
    practitioner: str
    area: str
    points: int
    document: str
    decided_on: date
    law: str
    maker: str
    made_at: datetime
    place: str | None = None
    band: int | None = None
    responsibility: Responsibility | None = None
    measure: Measure | None = None
    grounds: str | None = None
    village: bool = False
    undoes: int | None = None
    approved: bool | None = None
    reviewer: str | None = None
    reviewed_at: datetime | None = None
    review: str | None = None


@dataclass(frozen=True)
class Standing:
    """A practitioner's points in one natural year: the sum now, and the most points of a single act."""

    year: int
    points: int
    greatest: int


@dataclass(frozen=True)
class Consequence:
    """What follows from a standing: for a suspension its months, for a termination the months of the ban."""

    effect: Effect
    months: Provision | None = None


@dataclass(frozen=True)
class Report:
    """Why a scoring is told to the level above."""

    rule: Rule
    provision: Provision


def stand(year: int, lines: Iterable[Points], cap: int) -> Standing:
    """The standing in `year` from approved `lines` by their documents' days; a new year begins at nothing.

    A reversed line counts for nothing, whenever it is reversed. The sum never passes `cap` and never
    falls below 0.
    """
    held = [line for line in lines if line.approved]
    undone = {line.undoes for line in held}
    counted = sorted(
        (line for line in held if line.decided_on.year == year and line.no not in undone),
        key=lambda line: (line.decided_on, line.no),
    )
    points = greatest = 0
    for line in counted:
        if line.kind is Kind.ACT:
            points = min(cap, points + line.points)
            greatest = max(greatest, line.points)
        elif line.kind is not Kind.REVERSAL:
            points = max(0, points - line.points)
    return Standing(year, points, greatest)


def consequence(law: Law, standing: Standing) -> Consequence:
    """What the law says to a standing."""
    points = standing.points
    if points >= law[Rule.TERMINATION_FROM].least:
        at_once = standing.greatest >= law[Rule.TERMINATION_FROM].least
        ban = Rule.BAN_AFTER_ONE_ACT if at_once else Rule.BAN_AFTER_SUM
        return Consequence(Effect.TERMINATION, law[ban])
    if points >= law[Rule.SUSPENSION_FROM].least:
        return Consequence(Effect.SUSPENSION, law[SUSPENSIONS[points]])
    talk = law.find(Rule.TALK_FROM)
    return Consequence(Effect.TALK if talk and points >= talk.least else Effect.NONE)


def reports(law: Law, line: Points, *, first: bool) -> tuple[Report, ...]:
    """Why the scoring `line` is told to the level above; `first`: the area has scored nobody before."""
    reasons = {
        Rule.REPORT_UP_FROM: line.points,
        Rule.REPORT_UP_FIRST: int(first),
        Rule.REVIEW_VILLAGE_FROM: line.points if line.village else 0,
    }
    found = ((rule, law.find(rule), held) for rule, held in reasons.items())
    return tuple(Report(rule, said) for rule, said, held in found if said and held >= said.least)
