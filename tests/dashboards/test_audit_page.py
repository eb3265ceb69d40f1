"""审计与用户: the entries with filters and pages, the chain's state, the file to take along, people and limits."""

import csv
import io
import re
from datetime import datetime, timedelta
from pathlib import Path
from time import time

import pytest
from streamlit.testing.v1 import AppTest

import casework
from casework import audit
from casework.announcements import DECLINE
from casework.cases.closing import CLOSURE
from casework.joint.parcels import PART
from casework.joint.parcels import RELEASE as TOLD
from casework.joint.reviews import ACCEPT, CLOSE, OPEN
from casework.orders.ledger import Event
from casework.people import Actor, Role
from casework.referral.ledger import REFERRAL
from casework.referral.rules import Event as Referred
from casework.releases import Event as Custody
from casework.releases.ledger import KIND as RELEASE
from casework.rooms import Kind
from casework.sanctions.ledger import LIFT, SANCTION
from dashboards.access.sign_in import ROLE
from dashboards.blocks.audit_entries import ACTIONS
from dashboards.blocks.audit_facts import facts_said
from dashboards.reading.audited import as_csv
from huancha.workspace import open_workspace
from tests.dashboards.test_pages import HOME, cells, said, tables

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
NOON = datetime(2026, 3, 5, 12)
ENTRIES = 60
JOINT = (OPEN, ACCEPT, CLOSE, f"joint.{PART}", f"joint.{TOLD}")
KINDS = (CLOSURE, SANCTION, LIFT, RELEASE, DECLINE, REFERRAL, *JOINT)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No data at all, and sixty entries of two people."""
    made = tmp_path_factory.mktemp("audit")
    with open_workspace(made).casework() as store, store.write() as tx:
        for number in range(ENTRIES):
            who = Actor("wang" if number % 3 else "li", frozenset({Role.INVESTIGATOR}))
            action, at = "open" if number % 2 else "unmask", NOON + timedelta(days=number)
            audit.append(tx, who, action, f"pt_{number}", "=1+1", at, facts={"field": "name"})
    return made


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> AppTest:
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(workspace))
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=60)
    app.session_state[ROLE] = Role.AUDITOR
    return app.switch_page(str(HOME / "views" / "audit.py")).run()


def test_every_action_of_casework_has_its_words() -> None:
    source = "".join(
        file.read_text("utf-8") for file in Path(casework.__file__).parent.rglob("*.py")
    )
    written = set(
        re.findall(
            r'"((?:case|tip|points|draw|batch|notice|appeal|assistance|announcement|referral|joint)\.[a-z_]+)"',
            source,
        )
    ) - {CLOSURE, DECLINE, *JOINT, "points.no", "notice.reinstatement"}
    decided = {f"{kind}.{step}" for kind in KINDS for step in ("propose", "approve", "refuse")}
    happened = {f"room.{kind}" for kind in (*Kind, "hear", "paper")}
    happened |= {f"order.{event}" for event in Event} | {f"release.{event}" for event in Custody}
    happened |= {f"referral.{event}" for event in Referred}
    assert len(written) > 25
    assert written | decided | happened <= set(ACTIONS)


def test_entries_are_paged_and_filtered_on_the_server(page: AppTest) -> None:
    assert not page.exception
    assert f"全部 {ENTRIES} 条留痕环环相扣" in said(page)
    assert f"显示 1–50，共 {ENTRIES} 条".replace("–", r"\–") in said(page) or "共 60 条" in said(
        page
    )
    shown = tables(page)["留痕"]
    assert cells(shown, 0) == [str(no) for no in range(60, 10, -1)]
    assert cells(shown, 3)[:2] == ["打开", "查看明文"]
    page.session_state["audit_pager"] = 2
    page.run()
    assert cells(tables(page)["留痕"], 0) == [str(no) for no in range(10, 0, -1)]
    page.text_input(key="audit_who").input("li")
    page.selectbox(key="audit_action").set_value("unmask")
    page.text_input(key="audit_first").input("2026-03-11")
    page.text_input(key="audit_last").input("2026-03-17")
    page.run()
    assert cells(tables(page)["留痕"], 4) == ["pt_12", "pt_6"]
    page.text_input(key="audit_subject").input("pt_6").run()
    assert cells(tables(page)["留痕"], 4) == ["pt_6"]
    page.text_input(key="audit_subject").input("pt_7").run()
    assert "没有符合条件的留痕" in said(page)


def test_facts_are_told_in_words() -> None:
    told = facts_said(
        {
            "no": 1, "kind": "suspension", "area": "120102", "case_id": None, "persons": [], "late": False,
            "reach": [{"place": "fa_1"}, {"place": "fa_2"}], "effect": "talk", "field": "certno", "lines": [3, 4], "sha256": "0a" * 32,
        }
    )  # fmt: skip
    assert told == (
        "编号 1 · 类别 暂停支付资格 · 地区 天津河东区 · 逾期 否 · 涉及登记 2 项 · 应作处理 约谈"
        " · 项目 证件号码 · 撤销记分 3、4 · 哈希 0a0a0a0a0a0a…"
    )


def test_rights_and_limits_in_force_are_shown(page: AppTest) -> None:
    found = tables(page)
    rights = {row["cells"][0]: row["cells"][1:] for row in found["角色权限"]["rows"]}
    held = [cell["text"] for cell in rights["查看明文"]]
    assert held == ["–", "是", "是", "–", "–", "–"]
    assert [cell["text"] for cell in rights["打开“审计与用户”"]] == ["–", "–", "–", "–", "是", "是"]
    assert cells(found["现行限值"], 1) == ["演示", "60", "50"]


def test_people_are_shown_as_the_list_names_them(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    people = tmp_path / "people.toml"
    people.write_text(
        '[people."wang@x"]\nroles = ["auditor"]\nregions = ["110000"]\n[groups.it]\nroles = ["viewer", "admin"]\n',
        "utf-8",
    )
    monkeypatch.setenv("HUANCHA_SIGN_IN", "oidc")
    monkeypatch.setenv("HUANCHA_PEOPLE", str(people))
    page.user = {"is_logged_in": True, "email": "wang@x", "iat": time()}
    page.run()
    assert cells(tables(page)["现行限值"], 1) == ["统一身份认证", "60", "50", "12"]
    assert [row["cells"] for row in tables(page)["名册"]["rows"]] == [
        ["wang@x", "人员", "审计员", "北京"],
        ["it", "组", "查看人员、管理员", "全部地区"],
    ]


def test_an_audit_that_was_changed_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "casework.db").write_bytes(b"no database at all, but long enough to be read as one")
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(tmp_path))
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=60)
    app.session_state[ROLE] = Role.ADMIN
    app.switch_page(str(HOME / "views" / "audit.py")).run()
    assert not app.exception
    assert "留痕库打不开" in app.error[0].value


def test_the_file_holds_every_entry_and_runs_nothing(workspace: Path) -> None:
    with open_workspace(workspace).casework() as store:
        found = audit.entries(store, limit=ENTRIES).entries
    rows = list(csv.DictReader(io.StringIO(as_csv(found).decode("utf-8-sig"))))
    assert [row["no"] for row in rows] == [str(no) for no in range(ENTRIES, 0, -1)]
    assert {row["why"] for row in rows} == {"'=1+1"}
    assert rows[0]["facts"] == '{"field": "name"}'
    assert rows[0]["hash"] == found[0].hash


def test_money_and_codes_of_an_entry_are_said_in_words() -> None:
    told = facts_said({"fund": 34_301_895, "subject": "ring", "profile": "police", "scan": "s1"})
    assert told == "基金支付 34.30 万元 · 对象 团伙线索 · 提供范围 公安机关 · 扫描 s1"
