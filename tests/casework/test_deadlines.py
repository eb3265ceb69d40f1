"""One list of what is due and one of what is overdue; done is gone, unknown years are said."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from casework import appeals, cases, deadlines, sanctions
from casework.cases import Origin, Source, Status
from casework.deadlines import Kind
from casework.law import Calendar
from casework.notices import About
from casework.notices import Kind as Notice
from tests.casework.conftest import NOW, registered
from tests.casework.decided import ACT, AREA, CALENDAR, TODAY, punished, score, serve

NOBODY = registered()
LAST = {
    Kind.TASK: "2026-03-06 23:59:59", Kind.OBJECTION: "2026-03-16 23:59:59",
    Kind.FILING: "2026-03-23 23:59:59", Kind.REINSTATEMENT: "2026-05-01 23:59:59",
}  # fmt: skip


@pytest.fixture
def place(tmp_path):
    """Counting does not depend on the database: SQLite alone."""
    return tmp_path, None


@pytest.fixture
def busy(act, chen, li):
    """A case with a task, points and a suspension whose notices were served: what these are about."""
    act(cases.open_case, chen, "八张卡", Source(Origin.HAND), AREA, "可信", NOW)
    act(cases.give_task, chen, "cs_1", "调取病历", "陈晨", date(2026, 3, 6), NOW)
    return act(punished, chen, li)


def kinds(found):
    return [one.kind for one in found]


def test_everything_that_runs_is_one_list_by_its_last_moment(act, busy):
    found = act(deadlines.due, TODAY, CALENDAR)
    assert kinds(found) == [
        Kind.TASK, Kind.OBJECTION, Kind.OBJECTION, Kind.FILING, Kind.REINSTATEMENT,
    ]  # fmt: skip
    assert {one.kind: str(one.ends) for one in found} == LAST
    assert (found[0].what, found[0].assignee, found[0].subject) == ("调取病历", "陈晨", "cs_1")
    assert {one.about for one in found if one.kind is Kind.OBJECTION} == set(busy)
    assert all(one.unverified for one in found if one.kind in (Kind.OBJECTION, Kind.FILING))
    assert act(deadlines.overdue, TODAY, CALENDAR) == ()


def test_what_was_not_done_is_overdue_the_day_after_and_objections_just_pass(act, busy):
    assert kinds(act(deadlines.overdue, date(2026, 3, 6), CALENDAR)) == []
    assert kinds(act(deadlines.overdue, date(2026, 3, 7), CALENDAR)) == [Kind.TASK]
    assert kinds(act(deadlines.overdue, date(2026, 5, 2), CALENDAR)) == [
        Kind.TASK, Kind.FILING, Kind.REINSTATEMENT,
    ]  # fmt: skip
    assert act(deadlines.due, date(2026, 5, 2), CALENDAR) == ()


def test_what_was_done_is_gone(act, chen, li, busy):
    line, sanction = busy
    act(cases.end_task, chen, 1, "已调取", NOW)
    act(cases.move, chen, "cs_1", Status.INVESTIGATING, "立案", NOW)
    later = NOW + timedelta(days=10)
    act(appeals.file_appeal, chen, line, later.date(), "不在岗", b"letter", CALENDAR, later)
    assert kinds(act(deadlines.due, TODAY, CALENDAR)) == [Kind.OBJECTION, Kind.REINSTATEMENT]
    lift = act(sanctions.propose_lift, chen, sanction.sanction, date(2026, 3, 20), "误", NOW)
    act(sanctions.decide_lift, li, lift.no, "同意", NOW, approve=True)
    (found,) = act(deadlines.overdue, date(2026, 3, 21), CALENDAR)
    assert found.ends == datetime(2026, 3, 20, 23, 59, 59)
    act(serve, chen, sanction, Notice.REINSTATEMENT)
    assert act(deadlines.overdue, date(2026, 3, 21), CALENDAR) == ()


def test_a_sanction_is_made_public_where_the_pack_says_within_which_days(act, chen, li):
    act(score, chen, li, replace(ACT, area="520102"))
    draft = act(sanctions.draft_by_points, "pr_a", "520102", 2026, TODAY, 2)
    made = act(sanctions.propose, chen, draft, NOBODY, "累计9分", NOW)
    act(sanctions.decide_sanction, li, made.no, NOBODY, "同意", NOW, approve=True)
    found = {one.kind: one for one in act(deadlines.due, TODAY, CALENDAR)}
    assert found[Kind.PUBLICITY].ends == datetime(2026, 3, 11, 23, 59, 59)
    assert found[Kind.PUBLICITY].law == "贵州省实施细则（试行）"
    act(serve, chen, About(None, made.no), Notice.PUBLICITY)
    assert kinds(act(deadlines.due, TODAY, CALENDAR)) == [Kind.REINSTATEMENT]


def test_a_year_nobody_told_of_is_said_and_comes_first(act, busy):
    unknown = Calendar({2025: CALENDAR.years[2025]})
    found = act(deadlines.due, TODAY, unknown)
    assert [(one.kind, one.unknown, one.ends) for one in found[:3]] == [
        (Kind.FILING, 2026, None), (Kind.OBJECTION, 2026, None), (Kind.OBJECTION, 2026, None),
    ]  # fmt: skip
    assert kinds(found[3:]) == [Kind.TASK, Kind.REINSTATEMENT]


def test_everybody_sees_their_own_regions(act, busy):
    for region, many in (("110000", 5), ("110105", 5), ("120000", 0)):
        assert len(act(deadlines.due, TODAY, CALENDAR, frozenset({region}))) == many
