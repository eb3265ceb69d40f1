"""移送与报告: a case is referred by two people; the papers of a lead hold what its page shows, and nobody's name."""

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casework.bundles import verify
from casework.cases import Origin, Source, open_case
from casework.people import Actor, Role
from casework.referral import Draft, draft
from dashboards.access.sign_in import ROLE
from dashboards.blocks.referral_sheets import evidence_sheet, members_sheet, places_sheet
from dashboards.clock import now
from dashboards.reading.dossier import Dossier, dossier
from graph.results import latest_scan
from graph.snapshot import current_snapshot
from huancha.workspace import open_workspace
from tests.dashboards.test_pages import cells, open_page, said, tables
from tests.dashboards.test_sanctions import field
from tests.dashboards.worlds import scanned_world, sealed
from tests.engine import built_canvas

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built_canvas()
    return scanned_world(tmp_path_factory.mktemp("referral"))


@pytest.fixture(scope="module")
def found(workspace: Path) -> Dossier:
    scan = latest_scan(workspace)
    made = dossier(current_snapshot(workspace), scan, scan.rings().items[0].ring)
    assert made is not None
    return made


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_data.clear()


def lines(sheet: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))[1:]


def test_the_lists_hold_every_line(found: Dossier) -> None:
    evidence = lines(evidence_sheet(found))
    assert [line[-1].split(";") for line in evidence] == [list(e.rows) for e in found.facts]
    assert [line[0] for line in lines(members_sheet(found))] == [m.id for m in found.members]
    assert [line[1] for line in lines(places_sheet(found))] == [u.place.name for u in found.uses]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_gives_the_papers_of_a_lead(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, found: Dossier, language: str
) -> None:
    app = open_page(monkeypatch, workspace, "referral", language, ring=found.ring.ring)
    assert not app.exception
    assert len(app.get("download_button")) == 5
    assert f"{len(found.facts)} {'行' if language == 'zh' else 'rows'} · SHA-256" in said(app)


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    return app


def seat(app: AppTest, role: Role) -> AppTest:
    app.session_state[ROLE] = role
    app.run()
    assert not app.exception
    return app


def missing_of(app: AppTest) -> list[str]:
    checks = tables(app)["移送核对清单"]["rows"]
    return [row["cells"][0] for row in checks if row["cells"][1]["tags"][0]["text"] == "缺"]


def test_a_case_is_referred_on_the_page_by_two_people(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    workspace = scanned_world(tmp_path)
    sealed(workspace)
    ring = latest_scan(workspace).rings().items[0].ring
    with open_workspace(workspace).casework() as store, store.write() as tx:
        who = Actor("a", frozenset({Role.INVESTIGATOR}))
        open_case(tx, who, "某案", Source(Origin.HAND), "110105", "核查", datetime(2026, 1, 5, 9))
    app = open_page(monkeypatch, workspace, "referral", "zh", ring=ring)
    assert "还没有起草移送" in said(app)
    press(app, "起草")
    app = open_page(monkeypatch, workspace, "referral", "zh", referral="1", ring=ring)
    assert not app.exception
    assert missing_of(app)[0] == "两名执法人员及执法证号"
    for name in ("office", "police", "number", "suspects", "crime", "law"):
        field(app.text_input, f"referral_{name}").input(name)
    field(app.text_area, "referral_facts").input("经查，涉嫌虚构就诊。")
    field(app.text_area, "referral_officers").input("陈晨=1\n郑正")
    press(app, "保存为新稿")
    assert "郑正" in app.error[0].value
    field(app.text_area, "referral_officers").input("陈晨=1\n郑正=2")
    field(app.text_area, "referral_items").input("处方=12张=档案室")
    press(app, "保存为新稿")
    assert missing_of(app) == ["书面报告", "负责人批准"]
    with open_workspace(workspace).casework() as store, store.write() as tx:
        other = open_case(tx, who, "另案", Source(Origin.HAND), "110105", "核查", now()).id
        draft(tx, who, other, Draft(office="另一局"), now())
    app.query_params["referral"] = "2"
    assert field(app.run().text_input, "referral_office").value == "另一局"
    app.query_params["referral"] = "1"
    app.run()
    app.text_input(key="referral_report_why").input("应当移送")
    press(app, "报负责人审批")
    assert "由负责人审批" in cells(tables(app)["状态"], 1)[0]
    assert not [button for button in app.button if button.label in ("批准移送", "封包")]

    seat(app, Role.APPROVER)
    app.text_input(key="referral_decide_why").input("同意")
    press(app, "批准移送")
    assert missing_of(app) == []
    seat(app, Role.INVESTIGATOR)
    before = len(app.get("download_button"))
    press(app, "封包")
    assert len(app.get("download_button")) == before + 1
    packed = workspace / "referrals" / "referral_1.zip"
    checked = verify(packed)
    assert checked.whole
    (left,) = tables(app)["对外提供登记"]["rows"]
    assert (left["id"], left["cells"][2]["text"]) == ("referral=1", "移送公安机关")
    hashed = left["cells"][7]
    assert (hashed["text"], hashed["hint"]) == (checked.sha256[:16], checked.sha256)
    app.text_input(key="referral_note_document").input("专人送达")
    press(app, "登记")
    assert cells(tables(app)["经过"], 0) == ["书面报告", "批准移送", "已封包", "已移送"]
    press(app, "预览")
    assert len(app.get("image")) == 2


def test_a_viewer_sees_no_referral_and_another_area_none(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    app = open_page(monkeypatch, workspace, "referral", "zh", referral="99")
    assert "99" in app.warning[0].value
    app = open_page(monkeypatch, workspace, "referral", "zh")
    seat(app, Role.LIAISON)
    assert not [button for button in app.button if button.label == "起草"]
