"""The points ledger on both databases: what may be proposed, who may review it, what follows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework import audit, points
from casework.errors import (
    NoDocument,
    NoLine,
    NoReason,
    NotAllowed,
    NotInLaw,
    NotRepairable,
    OutsideBand,
    RefusedByStore,
    SameDocument,
    SamePerson,
)
from casework.law import Rule, law_on
from casework.people import Actor, Role
from casework.points import Act, Effect, Kind, Measure, Repair, Responsibility
from casework.sql import delete, insert, update
from casework.store.points_tables import POINTS, POINTS_REVIEW
from tests.casework.conftest import NOW, got_round

BOTH = Actor("王五", frozenset({Role.INVESTIGATOR, Role.APPROVER}))
DAY = date(2026, 2, 2)
ACT = Act(
    "pr_a", "fa_a", "520102", 4, 5, Responsibility.MAIN, Measure.PENALTY, "黔医保罚〔2026〕1号", DAY, "串换药品"
)  # fmt: skip


@pytest.fixture
def decide(store, chen, li):
    """Propose an act and review it at once."""

    def deciding(act=ACT, *, approve=True):
        with store.write() as tx:
            line = points.propose_act(tx, chen, act, NOW)
            return points.review(tx, li, line.no, "属实", NOW, approve=approve)

    return deciding


def number(act, document, **changes):
    return replace(act, document=document, **changes)


def test_points_count_once_another_person_has_approved_them(store, chen, li):
    law = law_on(DAY, ACT.area)
    with store.write() as tx:
        line = points.propose_act(tx, chen, ACT, NOW)
        assert points.standing(tx, "pr_a", 2026, law).points == 0
        assert [one.no for one in points.waiting(tx)] == [line.no]
        decided = points.review(tx, li, line.no, "属实", NOW, approve=True)
        assert decided.standing.points == points.standing(tx, "pr_a", 2026, law).points == 5
        assert (decided.line.reviewer, decided.line.approved) == ("李立", True)
        assert points.waiting(tx) == ()
    done = audit.entries(store).entries
    assert [(one.action, one.actor) for one in done] == [
        ("points.approve", "李立"), ("points.propose", "陈晨"),
    ]  # fmt: skip
    assert all("医保发〔2024〕23号" in one.law for one in done)
    assert audit.verify(store) is None


def test_refused_points_count_for_nothing_and_may_be_proposed_again(decide):
    assert decide(approve=False).standing.points == 0
    assert decide().standing.points == 5


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"document": " "}, NoDocument),
        ({"decided_on": NOW.date() + timedelta(days=1)}, NoDocument),
        ({"grounds": ""}, NoReason),
        ({"points": 3}, OutsideBand),
        ({"points": 7}, OutsideBand),
        ({"band": 5}, OutsideBand),
        ({"band": 10, "points": 13}, OutsideBand),
    ],
)
def test_what_the_rules_do_not_allow_is_not_proposed(store, chen, change, error):
    with pytest.raises(error), store.write() as tx:
        points.propose_act(tx, chen, replace(ACT, **change), NOW)
    assert audit.entries(store).total == 0


def test_one_document_gives_points_once(decide):
    decide()
    with pytest.raises(SameDocument):
        decide()


def test_roles_and_regions_are_asked_for(store, chen, li):
    beijing = Actor("赵六", frozenset({Role.INVESTIGATOR}), frozenset({"110000"}))
    for actor in (li, beijing):
        with pytest.raises(NotAllowed), store.write() as tx:
            points.propose_act(tx, actor, ACT, NOW)
    with store.write() as tx:
        line = points.propose_act(tx, chen, ACT, NOW)
    with pytest.raises(NotAllowed), store.write() as tx:
        points.review(tx, chen, line.no, "属实", NOW, approve=True)


def test_nobody_reviews_what_they_made_by_any_way(store):
    with store.write() as tx:
        line = points.propose_act(tx, BOTH, ACT, NOW)
    with pytest.raises(SamePerson), store.write() as tx:
        points.review(tx, BOTH, line.no, "属实", NOW, approve=True)
    row = {"no": line.no, "approved": True, "reviewed_at": NOW, "review": "属实"}
    with pytest.raises(RefusedByStore, match="another person"), store.write() as tx:
        tx.execute(insert(POINTS_REVIEW).values(row | {"reviewer": BOTH.name}))
    with pytest.raises(RefusedByStore), store.write() as tx:
        tx.execute(insert(POINTS_REVIEW).values(row | {"reviewer": " "}))


BREACHES = [
    update(POINTS).values(points=1),
    delete(POINTS),
    update(POINTS).values(maker="李立"),
    update(POINTS_REVIEW).values(approved=False),
    delete(POINTS_REVIEW),
]


def test_the_ledger_is_append_only(act, decide):
    decide()
    assert got_round(act, BREACHES) == []


def test_a_line_is_reviewed_once_and_with_a_reason(store, decide, li):
    no = decide().line.no
    for given in (no, 99):
        with pytest.raises(NoLine), store.write() as tx:
            points.review(tx, li, given, "属实", NOW, approve=False)


def test_a_review_says_why(store, chen, li):
    with store.write() as tx:
        line = points.propose_act(tx, chen, ACT, NOW)
    with pytest.raises(NoReason), store.write() as tx:
        points.review(tx, li, line.no, " ", NOW, approve=True)


def test_nine_suspends_and_twelve_terminates(decide):
    assert decide().consequence.effect is Effect.NONE
    suspended = decide(number(ACT, "2号", points=4)).consequence
    assert suspended.effect is Effect.SUSPENSION
    assert (suspended.months.least, suspended.months.most) == (1, 6)
    ended = decide(number(ACT, "3号", points=4))
    assert (ended.standing.points, ended.consequence.effect) == (12, Effect.TERMINATION)
    assert ended.consequence.months.least == 12


def test_twelve_at_once_bans_for_longer(decide):
    decided = decide(replace(ACT, band=10, points=12))
    assert decided.consequence.effect is Effect.TERMINATION
    assert decided.consequence.months.least == 36


def test_tianjin_talks_from_six_on(decide):
    act = replace(ACT, area="120102", points=6)
    assert decide(act).consequence.effect is Effect.TALK
    assert (
        decide(replace(act, practitioner="pr_b", area="110105")).consequence.effect is Effect.NONE
    )


def test_a_new_year_begins_at_nothing_by_the_documents_day(decide):
    decide(number(ACT, "旧", decided_on=date(2025, 12, 31)))
    decided = decide()
    assert (decided.standing.year, decided.standing.points) == (2026, 5)
    late = decide(number(ACT, "旧二", decided_on=date(2025, 12, 30), points=4))
    assert (late.standing.year, late.standing.points) == (2025, 9)


def test_firsts_great_ones_and_villages_are_told_where_the_pack_says_so(decide):
    told = lambda act: {report.rule for report in decide(act).reports}  # noqa: E731
    assert told(ACT) == {Rule.REPORT_UP_FIRST}
    assert told(number(ACT, "2号", band=7, points=9, practitioner="pr_b")) == {Rule.REPORT_UP_FROM}
    village = replace(ACT, practitioner="pr_c", village=True)
    assert told(village) == {Rule.REVIEW_VILLAGE_FROM}
    assert told(replace(village, practitioner="pr_d", area="130102")) == set()


def test_repair_keeps_to_the_caps_of_the_pack(store, chen, li, decide):
    decide()
    decide(number(ACT, "2号", points=6))
    year_end = NOW

    def repair(kind, many, document="修复1", area="520102"):
        with store.write() as tx:
            one = Repair("pr_a", area, kind, many, document, NOW.date())
            line = points.propose_repair(tx, chen, one, "学习合格", year_end)
            return points.review(tx, li, line.no, "合格", year_end, approve=True).standing.points

    with pytest.raises(NotRepairable) as refused:
        repair(Kind.STUDY, 4)
    assert refused.value.left == 3
    assert repair(Kind.STUDY, 3) == 8
    with pytest.raises(NotRepairable):
        repair(Kind.STUDY, 1, "修复2")
    with pytest.raises(NotRepairable):
        repair(Kind.ACTIVITY, 2, "活动1")
    with pytest.raises(SameDocument):
        repair(Kind.ACTIVITY, 1)
    assert [repair(Kind.ACTIVITY, 1, f"活动{n}") for n in range(3)] == [7, 6, 5]
    with pytest.raises(SameDocument):
        repair(Kind.ACTIVITY, 1, "活动1")
    with pytest.raises(NotRepairable):
        repair(Kind.ACTIVITY, 1, "活动4")
    with pytest.raises(NotInLaw, match="repair_by_study"):
        repair(Kind.STUDY, 1, area="110105")


def test_an_appeal_that_was_won_undoes_the_line(store, chen, li, decide):
    line = decide(replace(ACT, band=10, points=12)).line
    with store.write() as tx:
        undo = points.propose_reversal(tx, chen, line.no, "复核1号", NOW.date(), "申诉成立", NOW)
        with pytest.raises(NoLine):
            points.propose_reversal(tx, chen, line.no, "复核1号", NOW.date(), "申诉成立", NOW)
        done = points.review(tx, li, undo.no, "同意", NOW, approve=True)
    assert (done.standing.points, done.consequence.effect) == (0, Effect.NONE)
    assert decide(replace(ACT, band=10, points=10)).standing.points == 10
