"""Releases on both databases: nobody lets anything leave alone, it is one bundle for ever, and where it was is kept."""

from dataclasses import replace

import pytest

from casework import approval, audit, cases, releases
from casework.bundles import verify
from casework.cases import Origin, Source
from casework.errors import NoProposal, NoReason, NotAllowed, SamePerson
from casework.exports.errors import NoProfile
from casework.people import Actor, Role
from casework.releases import (
    Draft,
    Event,
    Made,
    Maker,
    NoRelease,
    OtherBytes,
    SaysTooLittle,
    Subject,
)
from casework.sql import delete, insert, update
from casework.store.case_tables import PROPOSALS, REVIEWS
from casework.store.release_tables import CUSTODY
from tests.casework.conftest import NOW, got_round
from tests.casework.sealed_small import KEY

AREA = "110105"
RING = Draft(
    Subject.RING, "rg_1", AREA, "北京市公安局", "王警官", "police", ("json",), "医保发〔2021〕49号",
    "t0001", "s0001",
)  # fmt: skip
BOTH = Actor("王五", frozenset({Role.INVESTIGATOR, Role.APPROVER}))
ZHAO = Actor("赵联", frozenset({Role.LIAISON}))
FAR = Actor(
    "孙远", frozenset({Role.INVESTIGATOR, Role.APPROVER, Role.LIAISON}), frozenset({"130000"})
)


def made(release):
    """What a ring comes to, said in the simplest way."""
    files = {"network.json": release.draft.id.encode(), "sources.csv": b"setl_d:1\n"}
    return Made(
        release.draft.id,
        "团伙",
        files,
        "sources.csv",
        {"snapshot": release.draft.snapshot, "seed": "1"},
    )


MAKER = Maker(made, "0.1.0", KEY)


@pytest.fixture
def released(act, chen, li):
    """The number of a release that two people made."""
    no = act(releases.propose, chen, RING, "移送", NOW).no
    act(releases.decide, li, no, "同意", NOW, approve=True)
    return no


@pytest.fixture
def built(store, chen, released, tmp_path):
    """The same, built."""
    releases.build(store, chen, released, MAKER, tmp_path / "out.zip", NOW)
    return released


def sent(act, who, no, event=Event.SENT, to="王警官", how="专人", note="回执1号"):
    return act(releases.happened, who, no, event, NOW, who=to, how=how, note=note)


def test_what_two_people_let_leave_is_built_sent_and_received(store, act, chen, li, tmp_path):
    proposed = act(releases.propose, chen, RING, "移送", NOW)
    assert (proposed.draft, proposed.state, proposed.left) == (RING, "proposed", ())
    assert act(releases.decide, li, proposed.no, "同意", NOW, approve=True).state == "released"
    out = tmp_path / "out.zip"
    step = releases.build(store, chen, proposed.no, MAKER, out, NOW)
    checked = verify(out)
    assert (checked.whole, checked.sha256, out.stat().st_size) == (True, step.sha256, step.size)
    facts = checked.manifest.facts
    assert (facts.subject, facts.maker, facts.approver) == ("ring rg_1", "陈晨", "李立")
    assert (facts.sealed_at, facts.reason, facts.law) == (NOW, "移送", RING.law)
    assert facts.provenance == {
        "snapshot": "t0001", "seed": "1", "release": str(proposed.no), "software": "0.1.0",
    }  # fmt: skip
    for event in (Event.OPENED, Event.SENT, Event.RECEIVED, Event.RETURNED):
        sent(act, ZHAO, proposed.no, event)
    (kept,) = act(releases.releases, chen)
    assert [one.event for one in kept.custody] == list(Event)
    assert {one.sha256 for one in kept.custody} == {step.sha256}
    assert [(one.who, one.how) for one in kept.left] == [("王警官", "专人")]
    assert kept.state == "returned"
    said = [entry.action for entry in audit.entries(store, subject="rg_1").entries]
    assert said[::-1] == ["release.propose", "release.approve", *(f"release.{e}" for e in Event)]
    assert audit.verify(store) is None


def test_nobody_lets_anything_leave_alone(store, act, chen, li, tmp_path):
    no = act(releases.propose, BOTH, RING, "移送", NOW).no
    with pytest.raises(SamePerson):
        act(releases.decide, BOTH, no, "同意", NOW, approve=True)
    for who in (chen, ZHAO, FAR):
        with pytest.raises(NotAllowed):
            act(releases.decide, who, no, "同意", NOW, approve=True)
    for who in (li, ZHAO, FAR):
        with pytest.raises(NotAllowed):
            act(releases.propose, who, RING, "移送", NOW)
    with pytest.raises(NoReason):
        act(releases.decide, li, no, " ", NOW, approve=True)
    with pytest.raises(NoRelease, match="nobody released"):
        releases.build(store, chen, no, MAKER, tmp_path / "out.zip", NOW)
    act(releases.decide, li, no, "不宜", NOW, approve=False)
    with pytest.raises(NoRelease, match="nobody released"):
        releases.build(store, chen, no, MAKER, tmp_path / "out.zip", NOW)
    with pytest.raises(NoProposal):
        act(releases.decide, li, no, "同意", NOW, approve=True)
    assert [one.state for one in act(releases.releases, chen)] == ["refused"]
    assert not list(tmp_path.glob("*.zip*"))


def test_only_those_of_the_area_handle_what_was_released(store, act, li, built, tmp_path):
    for who in (li, FAR):
        with pytest.raises(NotAllowed):
            releases.build(store, who, built, MAKER, tmp_path / "more.zip", NOW)
        with pytest.raises(NotAllowed):
            sent(act, who, built)
    assert act(releases.releases, FAR) == ()
    assert not (tmp_path / "more.zip").exists()


def test_built_again_it_is_the_same_or_nothing(store, act, chen, built, tmp_path):
    first, again = tmp_path / "out.zip", tmp_path / "again.zip"
    releases.build(store, ZHAO, built, MAKER, again, NOW.replace(year=2027))
    assert again.read_bytes() == first.read_bytes()
    assert len(act(releases.release, built).custody) == 2
    newer = replace(MAKER, version="0.2.0")
    with pytest.raises(OtherBytes, match=r"software 0\.1\.0 built it, this is 0\.2\.0"):
        releases.build(store, chen, built, newer, tmp_path / "newer.zip", NOW)
    other = replace(MAKER, make=lambda release: replace(made(release), title="另一个"))
    with pytest.raises(OtherBytes, match="is not what it was"):
        releases.build(store, chen, built, other, first, NOW)
    assert again.read_bytes() == first.read_bytes()
    assert len(act(releases.release, built).custody) == 2
    assert sorted(path.name for path in tmp_path.glob("*zip*")) == ["again.zip", "out.zip"]


def test_custody_says_whom_how_and_by_which_receipt(act, chen, released):
    with pytest.raises(NoRelease, match="not built"):
        sent(act, chen, released)


def test_a_step_of_custody_that_says_too_little_is_refused(act, chen, built):
    for event, lacks in (
        (Event.SENT, {"to": " "}), (Event.SENT, {"how": ""}), (Event.OPENED, {"to": ""}),
    ):  # fmt: skip
        with pytest.raises(SaysTooLittle):
            sent(act, chen, built, event, **lacks)
    with pytest.raises(NoRelease, match="not sent"):
        sent(act, chen, built, Event.RECEIVED)
    sent(act, chen, built)
    with pytest.raises(SaysTooLittle):
        sent(act, chen, built, Event.RECEIVED, note="")
    sent(act, chen, built, Event.RECEIVED)
    with pytest.raises(NoRelease, match="already kept"):
        sent(act, chen, built, Event.RECEIVED)


@pytest.mark.parametrize(
    "lacks",
    [
        {"id": ""}, {"body": " "}, {"person": ""}, {"law": ""}, {"snapshot": ""}, {"scan": ""}, {"formats": ()},
        {"formats": ("json", "exe")}, {"parts": ("pt_1",)}, {"subject": Subject.VIEW}, {"attachments": (1,)},
    ],
)  # fmt: skip
def test_a_proposal_says_all_it_must(act, chen, lacks):
    with pytest.raises(SaysTooLittle):
        act(releases.propose, chen, replace(RING, **lacks), "移送", NOW)


def test_a_proposal_names_a_profile_and_a_reason(act, chen):
    with pytest.raises(NoProfile):
        act(releases.propose, chen, replace(RING, profile="everybody"), "移送", NOW)
    with pytest.raises(NoReason):
        act(releases.propose, chen, RING, " ", NOW)


def test_the_attachments_of_a_case_go_along(store, act, chen, li, tmp_path):
    opened = act(cases.open_case, chen, "团伙", Source(Origin.RING, "rg_1", {}), AREA, "查", NOW)
    one = act(cases.attach, chen, opened.id, "笔录/第1份?.txt", "笔录".encode(), "证据", NOW)
    draft = replace(
        RING, subject=Subject.CASE, id=opened.id, parts=("rg_1",), attachments=(one.no,)
    )
    with pytest.raises(SaysTooLittle):
        act(releases.propose, chen, replace(draft, attachments=(99,)), "移送", NOW)
    with pytest.raises(SaysTooLittle, match="masked"):
        act(releases.propose, chen, replace(draft, profile="research"), "研究", NOW)
    no = act(releases.propose, chen, draft, "移送", NOW).no
    act(releases.decide, li, no, "同意", NOW, approve=True)
    releases.build(store, chen, no, MAKER, tmp_path / "out.zip", NOW)
    parts = {part.name: part for part in verify(tmp_path / "out.zip").manifest.files}
    assert parts["attachments/1_笔录_第1份_.txt"].sha256 == one.sha256


def test_another_proposal_is_no_release(act, chen):
    other = act(approval.propose, chen, "other", "rg_1", AREA, {}, "查", NOW)
    with pytest.raises(NoRelease, match="something else"):
        act(releases.release, other.no)


ROW = {
    "release": 2, "step": 2, "event": "sent", "at": NOW, "actor": "x", "sha256": "0" * 64,
    "who": "y", "how": "z",
}  # fmt: skip
BUILT = {"event": "built", "who": None, "size": 1, "version": "1"}
PROPOSAL = {
    "no": 9, "kind": "release", "subject": "rg_1", "area": AREA, "content": "{}", "why": "x",
    "maker": "王五", "made_at": NOW,
}  # fmt: skip


def test_the_store_refuses_every_way_round(act, chen, li, store, tmp_path):
    """Release 1 waits, 2 is built, 3 is refused, 4 is released and not built, 5 is something else."""
    for maker in (BOTH, chen, chen, chen):
        act(releases.propose, maker, RING, "移送", NOW)
    act(releases.decide, li, 2, "同意", NOW, approve=True)
    act(releases.decide, li, 3, "不宜", NOW, approve=False)
    act(releases.decide, li, 4, "同意", NOW, approve=True)
    act(approval.propose, chen, "other", "rg_1", AREA, {}, "查", NOW)
    releases.build(store, chen, 2, MAKER, tmp_path / "out.zip", NOW)
    held = act(releases.release, 2)
    right = ROW | {"sha256": held.built.sha256}
    ways = [
        insert(REVIEWS).values(no=1, approved=True, reviewer="王五", reviewed_at=NOW, review="好"),
        insert(REVIEWS).values(no=3, approved=True, reviewer="李立", reviewed_at=NOW, review="好"),
        insert(PROPOSALS).values(PROPOSAL),
        insert(PROPOSALS).values(PROPOSAL | {"law": "  "}),
        update(PROPOSALS).values(content="{}"),
        update(REVIEWS).values(approved=True),
        insert(CUSTODY).values(ROW),
        insert(CUSTODY).values(right | {"step": 1}),
        insert(CUSTODY).prefix_with("OR REPLACE", dialect="sqlite").values(right | BUILT | {"step": 1}),
        insert(CUSTODY).values(right | {"step": 3}),
        insert(CUSTODY).values(right | {"event": "lost"}),
        insert(CUSTODY).values(right | {"actor": " "}),
        insert(CUSTODY).values(right | {"who": " "}),
        insert(CUSTODY).values(right | {"how": None}),
        insert(CUSTODY).values(right | {"event": "received", "note": "回执"}),
        insert(CUSTODY).values(right | {"event": "returned", "note": "退回"}),
        insert(CUSTODY).values(ROW | BUILT),
        insert(CUSTODY).values(right | BUILT | {"version": None}),
        *(insert(CUSTODY).values(right | BUILT | {"release": no, "step": 1}) for no in (1, 3, 5, 9)),
        insert(CUSTODY).values(right | {"release": 4, "step": 1}),
        update(CUSTODY).values(sha256="0" * 64),
        update(CUSTODY).values(who="x"),
        delete(CUSTODY),
    ]  # fmt: skip
    assert got_round(act, ways) == []
    assert act(releases.release, 2) == held
    assert got_round(act, [insert(CUSTODY).values(right)]) != []
