"""The ledger itself: lines are proposed, reviewed by somebody else, and never changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from casework import audit
from casework.errors import (
    NoDocument,
    NoLine,
    NoReason,
    NotRepairable,
    OutsideBand,
    SameDocument,
    SamePerson,
)
from casework.law import Law, Rule, law_on
from casework.people import Actor, Role, require
from casework.points.rules import (
    Act,
    Consequence,
    Kind,
    Measure,
    Points,
    Repair,
    Report,
    Responsibility,
    Standing,
    consequence,
    reports,
    stand,
)
from casework.sql import ColumnElement, func, insert, select
from casework.store import Tx
from casework.store.points_tables import POINTS, POINTS_REVIEW

REPAIRS = {Kind.STUDY: Rule.REPAIR_BY_STUDY, Kind.ACTIVITY: Rule.REPAIR_BY_ACTIVITY}


@dataclass(frozen=True)
class Decided:
    """An approved or refused line, where the practitioner stands in its year, and what follows."""

    line: Points
    standing: Standing
    consequence: Consequence
    reports: tuple[Report, ...] = ()


def propose_act(
    tx: Tx, actor: Actor, act: Act, now: datetime, *, instead_of: int | None = None
) -> Points:
    """Propose points for an act; they count once another person has approved them.

    `instead_of` is a line by the same document whose reversal is proposed with it.
    Raises `NotAllowed`, `NoDocument`, `SameDocument`, `OutsideBand`, `NoReason` and `NoLaw`.
    """
    require(actor, Role.INVESTIGATOR, act.area)
    _documented(act.document, act.decided_on, now)
    law = law_on(act.decided_on, act.area)
    band = next((band for band in law.bands if band.least == act.band), None)
    if band is None or not band.least <= act.points <= band.most:
        raise OutsideBand(act.points, act.band)
    if not act.grounds.strip():
        raise NoReason("points")
    if any(
        line.kind is Kind.ACT and line.document == act.document and line.no != instead_of
        for line in _counting(history(tx, act.practitioner))
    ):
        raise SameDocument(act.practitioner, act.document)
    row = asdict(act) | {"kind": Kind.ACT, "law": law.cite(band)}
    return _propose(tx, actor, row, act.grounds, now)


def propose_repair(tx: Tx, actor: Actor, repair: Repair, why: str, now: datetime) -> Points:
    """Propose to take points back, within the caps of the place's law for that natural year; a document counts once.

    Raises `NotAllowed`, `NoDocument`, `SameDocument`, `NotRepairable`, `NotInLaw` and `NoLaw`.
    """
    require(actor, Role.INVESTIGATOR, repair.area)
    _documented(repair.document, repair.decided_on, now)
    law = law_on(repair.decided_on, repair.area)
    cap = law[REPAIRS[repair.kind]]
    lines = history(tx, repair.practitioner)
    year = repair.decided_on.year
    given = [
        line for line in _counting(lines) if line.kind in REPAIRS and line.decided_on.year == year
    ]
    if repair.document in {line.document for line in given}:
        raise SameDocument(repair.practitioner, repair.document)
    of_kind = sum(line.points for line in given if line.kind is repair.kind)
    of_all = sum(line.points for line in given)
    pending = sum(line.points for line in given if line.approved is None)
    left = min(
        cap.most - of_kind,
        law[Rule.REPAIR_IN_A_YEAR].most - of_all,
        stand(year, lines, law[Rule.POINTS_CAP].most).points - pending,
    )
    if repair.kind is Kind.ACTIVITY:
        left = min(left, law[Rule.REPAIR_PER_ACTIVITY].most)
    if repair.points > left:
        raise NotRepairable(repair.points, max(0, left))
    return _propose(tx, actor, asdict(repair) | {"law": law.cite(cap)}, why, now)


def propose_reversal(
    tx: Tx, actor: Actor, no: int, document: str, decided_on: date, why: str, now: datetime
) -> Points:
    """Propose that an approved line be undone as a whole, by the decision `document`; raises `NoLine`."""
    line = entry(tx, no)
    require(actor, Role.INVESTIGATOR, line.area)
    _documented(document, decided_on, now)
    others = _counting(history(tx, line.practitioner))
    if not line.approved or line.kind is Kind.REVERSAL or no in {one.undoes for one in others}:
        raise NoLine(no)
    row = {
        "kind": Kind.REVERSAL, "practitioner": line.practitioner, "area": line.area,
        "points": line.points, "document": document, "decided_on": decided_on,
        "law": line.law, "undoes": no,
    }  # fmt: skip
    return _propose(tx, actor, row, why, now)


def review(tx: Tx, actor: Actor, no: int, why: str, now: datetime, *, approve: bool) -> Decided:
    """Approve or refuse a proposed line; its maker may not, and the database holds that too.

    Raises `NoLine`, `NotAllowed`, `SamePerson` and `NoReason`.
    """
    line = entry(tx, no)
    require(actor, Role.APPROVER, line.area)
    if line.approved is not None:
        raise NoLine(no)
    if line.maker == actor.name:
        raise SamePerson(actor.name, f"line {no} of the points ledger")
    law = law_on(line.decided_on, line.area)
    first = approve and line.kind is Kind.ACT and _first_in_area(tx, line.area)
    action = "points.approve" if approve else "points.refuse"
    row = {"no": no, "approved": approve, "reviewer": actor.name, "reviewed_at": now, "review": why}
    audit_why = why.strip()
    if not audit_why:
        raise NoReason(action)
    tx.execute(insert(POINTS_REVIEW).values(row))
    now_standing = standing(tx, line.practitioner, line.decided_on.year, law)
    told = reports(law, line, first=first) if approve and line.kind is Kind.ACT else ()
    decided = Decided(entry(tx, no), now_standing, consequence(law, now_standing), told)
    facts = {
        "no": no, "year": now_standing.year, "points": now_standing.points,
        "effect": decided.consequence.effect, "report_up": [report.rule for report in told],
    }  # fmt: skip
    audit.append(tx, actor, action, line.practitioner, why, now, line.law, facts)
    return decided


def entry(tx: Tx, no: int) -> Points:
    """One line; raises `NoLine`."""
    found = _lines(tx, POINTS.c.no == no)
    if not found:
        raise NoLine(no)
    return found[0]


def history(tx: Tx, practitioner: str) -> tuple[Points, ...]:
    """Every line of a practitioner, oldest first."""
    return _lines(tx, POINTS.c.practitioner == practitioner)


def waiting(tx: Tx) -> tuple[Points, ...]:
    """The lines nobody has reviewed yet, oldest first."""
    return _lines(tx, POINTS_REVIEW.c.no.is_(None))


def standing(tx: Tx, practitioner: str, year: int, law: Law) -> Standing:
    """Where a practitioner stands in a natural year, by approved lines only."""
    return stand(year, history(tx, practitioner), law[Rule.POINTS_CAP].most)


def _propose(tx: Tx, actor: Actor, row: dict[str, Any], why: str, now: datetime) -> Points:
    no = (tx.execute(select(func.max(POINTS.c.no))).scalar() or 0) + 1
    row = {"village": False} | row | {"no": no, "maker": actor.name, "made_at": now}
    tx.execute(insert(POINTS).values(row))
    facts = {"no": no, "kind": row["kind"], "points": row["points"], "document": row["document"]}
    facts["decided_on"] = row["decided_on"]
    audit.append(tx, actor, "points.propose", row["practitioner"], why, now, row["law"], facts)
    return entry(tx, no)


def _documented(document: str, decided_on: date, now: datetime) -> None:
    if not document.strip() or decided_on > now.date():
        raise NoDocument(document, decided_on)


def _counting(lines: Sequence[Points]) -> list[Points]:
    """What is approved or may yet be, less what was undone."""
    undone = {line.undoes for line in lines if line.approved}
    return [line for line in lines if line.approved is not False and line.no not in undone]


def _first_in_area(tx: Tx, area: str) -> bool:
    return not any(
        line.approved and line.kind is Kind.ACT for line in _lines(tx, POINTS.c.area == area)
    )


def _lines(tx: Tx, *wanted: ColumnElement[bool]) -> tuple[Points, ...]:
    both = POINTS.outerjoin(POINTS_REVIEW, POINTS.c.no == POINTS_REVIEW.c.no)
    reviewed = [column for column in POINTS_REVIEW.c if column.name != "no"]
    found = select(*POINTS.c, *reviewed).select_from(both).where(*wanted).order_by(POINTS.c.no)
    return tuple(_line(dict(row)) for row in tx.execute(found).mappings())


def _line(row: dict[str, Any]) -> Points:
    for name, kind in (("kind", Kind), ("responsibility", Responsibility), ("measure", Measure)):
        row[name] = row[name] and kind(row[name])
    return Points(**row)
