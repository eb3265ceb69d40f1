"""Opening, finding and moving cases; every change and its audit entry are one transaction."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from casework import audit
from casework.cases.rules import (
    Case,
    Origin,
    Outcome,
    Queue,
    Source,
)
from casework.errors import NoCase, NoEnd, NotASecondCase, NoTransition, OpenAlready
from casework.people import Actor, Role, prefix_of, require
from casework.sql import func, insert, or_, select, update
from casework.steps import PLAIN, TRANSITIONS, Status
from casework.store import Tx
from casework.store.case_tables import CASES, LINKS


def open_case(
    tx: Tx, actor: Actor, title: str, source: Source, area: str, why: str, now: datetime
) -> Case:
    """Open a case. A source that has an open case already is refused (`OpenAlready`)."""
    require(actor, Role.INVESTIGATOR, area)
    if source.id is not None:
        same = (CASES.c.origin == source.origin, CASES.c.origin_id == source.id)
        closed = CASES.c.status.in_([Status.CLOSED, Status.MERGED])
        held = tx.execute(select(CASES.c.id).where(*same, ~closed)).scalar()
        if held is not None:
            raise OpenAlready(source.id, held)
    no = (tx.execute(select(func.max(CASES.c.no))).scalar() or 0) + 1
    row = {
        "no": no, "id": f"cs_{no}", "title": title, "origin": source.origin,
        "origin_id": source.id, "origin_facts": json.dumps(source.facts or {}, ensure_ascii=False),
        "area": area, "status": Status.NEW, "opened_by": actor.name, "opened_at": now,
        "changed_at": now, "fed": False,
    }  # fmt: skip
    tx.execute(insert(CASES).values(row))
    facts = {"origin": source.origin, "origin_id": source.id, "title": title}
    audit.append(tx, actor, "case.open", f"cs_{no}", why, now, facts=facts)
    return case(tx, f"cs_{no}")


def case(tx: Tx, id_: str) -> Case:
    """The case; raises `NoCase`."""
    found = tx.execute(select(CASES).where(CASES.c.id == id_)).mappings().first()
    if found is None:
        raise NoCase(id_)
    return _case(found)


def queue(
    tx: Tx,
    today: date,
    *,
    status: Status | None = None,
    assignee: str | None = None,
    regions: frozenset[str] = frozenset(),
    offset: int = 0,
    limit: int = 50,
) -> Queue:
    """Cases, longest untouched first; without `status` whatever waits for somebody `today`.

    That is: neither closed nor merged, nor snoozed beyond `today`. `regions` are 区划 codes; none: all.
    """
    wanted: list[Any] = []
    if status is not None:
        wanted.append(CASES.c.status == status)
    else:
        wanted.append(CASES.c.status.not_in([Status.CLOSED, Status.MERGED]))
        wanted.append(or_(CASES.c.snoozed_until.is_(None), CASES.c.snoozed_until < today))
    if assignee is not None:
        wanted.append(CASES.c.assignee == assignee)
    if regions:
        wanted.append(or_(*(CASES.c.area.startswith(prefix_of(one)) for one in sorted(regions))))
    total = tx.execute(select(func.count()).select_from(CASES).where(*wanted)).scalar_one()
    found = select(CASES).where(*wanted).order_by(CASES.c.changed_at, CASES.c.no)
    rows = tx.execute(found.offset(offset).limit(limit)).mappings()
    return Queue(tuple(_case(row) for row in rows), total)


def move(tx: Tx, actor: Actor, id_: str, target: Status, why: str, now: datetime) -> Case:
    """Take a case to `target`, `NEW` or `INVESTIGATING`; the other statuses have functions of their own.

    Raises `NoTransition` and `NotAllowed`.
    """
    found = case(tx, id_)
    if target not in PLAIN or found.status is Status.CLOSING:
        raise NoTransition(id_, found.status, target)
    return step(tx, actor, found, target, "case.move", why, now, snoozed_until=None, outcome=None)


def snooze(tx: Tx, actor: Actor, id_: str, until: date, why: str, now: datetime) -> Case:
    """Put a case aside up to and with `until`; afterwards it is in the queue again."""
    if until <= now.date():
        raise NoEnd(id_, until)
    return step(
        tx, actor, case(tx, id_), Status.SNOOZED, "case.snooze", why, now, snoozed_until=until
    )


def assign(tx: Tx, actor: Actor, id_: str, assignee: str, why: str, now: datetime) -> Case:
    """Give a case to somebody."""
    found = case(tx, id_)
    require(actor, Role.INVESTIGATOR, found.area)
    return change(tx, actor, found, "case.assign", why, now, {}, assignee=assignee)


def merge(tx: Tx, actor: Actor, id_: str, into: str, why: str, now: datetime) -> Case:
    """End a case in another that goes on; both keep what they hold. Raises `NotASecondCase`."""
    found, other = case(tx, id_), case(tx, into)
    if other.id == found.id or other.status in (Status.CLOSED, Status.MERGED):
        raise NotASecondCase(id_, into)
    require(actor, Role.INVESTIGATOR, other.area)
    audit.append(tx, actor, "case.absorb", into, why, now, facts={"case": id_})
    return step(tx, actor, found, Status.MERGED, "case.merge", why, now, merged_into=into)


def link(tx: Tx, actor: Actor, id_: str, other: str, why: str, now: datetime) -> None:
    """Note that two cases have to do with each other. Raises `NotASecondCase`."""
    one, two = sorted({case(tx, id_).id, case(tx, other).id}) * (2 if id_ == other else 1)
    held = select(LINKS).where(LINKS.c.one == one, LINKS.c.other == two)
    if one == two or tx.execute(held).first() is not None:
        raise NotASecondCase(id_, other)
    require(actor, Role.INVESTIGATOR, case(tx, id_).area)
    tx.execute(insert(LINKS).values(one=one, other=two, author=actor.name, at=now, why=why))
    audit.append(tx, actor, "case.link", id_, why, now, facts={"case": other})


def linked(tx: Tx, id_: str) -> tuple[str, ...]:
    """The ids of the cases linked with this one."""
    either = select(LINKS.c.one, LINKS.c.other).where(or_(LINKS.c.one == id_, LINKS.c.other == id_))
    return tuple(sorted(two if one == id_ else one for one, two in tx.execute(either)))


def step(
    tx: Tx, actor: Actor, found: Case, target: Status, action: str, why: str, now: datetime,
    **changes: Any,
) -> Case:  # fmt: skip
    """One step of the table of transitions with its audit entry; raises `NoTransition`, `NotAllowed`."""
    steps = [one for one in TRANSITIONS if (one.source, one.target) == (found.status, target)]
    if not steps:
        raise NoTransition(found.id, found.status, target)
    require(actor, steps[0].role, found.area)
    facts = {"from": found.status, "to": target}
    return change(tx, actor, found, action, why, now, facts, status=target, **changes)


def change(
    tx: Tx, actor: Actor, found: Case, action: str, why: str, now: datetime,
    facts: Mapping[str, Any], **changes: Any,
) -> Case:  # fmt: skip
    """Write `changes` of a case and tell of them."""
    tx.execute(update(CASES).where(CASES.c.id == found.id).values(changed_at=now, **changes))
    told = {name: value for name, value in changes.items() if name != "status" and value}
    audit.append(tx, actor, action, found.id, why, now, facts={**facts, **told})
    return case(tx, found.id)


def _case(row: Mapping[Any, Any]) -> Case:
    held = dict(row)
    origin, id_ = Origin(held.pop("origin")), held.pop("origin_id")
    held["source"] = Source(origin, id_, json.loads(held.pop("origin_facts")))
    held["status"] = Status(held["status"])
    held["outcome"] = held["outcome"] and Outcome(held["outcome"])
    del held["fed"]
    return Case(**held)
