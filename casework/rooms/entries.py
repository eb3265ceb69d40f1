"""What is said in a review room: entries of one side each, kept for good, the same on every side.

An entry's id is the SHA-256 of what it says. Sides exchange whole sets of entries; a room is a function of the set,
so that it does not matter in which order, how often or by which way they arrive.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from casework import audit
from casework.errors import NoReason
from casework.people import Actor, Role, require
from casework.rooms.errors import NamesAPerson, NotASide, StrangeEntry
from casework.sql import func, insert, select
from casework.store import Tx
from casework.store.room_tables import ENTRIES

LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){10,}")
"""Eleven digits or more, as phones, identity numbers and accounts have."""
WORDS = ("text", "what", "place", "document", "result")
"""Fields of an entry that people write freely."""


class Kind(StrEnum):
    """What an entry does."""

    JOIN = "join"
    LEAVE = "leave"
    OPINION = "opinion"
    SIGN = "sign"
    TASK = "task"
    END = "end"
    ESCALATE = "escalate"
    RULING = "ruling"
    MEETING = "meeting"


@dataclass(frozen=True)
class Seat:
    """Where this installation sits: the review, its own side, and all sides, each the code of a body.

    `holders`: by ring the sides that hold somebody in it; they alone hear of it and sign it off.
    """

    review: str
    side: str
    sides: tuple[str, ...]
    holders: Mapping[str, frozenset[str]]

    def __post_init__(self) -> None:
        if self.side not in self.sides:
            raise NotASide(self.review, self.side)


@dataclass(frozen=True)
class Entry:
    """One thing somebody of `side` said, its `seq`-th; `ring` is empty where it is about the review."""

    id: str
    review: str
    side: str
    seq: int
    kind: Kind
    ring: str
    author: str
    at: datetime
    content: Mapping[str, Any]

    @property
    def order(self) -> tuple[datetime, str, int]:
        """Where it stands among all, the same on every side."""
        return (self.at, self.side, self.seq)


def say(
    tx: Tx, actor: Actor, role: Role, seat: Seat, kind: Kind, ring: str,
    content: Mapping[str, Any], why: str, now: datetime, law: str | None = None,
) -> Entry:  # fmt: skip
    """Add an entry of our own side; raises `NotAllowed`, `NoReason`, `NamesAPerson`, `RefusedByStore`."""
    require(actor, role, seat.side)
    if not why.strip():
        raise NoReason(f"room.{kind}")
    if any(LONG_NUMBER.search(str(content.get(name, ""))) for name in WORDS):
        raise NamesAPerson
    mine = (ENTRIES.c.review == seat.review, ENTRIES.c.side == seat.side)
    held = tx.execute(select(func.max(ENTRIES.c.seq), func.max(ENTRIES.c.at)).where(*mine)).one()
    seq, at = (held[0] or 0) + 1, now.replace(microsecond=0)
    at = max(at, held[1] or at)
    facts = _facts(seat.review, seat.side, seq, kind, ring, actor.name, at, content)
    made = Entry(entry_id(facts), seat.review, seat.side, seq, kind, ring, actor.name, at, content)
    tx.execute(insert(ENTRIES).values(_row(made, own=True, now=now)))
    told = {"entry": made.id, "ring": ring}
    audit.append(tx, actor, f"room.{kind}", seat.review, why, now, law, told)
    return made


def spoken(tx: Tx, seat: Seat, to: str) -> tuple[Mapping[str, Any], ...]:
    """All our own side said in a room that the side `to` may hear, as it travels: plain JSON values.

    Of a ring in which `to` holds nobody it hears nothing.
    """
    own = [one for one in entries(tx, seat.review) if one.side == seat.side]
    heard = [one for one in own if not one.ring or to in seat.holders.get(one.ring, ())]
    return tuple({"id": one.id, **_said(one)} for one in heard)


def hear(
    tx: Tx, actor: Actor, seat: Seat, side: str, said: Sequence[Mapping[str, Any]], now: datetime
) -> int:
    """Take in what `side` said of itself; how much was new. Again, in part or in another order is the same.

    Raises `NotAllowed`, `NotASide`, and `StrangeEntry` for a changed entry or one that another side made.
    """
    require(actor, Role.LIAISON, seat.side)
    if side not in seat.sides or side == seat.side:
        raise NotASide(seat.review, side)
    held = {one.id: one for one in entries(tx, seat.review)}
    taken = {one.seq: one.id for one in held.values() if one.side == side}
    new = 0
    for facts in said:
        found = _heard(seat, side, facts)
        if found.id in held:
            continue
        if taken.setdefault(found.seq, found.id) != found.id:
            raise StrangeEntry(side, f"it has two entries of number {found.seq}")
        held[found.id] = found
        tx.execute(insert(ENTRIES).values(_row(found, own=False, now=now)))
        new += 1
    told = {"side": side, "entries": len(said), "new": new}
    audit.append(tx, actor, "room.hear", seat.review, side, now, facts=told)
    return new


def entries(tx: Tx, review: str) -> tuple[Entry, ...]:
    """Everything said in a room, in the order that is the same on every side."""
    rows = tx.execute(select(ENTRIES).where(ENTRIES.c.review == review)).mappings()
    return ordered(_entry(row) for row in rows)


def ordered(found: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries in the one order."""
    return tuple(sorted(found, key=lambda one: one.order))


def entry_id(facts: Mapping[str, Any]) -> str:
    """The id that belongs to what an entry says."""
    canonical = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"re_{hashlib.sha256(canonical.encode()).hexdigest()}"


def _heard(seat: Seat, side: str, facts: Mapping[str, Any]) -> Entry:
    try:
        told = {name: facts[name] for name in _NAMES}
        found = Entry(
            id=str(facts["id"]),
            **told | {"kind": Kind(told["kind"]), "at": datetime.fromisoformat(told["at"])},
        )
        right = found.id == entry_id(told) and found.at.isoformat() == told["at"]
    except (KeyError, ValueError, TypeError) as wrong:
        raise StrangeEntry(side, f"it is no entry ({wrong})") from wrong
    plain = type(found.seq) is int and found.seq > 0 and isinstance(found.content, dict)
    named = isinstance(found.ring, str) and isinstance(found.author, str) and found.author.strip()
    if not (right and plain and named) or found.at.tzinfo is not None:
        raise StrangeEntry(side, "an entry is not as it was written")
    if (found.review, found.side) != (seat.review, side):
        raise StrangeEntry(side, "an entry is of another side or another review")
    return found


_NAMES = ("review", "side", "seq", "kind", "ring", "author", "at", "content")


def _facts(*values: Any) -> dict[str, Any]:
    facts = dict(zip(_NAMES, values, strict=True))
    return facts | {"at": facts["at"].isoformat(), "content": dict(facts["content"])}


def _said(one: Entry) -> dict[str, Any]:
    return _facts(*(getattr(one, name) for name in _NAMES))


def _row(one: Entry, *, own: bool, now: datetime) -> dict[str, Any]:
    content = json.dumps(one.content, ensure_ascii=False, sort_keys=True)
    return vars(one) | {"content": content, "own": own, "arrived_at": now}


def _entry(row: Mapping[Any, Any]) -> Entry:
    facts = {name: row[name] for name in ("id", *_NAMES)}
    return Entry(**facts | {"kind": Kind(row["kind"]), "content": json.loads(row["content"])})
