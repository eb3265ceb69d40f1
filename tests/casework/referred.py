"""A small world with a scan and a vault, and a referral of two of its rings on the way to public security."""

from dataclasses import replace
from types import SimpleNamespace

from casework import cases, referral
from casework.cases import Origin, Source
from casework.exports.dress import dressed
from casework.exports.profiles import profile
from casework.exports.rings import of_rings
from casework.law import law_on
from casework.people import Actor, Role
from casework.referral import Answer, Draft, Item, Officer
from casework.referral.amounts import amounts
from casework.referral.checklist import Matter, against
from casework.store import open_store
from graph.snapshot import current_snapshot
from huancha.workspace import open_workspace
from tests.casework.conftest import NOW
from tests.dashboards.worlds import sealed
from tests.factory import add_scan, small_world

AREA = "110105"
CHEN = Actor("chen", frozenset({Role.INVESTIGATOR}))
LI = Actor("li", frozenset({Role.APPROVER}))
OFFICERS = (Officer("chen", "110105001"), Officer("zheng", "110105002"))


def referred_world(folder):
    """`workspace` (path), dressed `content` of its two first rings, and a `draft` that lacks nothing."""
    path = small_world(folder, seed=3, patients=40, visits=400)
    scan = add_scan(path, size=8)
    sealed(path)
    opened = open_workspace(path)
    rings = [ring.ring for ring in scan.rings().items[:2]]
    raw = of_rings(scan, current_snapshot(path), opened.view(), rings, "移送")
    content = dressed(raw, profile("police", NOW.date()), opened.identities(), b"k" * 32)
    answers = tuple(
        Answer(ring.ring.ring, motif, name, "已调取病历核对。")
        for ring in content.rings
        for motif, name in against(ring)
    )
    draft = Draft(
        office="某区医疗保障局", police="某市公安局某区分局", number="某医保移〔2026〕1号",
        suspects="某门诊部及相关人员", crime="诈骗罪", law="《中华人民共和国刑法》第二百六十六条",
        facts="经查，该门诊部涉嫌组织多名参保人集中刷卡，虚构就诊。",
        fund=amounts(content.rings).total.fund, scan=scan.run.scan, rings=tuple(rings),
        officers=OFFICERS, items=(Item("门诊处方", "12张", "局机关档案室", "原件"),), answers=answers,
    )  # fmt: skip
    return SimpleNamespace(workspace=path, content=content, draft=draft)


def matter(world, decided=True, **changes):
    """A referral of the world's case with `changes` of the draft, reported and, if `decided`, approved by the head."""
    with open_store(world.workspace) as store, store.write() as tx:
        case = cases.open_case(
            tx, CHEN, "某门诊部聚集就诊案", Source(Origin.HAND), AREA, "移送", NOW
        )
        made = referral.draft(tx, CHEN, case.id, replace(world.draft, **changes), NOW)
        if decided:
            referral.report(tx, CHEN, made.no, "涉嫌犯罪，建议移送", NOW)
            made = referral.decide(tx, LI, made.no, "同意移送", NOW, approve=True)
    return Matter(made, case, world.content.rings, law_on(NOW.date(), AREA))
