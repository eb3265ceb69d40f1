"""Tips on both databases: the ledger's steps, and who may know what."""

import pytest

from casework import audit, cases, tips
from casework.errors import NoReason, NoReporter, NotAllowed, NoTip, WrongKey
from casework.people import Actor, Role
from casework.sql import select
from casework.store.case_tables import TIP_REPORTERS, TIPS
from casework.tips import TipState
from tests.casework.conftest import NOW

KEY, OTHER = b"k" * 32, b"o" * 32
SAID, WHO = "某药店集中刷卡", "王女士 13800000000"


@pytest.fixture
def liaison():
    return Actor("周周", frozenset({Role.LIAISON}))


@pytest.fixture
def received(act, liaison):
    return act(tips.receive, liaison, KEY, "热线", "110105", SAID, WHO, NOW).no


def test_a_tip_goes_from_receipt_to_answer_a_step_at_a_time(store, act, liaison, chen, received):
    assert act(tips.tip, received).state is TipState.RECEIVED
    with pytest.raises(NoTip):
        act(tips.record_result, chen, received, "属实", NOW)
    assert act(tips.assign_tip, liaison, received, "陈晨", "熟悉此店", NOW).assignee == "陈晨"
    opened = act(tips.open_from_tip, chen, received, "集中刷卡", "值得查", NOW)
    assert (opened.source.origin, opened.source.id) == (cases.Origin.TIP, f"tip_{received}")
    assert act(tips.record_result, chen, received, "属实", NOW).case_id == opened.id
    assert [one.no for one in act(tips.tips)] == [received]
    assert act(tips.answer_tip, liaison, received, "已电话告知", NOW).answered_at == NOW
    assert act(tips.tips) == ()
    assert [one.no for one in act(tips.tips, TipState.ANSWERED)] == [received]
    with pytest.raises(NoTip):
        act(tips.answer_tip, liaison, received, "再次", NOW)
    assert audit.verify(store) is None


def test_who_gave_a_tip_is_for_the_liaison_alone_and_is_told(store, act, liaison, chen, received):
    everything_else = Actor("赵六", frozenset(Role) - {Role.LIAISON})
    for nobody in (chen, everything_else):
        with pytest.raises(NotAllowed):
            act(tips.reporter, nobody, KEY, received, "好奇", NOW)
    with pytest.raises(NoReason):
        act(tips.reporter, liaison, KEY, received, "", NOW)
    assert act(tips.reporter, liaison, KEY, received, "回访", NOW) == WHO
    assert act(tips.read_tip, chen, KEY, received, "核查", NOW) == SAID
    told = [(one.action, one.actor, one.why) for one in audit.entries(store).entries[:2]]
    assert told == [("tip.read", "陈晨", "核查"), ("tip.reporter", "周周", "回访")]
    with pytest.raises(NotAllowed):
        act(tips.read_tip, Actor("看客", frozenset({Role.VIEWER})), KEY, received, "好奇", NOW)


def test_the_store_holds_neither_name_nor_words(store, act, received):
    with store.read() as tx:
        content = tx.execute(select(TIPS.c.content)).scalar_one()
        sealed = bytes(tx.execute(select(TIP_REPORTERS.c.sealed)).scalar_one())
    assert SAID not in content
    assert WHO.encode() not in sealed
    said = "".join(f"{one.why}{one.facts}" for one in audit.entries(store).entries)
    assert "王女士" not in said
    assert SAID not in said


def test_another_key_opens_nothing(act, liaison, received):
    for call in (tips.reporter, tips.read_tip):
        with pytest.raises(WrongKey):
            act(call, liaison, OTHER, received, "回访", NOW)


def test_a_tip_without_a_name_has_no_reporter(act, liaison):
    no = act(tips.receive, liaison, KEY, "信件", "110105", SAID, None, NOW).no
    with pytest.raises(NoReporter):
        act(tips.reporter, liaison, KEY, no, "回访", NOW)
    with pytest.raises(NoTip):
        act(tips.tip, 9)


def test_tips_of_another_region_are_out_of_reach(act, received):
    away = Actor("外地", frozenset(Role), frozenset({"120000"}))
    for call in (tips.reporter, tips.read_tip):
        with pytest.raises(NotAllowed):
            act(call, away, KEY, received, "回访", NOW)
    with pytest.raises(NotAllowed):
        act(tips.assign_tip, away, received, "x", "why", NOW)
