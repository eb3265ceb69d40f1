"""Parcels between three offices: consent by two people, one reader each, and every wrong parcel refused by name."""

import shutil
import zlib
from datetime import datetime

import pytest

from casework import audit, joint
from casework.errors import NotAllowed, RefusedByStore, SamePerson
from casework.joint import Fault, State
from casework.joint.wire import FORMAT, Parcel, seal, unseal
from casework.joint.wrapping import wrap
from casework.people import Actor, Role
from casework.sql import insert, select
from casework.store import open_store
from casework.store.joint_tables import JOINT_PARCELS, JOINT_PREPARED
from tests.casework.conftest import got_round
from tests.casework.joint_sides import TERMS, accept, agreed, deliver, office, opened, three_offices


@pytest.fixture
def offices(tmp_path, empty):
    with three_offices(tmp_path, empty) as made:
        yield made


@pytest.fixture
def pair(place, empty, tmp_path):
    """Two offices, the first on each of the databases."""
    workspace, url = place
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(empty, other)
    with open_store(workspace, url) as one, open_store(other) as two:
        yield office("110000", one, workspace), office("130000", two, other)


def refused(one, file):
    with pytest.raises(joint.BadParcel) as bad:
        one.take(file)
    return bad.value.fault


def test_three_offices_agree_and_talk(offices):
    bj, tj, hb = offices
    review = agreed(bj, tj, hb)
    for one in offices:
        held = one.review(review)
        assert held.state is State.ACTIVE
        assert held.accepted == {"110000", "120000", "130000"}
        assert held.invitation.terms == TERMS
    keys = {one.review(review).key(one.keys) for one in offices}
    assert len(keys) == 1
    assert len(keys.pop()) == 32
    hb.say(review, "opinion", {"text": "建议联合检查", "ring": "jg_1"})
    bj.say(review, "task", {"no": 1}, to=["120000"])
    deliver(review, *offices)
    assert [(p.peer, p.content["text"]) for p in bj.heard(review, "opinion")] == [
        ("130000", "建议联合检查")
    ]
    assert len(tj.heard(review, "opinion")) == len(tj.heard(review, "task")) == 1
    assert hb.heard(review, "task") == ()
    for one in offices:
        assert audit.verify(one.store) is None


def test_two_people_open_accept_and_close(pair):
    bj, hb = pair
    made = bj.do(joint.propose_open, bj.liaison, TERMS, bj.side, [hb.side], bj.now())
    assert bj.review(made.subject).state is State.PROPOSED
    both = Actor(bj.liaison.name, frozenset(Role))
    with pytest.raises(SamePerson), bj.store.write() as tx:
        joint.decide_open(tx, bj.keys, both, made.no, "自批", bj.now(), approve=True)
    assert bj.post(made.subject) == []
    bj.let_go(joint.decide_open, made.no)
    deliver(made.subject, bj, hb)
    assert hb.review(made.subject).state is State.INVITED
    with pytest.raises(joint.NotOpen):
        bj.say(made.subject, "opinion", {})
    with pytest.raises(joint.WrongFingerprints) as wrong, hb.store.write() as tx:
        joint.propose_accept(tx, hb.liaison, made.subject, ["0" * 64], "未核", hb.now())
    assert wrong.value.wrong == ("110000",)
    with pytest.raises(NotAllowed), hb.store.write() as tx:
        joint.propose_accept(tx, hb.second, made.subject, [], "不是联络员", hb.now())
    accept(made.subject, hb, bj)
    deliver(made.subject, bj, hb)
    hb.say(made.subject, "opinion", {"n": 1})
    closing = bj.do(joint.propose_close, bj.liaison, made.subject, "研判结束", bj.now())
    bj.let_go(joint.decide_close, closing.no)
    assert bj.review(made.subject).state is State.CLOSED
    assert [refused(bj, file) for _, file in hb.post(made.subject)] == [Fault.REPLAYED, Fault.OVER]
    deliver(made.subject, bj)
    assert hb.take(bj.post(made.subject)[-1][1]).kind == "closing"
    assert hb.say(made.subject, "opinion", {"n": 2}) == ()
    assert audit.verify(bj.store) is None


def test_two_sides_that_close_at_once_hear_of_each_other(offices):
    bj, tj, hb = offices
    review = agreed(*offices)
    for one in (bj, tj):
        made = one.do(joint.propose_close, one.liaison, review, "研判结束", one.now())
        one.let_go(joint.decide, made.no)
    assert [parcel.kind for parcel in deliver(review, *offices)] == ["closing"] * 4
    for one, closed in ((bj, {"120000"}), (tj, {"110000"}), (hb, {"110000", "120000"})):
        assert one.review(review).closed == closed
    assert hb.review(review).state is State.ACTIVE


def test_a_parcel_is_refused_by_name(offices):
    bj, tj, hb = offices
    review = agreed(bj, tj, hb)
    for n in range(3):
        bj.say(review, "opinion", {"n": n}, to=["130000"])
    _, first, second, third = (file for to, file in bj.post(review) if to == "130000")
    assert refused(hb, second) is Fault.OUT_OF_ORDER
    assert refused(tj, first) is Fault.NOT_FOR_US
    for at in range(len(FORMAT), len(first), 37):
        changed = bytearray(first)
        changed[at] ^= 1
        assert refused(hb, bytes(changed)) is Fault.NOT_FOR_US
    assert refused(hb, first[1:]) is Fault.UNREADABLE
    assert refused(hb, first[:-1]) is Fault.NOT_FOR_US
    hb.take(first)
    hb.take(second)
    assert refused(hb, first) is Fault.REPLAYED
    again, _ = _sealed(bj, hb, review, 2, {"n": "another"})
    assert refused(hb, again) is Fault.OLD
    hb.take(third)
    assert [p.content["n"] for p in hb.heard(review, "opinion")] == [0, 1, 2]


def test_whatever_a_stranger_seals_for_us_is_refused_and_no_more(offices):
    bj, tj, _ = offices
    review = agreed(bj, tj)
    body = b'{"at":"2026-03-02T09:31:00","content":%s,"kind":"opinion","number":1,"recipient":"110000","review":"%s","sender":"120000"}'
    for text in (
        b"", b"[]", b"\xff", b"{", body % (b"NaN", review.encode()), body % (b'{"n":NaN}', review.encode()),
        body % (b"[" * 5_000 + b"]" * 5_000, review.encode()), body % (b'{"n": 1}', review.encode()),
    ):  # fmt: skip
        for packed in (text, zlib.compress(text), zlib.compress(text) + b"more"):
            file = FORMAT + wrap(bj.keys.card(), b"s" * 64 + packed, FORMAT)
            assert refused(bj, file) is Fault.UNREADABLE
    signed = b"s" * 64 + zlib.compress(body % (b'{"n":1}', review.encode()))
    assert refused(bj, FORMAT + wrap(bj.keys.card(), signed, FORMAT)) is Fault.FORGED


def test_nobody_speaks_for_another(offices):
    bj, tj, hb = offices
    review = agreed(bj, tj)
    foreign, _ = _sealed(hb, bj, review, 1, {})
    assert refused(bj, foreign) is Fault.FOREIGN
    as_tj, _ = _sealed(hb, bj, review, 2, {}, "120000")
    assert refused(bj, as_tj) is Fault.FORGED
    other = agreed(bj, tj, hb)
    tj.say(review, "opinion", {})
    moved, _ = _sealed(tj, bj, "jr_" + "a" * 20, 2, {})
    assert refused(bj, moved) is Fault.UNKNOWN
    # What the Tianjin side signed for Hebei, Hebei cannot pass on to Beijing as Tianjin's.
    tj.say(other, "opinion", {}, to=["130000"])
    signed = unseal(hb.keys, tj.post(other)[-1][1]).signed
    assert refused(bj, FORMAT + wrap(bj.keys.card(), signed, FORMAT)) is Fault.NOT_FOR_US


def test_an_invitation_is_not_believed_before_it_is_accepted(offices):
    bj, tj, hb = offices
    review = opened(bj, tj, hb)
    accept(review, tj, bj, hb)
    deliver(review, tj, hb, bj)
    tj.say(review, "opinion", {}, to=["110000"])
    early, _ = _sealed(tj, hb, review, 2, {})
    assert refused(hb, early) is Fault.NOT_ACCEPTED
    accept(review, hb, bj, tj)
    assert hb.take(early).kind == "opinion"


def test_after_its_last_day_nothing_goes_or_comes(offices):
    bj, tj, _ = offices
    review = agreed(bj, tj)
    bj.say(review, "opinion", {})
    tj.clock = datetime(2027, 1, 1)
    assert refused(tj, bj.post(review)[-1][1]) is Fault.OVER
    with pytest.raises(joint.NotOpen):
        tj.say(review, "opinion", {})


def test_the_post_lies_in_folders(offices, tmp_path):
    bj, tj, hb = offices
    review = agreed(bj, tj, hb)
    for n in range(12):
        bj.say(review, "opinion", {"n": n}, to=["120000"])
    joint.put_out(bj.store, review, tmp_path / "post")
    assert joint.put_out(bj.store, review, tmp_path / "post") == ()
    folder = tmp_path / "post" / "120000"
    (folder / "zz.parcel").write_bytes(b"huancha parcel 1\nnothing")
    for again in (12, 0):
        found = joint.collect(tj.store, tj.keys, tj.liaison, folder, tj.now())
        assert len(found.taken) == again
        assert [(name, bad.fault) for name, bad in found.refused] == [
            ("zz.parcel", Fault.NOT_FOR_US)
        ]
    assert audit.entries(tj.store, action="joint.refuse").total == 2


def test_what_tells_of_people_leaves_as_a_second_person_let_it_go(pair):
    bj, hb = pair
    review = agreed(bj, hb)
    with pytest.raises(joint.NotOpen):
        bj.say(review, "part", {"pairs": []})
    made = bj.do(
        joint.prepare, bj.keys, bj.liaison, review, "part", {"pairs": [1]}, "报送", bj.now()
    )
    with pytest.raises(joint.NothingPrepared):
        bj.do(joint.send_prepared, bj.keys, bj.liaison, made.proposal.no, bj.now())
    bj.let_go(joint.decide_prepared, made.proposal.no)
    assert len(bj.do(joint.send_prepared, bj.keys, bj.liaison, made.proposal.no, bj.now())) == 1
    with pytest.raises(joint.NothingPrepared):
        bj.do(joint.send_prepared, bj.keys, bj.liaison, made.proposal.no, bj.now())
    deliver(review, bj, hb)
    assert hb.heard(review, "part")[0].content == {"pairs": [1]}


def test_the_database_refuses_what_goes_round_it(pair):
    bj, hb = pair
    review = agreed(bj, hb)
    waiting = bj.do(joint.prepare, bj.keys, bj.liaison, review, "part", {}, "报送", bj.now())
    with bj.store.read() as tx:
        row = dict(tx.execute(select(JOINT_PARCELS).limit(1)).mappings().one())
    row |= {"no": 99, "digest": "d", "number": 2}
    held = {"no": waiting.proposal.no, "review": review, "kind": "part", "content": b""}
    tries = [
        insert(JOINT_PARCELS).values(row | {"kind": "part"}),
        insert(JOINT_PARCELS).values(row | {"kind": "part", "prepared": waiting.proposal.no}),
        insert(JOINT_PARCELS).values(row | {"kind": "release", "prepared": waiting.proposal.no}),
        insert(JOINT_PARCELS).values(row | {"number": 3, "kind": "opinion"}),
        insert(JOINT_PARCELS).values(row | {"direction": "in", "kind": "opinion"}),
        insert(JOINT_PREPARED).values(held | {"digest": "0" * 64, "no": waiting.proposal.no - 1}),
        JOINT_PARCELS.update().values(kind="x"),
        JOINT_PARCELS.delete(),
        JOINT_PREPARED.delete(),
    ]
    assert got_round(bj.do, tries) == []
    bj.let_go(joint.decide_prepared, waiting.proposal.no)
    with pytest.raises(RefusedByStore):
        bj.do(lambda tx: tx.execute(insert(JOINT_PARCELS).values(row | {"no": 1, "kind": "x"})))


def _sealed(sender, recipient, review, number, content, said=None):
    parcel = Parcel(
        review, said or sender.code, recipient.code, number, "opinion", sender.now(), content
    )
    return seal(sender.keys, recipient.keys.card(), parcel)
