"""Proposing, approving and lifting sanctions; in force is only what a second person approved."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from casework import approval
from casework.approval import Proposal
from casework.errors import NoDocument, NoSanction, NotDue
from casework.law import law_on
from casework.people import Actor, Role, require
from casework.points import Effect, consequence, standing
from casework.sanctions.rules import PERSONAL, Kind, Person, Sanction, last_day
from casework.sql import ColumnElement, func, insert, select
from casework.store import Tx
from casework.store.case_tables import REVIEWS
from casework.store.sanction_tables import LIFTS, PERSONS, SANCTIONS

SANCTION, LIFT = "sanction", "sanction.lift"
EFFECTS = {Effect.SUSPENSION: Kind.SUSPENSION, Effect.TERMINATION: Kind.TERMINATION}


def propose_by_points(
    tx: Tx, actor: Actor, practitioner: str, area: str, year: int, begins: date, months: int,
    why: str, now: datetime, case_id: str | None = None,
) -> Sanction:  # fmt: skip
    """Propose what a practitioner's approved points of `year` lead to, for a length the law allows.

    Raises `NotDue` where the points lead to nothing or the length is another, `NotAllowed`, `NoLaw`.
    """
    require(actor, Role.INVESTIGATOR, area)
    law = law_on(begins, area)
    held = standing(tx, practitioner, year, law)
    follows = consequence(law, held)
    kind, term = EFFECTS.get(follows.effect), follows.months
    if kind is None or term is None or not term.least <= months <= term.most:
        raise NotDue(practitioner, held.points, months)
    row = {
        "kind": kind, "target": practitioner, "area": area, "begins": begins,
        "ends": last_day(begins, months), "law": law.cite(term), "case_id": case_id,
    }  # fmt: skip
    return _propose(tx, actor, row, (), why, now)


def propose_measure(
    tx: Tx, actor: Actor, kind: Kind, place: str, area: str, begins: date, ends: date | None,
    law: str, persons: Sequence[Person], why: str, now: datetime, case_id: str | None = None,
) -> Sanction:  # fmt: skip
    """Propose a measure against a place under the document and article `law`.

    `persons` are those of the place, each responsible or not. Raises `NoDocument` without `law`,
    `NotDue` for a person's sanction, `NotAllowed`, `NoLaw`.
    """
    require(actor, Role.INVESTIGATOR, area)
    law_on(begins, area)
    if kind in PERSONAL:
        raise NotDue(place, 0, 0)
    if not law.strip():
        raise NoDocument(law, begins)
    row = {
        "kind": kind, "target": place, "area": area, "begins": begins, "ends": ends, "law": law,
        "case_id": case_id,
    }  # fmt: skip
    return _propose(tx, actor, row, persons, why, now)


def propose_lift(tx: Tx, actor: Actor, no: int, begins: date, why: str, now: datetime) -> Proposal:
    """Propose that an approved sanction end before its time, from `begins` on (appeal won, mistake)."""
    found = sanction(tx, no)
    require(actor, Role.INVESTIGATOR, found.area)
    if not found.approved or found.lifted is not None:
        raise NoSanction(no)
    content = {"sanction": no, "begins": begins}
    made = approval.propose(tx, actor, LIFT, found.target, found.area, content, why, now, found.law)
    tx.execute(insert(LIFTS).values(no=made.no, sanction=no, begins=begins))
    return made


def decide_sanction(
    tx: Tx, actor: Actor, no: int, why: str, now: datetime, *, approve: bool
) -> Sanction:
    """Approve or refuse a proposed sanction; raises `SamePerson` for its maker, `NoLaw`."""
    found = sanction(tx, no)
    law_on(found.begins, found.area)
    approval.decide(tx, actor, no, SANCTION, why, now, approve=approve)
    return sanction(tx, no)


def decide_lift(
    tx: Tx, actor: Actor, no: int, why: str, now: datetime, *, approve: bool
) -> Sanction:
    """Approve or refuse the proposed lift `no`; raises `SamePerson` for its maker."""
    approval.decide(tx, actor, no, LIFT, why, now, approve=approve)
    lifted = tx.execute(select(LIFTS.c.sanction).where(LIFTS.c.no == no)).scalar_one()
    return sanction(tx, lifted)


def sanction(tx: Tx, no: int) -> Sanction:
    """One sanction; raises `NoSanction`."""
    found = _sanctions(tx, SANCTIONS.c.no == no)
    if not found:
        raise NoSanction(no)
    return found[0]


def sanctions_of(tx: Tx, id_: str) -> tuple[Sanction, ...]:
    """Every sanction that names a practitioner or a place, as target or as a person of a place; oldest first."""
    touched = select(PERSONS.c.no).where(PERSONS.c.practitioner == id_)
    return _sanctions(tx, (SANCTIONS.c.target == id_) | SANCTIONS.c.no.in_(touched))


def qualification(tx: Tx, practitioner: str, day: date) -> Kind | None:
    """The sanction that holds a practitioner's payment qualification on `day`; None: nothing does."""
    kinds = {
        one.effects[practitioner]
        for one in sanctions_of(tx, practitioner)
        if one.in_force(day) and practitioner in one.effects
    }
    return max(kinds, key=list(Kind).index, default=None)


def _propose(
    tx: Tx, actor: Actor, row: Mapping[str, Any], persons: Sequence[Person], why: str, now: datetime
) -> Sanction:
    content = {**row, "persons": [vars(person) for person in persons]}
    made = approval.propose(
        tx, actor, SANCTION, row["target"], row["area"], content, why, now, row["law"]
    )
    tx.execute(insert(SANCTIONS).values(no=made.no, **row))
    if persons:
        tx.execute(insert(PERSONS), [vars(person) | {"no": made.no} for person in persons])
    return sanction(tx, made.no)


def _sanctions(tx: Tx, *wanted: ColumnElement[bool]) -> tuple[Sanction, ...]:
    lifted = (
        select(LIFTS.c.sanction, func.min(LIFTS.c.begins).label("lifted"))
        .join(REVIEWS, REVIEWS.c.no == LIFTS.c.no)
        .where(REVIEWS.c.approved)
        .group_by(LIFTS.c.sanction)
        .subquery()
    )
    both = SANCTIONS.outerjoin(REVIEWS, REVIEWS.c.no == SANCTIONS.c.no).outerjoin(
        lifted, lifted.c.sanction == SANCTIONS.c.no
    )
    columns = (*SANCTIONS.c, REVIEWS.c.approved, lifted.c.lifted)
    rows = tx.execute(
        select(*columns).select_from(both).where(*wanted).order_by(SANCTIONS.c.no)
    ).mappings()
    found = [dict(row) for row in rows]
    of = select(PERSONS).where(PERSONS.c.no.in_([row["no"] for row in found]))
    persons: dict[int, list[Person]] = {}
    for no, *person in tx.execute(of.order_by(PERSONS.c.practitioner)):
        persons.setdefault(no, []).append(Person(*person))
    return tuple(
        Sanction(**row | {"kind": Kind(row["kind"]), "persons": tuple(persons.get(row["no"], ()))})
        for row in found
    )
