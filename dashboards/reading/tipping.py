"""Tips as the page shows them, without what they say and who gave them. Every reader raises `CaseworkError`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casework import deadlines, tips
from casework.audit import Page
from casework.deadlines import Due
from casework.errors import NoTip
from casework.law import read_calendar
from casework.people import Actor, inside
from casework.tips import Tip, TipState
from dashboards.reading.caseload import history
from dashboards.reading.numbers import number_of
from huancha.workspace import open_workspace


@dataclass(frozen=True)
class Tips:
    """Tips in the person's regions, the oldest first, and by id when each should be checked."""

    found: tuple[Tip, ...]
    due: Mapping[str, Due]


@dataclass(frozen=True)
class TipFile:
    """One tip, when it should be checked, and what the audit told of it last."""

    tip: Tip
    due: Due | None
    told: Page


def tips_seen(workspace: Path, who: Actor, state: TipState | None) -> Tips:
    """Those in `state`; None for all that are not answered."""
    calendar = read_calendar(workspace)
    with open_workspace(workspace).casework() as store, store.read() as tx:
        found = tips.tips(tx, state)
        due = {one.subject: one for one in deadlines.tip_checks(tx, calendar)}
    return Tips(tuple(one for one in found if inside(who.regions, one.area)), due)


def tip_file(workspace: Path, who: Actor, id_: str) -> TipFile | None:
    """One tip by its id (`tip_3`); None where there is none the person may see."""
    no = number_of(id_, "tip_")
    if no is None:
        return None
    calendar = read_calendar(workspace)
    with open_workspace(workspace).casework() as store:
        with store.read() as tx:
            try:
                found = tips.tip(tx, no)
            except NoTip:
                return None
            due = {one.subject: one for one in deadlines.tip_checks(tx, calendar)}
        told = history(store, found.id)
    return TipFile(found, due.get(found.id), told) if inside(who.regions, found.area) else None
