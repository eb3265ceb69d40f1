"""Sanctions on both databases: due by points, in force by a second person, over or lifted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework import approval, audit, points, sanctions
from casework.errors import (
    NoDocument,
    NoLaw,
    NoProposal,
    NoSanction,
    NotAllowed,
    NotDue,
    SamePerson,
)
from casework.people import Actor, Role
from casework.points import Act, Measure, Responsibility
from casework.sanctions import Kind, Person
from casework.sanctions.rules import last_day
from casework.sql import delete, insert, update
from casework.store.case_tables import PROPOSALS, REVIEWS
from casework.store.sanction_tables import LIFTS, PERSONS, SANCTIONS
from tests.casework.conftest import NOW, REGISTRY, got_round

AREA, TODAY = "110105", NOW.date()
BOTH = Actor("王五", frozenset({Role.INVESTIGATOR, Role.APPROVER}))
ACT = Act(
    "pr_a", "fa_a", AREA, 7, 9, Responsibility.MAIN, Measure.PENALTY, "京医保罚〔2026〕1号",
    date(2026, 2, 2), "冒名结算",
)  # fmt: skip
STAFF = (Person("pr_a", True, "主治医师"), Person("pr_b", False, "当日不在岗"))


@pytest.fixture
def nine(act, chen, li):
    """Nine approved points."""

    def scoring(tx, given=ACT):
        line = points.propose_act(tx, chen, given, NOW)
        return points.review(tx, li, line.no, "属实", NOW, approve=True)

    act(scoring)
    return scoring


def suspend(tx, who, months=2, begins=TODAY, year=2026):
    draft = sanctions.draft_by_points(tx, "pr_a", AREA, year, begins, months)
    return sanctions.propose(tx, who, draft, REGISTRY, "累计9分", NOW)


def measure(tx, who, kind=Kind.SUSPEND_AGREEMENT, law="条例 第四十条", begins=TODAY):
    ends = begins + timedelta(days=89)
    draft = sanctions.draft_measure(kind, "fa_a", AREA, begins, ends, law, STAFF)
    return sanctions.propose(tx, who, draft, REGISTRY, "骗保", NOW)


def test_nine_points_suspend_once_a_second_person_approved(store, act, chen, li, nine):
    proposed = act(suspend, chen)
    assert not proposed.in_force(TODAY)
    assert act(sanctions.qualification, "pr_a", TODAY) is None
    approved = act(sanctions.decide_sanction, li, proposed.no, REGISTRY, "同意", NOW, approve=True)
    assert (approved.kind, approved.ends) == (Kind.SUSPENSION, date(2026, 5, 1))
    assert approved.law == "医保发〔2024〕23号"
    act(measure, chen)
    assert act(sanctions.approved) == (approved,)
    for day, holds in ((TODAY, True), (approved.ends, True), (date(2026, 5, 2), False)):
        assert approved.in_force(day) is holds
        assert (act(sanctions.qualification, "pr_a", day) is Kind.SUSPENSION) is holds
    assert not approved.in_force(TODAY - timedelta(days=1))
    assert audit.verify(store) is None


@pytest.mark.parametrize("change", [{"months": 7}, {"months": 0}, {"year": 2025}])
def test_what_the_points_do_not_lead_to_is_not_due(act, chen, nine, change):
    with pytest.raises(NotDue):
        act(suspend, chen, **change)


def test_twelve_points_terminate_for_the_length_of_the_ban(act, chen, li, nine):
    act(nine, replace(ACT, document="2号", band=1, points=3))
    with pytest.raises(NotDue):
        act(suspend, chen, months=36)
    proposed = act(suspend, chen, months=12)
    assert (proposed.kind, proposed.ends) == (Kind.TERMINATION, date(2027, 3, 1))


def test_a_refused_sanction_never_holds(act, chen, li, nine):
    proposed = act(suspend, chen)
    refused = act(sanctions.decide_sanction, li, proposed.no, REGISTRY, "再议", NOW, approve=False)
    assert not any(refused.in_force(TODAY + timedelta(days=n)) for n in range(90))
    with pytest.raises(NoProposal):
        act(sanctions.decide_sanction, li, proposed.no, REGISTRY, "同意", NOW, approve=True)


def test_agreement_measures_touch_the_responsible_alone(act, chen, li):
    proposed = act(measure, chen)
    assert proposed.effects == {"pr_a": Kind.SUSPENSION}
    act(sanctions.decide_sanction, li, proposed.no, REGISTRY, "同意", NOW, approve=True)
    assert act(sanctions.qualification, "pr_a", TODAY) is Kind.SUSPENSION
    assert act(sanctions.qualification, "pr_b", TODAY) is None
    assert [one.no for one in act(sanctions.sanctions_of, "pr_b")] == [proposed.no]
    ended = act(measure, chen, Kind.END_AGREEMENT)
    act(sanctions.decide_sanction, li, ended.no, REGISTRY, "同意", NOW, approve=True)
    assert act(sanctions.qualification, "pr_a", TODAY) is Kind.TERMINATION
    for kind in (Kind.TALK, Kind.RECTIFY, Kind.WITHHOLD_PAY, Kind.REFUSE_PAY):
        assert act(measure, chen, kind).effects == {}


def test_a_measure_needs_its_law_and_a_place(act, chen):
    with pytest.raises(NoDocument):
        act(measure, chen, law=" ")
    with pytest.raises(NotDue):
        act(measure, chen, Kind.TERMINATION)
    with pytest.raises(NoLaw):
        act(measure, chen, begins=date(2020, 1, 1))


def test_a_lift_ends_a_sanction_by_a_second_person(act, chen, li, nine):
    no = act(suspend, chen).no
    with pytest.raises(NoSanction):
        act(sanctions.propose_lift, chen, no, TODAY, "申诉成立", NOW)
    act(sanctions.decide_sanction, li, no, REGISTRY, "同意", NOW, approve=True)
    lift = act(sanctions.propose_lift, chen, no, TODAY + timedelta(days=5), "申诉成立", NOW)
    assert act(sanctions.sanction, no).lifted is None
    lifted = act(sanctions.decide_lift, li, lift.no, "同意", NOW, approve=True)
    assert lifted.in_force(TODAY + timedelta(days=4))
    assert not lifted.in_force(TODAY + timedelta(days=5))
    with pytest.raises(NoSanction):
        act(sanctions.propose_lift, chen, no, TODAY, "again", NOW)


def test_nobody_approves_their_own_and_roles_are_asked_for(act, chen, li, nine):
    no = act(suspend, BOTH).no
    with pytest.raises(SamePerson):
        act(sanctions.decide_sanction, BOTH, no, REGISTRY, "同意", NOW, approve=True)
    with pytest.raises(NotAllowed):
        act(sanctions.decide_sanction, chen, no, REGISTRY, "同意", NOW, approve=True)
    for call in (suspend, measure):
        with pytest.raises(NotAllowed):
            act(call, li)
    act(sanctions.decide_sanction, li, no, REGISTRY, "同意", NOW, approve=True)
    lift = act(sanctions.propose_lift, BOTH, no, TODAY, "误", NOW)
    with pytest.raises(SamePerson):
        act(sanctions.decide_lift, BOTH, lift.no, "同意", NOW, approve=True)
    with pytest.raises(NoSanction):
        act(sanctions.decide_sanction, li, lift.no, REGISTRY, "同意", NOW, approve=True)


ROW = {
    "target": "pr_a",
    "area": AREA,
    "begins": TODAY,
    "ends": None,
    "law": "x",
    "kind": "suspension",
}


ROUND_IT = [
    insert(SANCTIONS).values(ROW | {"no": 99}),
    insert(SANCTIONS).values(ROW | {"no": 2}),
    insert(SANCTIONS).values(ROW | {"no": 3, "target": "pr_z"}),
    insert(REVIEWS).values(no=1, approved=True, reviewer="王五", reviewed_at=NOW, review="好"),
    insert(PERSONS).values(no=2, practitioner="pr_z", responsible=True, reason="x"),
    insert(LIFTS).values(no=2, sanction=2, begins=TODAY),
    update(SANCTIONS).values(target="pr_z"),
    update(SANCTIONS).values(ends=None),
    update(PERSONS).values(responsible=True),
    delete(SANCTIONS).where(SANCTIONS.c.no == 1),
    delete(PERSONS),
    update(REVIEWS).values(approved=True),
    update(PROPOSALS).values(maker="x"),
]


def test_the_store_refuses_every_way_round(act, chen, li, nine):
    """Proposal 1 waits, 2 is decided, 3 is of another kind."""
    assert act(suspend, BOTH).no == 1
    assert act(measure, chen).no == 2
    act(sanctions.decide_sanction, li, 2, REGISTRY, "同意", NOW, approve=True)
    act(approval.propose, chen, "other", "pr_a", AREA, {}, "why", NOW)
    before = act(sanctions.sanctions_of, "pr_a")
    assert got_round(act, ROUND_IT) == []
    assert act(sanctions.sanctions_of, "pr_a") == before


@settings(deadline=None)
@given(begins=st.dates(date(2024, 1, 1), date(2040, 1, 1)), months=st.integers(1, 40))
def test_a_term_of_months_ends_the_day_before(begins, months):
    after = last_day(begins, months) + timedelta(days=1)
    turned = (after.year - begins.year) * 12 + after.month - begins.month
    assert turned == months
    assert after.day == begins.day or (after + timedelta(days=1)).day == 1


def test_a_term_that_misses_its_day_ends_with_the_month():
    assert last_day(date(2026, 1, 31), 1) == date(2026, 2, 27)
    assert last_day(date(2026, 3, 2), 2) == date(2026, 5, 1)
