"""One list of what is due and one of what is overdue; done is gone, unknown years are said."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from casework import appeals, assistance, cases, deadlines, rooms, sanctions, tips
from casework.cases import Origin, Source, Status
from casework.deadlines import Kind
from casework.law import Calendar
from casework.notices import About
from casework.notices import Kind as Notice
from casework.people import Actor, Role
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


def test_a_lift_after_its_term_gives_no_more_time_to_tell_of_its_end(act, chen, li, busy):
    lift = act(sanctions.propose_lift, chen, busy[1].sanction, date(2026, 6, 1), "误", NOW)
    act(sanctions.decide_lift, li, lift.no, "同意", NOW, approve=True)
    found = {one.kind: str(one.ends) for one in act(deadlines.due, TODAY, CALENDAR)}
    assert found[Kind.REINSTATEMENT] == LAST[Kind.REINSTATEMENT]


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


def test_a_tip_is_checked_within_the_days_from_its_receipt_case_or_not(act, chen):
    liaison = Actor("吴联", frozenset({Role.LIAISON}))
    came = act(tips.receive, liaison, b"k" * 32, "热线", AREA, "集中刷卡", None, NOW)
    (due,) = act(deadlines.due, TODAY, CALENDAR)
    assert (due.kind, due.subject, due.ends) == (
        Kind.TIP,
        came.id,
        datetime(2026, 3, 23, 23, 59, 59),
    )
    later = NOW + timedelta(days=7)
    made = act(tips.open_from_tip, chen, came.no, "集中刷卡", "值得查", later)
    (due,) = act(deadlines.due, TODAY, CALENDAR)
    assert (due.kind, due.subject, due.ends) == (
        Kind.FILING,
        made.id,
        datetime(2026, 3, 23, 23, 59, 59),
    )
    act(cases.move, chen, made.id, Status.INVESTIGATING, "立案", later)
    assert act(deadlines.due, TODAY, CALENDAR) == ()


def test_everybody_sees_their_own_regions(act, busy):
    for region, many in (("110000", 5), ("110105", 5), ("120000", 0)):
        assert len(act(deadlines.due, TODAY, CALENDAR, frozenset({region}))) == many


def test_letters_bills_and_room_tasks_of_this_side_are_due(act, chen):
    liaison = Actor("吴联", frozenset({Role.LIAISON}))
    seat = rooms.Seat("jr_a", "110000", ("110000", "120000"), {})
    act(rooms.enter_room, chen, seat, NOW)
    act(rooms.give_room_task, chen, seat, "110000", "rg_a", "补材料", date(2026, 3, 9), NOW)
    said = [
        {"kind": "request", "id": "ar_1", "asker": "120000", "asked": "110000", "case_no": "津1号",
         "law": "第4号令", "contacts": "某", "maker": "某", "first": "2025-01-01", "last": "2025-02-01",
         "reply_by": "2026-03-17", "made_at": "2026-03-02T09:00:00", "subject": "某人", "what": "住院"},
        {"kind": "bill", "id": "ab_1", "asker": "120000", "asked": "110000", "stay": "Z1", "place": "某医院",
         "total": 3_000_000, "certno": "1", "batch": "2026-02-26", "made_at": "2026-02-26T09:00:00"},
    ]  # fmt: skip
    act(assistance.receive, liaison, b"k" * 32, "120000", said, NOW)
    act(assistance.take, liaison, 1, NOW)
    found = act(deadlines.due, TODAY, CALENDAR)
    assert [(one.kind, str(one.ends.date()), one.what, one.assignee) for one in found] == [
        (Kind.ROOM_TASK, "2026-03-09", "补材料", None), (Kind.ASSISTANCE, "2026-03-17", "津1号", "吴联"),
        (Kind.BILL, "2026-03-26", "某医院", None),
    ]  # fmt: skip
    assert kinds(act(deadlines.due, TODAY, CALENDAR, frozenset({"130000"}))) == []
    act(assistance.answer_bill, liaison, 1, "", NOW, correct=True)
    act(assistance.answer, liaison, b"k" * 32, 1, "属实", NOW)
    assert kinds(act(deadlines.due, TODAY, CALENDAR)) == [Kind.ROOM_TASK]


def test_an_answered_bill_is_confirmed_in_working_days(act):
    liaison = Actor("吴联", frozenset({Role.LIAISON}))
    entries = [assistance.Entry("1", "某医院", "Z1", 3_000_000)]
    directory = assistance.read_directory(TODAY)
    batch = ("110000", "131000", date(2026, 2, 26), entries)
    (bill,) = act(assistance.take_batch, liaison, b"k" * 32, directory, *batch, NOW)
    result = {"kind": "result", "id": bill.id, "correct": True, "reason": "", "author": "某",
              "at": "2026-03-05T10:00:00"}  # fmt: skip
    act(assistance.receive, liaison, b"k" * 32, "130000", [result], NOW)
    (one,) = act(deadlines.due, TODAY, CALENDAR)
    assert (one.kind, str(one.ends), one.unverified) == (
        Kind.CONFIRMATION,
        "2026-03-12 23:59:59",
        True,
    )
    act(assistance.confirm, liaison, 1, NOW)
    assert act(deadlines.due, TODAY, CALENDAR) == ()
