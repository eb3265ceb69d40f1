"""What people told the scan to leave aside: a token, a pair of patients, a ring; why, by whom, until when.

Kept in the workspace as `ignores.jsonl`, append-only: an ignore that ends early gets a line of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.errors import BrokenLedger, NoIgnore, NotIgnorable
from graph.ids import Prefix
from graph.results import scans
from graph.scan import ledger
from graph.scan.grading import Graded
from graph.scan.world import World
from graph.schema import Grade
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


def record_ignore(
    workspace: Path,
    kind: Ignorable,
    ids: Sequence[str],
    *,
    reason: str,
    author: str,
    until: date,
    now: datetime,
    since: date | None = None,
) -> Ignore:
    """Record that `ids` are to be ignored from `since` (today) to `until`, and return it with its number.

    Raises `NotIgnorable` when the ids do not name something of the workspace, the reason or author is empty,
    or the time has passed; `BrokenLedger`.
    """
    named = tuple(sorted(ids))
    first = since or now.date()
    _check(workspace, kind, named)
    if not reason.strip() or not author.strip():
        raise NotIgnorable(" ".join(named), "a reason and an author belong to it")
    if until < max(first, now.date()):
        raise NotIgnorable(" ".join(named), f"{until} has passed, or lies before {first}")
    made: list[Ignore] = []

    def line(rows: ledger.Rows) -> list[dict[str, Any]]:
        no = 1 + max(_read(workspace / FILE, rows), default=0)
        made.append(Ignore(no, kind, named, reason.strip(), author.strip(), first, until, now))
        return [{
            "no": no, "kind": kind, "ids": list(named), "reason": reason.strip(), "author": author.strip(),
            "from": first.isoformat(), "until": until.isoformat(), "at": now.isoformat(timespec="seconds"),
        }]  # fmt: skip

    ledger.append(workspace / FILE, line)
    return made[0]


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
    if not reason.strip() or not author.strip():
        raise NotIgnorable(str(no), "a reason and an author belong to its end")
    ended: list[Ignore] = []

    def line(rows: ledger.Rows) -> list[dict[str, Any]]:
        found = _read(workspace / FILE, rows).get(no)
        if found is None or found.ended is not None:
            raise NoIgnore(no)
        ended.append(replace(found, ended=Ending(reason.strip(), author.strip(), now)))
        at = now.isoformat(timespec="seconds")
        return [{"ends": no, "reason": reason.strip(), "author": author.strip(), "at": at}]

    ledger.append(workspace / FILE, line)
    return ended[0]


PAIRS = "ignored_pairs"
USED = "ignored_used"


def lay_aside(world: World, ignores: Ignores) -> None:
    """Make `joining`, the tokens that may join people, and note the ignored pairs for `unignored`. Once per world.

    `tokens` itself stays whole: an ignored address still tells a household.
    """
    world.con.execute(
        "CREATE TABLE ignored_tokens AS SELECT token FROM tokens WHERE id IN (SELECT unnest(?::VARCHAR[]))",
        [sorted(ignores.tokens)],
    )
    world.con.execute(
        "CREATE VIEW joining AS SELECT * FROM tokens WHERE token NOT IN (SELECT token FROM ignored_tokens)"
    )
    ids = sorted({id_ for pair in ignores.pairs for id_ in pair})
    sql = "SELECT id, patient FROM patients WHERE id IN (SELECT unnest(?::VARCHAR[]))"
    key = dict(world.con.execute(sql, [ids]).fetchall())
    known = [sorted((key[a], key[b])) for a, b in sorted(ignores.pairs) if a in key and b in key]
    world.notes[PAIRS] = np.array(known, dtype=np.int64).reshape(-1, 2)
    world.notes[USED] = set()


def unignored(world: World, a: npt.NDArray[Any], b: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Per pair of patient keys (a < b), whether nobody wants it ignored; the ignored ones are counted."""
    pairs = world.notes.get(PAIRS)
    if pairs is None or not len(pairs):
        return np.ones(len(a), dtype=np.bool_)
    given = a.astype(np.int64) << 32 | b.astype(np.int64)
    dropped = np.isin(given, pairs[:, 0] << 32 | pairs[:, 1])
    world.notes[USED] |= set(given[dropped].tolist())
    return ~dropped


def set_aside(graded: Sequence[Graded], ignores: Ignores) -> list[Graded]:
    """Ignored rings become grade C with a note; all else stays."""
    found = []
    for item in graded:
        why = ignores.rings.get(item.ring)
        found.append(item if why is None else replace(item, grade=Grade.C, note=_note(why)))
    return found


def _note(why: Ignore) -> tuple[str, str]:
    return (
        f"已按第 {why.no} 号决定暂不核查，至 {why.until}（{why.author}）：{why.reason}",
        f"Set aside by decision {why.no} until {why.until} ({why.author}): {why.reason}",
    )


def counts(world: World, graded: Sequence[Graded]) -> dict[str, int]:
    """What was ignored in this scan, for run.json: tokens of the snapshot, pairs that would have seeded, rings."""
    tokens = world.con.execute("SELECT token FROM ignored_tokens").fetchall()
    return {
        "ignored_tokens": len(tokens),
        "ignored_pairs": len(world.notes.get(USED, ())),
        "ignored_rings": sum(item.note is not None for item in graded),
    }
