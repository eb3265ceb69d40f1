"""What was served about a sanction or a line of points, and the appeal against it."""

from dataclasses import dataclass
from datetime import date

from casework import appeals
from casework.appeals import Appeal
from casework.law import read_calendar
from casework.notices import About, Kind, Served, notices_about
from casework.points import Points
from casework.sanctions import Sanction
from huancha.workspace import Workspace


@dataclass(frozen=True)
class Objecting:
    """What it is about; the notices, oldest first; the last day to object and the law that says so, once a decision was served; the appeal."""

    about: About
    what: Points | Sanction
    served: tuple[Served, ...]
    due: date | None
    law: str
    appeal: Appeal | None


def objecting(workspace: Workspace, about: About) -> Objecting:
    """What is kept about `about`. Raises `CaseworkError`."""
    with workspace.casework() as store, store.read() as tx:
        what = about.read(tx)
        served = notices_about(tx, about)
        mine = appeals.appeals_against(tx, [about])
    told = next((one for one in served if one.kind is Kind.DECISION), None)
    due, law = None, ""
    if told is not None:
        due, law = appeals.last_day(told, what.area, read_calendar(workspace.path))
    return Objecting(about, what, served, due, law, mine[0] if mine else None)
