"""What two bureaux tell each other of requests and bills: everything each time, so that order does not matter."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from casework import audit
from casework.assistance import batches, ledger
from casework.assistance.errors import StrangeLetter
from casework.assistance.ledger import opened, requests
from casework.assistance.rules import Bill, Direction, Request, State
from casework.people import Actor, Role, inside, require
from casework.sql import insert
from casework.store import Tx
from casework.store.assistance_tables import BILLS, CONFIRMATIONS, REQUESTS, RESULTS

Letter = Mapping[str, Any]
"""One thing said, of plain JSON values; `kind` says which."""

_REQUEST = ("case_no", "law", "contacts", "maker")
_DAYS = ("first", "last", "reply_by")


def letters(tx: Tx, key: bytes, partner: str, today: date) -> tuple[Letter, ...]:
    """All that this side has to say to the bodies of `partner`; taking it in twice changes nothing."""
    return (*_requests(tx, key, partner), *_bills(tx, key, partner, today))


def receive(
    tx: Tx, actor: Actor, key: bytes, partner: str, said: Sequence[Letter], now: datetime
) -> int:
    """Take in what `partner` says; how much of it was new.

    Raises `NotAllowed`, and `StrangeLetter` for what `partner` has no right to say or does not fit.
    """
    require(actor, Role.LIAISON)
    order = list(_TAKEN)
    try:
        sorted_ = sorted(said, key=lambda one: order.index(one["kind"]))
        new = sum(_TAKEN[one["kind"]](tx, key, partner, one, now) for one in sorted_)
    except (KeyError, ValueError, TypeError) as wrong:
        raise StrangeLetter(partner, str(wrong)) from wrong
    facts = {"letters": len(said), "new": new}
    audit.append(tx, actor, "assistance.receive", partner, partner, now, facts=facts)
    return new


def _requests(tx: Tx, key: bytes, partner: str) -> Iterator[Letter]:
    for one in requests(tx):
        if not _of(partner, one.partner):
            continue
        done = {step.event: step for step in one.steps}
        texts = opened(tx, key, one)
        if one.direction is Direction.OUT and State.SENT in done:
            named = {name: getattr(one, name) for name in ("id", "asker", "asked", *_REQUEST)}
            days = {name: getattr(one, name).isoformat() for name in (*_DAYS, "made_at")}
            sealed = {name: texts[name] for name in ("subject", "what")}
            yield {"kind": "request", **named, **days, **sealed}
        own = State.WITHDRAWN if one.direction is Direction.OUT else State.ANSWERED
        if own in done:
            step = done[own]
            at = step.at.isoformat()
            yield {"kind": own, "id": one.id, "text": texts[own], "author": step.actor, "at": at}


def _bills(tx: Tx, key: bytes, partner: str, today: date) -> Iterator[Letter]:
    for one in batches.bills(tx, today):
        if not _of(partner, one.partner):
            continue
        if one.direction is Direction.OUT:
            named = {
                name: getattr(one, name)
                for name in ("id", "asker", "asked", "stay", "place", "total")
            }
            days = {"batch": one.batch.isoformat(), "made_at": one.made_at.isoformat()}
            yield {"kind": "bill", **named, **days, "certno": batches.certno(tx, key, one)}
            if one.confirmed_at:
                yield {"kind": "confirmation", "id": one.id, "at": one.confirmed_at.isoformat()}
        elif one.result:
            facts = {"correct": one.result.correct, "reason": one.result.reason}
            at = one.result.at.isoformat()
            yield {"kind": "result", "id": one.id, **facts, "author": one.result.author, "at": at}


def _take_request(tx: Tx, key: bytes, partner: str, one: Letter, _: datetime) -> bool:
    _asks_itself(partner, one)
    if requests(tx, REQUESTS.c.id == one["id"]):
        return False
    names = ("asker", "asked", *_REQUEST, "subject", "what")
    facts: dict[str, Any] = {name: str(one[name]) for name in names}
    facts |= {name: date.fromisoformat(one[name]) for name in _DAYS}
    facts["made_at"] = datetime.fromisoformat(one["made_at"])
    ledger.enter(tx, key, Direction.IN, str(one["id"]), facts)
    return True


def _take_end(tx: Tx, key: bytes, partner: str, one: Letter, _: datetime) -> bool:
    direction = Direction.IN if one["kind"] == State.WITHDRAWN else Direction.OUT
    found = _request(tx, partner, one, direction)
    event = State(one["kind"])
    if any(step.event is event for step in found.steps):
        return False
    if found.state in (State.ANSWERED, State.WITHDRAWN):
        return False
    at = datetime.fromisoformat(one["at"])
    ledger.enter_step(tx, found, event, at, str(one["author"]), key, str(one["text"]))
    return True


def _take_bill(tx: Tx, key: bytes, partner: str, one: Letter, now: datetime) -> bool:
    _asks_itself(partner, one)
    if batches.bills(tx, now.date(), BILLS.c.id == one["id"]):
        return False
    if date.fromisoformat(one["batch"]) > now.date():
        raise StrangeLetter(partner, "its batch is of a day to come")
    batches.next_batch(date.fromisoformat(one["batch"]), one["asker"])
    names = ("asker", "asked", "stay", "place", "certno")
    facts: dict[str, Any] = {name: str(one[name]) for name in names}
    facts |= {"total": int(one["total"]), "maker": partner}
    facts |= {
        "batch": date.fromisoformat(one["batch"]),
        "made_at": datetime.fromisoformat(one["made_at"]),
    }
    batches.enter(tx, key, Direction.IN, str(one["id"]), facts)
    return True


def _take_result(tx: Tx, key: bytes, partner: str, one: Letter, now: datetime) -> bool:
    found = _bill(tx, partner, one, Direction.OUT, now)
    if found.result is not None:
        return False
    row = {"no": found.no, "correct": one["correct"] is True, "reason": str(one["reason"])}
    row |= {"author": str(one["author"]), "at": datetime.fromisoformat(one["at"])}
    tx.execute(insert(RESULTS).values(row))
    return True


def _take_confirmation(tx: Tx, key: bytes, partner: str, one: Letter, now: datetime) -> bool:
    found = _bill(tx, partner, one, Direction.IN, now)
    if found.confirmed_at is not None:
        return False
    at = datetime.fromisoformat(one["at"])
    tx.execute(insert(CONFIRMATIONS).values(no=found.no, author=partner, at=at))
    return True


def _asks_itself(partner: str, one: Letter) -> None:
    if not _of(partner, one["asker"]) or _of(partner, one["asked"]):
        raise StrangeLetter(partner, "it asks in the name of another body")


def _of(partner: str, body: str) -> bool:
    """Whether a body belongs to the side whose code is `partner`."""
    return inside(frozenset({partner}), body)


def _request(tx: Tx, partner: str, one: Letter, direction: Direction) -> Request:
    found = requests(tx, REQUESTS.c.id == one["id"])
    if not found or not _of(partner, found[0].partner) or found[0].direction is not direction:
        raise StrangeLetter(partner, f"it tells of {one['id']}, which is none of its requests")
    return found[0]


def _bill(tx: Tx, partner: str, one: Letter, direction: Direction, now: datetime) -> Bill:
    found = batches.bills(tx, now.date(), BILLS.c.id == one["id"])
    if not found or not _of(partner, found[0].partner) or found[0].direction is not direction:
        raise StrangeLetter(partner, f"it tells of {one['id']}, which is none of its bills")
    return found[0]


_TAKEN = {
    "request": _take_request,
    State.WITHDRAWN: _take_end,
    State.ANSWERED: _take_end,
    "bill": _take_bill,
    "result": _take_result,
    "confirmation": _take_confirmation,
}
"""How each kind is taken in, in this order."""
