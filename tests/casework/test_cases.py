"""Cases on both databases: steps, second persons, queue, papers, and no way round them."""

from datetime import date, timedelta

import pytest

from casework import audit, cases
from casework.cases import Origin, Outcome, Source, Status
from casework.errors import (
    CaseworkError,
    ChangedAttachment,
    NoCase,
    NoEnd,
    NoProposal,
    NoReason,
    NotAllowed,
    NotASecondCase,
    NoTask,
    NoTransition,
    OpenAlready,
    RefusedByStore,
    SamePerson,
    TooLarge,
)
from casework.people import Actor, Role
from casework.sql import delete, insert, select, text, update
from casework.steps import PLAIN, TRANSITIONS
from casework.store.case_tables import ATTACHMENTS, CASES, PROPOSALS, REVIEWS
from casework.store.case_tables import TRANSITIONS as KEPT
from graph.scan.calibration import Finding, load_outcomes
from tests.casework.conftest import NOW, got_round

BOTH = Actor("王五", frozenset({Role.INVESTIGATOR, Role.APPROVER}))
RING = Source(Origin.RING, "rg_a", {"motifs": ["covisit"], "evidence": 9.5, "weakened": 1})
LATER = NOW + timedelta(days=1)


@pytest.fixture
def opened(store, chen):
    """The id of a new case from a ring."""
    with store.write() as tx:
        return cases.open_case(tx, chen, "同日结算", RING, "110105", "线索可信", NOW).id


def test_a_case_begins_new_and_says_where_it_came_from(store, act, opened):
    found = act(cases.case, opened)
    assert (found.status, found.outcome, found.source) == (Status.NEW, None, RING)
    (entry,) = audit.entries(store, subject=opened).entries
    assert (entry.action, entry.why, entry.facts["origin_id"]) == ("case.open", "线索可信", "rg_a")
    with pytest.raises(NoCase):
        act(cases.case, "cs_9")


def test_one_source_has_one_open_case(act, chen, opened):
    with pytest.raises(OpenAlready) as refused:
        act(cases.open_case, chen, "again", RING, "110105", "why", NOW)
    assert refused.value.case == opened
    for _ in range(2):
        act(cases.open_case, chen, "by hand", Source(Origin.HAND), "110105", "why", NOW)


def test_the_store_keeps_the_one_table_of_steps(act):
    kept = {tuple(row) for row in act(lambda tx: tx.execute(select(KEPT)).all())}
    assert kept == {(step.source, step.target) for step in TRANSITIONS}


@pytest.mark.parametrize("target", Status)
def test_a_plain_move_takes_only_known_steps(act, chen, opened, target):
    allowed = target in PLAIN and any(
        (s.source, s.target) == (Status.NEW, target) for s in TRANSITIONS
    )
    if allowed:
        assert act(cases.move, chen, opened, target, "开始", NOW).status is target
    else:
        with pytest.raises(NoTransition):
            act(cases.move, chen, opened, target, "开始", NOW)


def test_a_second_person_closes_with_an_outcome(store, act, chen, li, opened):
    act(cases.move, chen, opened, Status.INVESTIGATING, "开始", NOW)
    proposal = act(cases.propose_closure, chen, opened, Outcome.CONFIRMED, "证据充分", NOW)
    assert (proposal.maker, proposal.approved) == ("陈晨", None)
    with pytest.raises(NoTransition):
        act(cases.move, li, opened, Status.INVESTIGATING, "退回", NOW)
    closed = act(cases.decide_closure, li, opened, "同意", NOW, approve=True)
    assert (closed.status, closed.outcome, closed.closure) == (
        Status.CLOSED,
        Outcome.CONFIRMED,
        proposal.no,
    )
    assert audit.verify(store) is None
    with pytest.raises(NoProposal):
        act(cases.decide_closure, li, opened, "同意", NOW, approve=True)


def test_a_closure_may_be_sent_back_and_a_closed_case_opened_again(act, chen, li, opened):
    act(cases.propose_closure, chen, opened, Outcome.REFUTED, "无据", NOW)
    assert (
        act(cases.decide_closure, li, opened, "再查", NOW, approve=False).status
        is Status.INVESTIGATING
    )
    act(cases.propose_closure, chen, opened, Outcome.REFUTED, "确无", NOW)
    assert (
        act(cases.decide_closure, li, opened, "同意", NOW, approve=True).outcome is Outcome.REFUTED
    )
    again = act(cases.move, li, opened, Status.INVESTIGATING, "新证据", NOW)
    assert (again.status, again.outcome) == (Status.INVESTIGATING, None)


def test_nobody_closes_what_they_proposed(act, opened):
    act(cases.propose_closure, BOTH, opened, Outcome.CONFIRMED, "证据充分", NOW)
    with pytest.raises(SamePerson):
        act(cases.decide_closure, BOTH, opened, "同意", NOW, approve=True)


def close(outcome="confirmed", closure=None):
    return update(CASES).values(status="closed", outcome=outcome, closure=closure)


ROUND_IT = [
    close(),
    close(closure=1),
    close("refuted", 1),
    insert(REVIEWS).values(no=1, approved=True, reviewer="王五", reviewed_at=NOW, review="好"),
    insert(REVIEWS).values(no=1, approved=True, reviewer="", reviewed_at=NOW, review="好"),
    update(PROPOSALS).values(maker="别人"),
    delete(PROPOSALS),
    delete(CASES),
    update(CASES).values(status="new"),
    insert(KEPT).values(source="closing", target="new"),
    delete(KEPT),
]


def test_the_store_refuses_every_way_round_the_second_person(act, opened):
    act(cases.propose_closure, BOTH, opened, Outcome.CONFIRMED, "证据充分", NOW)
    assert got_round(act, ROUND_IT) == []
    assert act(cases.case, opened).status is Status.CLOSING


def test_an_approved_closure_closes_once_and_with_its_own_outcome(act, li, chen, opened):
    act(cases.propose_closure, chen, opened, Outcome.CONFIRMED, "证据充分", NOW)
    act(cases.decide_closure, li, opened, "同意", NOW, approve=True)
    for change in ({"outcome": "refuted"}, {"closure": None, "outcome": "refuted"}):
        with pytest.raises(RefusedByStore):
            act(lambda tx, change=change: tx.execute(update(CASES).values(**change)))
    act(cases.move, li, opened, Status.INVESTIGATING, "新证据", NOW)
    act(cases.propose_closure, chen, opened, Outcome.CONFIRMED, "证据充分", NOW)
    with pytest.raises(RefusedByStore):
        act(lambda tx: tx.execute(close(closure=1)))


def test_rows_are_not_replaced_in_sqlite(store, act, chen, opened):
    if not store.name.startswith("sqlite"):
        with pytest.raises(RefusedByStore):
            act(lambda tx: tx.execute(text("TRUNCATE proposals CASCADE")))
        return
    act(cases.propose_closure, chen, opened, Outcome.CONFIRMED, "证据充分", NOW)
    for table in ("cases", "proposals"):
        with pytest.raises(RefusedByStore):
            act(
                lambda tx, table=table: tx.execute(
                    text(f"REPLACE INTO {table} SELECT * FROM {table}")
                )
            )


def test_the_queue_shows_what_waits_longest_untouched_first(act, chen, opened):
    hand = Source(Origin.HAND)
    second = act(cases.open_case, chen, "乙", hand, "120102", "why", LATER).id
    third = act(cases.open_case, chen, "丙", hand, "130102", "why", LATER + timedelta(hours=1)).id
    today = NOW.date()

    def ids(day=today, **given):
        return [one.id for one in act(cases.queue, day, **given).cases]

    assert ids() == [opened, second, third]
    act(cases.assign, chen, opened, "陈晨", "熟悉此院", NOW + timedelta(days=2))
    assert ids() == [second, third, opened]
    assert ids(assignee="陈晨") == [opened]
    assert ids(regions=frozenset({"120000", "1301"})) == [second, third]
    assert ids(limit=1, offset=1) == [third]
    act(cases.snooze, chen, second, date(2026, 3, 9), "等数据", NOW)
    assert second not in ids(date(2026, 3, 9))
    assert second in ids(date(2026, 3, 10))
    assert ids(status=Status.SNOOZED) == [second]
    assert act(cases.queue, today).total == 2
    assert act(cases.move, chen, second, Status.NEW, "数据到了", NOW).snoozed_until is None
    with pytest.raises(NoEnd):
        act(cases.snooze, chen, second, NOW.date(), "等数据", NOW)


def test_cases_are_merged_and_linked(store, act, chen, opened):
    second, third = (
        act(cases.open_case, chen, name, Source(Origin.HAND), "110105", "why", NOW).id
        for name in "乙丙"
    )
    act(cases.link, chen, third, opened, "同一药店", NOW)
    assert act(cases.linked, opened) == (third,)
    for one, other in ((opened, third), (opened, opened)):
        with pytest.raises(NotASecondCase):
            act(cases.link, chen, one, other, "同一药店", NOW)
    merged = act(cases.merge, chen, second, opened, "同一团伙", NOW)
    assert (merged.status, merged.merged_into) == (Status.MERGED, opened)
    for into in (third, second):
        with pytest.raises(NotASecondCase):
            act(cases.merge, chen, into, second, "同一团伙", NOW)
    assert "case.absorb" in {entry.action for entry in audit.entries(store, subject=opened).entries}


def test_comments_and_tasks(act, chen, opened):
    act(cases.comment, chen, opened, "已调取病历", NOW)
    with pytest.raises(NoReason):
        act(cases.comment, chen, opened, " ", NOW)
    assert [(one.author, one.text) for one in act(cases.comments, opened)] == [
        ("陈晨", "已调取病历")
    ]
    late, soon = (
        act(cases.give_task, chen, opened, "询问", "张三", date(2026, 3, day), NOW)
        for day in (20, 9)
    )
    assert act(cases.open_tasks, "张三") == (soon, late)
    assert soon.overdue(date(2026, 3, 10))
    assert not soon.overdue(date(2026, 3, 9))
    done = act(cases.end_task, chen, soon.no, "已询问", LATER)
    assert (done.result, done.done_at, done.overdue(date(2026, 4, 1))) == ("已询问", LATER, False)
    assert act(cases.tasks, opened) == (late, done)[:: 1 if late.no < done.no else -1]
    with pytest.raises(NoTask):
        act(cases.end_task, chen, soon.no, "又询问", LATER)


def test_attachments_keep_their_hash(store, act, chen, opened, monkeypatch):
    kept = act(cases.attach, chen, opened, "病历.pdf", b"%PDF\x00", "现场调取", NOW)
    assert act(cases.attachments, opened) == (kept,)
    assert act(cases.content, kept.no) == b"%PDF\x00"
    assert audit.entries(store, action="case.attach").entries[0].facts["sha256"] == kept.sha256
    monkeypatch.setattr("casework.cases.papers.MOST_BYTES", 3)
    with pytest.raises(TooLarge):
        act(cases.attach, chen, opened, "大.pdf", b"1234", "why", NOW)
    row = {"no": 9, "case_id": opened, "name": "x", "size": 1, "author": "x", "at": NOW}
    act(lambda tx: tx.execute(insert(ATTACHMENTS).values(row | {"sha256": "0", "content": b"x"})))
    with pytest.raises(ChangedAttachment):
        act(cases.content, 9)


@pytest.mark.parametrize(
    "call",
    [
        lambda tx, who, id_: cases.open_case(tx, who, "t", Source(Origin.HAND), "110105", "w", NOW),
        lambda tx, who, id_: cases.move(tx, who, id_, Status.INVESTIGATING, "w", NOW),
        lambda tx, who, id_: cases.snooze(tx, who, id_, LATER.date(), "w", NOW),
        lambda tx, who, id_: cases.assign(tx, who, id_, "x", "w", NOW),
        lambda tx, who, id_: cases.comment(tx, who, id_, "t", NOW),
        lambda tx, who, id_: cases.attach(tx, who, id_, "n", b"", "w", NOW),
        lambda tx, who, id_: cases.give_task(tx, who, id_, "t", "x", LATER.date(), NOW),
        lambda tx, who, id_: cases.propose_closure(tx, who, id_, Outcome.REFUTED, "w", NOW),
    ],
)
def test_without_the_role_or_the_region_nothing_is_written(store, act, opened, call):
    before = audit.entries(store).total
    others = (
        Actor("看客", frozenset(Role) - {Role.INVESTIGATOR}),
        Actor("外地", frozenset(Role), frozenset({"120000"})),
    )
    for who in others:
        with pytest.raises(NotAllowed):
            act(call, who, opened)
    assert audit.entries(store).total == before


def test_every_step_needs_its_reason(act, chen, opened):
    for call in (cases.move, cases.assign):
        with pytest.raises(CaseworkError, match="reason"):
            act(call, chen, opened, Status.INVESTIGATING, " ", NOW)
    assert act(cases.case, opened).status is Status.NEW


def test_outcomes_of_rings_feed_the_scan_once(store, act, chen, li, opened, tmp_path):
    assert {outcome.value for outcome in Outcome} == {finding.value for finding in Finding}
    act(cases.propose_closure, chen, opened, Outcome.LEGITIMATE, "透析班次", NOW)
    assert cases.feed_scan(store, tmp_path) == 0
    act(cases.decide_closure, li, opened, "同意", LATER, approve=True)
    assert [cases.feed_scan(store, tmp_path) for _ in range(2)] == [1, 0]
    (closed,) = load_outcomes(tmp_path, LATER.date())
    assert (closed.ring, closed.outcome, closed.on) == ("rg_a", Finding.LEGITIMATE, LATER.date())
    assert (closed.motifs, closed.evidence, closed.weakened) == (("covisit",), 9.5, 1)
