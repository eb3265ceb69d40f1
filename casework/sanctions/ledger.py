"""Proposing, approving and lifting sanctions; in force is only what a second person approved."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from casework import approval
from casework.approval import Proposal
from casework.errors import NoDocument, NoSanction, NotDue
from casework.law import law_on
from casework.people import Actor, Role, require
from casework.points import Effect, consequence, standing
from casework.sanctions.planned import planned, reach_in, unchanged
from casework.sanctions.reach import Reach, Registry
from casework.sanctions.rules import PERSONAL, Kind, Person, Sanction, last_day
from casework.sql import ColumnElement, func, insert, select
from casework.store import Tx
from casework.store.case_tables import REVIEWS
from casework.store.order_tables import REACH
from casework.store.sanction_tables import LIFTS, PERSONS, SANCTIONS

SANCTION, LIFT = "sanction", "sanction.lift"
EFFECTS = {Effect.SUSPENSION: Kind.SUSPENSION, Effect.TERMINATION: Kind.TERMINATION}


def draft_by_points(
    tx: Tx, practitioner: str, area: str, year: int, begins: date, months: int,
    case_id: str | None = None,
) -> Sanction:  # fmt: skip
    """What a practitioner's approved points of `year` lead to, for a length the law allows; numbered 0.

    Raises `NotDue` where the points lead to nothing or the length is another, `NoLaw`.
    """
    law = law_on(begins, area)
    held = standing(tx, practitioner, year, law)
    follows = consequence(law, held)
    kind, term = EFFECTS.get(follows.effect), follows.months
    if kind is None or term is None or not term.least <= months <= term.most:
        raise NotDue(practitioner, held.points, months)
    ends = last_day(begins, months)
    return Sanction(0, kind, practitioner, area, begins, ends, law.cite(term), case_id)


def draft_measure(
    kind: Kind, place: str, area: str, begins: date, ends: date | None, law: str,
    persons: Sequence[Person], case_id: str | None = None,
) -> Sanction:  # fmt: skip
    """A measure against a place under the document and article `law`; numbered 0.

    `persons` are those of the place, each responsible or not. Raises `NoDocument` without `law`,
    `NotDue` for a person's sanction, `NoLaw`.
    """
    law_on(begins, area)
    if kind in PERSONAL:
        raise NotDue(place, 0, 0)
    if not law.strip():
        raise NoDocument(law, begins)
    return Sanction(0, kind, place, area, begins, ends, law, case_id, persons=tuple(persons))


def propose(
    tx: Tx, actor: Actor, draft: Sanction, registry: Registry, why: str, now: datetime
) -> Sanction:
    """Propose a drafted sanction with the reach it has now, which is what another person approves.

    Raises `NotAllowed`, `NoReason`, `NoCode`, and `NoTable` where registrations were never loaded.
    """
    require(actor, Role.INVESTIGATOR, draft.area)
    row: dict[str, Any] = {
        name: getattr(draft, name)
        for name in ("kind", "target", "area", "begins", "ends", "law", "case_id")
    }
    plan = planned(draft, registry, now.date())
    persons = [vars(person) for person in draft.persons]
    content = {**row, "persons": persons, **plan.content}
    made = approval.propose(
        tx, actor, SANCTION, draft.target, draft.area, content, why, now, draft.law
    )
    tx.execute(insert(SANCTIONS).values(no=made.no, **row))
    if persons:
        tx.execute(insert(PERSONS), [person | {"no": made.no} for person in persons])
    if plan.lines:
        tx.execute(insert(REACH), plan.rows(made.no, actor, now))
    return sanction(tx, made.no)


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
    tx: Tx, actor: Actor, no: int, registry: Registry, why: str, now: datetime, *, approve: bool
) -> Sanction:
    """Approve or refuse a proposed sanction; approved, the store has an order for each registration proposed.

    Raises `SamePerson` for its maker, `NoLaw`, and `ReachChanged` where the live data would reach others.
    """
    found = sanction(tx, no)
    law_on(found.begins, found.area)
    if approve:
        unchanged(found, approval.proposal(tx, no), registry, now.date())
    approval.decide(tx, actor, no, SANCTION, why, now, approve=approve)
    return sanction(tx, no)


def decide_lift(
    tx: Tx, actor: Actor, no: int, why: str, now: datetime, *, approve: bool
) -> Sanction:
    """Approve or refuse the proposed lift `no`; approved, an order reverses each order of the sanction.

    Raises `SamePerson` for its maker, and `NoSanction` where it is lifted already.
    """
    proposal = approval.proposal(tx, no)
    if approve and proposal.kind == LIFT and _lifted(tx, no).lifted is not None:
        raise NoSanction(_lifted(tx, no).no)
    approval.decide(tx, actor, no, LIFT, why, now, approve=approve)
    return _lifted(tx, no)


def _lifted(tx: Tx, no: int) -> Sanction:
    return sanction(tx, tx.execute(select(LIFTS.c.sanction).where(LIFTS.c.no == no)).scalar_one())


def sanction(tx: Tx, no: int) -> Sanction:
    """One sanction; raises `NoSanction`."""
    found = _sanctions(tx, SANCTIONS.c.no == no)
    if not found:
        raise NoSanction(no)
    return found[0]


def reach_of(tx: Tx, no: int) -> Reach:
    """The reach a sanction was proposed with, each registration of which is one order once it is approved."""
    return reach_in(approval.proposal(tx, no), sanction(tx, no))


def waiting(tx: Tx) -> tuple[Sanction, ...]:
    """The sanctions nobody has decided yet, oldest first."""
    return _sanctions(tx, REVIEWS.c.no.is_(None))


def approved(tx: Tx) -> tuple[Sanction, ...]:
    """Every approved sanction, over or not, oldest first."""
    return _sanctions(tx, REVIEWS.c.approved)


def of_case(tx: Tx, case_id: str) -> tuple[Sanction, ...]:
    """Every sanction proposed in a case, oldest first."""
    return _sanctions(tx, SANCTIONS.c.case_id == case_id)


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
