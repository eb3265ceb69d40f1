"""The register reads releases and sealed referrals from their own records, in one order."""

from dataclasses import replace
from datetime import timedelta

from casework import cases, referral, releases
from casework.cases import Origin, Source
from casework.people import Actor, Role
from casework.referral import DESK, Draft, Event, Officer
from casework.register import register
from casework.releases import Draft as Export
from casework.releases import Subject
from tests.casework.conftest import NOW

AREA = "110105"
RING = Export(
    Subject.RING, "rg_1", AREA, "北京市公安局", "王警官", "police", ("json",), "医保发〔2021〕49号",
    "t0001", "s0001",
)  # fmt: skip
FAR = Actor("孙远", frozenset({Role.INVESTIGATOR}), frozenset({"130000"}))
LATER = NOW + timedelta(hours=1)


def test_a_sealed_referral_stands_between_the_releases(act, chen, li):
    first = act(releases.propose, chen, RING, "移送", NOW)
    case = act(cases.open_case, chen, "某案", Source(Origin.HAND), AREA, "查", NOW).id
    officers = (Officer("陈晨", "110105001"), Officer("郑正", "110105002"))
    said = Draft(police="某市公安局某区分局", officers=officers)
    no = act(referral.draft, chen, case, said, NOW).no
    act(referral.report, chen, no, "涉嫌犯罪", NOW)
    last = act(releases.propose, chen, replace(RING, id="rg_2"), "移送", NOW)
    act(releases.decide, li, last.no, "不宜", NOW, approve=False)
    approved = act(referral.decide, li, no, "同意移送", NOW, approve=True)
    assert [one.no for one in act(register, chen)] == [last.no, first.no]

    act(referral.note, chen, no, Event.SEALED, NOW, "a" * 64, "", NOW)
    act(referral.note, chen, no, Event.SEALED, LATER, "b" * 64, "", LATER)
    refused, sealed, waiting = act(register, chen)
    assert [one.no for one in (refused, sealed, waiting)] == [
        last.no, approved.report.no, first.no,
    ]  # fmt: skip
    assert (sealed.subject, sealed.id, sealed.referral) == ("referral", case, no)
    assert (sealed.body, sealed.person, sealed.profile) == (said.police, DESK, "police")
    assert (sealed.maker, sealed.reviewer, sealed.released_at) == ("陈晨", "李立", NOW)
    assert (sealed.state, sealed.sha256, sealed.sent_at) == ("sealed", "b" * 64, None)
    assert (refused.state, refused.reviewer, refused.released_at) == ("refused", "李立", None)
    assert (waiting.state, waiting.sha256, waiting.referral) == ("proposed", None, None)
    act(referral.note, chen, no, Event.SENT, LATER, "专人", "", LATER)
    assert act(register, chen)[1].sent_at == LATER
    assert act(register, FAR) == ()
