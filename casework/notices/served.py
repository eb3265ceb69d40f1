"""Notices that were served: about which points or sanction, by which document, on which day."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from casework import audit, points, sanctions
from casework.errors import NoDocument
from casework.notices.errors import NoNotice
from casework.people import Actor, Role, require
from casework.sql import ColumnElement, func, insert, select
from casework.store import Tx
from casework.store.appeal_tables import NOTICES


class Kind(StrEnum):
    """公示, 告知书 (before a decision), 处理通知书 (of a decision), 恢复通知书 (its end)."""

    PUBLICITY = "publicity"
    ADVANCE = "advance"
    DECISION = "decision"
    REINSTATEMENT = "reinstatement"


@dataclass(frozen=True)
class About:
    """What a notice or an appeal is about: a `line` of the points ledger, or a `sanction`; one of the two."""

    line: int | None = None
    sanction: int | None = None

    def read(self, tx: Tx) -> points.Points | sanctions.Sanction:
        """The line or the sanction; raises `NoLine`, `NoSanction`."""
        if self.line is not None:
            return points.entry(tx, self.line)
        return sanctions.sanction(tx, self.sanction or 0)

    def subject(self, tx: Tx) -> str:
        """The blind id of the practitioner or the place it touches."""
        found = self.read(tx)
        return found.practitioner if isinstance(found, points.Points) else found.target


@dataclass(frozen=True)
class Served:
    """A notice as it was served; `sha256` is that of its file."""

    no: int
    kind: Kind
    about: About
    number: str
    served_on: date
    sha256: str
    author: str
    at: datetime


def serve(
    tx: Tx, actor: Actor, kind: Kind, about: About, number: str, served_on: date, content: bytes,
    now: datetime,
) -> Served:  # fmt: skip
    """Record that the file `content` was served as document `number` on `served_on`; terms run from that day.

    Raises `NoNotice` where nothing was approved that the notice could tell of (a notice in advance:
    where all is decided), `NoDocument`, `NotAllowed`.
    """
    found = about.read(tx)
    require(actor, Role.INVESTIGATOR, found.area)
    wanted = None if kind is Kind.ADVANCE else True
    if found.approved is not wanted:
        raise NoNotice(kind, about.line, about.sanction)
    if not number.strip() or served_on > now.date():
        raise NoDocument(number, served_on)
    no = (tx.execute(select(func.max(NOTICES.c.no))).scalar() or 0) + 1
    row = {
        "no": no, "kind": kind, **vars(about), "number": number, "served_on": served_on,
        "sha256": hashlib.sha256(content).hexdigest(), "author": actor.name, "at": now,
    }  # fmt: skip
    tx.execute(insert(NOTICES).values(row))
    facts = {name: value for name, value in row.items() if name not in ("author", "at")}
    subject = about.subject(tx)
    audit.append(tx, actor, "notice.serve", subject, number, now, found.law, facts)
    return notices(tx, NOTICES.c.no == no)[0]


def notices(tx: Tx, *wanted: ColumnElement[bool]) -> tuple[Served, ...]:
    """The served notices that match, oldest first."""
    found = tx.execute(select(NOTICES).where(*wanted).order_by(NOTICES.c.no)).mappings()
    return tuple(_served(dict(row)) for row in found)


def notices_about(tx: Tx, about: About) -> tuple[Served, ...]:
    """Every notice served about a line or a sanction, oldest first."""
    return notices(tx, NOTICES.c.line == about.line, NOTICES.c.sanction == about.sanction)


def _served(row: dict[str, Any]) -> Served:
    about = About(row.pop("line"), row.pop("sanction"))
    return Served(**row | {"kind": Kind(row["kind"]), "about": about})
