"""Points and a suspension that two people decided, and their notices served, for what comes afterwards."""

from datetime import date

from casework import notices, points, sanctions
from casework.law import read_calendar
from casework.notices import About, Kind
from casework.people import Actor, Role
from casework.points import Act, Measure, Responsibility
from tests.casework.conftest import NOW, REGISTRY

AREA, TODAY = "110105", NOW.date()
CALENDAR = read_calendar()
ACT = Act(
    "pr_a", "fa_a", AREA, 7, 9, Responsibility.MAIN, Measure.PENALTY, "京医保罚〔2026〕1号",
    date(2026, 2, 2), "冒名结算",
)  # fmt: skip
ZHOU = Actor("周舟", frozenset({Role.INVESTIGATOR}))
WU = Actor("吴悟", frozenset({Role.APPROVER}))


def score(tx, maker, reviewer, act=ACT):
    """An approved line; its number."""
    line = points.propose_act(tx, maker, act, NOW)
    points.review(tx, reviewer, line.no, "属实", NOW, approve=True)
    return line.no


def suspend(tx, maker, reviewer, months=2, case=None):
    """An approved suspension by the points of the year, with an order for each place; its number."""
    draft = sanctions.draft_by_points(tx, "pr_a", AREA, 2026, TODAY, months, case)
    made = sanctions.propose(tx, maker, draft, REGISTRY, "累计9分", NOW)
    sanctions.decide_sanction(tx, reviewer, made.no, REGISTRY, "同意", NOW, approve=True)
    return made.no


def serve(tx, maker, about, kind=Kind.DECISION, day=TODAY):
    """Its notice, served."""
    return notices.serve(tx, maker, kind, about, "京医保处〔2026〕8号", day, b"notice", NOW)


def punished(tx, maker, reviewer, case=None):
    """A line and a suspension that rests on it, both served: what they are about."""
    line = About(score(tx, maker, reviewer))
    sanction = About(None, suspend(tx, maker, reviewer, case=case))
    for about in (line, sanction):
        serve(tx, maker, about)
    return line, sanction
