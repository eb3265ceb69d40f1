"""Requests for assistance (协查): made, sent, taken by a first responder, answered, or withdrawn."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from casework import audit
from casework.assistance.bodies import Directory
from casework.assistance.errors import NoRequest, NotWhole
from casework.assistance.rules import Direction, Request, State, Step, Wanted
from casework.clock import deadline
from casework.errors import NoReason
from casework.law import Calendar, Rule, law_on
from casework.people import Actor, Role, require
from casework.sealed import seal, unseal
from casework.sql import ColumnElement, func, insert, select
from casework.store import Tx
from casework.store.assistance_tables import REQUEST_STEPS, REQUESTS


def reply_by(asked: str, day: date, calendar: Calendar) -> date:
    """The last day by which a letter of `day` is answered, by the law of the body asked; raises `NotInLaw`."""
    begins = datetime.combine(day, datetime.min.time())
    return deadline(law_on(day, asked), Rule.ASSISTANCE_REPLY, begins, calendar).ends.date()


def create(
    tx: Tx, actor: Actor, key: bytes, directory: Directory, asker: str, asked: str,
    wanted: Wanted, now: datetime,
) -> Request:  # fmt: skip
    """Write a request of our body `asker` to the body `asked`; whom it is about is sealed with `key`.

    Raises `NotAllowed`, `NoBody`, and `NotWhole` where a letter would leave something out.
    """
    require(actor, Role.INVESTIGATOR, directory[asker].code)
    _whole(wanted, now.date(), same=directory[asked].code == asker)
    facts = {"asker": asker, "asked": asked, "maker": actor.name, "made_at": now, **asdict(wanted)}
    id_ = fresh_id("ar", asker, asked, wanted.case_no, actor.name, now, len(requests(tx)))
    no = enter(tx, key, Direction.OUT, id_, facts)
    told = {"asked": asked, "case_no": wanted.case_no, "reply_by": wanted.reply_by}
    audit.append(tx, actor, "assistance.create", f"as_{no}", wanted.case_no, now, wanted.law, told)
    return request(tx, no)


def send(tx: Tx, actor: Actor, no: int, now: datetime) -> Request:
    """Release a request; it goes with the next parcel to that side, or on paper."""
    return _step(tx, actor, Role.LIAISON, no, State.SENT, now)


def take(tx: Tx, actor: Actor, no: int, now: datetime) -> Request:
    """Take a request that came in: who takes it first has to finish it (第一响应人), and that stays."""
    role = Role.LIAISON if Role.LIAISON in actor.roles else Role.INVESTIGATOR
    return _step(tx, actor, role, no, State.TAKEN, now)


def answer(tx: Tx, actor: Actor, key: bytes, no: int, said: str, now: datetime) -> Request:
    """Answer a request that was taken."""
    return _step(tx, actor, Role.LIAISON, no, State.ANSWERED, now, key, said)


def withdraw(tx: Tx, actor: Actor, key: bytes, no: int, why: str, now: datetime) -> Request:
    """Take back a request of our own that is not answered."""
    return _step(tx, actor, Role.LIAISON, no, State.WITHDRAWN, now, key, why)


def read_request(tx: Tx, actor: Actor, key: bytes, no: int, now: datetime) -> Mapping[str, str]:
    """What is sealed of a request (`subject`, `what`, `answer`), told in the audit; raises `WrongKey`."""
    found = request(tx, no)
    require(actor, Role.LIAISON if Role.LIAISON in actor.roles else Role.INVESTIGATOR, found.own)
    audit.append(tx, actor, "assistance.read", f"as_{no}", found.case_no, now)
    return opened(tx, key, found)


def request(tx: Tx, no: int) -> Request:
    """One request; raises `NoRequest`."""
    found = requests(tx, REQUESTS.c.no == no)
    if not found:
        raise NoRequest(str(no))
    return found[0]


def requests(tx: Tx, *wanted: ColumnElement[bool]) -> tuple[Request, ...]:
    """Requests in and out, oldest first."""
    plain = [column for column in REQUESTS.c if column.name not in ("subject", "what")]
    rows = tx.execute(select(*plain).where(*wanted).order_by(REQUESTS.c.no)).mappings().all()
    steps = select(*(column for column in REQUEST_STEPS.c if column.name != "text"))
    held: dict[int, list[Step]] = {}
    for no, _, event, at, actor in tx.execute(steps.order_by(*REQUEST_STEPS.primary_key)):
        held.setdefault(no, []).append(Step(State(event), at, actor))
    return tuple(
        Request(
            **dict(row) | {"direction": Direction(row["direction"])},
            steps=tuple(held.get(row["no"], ())),
        )
        for row in rows
    )


def opened(tx: Tx, key: bytes, found: Request) -> dict[str, str]:
    """`subject`, `what` and the texts of the steps by their event."""
    row = tx.execute(select(REQUESTS).where(REQUESTS.c.no == found.no)).mappings().one()
    said = {
        name: unseal(key, f"{name} {found.id}", bytes(row[name])) for name in ("subject", "what")
    }
    texts = select(REQUEST_STEPS.c.event, REQUEST_STEPS.c.text).where(
        REQUEST_STEPS.c.no == found.no
    )
    for event, text in tx.execute(texts):
        if text:
            said[event] = unseal(key, f"{event} {found.id}", bytes(text))
    return said


def fresh_id(prefix: str, *facts: object) -> str:
    """The id of what is asked, the same on both sides; of facts that say nothing about a person."""
    named = json.dumps(facts, ensure_ascii=False, default=str)
    return f"{prefix}_{hashlib.sha256(named.encode()).hexdigest()[:24]}"


def enter(
    tx: Tx, key: bytes, direction: Direction, id_: str, facts: Mapping[str, Any]
) -> int:  # fmt: skip
    """Put a request into the store, its identity sealed; its number."""
    no = (tx.execute(select(func.max(REQUESTS.c.no))).scalar() or 0) + 1
    sealed = {name: seal(key, f"{name} {id_}", facts[name]) for name in ("subject", "what")}
    row = {**facts, "no": no, "id": id_, "direction": direction, **sealed}
    tx.execute(insert(REQUESTS).values(row))
    return no


def enter_step(
    tx: Tx, found: Request, event: State, at: datetime, actor: str, key: bytes, text: str
) -> None:
    """Put a step into the store, its text sealed."""
    row = {
        "no": found.no, "step": len(found.steps) + 1, "event": event, "at": at, "actor": actor,
        "text": seal(key, f"{event} {found.id}", text) if text else b"",
    }  # fmt: skip
    tx.execute(insert(REQUEST_STEPS).values(row))


_FOLLOWS = {
    (Direction.OUT, State.SENT): {State.MADE},
    (Direction.OUT, State.WITHDRAWN): {State.MADE, State.SENT},
    (Direction.IN, State.TAKEN): {State.MADE},
    (Direction.IN, State.ANSWERED): {State.TAKEN},
}
"""What this side may do, and after which state."""
_SAID = {State.ANSWERED, State.WITHDRAWN}


def _step(
    tx: Tx, actor: Actor, role: Role, no: int, event: State, now: datetime,
    key: bytes = b"", text: str = "",
) -> Request:  # fmt: skip
    found = request(tx, no)
    require(actor, role, found.own)
    if found.state not in _FOLLOWS.get((found.direction, event), ()):
        raise NoRequest(str(no))
    if event in _SAID and not text.strip():
        raise NoReason(f"assistance.{event}")
    enter_step(tx, found, event, now, actor.name, key, text.strip())
    audit.append(tx, actor, f"assistance.{event}", f"as_{no}", found.case_no, now, found.law)
    return request(tx, no)


def _whole(wanted: Wanted, today: date, *, same: bool) -> None:
    empty = [name for name, value in asdict(wanted).items() if not str(value).strip()]
    if not wanted.first <= wanted.last <= today:
        empty.append("period")
    if wanted.reply_by <= today:
        empty.append("reply_by")
    if same:
        empty.append("asked")
    if empty:
        raise NotWhole(tuple(dict.fromkeys(empty)))
