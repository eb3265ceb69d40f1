"""Referrals as the page shows them. Every reader raises `CaseworkError`."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casework import deadlines
from casework.cases import Case, queue
from casework.deadlines import Due
from casework.exports.content import Content
from casework.law import read_calendar
from casework.people import Actor
from casework.referral import Referral, referral, referrals
from casework.referral.checklist import Check, Matter, checklist
from casework.referral.errors import NoReferral
from dashboards.reading.regions import touches
from huancha.referring import matter_of
from huancha.workspace import open_workspace

MOST_CASES = 200


@dataclass(frozen=True)
class Sheet:
    """One referral with its checklist, the content behind it (blind), and what is due by the law."""

    matter: Matter
    content: Content
    checks: tuple[Check, ...]
    due: tuple[Due, ...]


def seen(workspace: Path, who: Actor) -> tuple[Referral, ...]:
    """The referrals in the person's regions, the newest first."""
    with open_workspace(workspace).casework() as store, store.read() as tx:
        found = referrals(tx)
    return tuple(one for one in reversed(found) if touches([one.area], tuple(who.regions)))


def of_case(workspace: Path, who: Actor, case: str) -> int | None:
    """The number of a case's newest referral that the person may see."""
    return next((one.no for one in seen(workspace, who) if one.case_id == case), None)


def sheet(workspace: Path, who: Actor, no: int, now: datetime) -> Sheet | None:
    """One referral; None where there is none the person may see."""
    calendar = read_calendar(workspace)
    with open_workspace(workspace).casework() as store, store.read() as tx:
        try:
            found = referral(tx, no)
        except NoReferral:
            return None
        if not touches([found.area], tuple(who.regions)):
            return None
        matter, content = matter_of(tx, workspace, no, now)
        listed = (
            *deadlines.overdue(tx, now.date(), calendar, who.regions),
            *deadlines.due(tx, now.date(), calendar, who.regions),
        )
    name = found.draft.number or found.id
    due = tuple(one for one in listed if one.subject == found.case_id and one.what == name)
    return Sheet(matter, content, checklist(matter), due)


def open_cases(workspace: Path, who: Actor, now: datetime) -> tuple[Case, ...]:
    """The cases somebody works on, in the person's regions."""
    with open_workspace(workspace).casework() as store, store.read() as tx:
        return queue(tx, now.date(), regions=who.regions, limit=MOST_CASES).cases
