"""What lies in a case: comments, attachments with their hashes, tasks with deadlines."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework import audit
from casework.cases.desk import case
from casework.errors import ChangedAttachment, NoReason, NoTask, TooLarge
from casework.people import Actor, Role, require
from casework.sql import Table, func, insert, select, update
from casework.store import Tx
from casework.store.case_tables import ATTACHMENTS, COMMENTS, TASKS

MOST_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True)
class Comment:
    """What somebody noted; never changed."""

    no: int
    case_id: str
    author: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Attachment:
    """A file of the case, without its content; `sha256` is that of the content, `size` its bytes."""

    no: int
    case_id: str
    name: str
    size: int
    sha256: str
    author: str
    at: datetime


@dataclass(frozen=True)
class Task:
    """Something somebody is to do by the end of `due`; `result` once it is done."""

    no: int
    case_id: str
    what: str
    assignee: str
    due: date
    author: str
    at: datetime
    done_at: datetime | None = None
    result: str | None = None

    def overdue(self, today: date) -> bool:
        """Whether it should have been done before `today`."""
        return self.done_at is None and self.due < today


def comment(tx: Tx, actor: Actor, id_: str, text: str, now: datetime) -> Comment:
    """Add a comment; raises `NoReason` without text."""
    if not text.strip():
        raise NoReason("case.comment")
    row = _add(tx, actor, COMMENTS, id_, now, {"text": text})
    audit.append(tx, actor, "case.comment", id_, text, now, facts={"no": row["no"]})
    return Comment(**row)


def attach(
    tx: Tx, actor: Actor, id_: str, name: str, content: bytes, why: str, now: datetime
) -> Attachment:
    """Add a file, at most 50 MiB; its hash goes into the audit. Raises `TooLarge`."""
    if len(content) > MOST_BYTES:
        raise TooLarge(name, len(content), MOST_BYTES)
    digest = hashlib.sha256(content).hexdigest()
    facts = {"name": name, "size": len(content), "sha256": digest}
    row = _add(tx, actor, ATTACHMENTS, id_, now, facts | {"content": content})
    audit.append(tx, actor, "case.attach", id_, why, now, facts=facts | {"no": row["no"]})
    del row["content"]
    return Attachment(**row)


def content(tx: Tx, no: int) -> bytes:
    """The bytes of an attachment; raises `ChangedAttachment` where they are not those attached."""
    wanted = select(ATTACHMENTS.c.content, ATTACHMENTS.c.sha256).where(ATTACHMENTS.c.no == no)
    held, digest = tx.execute(wanted).one()
    if hashlib.sha256(held).hexdigest() != digest:
        raise ChangedAttachment(no)
    return bytes(held)


def give_task(
    tx: Tx, actor: Actor, id_: str, what: str, assignee: str, due: date, now: datetime
) -> Task:
    """Give somebody something to do by `due`."""
    row = _add(tx, actor, TASKS, id_, now, {"what": what, "assignee": assignee, "due": due})
    facts = {"no": row["no"], "assignee": assignee, "due": due}
    audit.append(tx, actor, "case.task", id_, what, now, facts=facts)
    return Task(**row)


def end_task(tx: Tx, actor: Actor, no: int, result: str, now: datetime) -> Task:
    """Say how a task ended; raises `NoTask` unless it is open."""
    held = tx.execute(select(TASKS).where(TASKS.c.no == no)).mappings().first()
    if held is None or held["done_at"] is not None:
        raise NoTask(no)
    require(actor, Role.INVESTIGATOR, case(tx, held["case_id"]).area)
    tx.execute(update(TASKS).where(TASKS.c.no == no).values(done_at=now, result=result))
    audit.append(tx, actor, "case.task_end", held["case_id"], result, now, facts={"no": no})
    return Task(**dict(held) | {"done_at": now, "result": result})


def comments(tx: Tx, id_: str) -> tuple[Comment, ...]:
    """The comments of a case, oldest first."""
    return tuple(Comment(**row) for row in _of(tx, COMMENTS, id_))


def attachments(tx: Tx, id_: str) -> tuple[Attachment, ...]:
    """The attachments of a case, oldest first."""
    return tuple(Attachment(**row) for row in _of(tx, ATTACHMENTS, id_))


def tasks(tx: Tx, id_: str) -> tuple[Task, ...]:
    """The tasks of a case, oldest first."""
    return tuple(Task(**row) for row in _of(tx, TASKS, id_))


def open_tasks(tx: Tx, assignee: str | None = None) -> tuple[Task, ...]:
    """Tasks not done, of one person or of all, the next deadline first."""
    wanted = select(TASKS).where(TASKS.c.done_at.is_(None)).order_by(TASKS.c.due, TASKS.c.no)
    if assignee is not None:
        wanted = wanted.where(TASKS.c.assignee == assignee)
    return tuple(Task(**row) for row in tx.execute(wanted).mappings())


def _add(
    tx: Tx, actor: Actor, table: Table, id_: str, now: datetime, facts: dict[str, Any]
) -> dict[str, Any]:
    require(actor, Role.INVESTIGATOR, case(tx, id_).area)
    no = (tx.execute(select(func.max(table.c.no))).scalar() or 0) + 1
    row = {"no": no, "case_id": id_, "author": actor.name, "at": now, **facts}
    tx.execute(insert(table).values(row))
    return row


def _of(tx: Tx, table: Table, id_: str) -> list[dict[str, Any]]:
    columns = [column for column in table.c if column.name != "content"]
    found = select(*columns).where(table.c.case_id == id_).order_by(table.c.no)
    return [dict(row) for row in tx.execute(found).mappings()]
