"""Appeals on both databases: in time or admitted, with opinions, decided by others, undone in one transaction."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework import appeals, audit, notices, points, sanctions
from casework.appeals import NOTHING, Effects, Outcome, State
from casework.appeals.errors import DecidedBefore, NoAppeal, NotAppealable, WrongEffects
from casework.errors import NoProposal, NoReason, NoSanction, NotAllowed, RefusedByStore, SamePerson
from casework.law import law_on
from casework.notices import About
from casework.notices.errors import NotServed
from casework.people import Actor, Role
from casework.sql import delete, insert, select, update
from casework.store.appeal_tables import (
    ADMISSIONS,
    APPEALS,
    DECISIONS,
    EXPERTS,
    LIFTED,
    LINES,
    OPINIONS,
)
from casework.store.case_tables import PROPOSALS, REVIEWS
from casework.store.order_tables import ORDERS
from casework.store.points_tables import POINTS_REVIEW
from tests.casework.conftest import NOW, got_round
from tests.casework.decided import ACT, AREA, CALENDAR, TODAY, WU, ZHOU, punished, score

DUE = date(2026, 3, 16)
LATER = NOW + timedelta(days=30)
ALL = Actor("郑正", frozenset({Role.INVESTIGATOR, Role.APPROVER}))


@pytest.fixture
def about(act, chen, li):
    """A line of nine points and the suspension that rests on it, both served."""
    return act(punished, chen, li)


def file(tx, who, about, day=TODAY, now=LATER):
    return appeals.file_appeal(tx, who, about, day, "当日在外地进修", b"letter", CALENDAR, now)


def propose(tx, who, no, outcome=Outcome.UPHELD, effects=None):
    found = appeals.appeal(tx, no)
    effects = effects or appeals.suggested(tx, found, LATER.date())
    return appeals.propose_decision(tx, who, no, outcome, effects, "证据不足", LATER)


def points_of(act):
    return act(points.standing, "pr_a", 2026, law_on(TODAY, AREA)).points


@pytest.mark.parametrize(("day", "late"), [(TODAY, False), (DUE, False), (date(2026, 3, 17), True)])
def test_an_appeal_is_late_after_the_last_day_of_the_pack(store, act, chen, about, day, late):
    made = act(file, chen, about[0], day)
    assert (made.due, made.late, made.law) == (DUE, late, "省级征求意见稿")
    assert made.state is (State.LATE if late else State.FILED)
    assert (made.subject, made.area, made.about) == ("pr_a", AREA, about[0])
    assert audit.entries(store, action="appeal.file").entries[0].facts["late"] is late


def test_only_what_was_approved_and_served_can_be_appealed_against_and_once(act, chen, li, about):
    act(file, chen, about[0])
    with pytest.raises(NotAppealable):
        act(file, chen, about[0])
    open_line = act(points.propose_act, chen, replace(ACT, document="2号"), NOW)
    with pytest.raises(NotAppealable):
        act(file, chen, About(open_line.no))
    act(points.review, li, open_line.no, "属实", NOW, approve=True)
    with pytest.raises(NotServed):
        act(file, chen, About(open_line.no))
    with pytest.raises(NotServed):
        act(file, chen, about[1], TODAY - timedelta(1))
    with pytest.raises(NotAppealable):
        act(file, chen, about[1], LATER.date() + timedelta(1))
    with pytest.raises(NotAllowed):
        act(file, li, about[1])
    undone = act(points.propose_reversal, chen, open_line.no, "3号", TODAY, "误记", NOW)
    act(points.review, li, undone.no, "属实", NOW, approve=True)
    act(notices.serve, chen, notices.Kind.DECISION, About(undone.no), "4号", TODAY, b"n", NOW)
    with pytest.raises(NotAppealable):
        act(file, chen, About(undone.no))
    with pytest.raises(NoReason):
        act(appeals.file_appeal, chen, about[1], TODAY, " ", b"", CALENDAR, LATER)


def test_upheld_points_are_reversed_and_the_suspension_on_them_lifted_at_once(
    store, act, chen, about
):
    line, sanction = about
    act(file, chen, line)
    act(propose, ZHOU, 1)
    assert act(appeals.appeal, 1).state is State.PROPOSED
    assert points_of(act) == 9
    assert act(sanctions.sanction, sanction.sanction).lifted is None
    done = act(appeals.decide, WU, 1, "同意", LATER, approve=True)
    assert (done.state, done.decisions[-1].reviewer) == (State.UPHELD, "吴悟")
    assert points_of(act) == 0
    assert act(sanctions.sanction, sanction.sanction).lifted == LATER.date()
    assert act(sanctions.qualification, "pr_a", LATER.date()) is None
    wanted = select(ORDERS.c.place).where(ORDERS.c.kind == "reinstate").order_by(ORDERS.c.place)
    assert act(lambda tx: tx.execute(wanted).scalars().all()) == ["fa_a", "fa_b"]
    assert act(appeals.appeals) == ()
    assert [one.no for one in act(lambda tx: appeals.appeals(tx, ended=True))] == [1]
    assert audit.verify(store) is None


def test_partly_leaves_fewer_points_by_the_same_document(act, chen, about):
    line, sanction = about
    act(file, chen, line)
    effects = Effects((line.line,), (sanction.sanction,), LATER.date(), 5)
    assert act(appeals.suggested, act(appeals.appeal, 1), LATER.date(), 5) == effects
    act(propose, ZHOU, 1, Outcome.PARTLY, effects)
    act(appeals.decide, WU, 1, "同意", LATER, approve=True)
    assert points_of(act) == 5
    last = act(points.history, "pr_a")[-1]
    assert (last.band, last.document, last.maker) == (4, ACT.document, "周舟")


def test_partly_shortens_a_sanction_and_leaves_the_points(act, chen, about):
    act(file, chen, about[1])
    effects = Effects((), (about[1].sanction,), date(2026, 4, 10))
    act(propose, ZHOU, 1, Outcome.PARTLY, effects)
    act(appeals.decide, WU, 1, "同意", LATER, approve=True)
    assert act(sanctions.qualification, "pr_a", date(2026, 4, 9)) is sanctions.Kind.SUSPENSION
    assert act(sanctions.qualification, "pr_a", date(2026, 4, 10)) is None
    assert points_of(act) == 9


def test_rejected_and_refused_change_nothing_and_a_refused_one_may_be_proposed_again(
    act, chen, about
):
    act(file, chen, about[0])
    act(propose, ZHOU, 1)
    with pytest.raises(NoAppeal):
        act(propose, ZHOU, 1)
    refused = act(appeals.decide, WU, 1, "再查", LATER, approve=False)
    assert refused.state is State.FILED
    assert all(one.approved is not None for one in act(points.history, "pr_a"))
    with pytest.raises(NoProposal):
        act(appeals.decide, WU, 1, "同意", LATER, approve=True)
    act(propose, ZHOU, 1, Outcome.REJECTED, NOTHING)
    assert act(appeals.decide, WU, 1, "同意", LATER, approve=True).state is State.REJECTED
    assert points_of(act) == 9
    with pytest.raises(NoAppeal):
        act(propose, ZHOU, 1)


def test_what_remains_due_is_not_suggested_to_be_lifted(act, chen, li, about):
    """Another nine points carry the suspension by themselves."""
    act(score, chen, li, replace(ACT, document="2号"))
    made = act(file, chen, about[0])
    assert act(appeals.suggested, made, LATER.date()) == Effects((about[0].line,))
    made = act(file, chen, about[1])
    assert act(appeals.suggested, made, TODAY) == Effects((), (about[1].sanction,), TODAY)


WRONG = [
    (Outcome.REJECTED, Effects((1,))),
    (Outcome.UPHELD, NOTHING),
    (Outcome.UPHELD, Effects((1,), (), None, 3)),
    (Outcome.UPHELD, Effects((1,), (1,))),
    (Outcome.UPHELD, Effects((1,), (), TODAY)),
    (Outcome.UPHELD, Effects((), (1,), TODAY)),
    (Outcome.UPHELD, Effects((1, 2))),
    (Outcome.UPHELD, Effects((1,), (7,), TODAY)),
    (Outcome.PARTLY, Effects((1,))),
    (Outcome.PARTLY, Effects((1,), (), None, 9)),
    (Outcome.PARTLY, Effects((1,), (), None, 0)),
]


def test_a_decision_does_what_its_outcome_allows(act, chen, li, about):
    """Line 1 is what the appeal is against; line 2 is another person's."""
    act(score, chen, li, replace(ACT, practitioner="pr_b"))
    act(file, chen, about[0])
    for outcome, effects in WRONG:
        with pytest.raises(WrongEffects):
            act(propose, ZHOU, 1, outcome, effects)


def test_a_late_appeal_waits_for_somebody_to_admit_it(act, chen, li, about):
    act(file, chen, about[0], DUE + timedelta(1))
    with pytest.raises(NoAppeal):
        act(propose, ZHOU, 1)
    with pytest.raises(DecidedBefore):
        act(appeals.admit, li, 1, "有正当理由", LATER, admitted=True)
    with pytest.raises(NotAllowed):
        act(appeals.admit, ZHOU, 1, "有正当理由", LATER, admitted=True)
    assert act(appeals.admit, WU, 1, "住院期间", LATER, admitted=True).state is State.FILED
    act(propose, ZHOU, 1)
    act(file, chen, about[1], DUE + timedelta(1))
    assert act(appeals.admit, WU, 2, "无理由", LATER, admitted=False).state is State.NOT_ADMITTED
    with pytest.raises(NoAppeal):
        act(appeals.admit, WU, 2, "再看", LATER, admitted=True)


def test_a_third_party_says_what_binds_it_to_nobody_before_a_decision(store, act, chen, about):
    act(file, chen, about[0])
    asked = act(appeals.ask_expert, chen, 1, "钱教授", "市医学会", "是否符合诊疗规范", LATER)
    assert act(appeals.appeal, 1).state is State.ASKED
    with pytest.raises(NoAppeal):
        act(propose, ZHOU, 1)
    for said in ((" ", "符合"), ("与双方无利害关系", "")):
        with pytest.raises(NoReason):
            act(appeals.give_opinion, chen, asked.no, *said, b"paper", LATER)
    given = act(
        appeals.give_opinion, chen, asked.no, "与双方无利害关系", "符合规范", b"paper", LATER
    )
    assert act(appeals.appeal, 1).state is State.ANSWERED
    assert act(appeals.appeal, 1).opinions == (given,)
    (told,) = audit.entries(store, action="appeal.opinion").entries
    assert told.facts["sha256"] == given.sha256
    for no in (asked.no, 9):
        with pytest.raises(NoAppeal):
            act(appeals.give_opinion, chen, no, "无", "符合", b"", LATER)
    for name in ("陈晨", "李立"):
        with pytest.raises(DecidedBefore):
            act(appeals.ask_expert, ZHOU, 1, name, "本局", "?", LATER)


def test_who_decided_before_decides_nothing(act, chen, li, about):
    act(file, chen, about[0])
    assert act(appeals.decided_before, 1) == {"陈晨", "李立"}
    with pytest.raises(DecidedBefore):
        act(propose, chen, 1)
    act(propose, ALL, 1)
    with pytest.raises(DecidedBefore):
        act(appeals.decide, li, 1, "同意", LATER, approve=True)
    with pytest.raises(SamePerson):
        act(appeals.decide, ALL, 1, "同意", LATER, approve=True)
    with pytest.raises(NotAllowed):
        act(appeals.decide, ZHOU, 1, "同意", LATER, approve=True)


def test_who_decided_what_would_be_undone_decides_nothing(act, chen, li, about):
    """The suspension would be lifted too, and another person reviewed the line it is added to."""
    act(score, ALL, WU, replace(ACT, document="2号"))
    act(file, chen, about[0])
    with pytest.raises(DecidedBefore):
        act(propose, ALL, 1, Outcome.UPHELD, Effects((1, 2), (about[1].sanction,), TODAY))
    act(propose, ZHOU, 1, Outcome.UPHELD, Effects((1, 2)))
    with pytest.raises(DecidedBefore):
        act(appeals.decide, WU, 1, "同意", LATER, approve=True)


def review(no, who, approved=True, table=REVIEWS):
    return insert(table).values(
        no=no, approved=approved, reviewer=who, reviewed_at=LATER, review="好"
    )


def proposal(no, who, kind="appeal", subject="appeal_1"):
    return insert(PROPOSALS).values(
        no=no, kind=kind, subject=subject, area=AREA, content="{}", why="好", maker=who,
        made_at=LATER,
    )  # fmt: skip


APPEAL = {
    "no": 9, "notice": 1, "line": 1, "filed_on": TODAY, "due": DUE, "late": False, "grounds": "x",
    "letter": "0" * 64, "law": "x", "filer": "x", "filed_at": NOW,
}  # fmt: skip
ASKED = {"no": 9, "appeal": 1, "body": "x", "question": "x", "asker": "x", "asked_at": NOW}
MADE, LIFT, REVERSAL = 2, 3, 2
"""The open decision on appeal 1, the lift and the line it would make; proposal 1 is the suspension."""
ROUND_IT = [
    # by those who decided before, or who made it
    review(MADE, "李立"),
    review(MADE, "陈晨"),
    review(MADE, "周舟"),
    review(MADE, "李立", False),
    # what it undoes, without it
    review(LIFT, "李立"),
    review(LIFT, "吴悟"),
    review(LIFT, "吴悟", False),
    review(REVERSAL, "李立", table=POINTS_REVIEW),
    review(REVERSAL, "吴悟", table=POINTS_REVIEW),
    # appeals against what was not approved or served, twice, or late without saying so
    insert(APPEALS).values(APPEAL),
    insert(APPEALS).values(APPEAL | {"no": 1}),
    insert(APPEALS).values(APPEAL | {"line": REVERSAL}),
    insert(APPEALS).values(APPEAL | {"line": None, "sanction": 1}),
    insert(APPEALS).values(APPEAL | {"line": None, "sanction": 1, "notice": 2, "due": NOW.date() - timedelta(9)}),
    insert(APPEALS).values(APPEAL | {"line": None}),
    # admitting what is not late, or by who decided before
    insert(ADMISSIONS).values(appeal=1, admitted=True, decider="吴悟", at=NOW, why="x"),
    insert(ADMISSIONS).values(appeal=2, admitted=True, decider="李立", at=NOW, why="x"),
    insert(EXPERTS).values(ASKED | {"expert": "李立"}),
    insert(EXPERTS).values(ASKED | {"expert": " "}),
    insert(OPINIONS).values(no=1, recusal=" ", opinion="x", sha256="0" * 64, author="x", given_at=NOW),
    # decisions without a proposal of their own, or twice
    insert(DECISIONS).values(no=1, appeal=1, outcome="upheld"),
    insert(DECISIONS).values(no=MADE, appeal=2, outcome="upheld"),
    insert(DECISIONS).values(no=99, appeal=1, outcome="upheld"),
    insert(LIFTED).values(lift=LIFT, decision=MADE),
    # changing and removing
    update(DECISIONS).values(outcome="rejected"),
    update(LIFTED).values(decision=1),
    update(APPEALS).values(late=True, due=TODAY - timedelta(1)),
    update(PROPOSALS).values(maker="x"),
    *(delete(table) for table in (ADMISSIONS, APPEALS, DECISIONS, EXPERTS, LIFTED, LINES, OPINIONS)),
]  # fmt: skip


@pytest.fixture
def contested(act, chen, about):
    """Appeal 1 has an opinion and an open decision; appeal 2 came late and was not admitted."""
    act(file, chen, about[0])
    asked = act(appeals.ask_expert, chen, 1, "钱教授", "市医学会", "?", LATER)
    act(appeals.give_opinion, chen, asked.no, "无利害关系", "不符合", b"paper", LATER)
    made = act(propose, ZHOU, 1)
    assert made.no == MADE
    act(file, chen, about[1], DUE + timedelta(1))
    act(appeals.admit, WU, 2, "无理由", LATER, admitted=False)


def test_the_store_refuses_every_way_round(act, chen, contested):
    before = act(lambda tx: appeals.appeals(tx, ended=True))
    assert got_round(act, ROUND_IT) == []
    assert act(lambda tx: appeals.appeals(tx, ended=True)) == before


def test_a_proposal_by_who_decided_before_never_becomes_a_decision(act, contested):
    act(lambda tx: tx.execute(proposal(50, "陈晨")))
    act(lambda tx: tx.execute(proposal(51, "郑正", subject="appeal_2")))
    for no in (50, 51):
        with pytest.raises(RefusedByStore, match="somebody who did not decide before"):
            act(
                lambda tx, no=no: tx.execute(
                    insert(DECISIONS).values(no=no, appeal=1, outcome="rejected")
                )
            )


def test_of_two_open_decisions_one_is_approved(act, contested):
    def second(tx):
        tx.execute(proposal(50, "郑正"))
        tx.execute(insert(DECISIONS).values(no=50, appeal=1, outcome="rejected"))
        tx.execute(review(50, "吴悟"))

    act(second)
    with pytest.raises(RefusedByStore, match="decided once"):
        act(lambda tx: tx.execute(review(MADE, "吴悟")))


def test_a_late_one_that_nobody_admitted_gets_no_decision(act, chen, about):
    act(file, chen, about[0], DUE + timedelta(1))
    row = {"appeal": 1, "admitted": True, "decider": "李立", "at": NOW, "why": "x"}
    assert got_round(act, [insert(ADMISSIONS).values(row)]) == []
    act(lambda tx: tx.execute(proposal(50, "郑正")))
    with pytest.raises(RefusedByStore, match="a late one after it was admitted"):
        act(lambda tx: tx.execute(insert(DECISIONS).values(no=50, appeal=1, outcome="upheld")))


def test_an_approval_whose_effects_cannot_be_had_leaves_nothing(store, act, chen, li, about):
    """The suspension is lifted by a decision of its own meanwhile."""
    act(file, chen, about[0])
    act(propose, ZHOU, 1)
    lift = act(sanctions.propose_lift, chen, about[1].sanction, TODAY, "误", NOW)
    act(sanctions.decide_lift, li, lift.no, "同意", NOW, approve=True)
    before = audit.entries(store).total
    with pytest.raises(NoSanction):
        act(appeals.decide, WU, 1, "同意", LATER, approve=True)
    assert act(appeals.appeal, 1).state is State.PROPOSED
    assert (points_of(act), audit.entries(store).total) == (9, before)
    assert act(appeals.decide, WU, 1, "重提", LATER, approve=False).state is State.FILED
