"""What people keep about cases: read whole, written by one step at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from casework import deadlines
from casework.audit import Page, entries
from casework.cases import (
    Attachment,
    Case,
    Comment,
    Queue,
    Status,
    Task,
    attachments,
    case,
    comments,
    content,
    linked,
    open_tasks,
    queue,
    tasks,
)
from casework.deadlines import Due
from casework.errors import NoCase
from casework.law import read_calendar
from casework.people import Actor
from casework.store import Store, Tx
from dashboards.reading.regions import touches
from huancha.workspace import open_workspace

T = TypeVar("T")
MOST_ENTRIES = 200


@dataclass(frozen=True)
class Caseload:
    """Cases of a queue, and for each its next open task's day."""

    found: Queue
    due: dict[str, date]


@dataclass(frozen=True)
class CaseFile:
    """One case with what lies in it, and what the audit told of it last.

    `linked` are the linked cases the person may see, `linked_elsewhere` how many others there are.
    """

    case: Case
    comments: tuple[Comment, ...]
    tasks: tuple[Task, ...]
    attachments: tuple[Attachment, ...]
    linked: tuple[Case, ...]
    linked_elsewhere: int
    told: Page


def caseload(
    workspace: Path,
    who: Actor,
    today: date,
    limit: int,
    status: Status | None = None,
    assignee: str | None = None,
) -> Caseload:
    """The queue as `casework.cases.queue` gives it, limited to the person's regions. Raises `CaseworkError`."""
    with open_workspace(workspace).casework() as store, store.read() as tx:
        found = queue(tx, today, status=status, assignee=assignee, regions=who.regions, limit=limit)
        due: dict[str, date] = {}
        for task in open_tasks(tx):
            due.setdefault(task.case_id, task.due)
    return Caseload(found, due)


def case_file(workspace: Path, who: Actor, id_: str) -> CaseFile | None:
    """One case; None where there is none the person may see. Raises `CaseworkError`."""
    with open_workspace(workspace).casework() as store:
        with store.read() as tx:
            try:
                found = case(tx, id_)
            except NoCase:
                return None
            said, given, papers = comments(tx, id_), tasks(tx, id_), attachments(tx, id_)
            others = [case(tx, other) for other in linked(tx, id_)]
        told = history(store, id_)
    regions = tuple(who.regions)
    if not touches([found.area], regions):
        return None
    seen = tuple(other for other in others if touches([other.area], regions))
    return CaseFile(found, said, given, papers, seen, len(others) - len(seen), told)


def history(store: Store, subject: str) -> Page:
    """The audit entries about a case, a tip or a draw, as many as a page shows."""
    return entries(store, subject=subject, limit=MOST_ENTRIES)


def attached(workspace: Path, paper: Attachment) -> bytes:
    """The bytes of an attachment. Raises `CaseworkError`, also where they are not those attached."""
    with open_workspace(workspace).casework() as store, store.read() as tx:
        return content(tx, paper.no)


def take_step(workspace: Path, step: Callable[[Tx], T]) -> T:
    """Write one step; the change and its audit entry stand or fall together. Raises `CaseworkError`."""
    with open_workspace(workspace).casework() as store, store.write() as tx:
        return step(tx)


@dataclass(frozen=True)
class Waiting:
    """What waits for people in the person's regions: how many cases, what is overdue, what is due next."""

    cases: int
    overdue: tuple[Due, ...]
    due: tuple[Due, ...]


def waiting(workspace: Path, who: Actor, today: date) -> Waiting:
    """The queue's size and the list of what is due. Raises `CaseworkError`."""
    calendar = read_calendar(workspace)
    with open_workspace(workspace).casework() as store, store.read() as tx:
        found = queue(tx, today, regions=who.regions, limit=1)
        late, coming = (
            listed(tx, today, calendar, who.regions)
            for listed in (deadlines.overdue, deadlines.due)
        )
    return Waiting(found.total, late, coming)
