"""The audit: who did what to what, when, why and under which law. Append-only and hash-chained.

An entry's hash is the SHA-256 of its canonical JSON, which holds the hash of the entry before it. The count and
the last hash stand a second time in `audit_head`, so that a missing tail is seen as well.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from casework.errors import NoReason, UnknownActor
from casework.people import Actor
from casework.sql import DatabaseError, Select, func, insert, select
from casework.store import Store, Tx
from casework.store.migrations import GENESIS
from casework.store.tables import AUDIT, AUDIT_HEAD

BATCH = 2_000


@dataclass(frozen=True)
class Entry:
    """One audit entry, as it stands in the store. `at` is Beijing time, `roles` are those held then."""

    no: int
    at: datetime
    actor: str
    roles: tuple[str, ...]
    action: str
    subject: str
    why: str
    law: str | None
    facts: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True)
class Page:
    """Entries, newest first, of `total` that match."""

    entries: tuple[Entry, ...]
    total: int


@dataclass(frozen=True)
class Broken:
    """The first entry at which the chain does not hold, and what is wrong with it."""

    no: int
    why: str


@dataclass(frozen=True)
class Head:
    """How many entries there are, and the hash of the last: what to note where nobody can reach it."""

    entries: int
    hash: str


def append(
    tx: Tx,
    actor: Actor,
    action: str,
    subject: str,
    why: str,
    now: datetime,
    law: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Entry:
    """Add an entry in the transaction of the change it tells of; without it the change is not made.

    `subject` is an id, `facts` is whatever JSON can hold and no identity. Raises `UnknownActor`
    and `NoReason`.
    """
    if not isinstance(actor, Actor):
        raise UnknownActor("")
    if not why.strip():
        raise NoReason(action)
    last = head(tx)
    row = {
        "no": last.entries + 1,
        "at": now.isoformat(timespec="milliseconds"),
        "actor": actor.name,
        "roles": " ".join(sorted(actor.roles)),
        "action": action,
        "subject": subject,
        "why": why.strip(),
        "law": law,
        "facts": _canonical(facts or {}),
        "previous": last.hash,
    }
    row["hash"] = _digest(row)
    tx.execute(insert(AUDIT).values(row))
    return _entry(row)


def head(tx: Tx) -> Head:
    """Where the chain stands."""
    return Head(*tx.execute(select(AUDIT_HEAD.c.entries, AUDIT_HEAD.c.hash)).one())


def entries(
    store: Store,
    *,
    actor: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    first: date | None = None,
    last: date | None = None,
    offset: int = 0,
    limit: int = 50,
) -> Page:
    """The newest entries that match, after leaving out `offset`; `first` and `last` are days, both included."""
    wanted = [
        column == value
        for column, value in (
            (AUDIT.c.actor, actor), (AUDIT.c.action, action), (AUDIT.c.subject, subject),
        )
        if value is not None
    ]  # fmt: skip
    if first is not None:
        wanted.append(AUDIT.c.at >= first.isoformat())
    if last is not None:
        wanted.append(AUDIT.c.at < (last + timedelta(days=1)).isoformat())
    found = select(AUDIT).where(*wanted).order_by(AUDIT.c.no.desc()).offset(offset).limit(limit)
    with store.read() as tx:
        total = tx.execute(select(func.count()).select_from(AUDIT).where(*wanted)).scalar_one()
        return Page(tuple(_entry(row) for row in _rows(tx, found)), total)


def verify(store: Store) -> Broken | None:
    """The first entry that is not as it was written, or None; reads the whole chain."""
    no, previous = 0, GENESIS
    with store.read() as tx:
        try:
            for row in _chain(tx):
                if row["no"] != no + 1:
                    return Broken(no + 1, "it is missing")
                if row["previous"] != previous or row["hash"] != _digest(row):
                    return Broken(no + 1, "it is not as it was written")
                no, previous = no + 1, row["hash"]
        except (DatabaseError, UnicodeError, ValueError):
            return Broken(no + 1, "it cannot be read")
        heads = tx.execute(select(AUDIT_HEAD.c.entries, AUDIT_HEAD.c.hash)).all()
    if len(heads) != 1 or tuple(heads[0]) != (no, previous):
        return Broken(no + 1, "the entries do not end where the head of the audit says")
    return None


def _chain(tx: Tx) -> Iterator[dict[str, Any]]:
    last, size = 0, BATCH
    while True:
        after = select(AUDIT).where(AUDIT.c.no > last).order_by(AUDIT.c.no).limit(size)
        try:
            batch = _rows(tx, after)
        except DatabaseError:
            if size == 1:
                raise
            size = 1  # one of them cannot be read: find out which
            continue
        yield from batch
        if len(batch) < size:
            return
        last = batch[-1]["no"]


def _rows(tx: Tx, wanted: Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in tx.execute(wanted).mappings()]


def _digest(row: Mapping[str, Any]) -> str:
    content = {name: value for name, value in row.items() if name != "hash"}
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces; what is no JSON value is written as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        **dict(row)
        | {
            "at": datetime.fromisoformat(row["at"]),
            "roles": tuple(row["roles"].split()),
            "facts": json.loads(row["facts"]),
        }
    )
