"""A grade on a day, from the ledgers as they stand now: what was undone since is undone for that day, too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from casework.credit.scheme import Grade, Scheme
from casework.points import Kind, history
from casework.sanctions import sanctions_of
from casework.store import Tx


@dataclass(frozen=True)
class Line:
    """One decision and what it takes from the score; `document` is its number, or the article it rests on."""

    on: date
    what: str
    document: str
    takes: int


@dataclass(frozen=True)
class Credit:
    """A subject's credit on a day: the grade, the score it follows from, and every line of it."""

    subject: str
    day: date
    grade: Grade
    score: int
    lines: tuple[Line, ...]
    scheme: Scheme


def credit(tx: Tx, subject: str, day: date, scheme: Scheme) -> Credit:
    """The credit of a practitioner or place (blind id) on `day`.

    Counted are approved points and sanctions that began in the scheme's years before; what was undone or lifted from
    its first day on counts for nothing, points that were repaired count for the rest.
    """
    first = day.replace(year=day.year - scheme.years, day=min(day.day, 28)) + timedelta(days=1)
    lines = (
        *_points(tx, subject, first, day, scheme),
        *_sanctions(tx, subject, first, day, scheme),
    )
    taken = sum(line.takes for line in lines)
    score = max(0, min(scheme.full, scheme.full - taken))
    ordered = tuple(sorted(lines, key=lambda line: (line.on, line.document)))
    return Credit(subject, day, scheme.grade(score), score, ordered, scheme)


def _points(tx: Tx, subject: str, first: date, day: date, scheme: Scheme) -> Iterator[Line]:
    held = [line for line in history(tx, subject) if line.approved]
    undone = {line.undoes for line in held}
    for line in held:
        if first <= line.decided_on <= day and line.no not in undone:
            sign = {Kind.ACT: 1, Kind.REVERSAL: 0}.get(line.kind, -1)
            if sign:
                yield Line(
                    line.decided_on, f"points.{line.kind}", line.document,
                    sign * line.points * scheme.point,
                )  # fmt: skip


def _sanctions(tx: Tx, subject: str, first: date, day: date, scheme: Scheme) -> Iterator[Line]:
    for one in sanctions_of(tx, subject):
        kind = one.kind if one.target == subject else one.effects.get(subject)
        if kind and one.approved and not one.undone and first <= one.begins <= day:
            yield Line(one.begins, f"sanction.{kind}", one.law, scheme.sanctions[kind])
