"""Referrals on both databases: written, reported, decided by a head apart from the officers, step by step after that."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from casework import approval, audit, cases, deadlines, referral
from casework.cases import Origin, Source
from casework.errors import NoReason, NotAllowed, SamePerson
from casework.law import read_calendar
from casework.people import Actor, Role
from casework.referral import NEXT, Answer, Draft, Event, Item, Officer, State
from casework.referral.errors import NoReferral, OneOfThem, Unfinished
from casework.sql import delete, insert, update
from casework.store import referral_rules
from casework.store.case_tables import PROPOSALS, REVIEWS
from casework.store.referral_tables import (
    REFERRAL_EVENTS,
    REFERRAL_OFFICERS,
    REFERRAL_REPORTS,
    REFERRAL_VERSIONS,
    REFERRALS,
)
from tests.casework.conftest import NOW, got_round

AREA = "110105"
CALENDAR = read_calendar()
OFFICERS = (Officer("陈晨", "110105001"), Officer("郑正", "110105002"))
DRAFT = Draft(
    office="某区医疗保障局", police="某市公安局某区分局", number="某医保移〔2026〕1号",
    suspects="某门诊部等", crime="诈骗罪", law="刑法第二百六十六条", facts="涉嫌虚构就诊。",
    fund=1_234_567, scan="s1", rings=("ri_a", "ri_b"), officers=OFFICERS,
    items=(Item("处方", "12张", "局机关", "原件"),), answers=(Answer("ri_a", "m", "weak", "已核"),),
)  # fmt: skip
BOTH = Actor("王五", frozenset({Role.INVESTIGATOR, Role.APPROVER}))


@pytest.fixture
def drafted(act, chen):
    def drafting(tx, said=DRAFT):
        made = cases.open_case(tx, chen, "某案", Source(Origin.HAND), AREA, "移送", NOW)
        return referral.draft(tx, chen, made.id, said, NOW)

    return act(drafting)


@pytest.fixture
def approved(act, chen, li, drafted):
    act(referral.report, chen, drafted.no, "涉嫌犯罪，应当移送", NOW)
    return act(referral.decide, li, drafted.no, "同意移送", NOW, approve=True)


def note(act, who, no, event, at=NOW, reason="理由"):
    return act(referral.note, who, no, event, at, "文书1号", reason, at)


def test_what_was_written_is_read_back_version_by_version(store, act, chen, drafted):
    assert (drafted.draft, drafted.version, drafted.state) == (DRAFT, 1, State.DRAFT)
    changed = replace(DRAFT, fund=None, items=(), no_items="无实物")
    found = act(referral.revise, chen, drafted.no, changed, NOW)
    assert (found.draft, found.version) == (changed, 2)
    assert act(referral.referrals, drafted.case_id) == act(referral.referrals) == (found,)
    assert audit.verify(store) is None


def test_the_head_decides_and_is_none_of_the_officers(act, chen, li, drafted):
    act(referral.report, chen, drafted.no, "应当移送", NOW)
    officer = Actor(OFFICERS[1].name, frozenset({Role.APPROVER}))
    maker = Actor(chen.name, BOTH.roles)
    for one in (officer, maker):
        with pytest.raises(OneOfThem):
            act(referral.decide, one, drafted.no, "同意", NOW, approve=True)
    with pytest.raises(NotAllowed):
        act(referral.decide, chen, drafted.no, "同意", NOW, approve=True)
    with pytest.raises(NoReason):
        act(referral.decide, li, drafted.no, " ", NOW, approve=True)
    with pytest.raises(NoReferral):
        act(referral.revise, chen, drafted.no, DRAFT, NOW)
    refused = act(referral.decide, li, drafted.no, "数额未核清", NOW, approve=False)
    assert (refused.state, refused.report.review) == (State.REFUSED, "数额未核清")
    again = act(referral.report, chen, drafted.no, "已补充", NOW)
    assert act(referral.decide, li, again.no, "同意", NOW, approve=True).state is State.APPROVED


def test_who_reports_may_not_decide(act, drafted):
    act(referral.report, BOTH, drafted.no, "应当移送", NOW)
    with pytest.raises(SamePerson):
        act(referral.decide, BOTH, drafted.no, "同意", NOW, approve=True)


def test_a_report_needs_two_officers(act, chen, drafted):
    act(referral.revise, chen, drafted.no, replace(DRAFT, officers=OFFICERS[:1]), NOW)
    with pytest.raises(Unfinished, match="两名执法人员"):
        act(referral.report, chen, drafted.no, "应当移送", NOW)


PATHS = (
    (Event.SEALED, Event.SEALED, Event.SENT, Event.RECEIVED, Event.FILED, Event.HANDED_OVER),
    (Event.SEALED, Event.SENT, Event.RECEIVED, Event.NOT_FILED, Event.RECONSIDERATION, Event.FILED),
    (
        Event.SEALED, Event.SENT, Event.RECEIVED, Event.NOT_FILED, Event.RECONSIDERATION,
        Event.UPHELD, Event.SUPERVISION, Event.ENDED,
    ),
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[-1])
def test_after_the_approval_only_the_steps_of_the_law(act, chen, approved, path):
    for event in path:
        for other in set(Event) - set(NEXT.get(act(referral.referral, approved.no).state, ())):
            with pytest.raises(NoReferral):
                note(act, chen, approved.no, other)
        found = note(act, chen, approved.no, event)
        assert found.state == State(event)
    assert [one.event for one in found.events] == list(path)


def test_the_steps_here_and_in_the_database_are_the_same():
    steps = {f"{state}>{event}" for state, events in NEXT.items() for event in events}
    assert steps == set(referral_rules._STEPS)


def test_a_step_needs_a_document_a_reason_where_it_refuses_and_no_later_time(act, chen, approved):
    with pytest.raises(NoReason):
        act(referral.note, chen, approved.no, Event.SEALED, NOW + timedelta(1), "x", "", NOW)
    with pytest.raises(NoReason):
        act(referral.note, chen, approved.no, Event.SEALED, NOW, " ", "", NOW)
    for event in (Event.SEALED, Event.SENT, Event.RECEIVED):
        note(act, chen, approved.no, event)
    with pytest.raises(NoReason):
        note(act, chen, approved.no, Event.NOT_FILED, reason=" ")


def test_the_clock_of_the_law_runs_from_step_to_step(act, chen, li, drafted):
    def due(day):
        found = act(deadlines.due, day.date(), CALENDAR)
        return [(one.kind, one.ends) for one in found if one.what == DRAFT.number]

    assert due(NOW) == []
    act(referral.report, chen, drafted.no, "应当移送", NOW)
    assert due(NOW) == [(deadlines.Kind.REFERRAL_APPROVAL, datetime(2026, 3, 5, 23, 59, 59))]
    act(referral.decide, li, drafted.no, "同意", NOW, approve=True)
    sending = [(deadlines.Kind.REFERRAL_SENDING, NOW + timedelta(hours=24))]
    assert due(NOW) == sending
    note(act, chen, drafted.no, Event.SEALED)
    assert due(NOW) == sending
    late = act(deadlines.overdue, (NOW + timedelta(2)).date(), CALENDAR)
    assert deadlines.Kind.REFERRAL_SENDING in [one.kind for one in late]
    note(act, chen, drafted.no, Event.SENT)
    note(act, chen, drafted.no, Event.RECEIVED, NOW + timedelta(1))
    assert due(NOW) == [(deadlines.Kind.POLICE_DECISION, datetime(2026, 3, 6, 23, 59, 59))]
    note(act, chen, drafted.no, Event.NOT_FILED, NOW + timedelta(2))
    ends = datetime(2026, 3, 7, 23, 59, 59)
    assert due(NOW) == [(deadlines.Kind.RECONSIDERATION, ends)]
    passed = act(deadlines.overdue, (NOW + timedelta(9)).date(), CALENDAR)
    assert deadlines.Kind.RECONSIDERATION not in [one.kind for one in passed]
    note(act, chen, drafted.no, Event.RECONSIDERATION, NOW + timedelta(3))
    assert due(NOW) == []
    note(act, chen, drafted.no, Event.FILED, NOW + timedelta(4))
    assert due(NOW) == [(deadlines.Kind.HANDOVER, datetime(2026, 3, 9, 23, 59, 59))]
    note(act, chen, drafted.no, Event.HANDED_OVER, NOW + timedelta(5))
    assert due(NOW) == []


def test_nobody_gets_round_the_database(act, chen, li, drafted):
    no, case_id = drafted.no, drafted.case_id
    act(referral.report, chen, no, "应当移送", NOW)
    event = {
        "referral": no, "step": 1, "event": "sealed", "happened": NOW, "document": "x", "reason": "",
        "actor": "x", "at": NOW,
    }  # fmt: skip
    review = {"no": 1, "approved": True, "reviewed_at": NOW, "review": "同意"}
    version = {"referral": no, "version": 2, "content": "{}", "maker": "x", "made_at": NOW}
    officer = {"referral": no, "version": 1, "name": "新", "certificate": "1"}
    before = [
        insert(REFERRAL_EVENTS).values(event),
        insert(REVIEWS).values(review | {"reviewer": OFFICERS[1].name}),
        insert(REVIEWS).values(review | {"reviewer": chen.name}),
        insert(REFERRAL_VERSIONS).values(version),
        insert(REFERRAL_OFFICERS).values(officer),
        insert(REFERRAL_REPORTS).values(no=2, referral=no, version=1),
    ]
    assert got_round(act, before) == []
    act(approval.propose, chen, "referral", f"referral_{no}", AREA, {}, "另报", NOW)
    assert got_round(act, [
        insert(REVIEWS).values(review | {"no": 2, "reviewer": li.name}),
        insert(REFERRAL_REPORTS).values(no=2, referral=no, version=1),
    ]) == []  # fmt: skip
    act(referral.decide, li, no, "同意", NOW, approve=True)
    after = [
        insert(REFERRAL_VERSIONS).values(version),
        insert(REFERRAL_OFFICERS).values(officer),
        insert(REFERRAL_REPORTS).values(no=2, referral=no, version=1),
        insert(REFERRAL_EVENTS).values(event | {"event": "sent"}),
        insert(REFERRAL_EVENTS).values(event | {"step": 2}),
        insert(REFERRAL_EVENTS).values(event | {"happened": NOW + timedelta(1)}),
        insert(REFERRALS).prefix_with("OR REPLACE", dialect="sqlite").values(
            no=no, case_id=case_id, area="", maker="x", made_at=NOW
        ),
        *(update(table).values({column: "x"}) for table, column in (
            (REFERRALS, "maker"), (REFERRAL_VERSIONS, "content"), (REFERRAL_OFFICERS, "name"),
        )),
        *map(delete, (REFERRAL_OFFICERS, REFERRAL_REPORTS, REFERRAL_VERSIONS, REFERRALS)),
        delete(PROPOSALS),
    ]  # fmt: skip
    assert got_round(act, after) == []
    act(lambda tx: tx.execute(insert(REFERRAL_EVENTS).values(event)))
    assert act(referral.referral, no).state is State.SEALED
