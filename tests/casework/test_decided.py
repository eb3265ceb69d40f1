"""What an exported case carries of its record: all that two people decided, and nothing that they did not."""

from datetime import date, timedelta

import pytest

from casework import appeals, cases, referral, sanctions
from casework.appeals import Outcome
from casework.cases import Origin, Source
from casework.decided import decided
from casework.exports.content import Decision, DecisionKind, Hand
from casework.people import Role
from casework.referral import Draft, Event, Officer
from tests.casework.conftest import NOW, REGISTRY
from tests.casework.decided import ACT, AREA, CALENDAR, TODAY, WU, ZHOU, punished, score

LATER = NOW + timedelta(days=30)
OFFICERS = (Officer("陈晨", "110105001"), Officer("郑正", "110105002"))
BOTH = (Hand(Role.INVESTIGATOR, "陈晨"), Hand(Role.APPROVER, "李立"))


@pytest.fixture
def case(act, chen):
    """The id of a case."""
    opening = ("某案", Source(Origin.HAND), AREA, "查", NOW)
    return act(cases.open_case, chen, *opening).id


def of_kind(act, case, kind, now=LATER):
    return [one for one in act(decided, case, ("pr_a",), now).decisions if one.kind is kind]


def test_what_one_person_proposed_is_not_decided(act, chen, li, case):
    act(score, chen, li, ACT)
    draft = act(sanctions.draft_by_points, "pr_a", AREA, 2026, TODAY, 2, case)
    act(sanctions.propose, chen, draft, REGISTRY, "累计9分", NOW)
    act(referral.draft, chen, case, Draft(), NOW)
    found = act(decided, case, (), NOW)
    assert (found.case, found.status, found.outcome, found.at) == (case, "new", None, NOW)
    assert found.decisions == ()
    assert [one.kind for one in act(decided, case, ("pr_a",), NOW).decisions] == ["points"]


def test_points_sanction_and_orders_are_told_with_their_papers_and_law(act, chen, li, case):
    about = act(punished, chen, li, case)
    found = act(decided, case, (), NOW).decisions
    line, sanction, first, second = found
    assert line == Decision(
        DecisionKind.POINTS, "pr_a", "act", "counts", TODAY, 9, ACT.decided_on, by=BOTH,
        documents=(ACT.document, "京医保处〔2026〕8号"), law=line.law,
    )  # fmt: skip
    assert sanction == Decision(
        DecisionKind.SANCTION, "pr_a", "suspension", "running", TODAY, first=TODAY,
        last=date(2026, 5, 1), by=BOTH, documents=("京医保处〔2026〕8号",), law=sanction.law,
    )  # fmt: skip
    assert line.law
    assert sanction.law
    assert [(one.on, one.what, one.state, one.count, one.law) for one in (first, second)] == [
        (place, "suspend", "pending", 1, sanction.law) for place in ("fa_a", "fa_b")
    ]
    (over,) = of_kind(act, case, DecisionKind.SANCTION, NOW + timedelta(days=90))
    assert over.state == "over"
    act(sanctions.propose_lift, chen, about[1].sanction, date(2026, 4, 1), "申诉成立", NOW)
    assert of_kind(act, case, DecisionKind.SANCTION)[0].last == date(2026, 5, 1)


def test_a_lift_after_its_term_makes_a_sanction_no_longer(act, chen, li, case):
    _, about = act(punished, chen, li, case)
    lift = act(sanctions.propose_lift, chen, about.sanction, date(2026, 6, 1), "申诉成立", NOW)
    act(sanctions.decide_lift, li, lift.no, "同意", NOW, approve=True)
    (told,) = of_kind(act, case, DecisionKind.SANCTION, NOW + timedelta(days=120))
    assert (told.state, told.last) == ("lifted", date(2026, 5, 1))


def test_a_sanction_lifted_from_its_first_day_has_no_days(act, chen, li, case):
    _, about = act(punished, chen, li, case)
    lift = act(sanctions.propose_lift, chen, about.sanction, TODAY, "申诉成立", NOW)
    act(sanctions.decide_lift, li, lift.no, "同意", NOW, approve=True)
    (told,) = of_kind(act, case, DecisionKind.SANCTION)
    assert (told.state, told.first, told.last) == ("lifted", None, None)


def test_points_of_before_the_case_are_not_of_it(act, chen, li):
    act(score, chen, li)
    later = NOW + timedelta(days=1)
    case = act(cases.open_case, chen, "后案", Source(Origin.HAND), AREA, "查", later).id
    assert act(decided, case, ("pr_a",), LATER).decisions == ()


def test_an_appeal_and_what_it_undid_are_told(act, chen, li, case):
    line, _ = act(punished, chen, li, case)
    filing = (line, TODAY, "当日在外地进修", b"letter", CALENDAR, NOW)
    no = act(appeals.file_appeal, chen, *filing).no
    (filed,) = of_kind(act, case, DecisionKind.APPEAL)
    assert (filed.on, filed.what, filed.state, filed.at) == ("pr_a", "points", "filed", TODAY)
    assert filed.by == BOTH[:1]
    effects = act(lambda tx: appeals.suggested(tx, appeals.appeal(tx, no), LATER.date()))
    act(appeals.propose_decision, ZHOU, no, Outcome.UPHELD, effects, "证据不足", LATER)
    act(appeals.decide, WU, no, "同意", LATER, approve=True)
    (upheld,) = of_kind(act, case, DecisionKind.APPEAL)
    assert (upheld.state, upheld.at, upheld.first) == ("upheld", LATER.date(), TODAY)
    assert upheld.by == (Hand(Role.INVESTIGATOR, ZHOU.name), Hand(Role.APPROVER, WU.name))
    lines = of_kind(act, case, DecisionKind.POINTS)
    assert [(one.what, one.state) for one in lines] == [("act", "undone"), ("reversal", "counts")]
    (lifted,) = of_kind(act, case, DecisionKind.SANCTION)
    assert (lifted.state, lifted.last) == ("lifted", LATER.date() - timedelta(days=1))
    orders = of_kind(act, case, DecisionKind.ORDER)
    assert sorted((one.on, one.what, one.count) for one in orders) == [
        (place, what, 1) for place in ("fa_a", "fa_b") for what in ("reinstate", "suspend")
    ]


def test_a_referral_keeps_what_had_been_decided_when_it_was_reported(act, chen, li, case):
    no = act(referral.draft, chen, case, Draft(officers=OFFICERS), NOW).no
    assert act(referral.referral, no).decided is None
    act(punished, chen, li, case)
    told = act(decided, case, (), NOW)
    assert act(referral.report, chen, no, "涉嫌犯罪", NOW, told).decided == told
    act(cases.propose_closure, chen, case, cases.Outcome.CONFIRMED, "属实", NOW)
    assert act(referral.referral, no).decided == told


def test_the_closure_and_the_referral_are_told(act, chen, li, case):
    said = Draft(number="某医保移〔2026〕1号", officers=OFFICERS)
    no = act(referral.draft, chen, case, said, NOW).no
    act(referral.report, chen, no, "涉嫌犯罪", NOW)
    assert of_kind(act, case, DecisionKind.REFERRAL) == []
    act(referral.decide, li, no, "同意移送", NOW, approve=True)
    for event, document in (
        (Event.SEALED, "0" * 64),
        (Event.SENT, "送"),
        (Event.RECEIVED, "收1号"),
    ):
        act(referral.note, chen, no, event, LATER, document, "", LATER)
    (told,) = of_kind(act, case, DecisionKind.REFERRAL)
    assert (told.state, told.at, told.by) == ("received", LATER.date(), BOTH)
    assert told.documents == (said.number, "收1号")
    assert told.law
    act(cases.propose_closure, chen, case, cases.Outcome.CONFIRMED, "属实", NOW)
    assert of_kind(act, case, DecisionKind.CLOSURE) == []
    act(cases.decide_closure, li, case, "同意", LATER, approve=True)
    (closed,) = of_kind(act, case, DecisionKind.CLOSURE)
    assert (closed.what, closed.state, closed.at, closed.by) == (
        "confirmed", "closed", LATER.date(), BOTH,
    )  # fmt: skip
    assert act(decided, case, (), LATER).outcome == "confirmed"


def test_a_referral_without_a_number_names_no_paper(act, chen, li, case):
    no = act(referral.draft, chen, case, Draft(officers=OFFICERS), NOW).no
    act(referral.report, chen, no, "涉嫌犯罪", NOW)
    act(referral.decide, li, no, "同意移送", NOW, approve=True)
    (told,) = of_kind(act, case, DecisionKind.REFERRAL)
    assert (told.state, told.documents) == ("approved", ())
