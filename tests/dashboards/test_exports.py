"""Exports on the screen: proposed from a ring, a case's page and the desk, released by another, sealed, followed."""

from datetime import datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casework import cases, releases
from casework.bundles import verify
from casework.cases import Origin, Source
from casework.people import Actor, Role
from casework.releases import Subject
from dashboards.blocks.exports_one import BUNDLE
from dashboards.clock import now
from graph.results import latest_scan
from huancha.exporting import Recipient, drafted, maker
from huancha.workspace import open_workspace
from tests.dashboards.test_pages import cells, open_page, said, tables
from tests.dashboards.test_sanctions import field, press, seat
from tests.dashboards.worlds import scanned_world, sealed
from tests.engine import built_canvas

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
NOON = datetime(2026, 3, 5, 12)
REGISTER = {"zh": "对外提供登记", "en": "What left, and what is to leave"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built_canvas()
    made = scanned_world(tmp_path_factory.mktemp("exports"))
    sealed(made)
    return made


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_data.clear()


@pytest.fixture
def ring(workspace: Path) -> str:
    return latest_scan(workspace).rings().items[0].ring


def proposed(app: AppTest) -> AppTest:
    """The form filled in and sent."""
    for key, text in (
        ("body", "市公安局"), ("person", "王警官"), ("law", "医保发〔2021〕49号"), ("why", "移送"),
    ):  # fmt: skip
        app.text_input(key=f"export_{key}").input(text)
    return press(app, "提请")


def test_a_ring_leaves_by_two_people_and_is_followed(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, ring: str, tmp_path: Path
) -> None:
    app = proposed(open_page(monkeypatch, workspace, "ring", "zh", ring=ring))
    assert "已提请，第 1 号" in app.success[0].value
    app = open_page(monkeypatch, workspace, "referral", "zh", export="1")
    (row,) = tables(app)[REGISTER["zh"]]["rows"]
    assert (row["id"], cells(tables(app)[REGISTER["zh"]], 3)) == ("export=1", ["市公安局"])
    assert "须由提请人以外的审批人批准" in said(app)
    assert not [button for button in app.button if button.label == "封装"]

    seat(app, Role.APPROVER)
    press(app, "批准提供")
    assert "请写明理由" in app.error[0].value
    app.text_input(key="export_decide_why").input("同意")
    press(app, "批准提供")
    assert "尚未封装" in said(app)
    assert not [button for button in app.button if button.label == "封装"]

    seat(app, Role.LIAISON)
    press(app, "封装")
    no, bundle = app.session_state[BUNDLE]
    assert no == 1
    (tmp_path / "bundle.zip").write_bytes(bundle)
    checked = verify(tmp_path / "bundle.zip")
    assert checked.whole
    assert checked.sha256 in said(app)
    press(app, "登记")
    assert "请填写送达方式" in app.error[0].value
    app.text_input(key="export_keep_note_1").input("专人送达")
    press(app, "登记")
    assert cells(tables(app)["保管与流转"], 0) == ["已封装", "已送出"]
    assert cells(tables(app)["保管与流转"], 4)[1] == "专人送达"


def test_each_export_asks_for_its_own_recipient(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ring: str, workspace: Path
) -> None:
    a, b = (Actor(name, frozenset({Role.INVESTIGATOR, Role.APPROVER})) for name in ("a", "b"))
    made = []
    with open_workspace(workspace).casework() as store:
        for person in ("王警官", "李警官"):
            to = Recipient("市公安局", person, "police")
            with store.write() as tx:
                draft = drafted(tx, workspace, Subject.RING, ring, "110105", to, "办法", now())
                no = releases.propose(tx, a, draft, "移送", now()).no
                releases.decide(tx, b, no, "同意", now(), approve=True)
            releases.build(store, a, no, maker(workspace), tmp_path / "bundle.zip", now())
            made.append(str(no))
    app = open_page(monkeypatch, workspace, "referral", "zh", export=made[0])
    assert field(app.text_input, "export_keep_who").value == "王警官"
    app.query_params["export"] = made[1]
    assert field(app.run().text_input, "export_keep_who").value == "李警官"


@pytest.mark.parametrize("role", [Role.APPROVER, Role.LIAISON, Role.AUDITOR])
def test_only_an_investigator_proposes(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, ring: str, role: Role
) -> None:
    app = seat(open_page(monkeypatch, workspace, "ring", "zh", ring=ring), role)
    assert "export_body" not in [field.key for field in app.text_input]


def test_what_lies_on_the_desk_is_proposed_as_a_view(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, ring: str
) -> None:
    app = proposed(open_page(monkeypatch, workspace, "workbench", "zh", ring=ring))
    app = open_page(monkeypatch, workspace, "referral", "zh")
    assert cells(tables(app)[REGISTER["zh"]], 2)[0] == "画布视图"


def test_a_proposal_that_says_too_little_is_refused_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, ring: str
) -> None:
    app = press(open_page(monkeypatch, workspace, "ring", "zh", ring=ring), "提请")
    assert "请填写接收单位" in app.error[0].value


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_register_and_an_unknown_number_are_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str
) -> None:
    app = open_page(monkeypatch, scanned_world(tmp_path), "referral", language, export="9")
    assert not app.exception
    assert {"zh": "还没有对外提供的登记", "en": "Nothing was proposed"}[language] in said(app)
    assert "9" in app.warning[0].value


def test_a_case_is_proposed_from_its_page(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, ring: str
) -> None:
    who = Actor("demo-investigator", frozenset({Role.INVESTIGATOR}))
    with open_workspace(workspace).casework() as store, store.write() as tx:
        source = Source(Origin.RING, ring, {})
        opened = cases.open_case(tx, who, "一案", source, "110105", "查", NOON).id
        papers = [
            cases.attach(tx, who, opened, name, name.encode(), "证据", NOON)
            for name in ("笔录.txt", "照片.png")
        ]
    app = open_page(monkeypatch, workspace, "cases", "zh", case=opened)
    choice = app.multiselect(key="export_attachments")
    assert choice.value == []
    assert choice.options == [f"{one.name} · SHA-256 {one.sha256[:16]}…" for one in papers]
    choice.select(papers[1].no)
    app = proposed(app)
    app = open_page(monkeypatch, workspace, "referral", "zh")
    register = tables(app)[REGISTER["zh"]]
    assert cells(register, 2)[0] == "案件"
    no = register["rows"][0]["id"].removeprefix("export=")
    app = open_page(monkeypatch, workspace, "referral", "zh", export=no)
    going = tables(app)["随附案件附件"]
    assert (cells(going, 0), cells(going, 1)) == ([papers[1].name], [papers[1].sha256])
    assert "新立，截至" in said(app)
