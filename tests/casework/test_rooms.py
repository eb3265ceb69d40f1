"""The review room: who may say what, when a ring is settled, and one room on every side whatever arrives when."""

import json
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import audit, rooms
from casework.assistance import read_directory
from casework.errors import NoReason, NotAllowed, RefusedByStore, SamePerson
from casework.people import Actor, Role
from casework.rooms import Dispute, Finding, Kind, Seat
from casework.rooms.entries import Entry, entry_id, ordered
from casework.rooms.errors import (
    NamesAPerson,
    NoConflict,
    NoRoomTask,
    NotASide,
    NotHere,
    NotSignable,
    StrangeEntry,
)
from casework.rooms.room import room
from casework.sql import delete, insert, select, update
from casework.store.room_tables import ENTRIES
from tests.casework.conftest import NOW, got_round

BJ, TJ, HE = SIDES = ("110000", "120000", "130000")
REVIEW, RING = "jr_a", "rg_common"
HOLDERS = {RING: frozenset(SIDES), "rg_b": frozenset(SIDES)}
SEAT = Seat(REVIEW, BJ, SIDES, HOLDERS)
DIRECTORY = read_directory(NOW.date())
WU = Actor("吴联", frozenset({Role.LIAISON}))

IN_A_FILE = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
"""For what does not depend on the database."""


@pytest.fixture
def inside(act, chen, li):
    """Beijing's investigator, approver and liaison take part."""
    for who in (chen, li, WU):
        act(rooms.enter_room, who, SEAT, NOW)


def theirs(side, seq, kind, content, ring=RING, author=None, at=NOW):
    """An entry as another side would send it."""
    facts = {
        "review": REVIEW, "side": side, "seq": seq, "kind": kind, "ring": ring,
        "author": author or f"{side}的人", "at": at.isoformat(), "content": content,
    }  # fmt: skip
    return {"id": entry_id(facts), **facts}


def opinion(side, seq, finding="confirmed", lead="", **more):
    return theirs(side, seq, "opinion", {"finding": finding, "lead": lead, "text": "看法"}, **more)


def say(act, who, finding=Finding.CONFIRMED, lead="", text="同日刷卡二十人"):
    return act(rooms.give_opinion, who, SEAT, RING, finding, lead, text, NOW)


def hear(act, side, *said):
    return act(rooms.hear, WU, SEAT, side, json.loads(json.dumps(said)), NOW)


def ring(act):
    return act(rooms.room_of, SEAT).ring(RING)


def test_a_ring_is_settled_when_every_side_signed_all_opinions(store, act, chen, li, inside):
    mine = say(act, chen)
    act(rooms.sign_off, li, SEAT, RING, "同意", NOW)
    assert not ring(act).settled
    for side in (TJ, HE):
        hear(act, side, opinion(side, 1))
    assert ring(act).signatures == {}, "signed before all opinions were known"
    known = sorted(ring(act).known)
    assert mine.id in known
    act(rooms.sign_off, li, SEAT, RING, "同意", NOW)
    for side in (TJ, HE):
        hear(act, side, theirs(side, 2, "sign", {"covers": known}, author="签字人"))
        assert ring(act).settled is (side == HE)
    hear(act, TJ, opinion(TJ, 3, "refuted"))
    assert (ring(act).settled, ring(act).disputes) == (False, {Dispute.FINDING})
    assert audit.verify(store) is None
    said = audit.entries(store, action="room.sign").entries[0]
    assert (said.actor, said.subject, said.facts["ring"]) == ("李立", REVIEW, RING)


def test_who_wrote_an_opinion_does_not_sign_and_the_other_way_round(act, chen, li, inside):
    both = Actor("兼任", chen.roles | li.roles)
    act(rooms.enter_room, both, SEAT, NOW)
    say(act, both)
    with pytest.raises(SamePerson):
        act(rooms.sign_off, both, SEAT, RING, "同意", NOW)
    act(rooms.sign_off, li, SEAT, RING, "同意", NOW)
    signer = Actor(li.name, both.roles)
    with pytest.raises(SamePerson):
        say(act, signer)
    with pytest.raises(NotAllowed):
        act(rooms.sign_off, WU, SEAT, RING, "同意", NOW)


def test_a_sign_off_of_another_side_by_its_own_writer_does_not_count(act, chen, inside):
    say(act, chen)
    hear(act, TJ, opinion(TJ, 1, author="甲"))
    known = sorted(ring(act).known)
    hear(act, TJ, theirs(TJ, 2, "sign", {"covers": known}, author="甲"))
    assert TJ not in ring(act).signatures
    hear(act, TJ, theirs(TJ, 3, "sign", {"covers": known}, author="乙"))
    assert ring(act).signatures[TJ].author == "乙"


@IN_A_FILE
def test_only_who_takes_part_says_something(act, chen, li):
    with pytest.raises(NotHere):
        say(act, chen)
    act(rooms.enter_room, chen, SEAT, NOW)
    with pytest.raises(NotHere):
        act(rooms.enter_room, chen, SEAT, NOW)
    say(act, chen)
    act(rooms.leave_room, chen, SEAT, NOW)
    with pytest.raises(NotHere):
        say(act, chen)
    with pytest.raises(NotAllowed):
        act(rooms.enter_room, Actor("只看", frozenset({Role.VIEWER})), SEAT, NOW)
    with pytest.raises(NotASide):
        Seat(REVIEW, "310000", SIDES, HOLDERS)


@IN_A_FILE
def test_nothing_is_signed_without_an_own_opinion_or_in_dispute(act, chen, li, inside):
    with pytest.raises(NotSignable, match="no opinion"):
        act(rooms.sign_off, li, SEAT, RING, "同意", NOW)
    say(act, chen)
    hear(act, TJ, opinion(TJ, 1, "refuted"))
    with pytest.raises(NotSignable, match="finding"):
        act(rooms.sign_off, li, SEAT, RING, "同意", NOW)


def test_a_dispute_goes_to_the_common_superior_and_is_ruled_on(act, chen, li, inside):
    with pytest.raises(NoConflict):
        act(rooms.escalate, WU, SEAT, DIRECTORY, RING, "管辖不一致", NOW)
    say(act, chen, lead=BJ)
    hear(act, HE, opinion(HE, 1, lead=HE))
    assert ring(act).disputes == {Dispute.JURISDICTION}
    with pytest.raises(NoConflict):
        act(rooms.enter_ruling, WU, SEAT, RING, "医保函〔2026〕1号", BJ, "由北京管辖", NOW)
    act(rooms.escalate, WU, SEAT, DIRECTORY, RING, "管辖不一致", NOW)
    assert ring(act).escalated == "100000"
    act(rooms.enter_ruling, WU, SEAT, RING, "医保函〔2026〕1号", BJ, "由北京管辖", NOW)
    assert (ring(act).disputes, ring(act).rulings[0].lead) == (frozenset(), BJ)
    act(rooms.sign_off, li, SEAT, RING, "同意", NOW)
    assert set(ring(act).signatures) == {BJ}
    hear(act, HE, opinion(HE, 2, lead=HE))
    assert ring(act).disputes == {Dispute.JURISDICTION}, "an opinion after the ruling"


def test_tasks_are_ended_by_the_side_that_has_them(act, chen, inside):
    due = date(2026, 3, 10)
    mine = act(rooms.give_room_task, chen, SEAT, BJ, RING, "调取病历", due, NOW)
    other = act(rooms.give_room_task, chen, SEAT, TJ, RING, "核对住院", due, NOW)
    act(rooms.end_room_task, chen, SEAT, mine.id, "已调取", NOW)
    for task in (mine.id, other.id, "re_none"):
        with pytest.raises(NoRoomTask):
            act(rooms.end_room_task, chen, SEAT, task, "x", NOW)
    hear(act, HE, theirs(HE, 1, "end", {"task": other.id, "result": "不是我方"}))
    assert [one.ended_at is None for one in act(rooms.room_of, SEAT).tasks] == [False, True]
    hear(act, TJ, theirs(TJ, 1, "end", {"task": other.id, "result": "已核"}))
    assert [one.result for one in act(rooms.room_of, SEAT).tasks] == ["已调取", "已核"]


@IN_A_FILE
@pytest.mark.parametrize(
    "text", ["见 13800001234", "证号 110101198001011234", "卡 6222 0000 0000 0000"]
)
def test_a_text_that_names_somebody_does_not_leave(act, chen, inside, text):
    with pytest.raises(NamesAPerson):
        say(act, chen, text=text)
    with pytest.raises(NoReason):
        say(act, chen, text=" ")
    assert ring(act).opinions == ()


def test_what_another_side_may_not_say_is_refused_whole(act, chen, inside):
    good = opinion(TJ, 1)
    wrong = [
        good | {"author": "别人"}, opinion(HE, 1), opinion(TJ, 0), good | {"id": "re_x"}, {},
        theirs(TJ, 2, "order", {}), theirs(TJ, 2, "opinion", {}, author=" "),
        opinion(TJ, 1, "refuted"),
    ]  # fmt: skip
    aware = {**theirs(TJ, 2, "join", {}), "at": "2026-03-02T09:30:00+08:00"}
    wrong.append(
        {
            "id": entry_id({k: v for k, v in aware.items() if k != "id"}),
            **{k: v for k, v in aware.items() if k != "id"},
        }
    )
    for one in wrong:
        with pytest.raises(StrangeEntry):
            hear(act, TJ, good, one)
        assert ring(act).opinions == ()
    for side in (BJ, "310000"):
        with pytest.raises(NotASide):
            hear(act, side, good)
    with pytest.raises(NotAllowed):
        act(rooms.hear, chen, SEAT, TJ, [good], NOW)


@IN_A_FILE
def test_of_a_ring_they_hold_nobody_in_sides_hear_nothing_and_sign_nothing(act, chen, li, inside):
    seat = replace(SEAT, holders={RING: frozenset({BJ, HE})})
    say(act, chen)
    assert {one["ring"] for one in act(rooms.spoken, seat, TJ)} == {""}
    assert {one["ring"] for one in act(rooms.spoken, seat, HE)} == {"", RING}
    act(rooms.sign_off, li, seat, RING, "同意", NOW)
    known = sorted(act(rooms.room_of, seat).ring(RING).known)
    hear(act, HE, theirs(HE, 1, "sign", {"covers": known}, author="签"))
    assert act(rooms.room_of, seat).ring(RING).settled
    assert not ring(act).settled


def test_the_database_itself_keeps_what_was_said(act, chen, li, inside):
    made = say(act, chen)
    act(rooms.sign_off, li, SEAT, RING, "同意", NOW)
    row = act(
        lambda tx: dict(tx.execute(select(ENTRIES).where(ENTRIES.c.id == made.id)).mappings().one())
    )
    other = row | {"id": "re_other"}
    statements = [
        delete(ENTRIES), update(ENTRIES).values(author="x"), insert(ENTRIES).values(other),
        insert(ENTRIES).values(row | {"content": "{}"}).prefix_with("OR REPLACE", dialect="sqlite"),
        insert(ENTRIES).values(other | {"seq": 9}), insert(ENTRIES).values(other | {"seq": 6, "author": li.name}),
        insert(ENTRIES).values(other | {"seq": 6, "kind": "sign"}),
        insert(ENTRIES).values(other | {"seq": 6, "author": "没进来"}),
        insert(ENTRIES).values(other | {"seq": 6, "kind": "order"}),
    ]  # fmt: skip
    assert got_round(act, statements) == []
    act(lambda tx: tx.execute(insert(ENTRIES).values(other | {"seq": 6, "author": WU.name})))


def test_an_entry_is_a_refusal_of_the_store_where_code_was_got_round(act, chen, inside):
    made = say(act, chen)
    row = vars(made) | {"id": "re_2", "kind": Kind.SIGN, "seq": made.seq + 1, "content": "{}"}
    with pytest.raises(RefusedByStore, match="does not sign it off"):
        act(lambda tx: tx.execute(insert(ENTRIES).values(row | {"own": True, "arrived_at": NOW})))


KINDS = st.sampled_from(list(Kind))


@st.composite
def conversations(draw):
    """What three sides say of two rings, with references to what was said before."""
    found, numbers = [], dict.fromkeys(SIDES, 0)
    for _ in range(draw(st.integers(1, 14))):
        side, kind = draw(st.sampled_from(SIDES)), draw(KINDS)
        numbers[side] += 1
        before = [one.id for one in found]
        covers = draw(st.lists(st.sampled_from(before), unique=True)) if before else []
        content = {
            "finding": draw(st.sampled_from(list(Finding))), "lead": draw(st.sampled_from(("", *SIDES))),
            "covers": before if draw(st.booleans()) else covers, "side": draw(st.sampled_from(SIDES)),
            "due": "2026-03-09", "task": draw(st.sampled_from(before)) if before else "", "text": "话",
        }  # fmt: skip
        at = NOW + timedelta(minutes=draw(st.integers(0, 3)))
        said = theirs(side, numbers[side], kind, content, draw(st.sampled_from(("r1", "r2"))),
                      draw(st.sampled_from("甲乙")), at)  # fmt: skip
        found.append(Entry(**said | {"kind": kind, "at": at}))
    return found


@given(conversations(), st.randoms(use_true_random=False))
def test_a_room_does_not_depend_on_the_order_of_arrival(said, chance):
    expected = room(REVIEW, SIDES, HOLDERS, said)
    again = said * 2
    chance.shuffle(again)
    once = list({one.id: one for one in again}.values())
    assert room(REVIEW, SIDES, HOLDERS, once) == expected
    assert ordered(once) == ordered(said)
    for one in expected.rings:
        wrote = {(each.side, each.author) for each in one.opinions}
        assert not {(each.side, each.author) for each in one.signatures.values()} & wrote
        assert not one.settled or (set(one.signatures) == set(SIDES) and not one.disputes)


def test_stores_that_heard_everything_in_another_order_hold_the_same_room(act, chen, li, inside):
    say(act, chen)
    known = sorted(ring(act).known)
    said = {
        TJ: [opinion(TJ, 1), theirs(TJ, 2, "task", {"side": BJ, "what": "补材料", "due": "2026-03-09"}),
             theirs(TJ, 3, "sign", {"covers": known}, author="签")],
        HE: [opinion(HE, 1, "refuted"), opinion(HE, 2), theirs(HE, 3, "sign", {"covers": known}, author="签")],
    }  # fmt: skip
    steps = [(side, one) for side, all_ in said.items() for one in all_]
    random.Random(3).shuffle(steps)
    for side, one in steps:
        hear(act, side, one)
        hear(act, side, one)
    here = act(rooms.room_of, SEAT)
    own = act(rooms.spoken, SEAT, TJ)
    there = [
        Entry(**one | {"kind": Kind(one["kind"]), "at": NOW})
        for one in (*own, *said[TJ], *said[HE])
    ]
    assert here == room(REVIEW, SIDES, HOLDERS, there)
