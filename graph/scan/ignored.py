"""What people told the scan to leave aside: a token, a pair of patients, a ring; why, by whom, until when.

Kept in the workspace as `ignores.jsonl`, append-only: an ignore that ends early gets a line of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from graph.errors import BrokenLedger, NoIgnore, NotIgnorable
from graph.ids import Prefix
from graph.results import scans
from graph.scan import ledger
from graph.snapshot import current_snapshot

FILE = "ignores.jsonl"


class Ignorable(StrEnum):
    """What can be ignored."""

    TOKEN = "token"  # noqa: S105
    PAIR = "pair"
    RING = "ring"


_SOUGHT = {
    Ignorable.TOKEN: (Prefix.TOKEN, 1),
    Ignorable.PAIR: (Prefix.PATIENT, 2),
    Ignorable.RING: (Prefix.RING, 1),
}
"""The prefix of the ids that name it, and how many it takes."""


@dataclass(frozen=True)
class Ending:
    """Why and by whom an ignore was ended before its time; `at` is local Beijing time."""

    reason: str
    author: str
    at: datetime


@dataclass(frozen=True)
class Ignore:
    """One decision to ignore: `ids` are one token or ring, or the two patients of a pair, sorted.

    It holds from `since` to `until`, both included; `at` is when it was recorded, local Beijing time.
    """

    no: int
    kind: Ignorable
    ids: tuple[str, ...]
    reason: str
    author: str
    since: date
    until: date
    at: datetime
    ended: Ending | None = None

    def holds(self, today: date) -> bool:
        """Whether it is in force on `today`; from the day it was ended it no longer is."""
        ended = self.ended is not None and self.ended.at.date() <= today
        return self.since <= today <= self.until and not ended


@dataclass(frozen=True)
class Ignores:
    """What to ignore on one day, as blind ids; a pair is sorted. `listed` are the decisions behind it."""

    tokens: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()
    rings: Mapping[str, Ignore] = field(default_factory=dict)
    listed: tuple[Ignore, ...] = ()

    @classmethod
    def of(cls, decisions: Iterable[Ignore], today: date) -> "Ignores":
        """Those of `decisions` in force on `today`."""
        held = tuple(one for one in decisions if one.holds(today))

        def ids(kind: Ignorable) -> Iterable[Ignore]:
            return (one for one in held if one.kind is kind)

        return cls(
            frozenset(one.ids[0] for one in ids(Ignorable.TOKEN)),
            frozenset((one.ids[0], one.ids[1]) for one in ids(Ignorable.PAIR)),
            {one.ids[0]: one for one in ids(Ignorable.RING)},
            held,
        )


def load_ignores(workspace: Path, today: date) -> Ignores:
    """What the workspace's people want ignored on `today`; raises `BrokenLedger`."""
    return Ignores.of(list_ignores(workspace), today)


def list_ignores(workspace: Path) -> tuple[Ignore, ...]:
    """Every decision to ignore ever recorded, oldest first, ended ones included; raises `BrokenLedger`."""
    return tuple(_read(workspace / FILE, ledger.rows(workspace / FILE)).values())


def _read(path: Path, rows: Sequence[Mapping[str, Any]]) -> dict[int, Ignore]:
    found: dict[int, Ignore] = {}
    for line, row in enumerate(rows, 1):
        try:
            if "ends" in row:
                at = datetime.fromisoformat(row["at"])
                ending = Ending(str(row["reason"]), str(row["author"]), at)
                found[row["ends"]] = replace(found[row["ends"]], ended=ending)
            else:
                found[row["no"]] = _ignore(row)
        except (KeyError, TypeError, ValueError) as wrong:
            raise BrokenLedger(path, line, f"{type(wrong).__name__} {wrong}") from wrong
    return found


def _ignore(row: Mapping[str, Any]) -> Ignore:
    ids = tuple(sorted(str(id_) for id_ in row["ids"]))
    kind = Ignorable(row["kind"])
    if len(ids) != _SOUGHT[kind][1]:
        raise ValueError(f"{len(ids)} ids for a {kind}")
    return Ignore(
        int(row["no"]), kind, ids, str(row["reason"]), str(row["author"]),
        date.fromisoformat(row["from"]), date.fromisoformat(row["until"]),
        datetime.fromisoformat(row["at"]),
    )  # fmt: skip


def record_ignores(
    workspace: Path,
    kind: Ignorable,
    named: Sequence[Sequence[str]],
    *,
    reason: str,
    author: str,
    until: date,
    now: datetime,
    since: date | None = None,
) -> tuple[Ignore, ...]:
    """Record that each of `named` is to be ignored from `since` (today) to `until`: all of them or none.

    Each is one id, or the two of a pair. Answers the decisions with their numbers. Raises `NotIgnorable` when ids do
    not name something of the workspace, the reason or author is empty, or the time has passed; `BrokenLedger`.
    """
    first, reason, author = since or now.date(), reason.strip(), author.strip()
    wanted = [tuple(sorted(ids)) for ids in named]
    for ids in wanted:
        _check(workspace, kind, ids)
        if not reason or not author:
            raise NotIgnorable(" ".join(ids), "a reason and an author belong to it")
        if until < max(first, now.date()):
            raise NotIgnorable(" ".join(ids), f"{until} has passed, or lies before {first}")
    made: list[Ignore] = []

    def lines(rows: ledger.Rows) -> list[dict[str, Any]]:
        last = max(_read(workspace / FILE, rows), default=0)
        made.extend(
            Ignore(no, kind, ids, reason, author, first, until, now.replace(microsecond=0))
            for no, ids in enumerate(wanted, last + 1)
        )
        return [_line(one) for one in made]

    ledger.append(workspace / FILE, lines)
    return tuple(made)


def _line(one: Ignore) -> dict[str, Any]:
    return {
        "no": one.no, "kind": one.kind, "ids": list(one.ids), "reason": one.reason, "author": one.author,
        "from": one.since.isoformat(), "until": one.until.isoformat(), "at": one.at.isoformat(),
    }  # fmt: skip


def _check(workspace: Path, kind: Ignorable, ids: tuple[str, ...]) -> None:
    prefix, count = _SOUGHT[kind]
    text = " ".join(ids)
    if len(set(ids)) != count or not all(id_.startswith(f"{prefix}_") for id_ in ids):
        wanted = "two different ids" if count == 2 else "one id"
        raise NotIgnorable(text, f"a {kind} is named by {wanted} that begin with {prefix}_")
    if kind is Ignorable.RING:
        known = {ids[0]} if any(scan.ring(ids[0]) for scan in scans(workspace)) else set()
    else:
        table = "tokens" if kind is Ignorable.TOKEN else "patients"
        snapshot = current_snapshot(workspace)
        known = set()
        if snapshot.has(table):
            with snapshot.connect() as con:
                sql = f"SELECT id FROM {table} WHERE id IN (SELECT unnest(?))"
                known = {row[0] for row in con.execute(sql, [list(ids)]).fetchall()}
    if unknown := set(ids) - known:
        raise NotIgnorable(" ".join(sorted(unknown)), "the workspace does not hold it")


def end_ignore(workspace: Path, no: int, *, reason: str, author: str, now: datetime) -> Ignore:
    """End ignore number `no` now, before its time. Raises `NoIgnore`, `NotIgnorable` without reason or author."""
    ending = Ending(reason.strip(), author.strip(), now.replace(microsecond=0))
    if not ending.reason or not ending.author:
        raise NotIgnorable(f"The end of {no}", "a reason and an author belong to it")
    ended: list[Ignore] = []

    def line(rows: ledger.Rows) -> list[dict[str, Any]]:
        found = _read(workspace / FILE, rows).get(no)
        if found is None or found.ended is not None:
            raise NoIgnore(no)
        ended.append(replace(found, ended=ending))
        return [{"ends": no, **vars(ending), "at": ending.at.isoformat()}]

    ledger.append(workspace / FILE, line)
    return ended[0]
