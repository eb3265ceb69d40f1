"""案件: opened from a lead or by hand, moved, assigned, closed by a second person, all of it on the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casework.cases import (
    Origin,
    Outcome,
    Source,
    Status,
    attach,
    case,
    give_task,
    open_case,
    propose_closure,
)
from casework.people import Actor, Role
from casework.store import Tx
from dashboards.access.errors import NotAllowed
from dashboards.access.recorded import exported
from dashboards.access.sign_in import REGION, ROLE
from dashboards.reading.caseload import attached
from graph.results import latest_scan
from huancha.workspace import open_workspace
from tests.dashboards.test_pages import HOME, cells, open_page, said, tables
from tests.dashboards.test_sanctions import field
from tests.dashboards.worlds import scanned_world

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
WHO = Actor("a", frozenset({Role.INVESTIGATOR}))
AT = datetime(2026, 1, 5, 9)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scanned_world(tmp_path_factory.mktemp("cases"))


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_data.clear()


def submit(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    return app


@contextmanager
def recorded(workspace: Path) -> Iterator[Tx]:
    """A change to the record that was made away from the page."""
    with open_workspace(workspace).casework() as store, store.write() as tx:
        yield tx


def opened(tx: Tx, area: str = "110105") -> str:
    """The id of a new case."""
    return open_case(tx, WHO, "t", Source(Origin.HAND), area, "w", AT).id


def held(workspace: Path, id_: str) -> tuple[Status, Outcome | None, str | None]:
    with open_workspace(workspace).casework() as store, store.read() as tx:
        found = case(tx, id_)
    return found.status, found.outcome, found.assignee


def test_a_case_goes_from_a_lead_to_its_closure(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    ring = latest_scan(workspace).rings().items[0]
    app = open_page(monkeypatch, workspace, "cases", "zh", ring=ring.ring)
    assert not app.exception
    app.text_input(key="case_new_why").input("金额较大")
    submit(app, "立案")
    assert held(workspace, "cs_1") == (Status.NEW, None, None)

    app = open_page(monkeypatch, workspace, "cases", "zh", case="cs_1")
    assert f"线索 {ring.ring[-6:]}" in said(app)
    app.text_input(key="case_why").input("证据充分")
    submit(app, "办理")
    assert held(workspace, "cs_1")[0] is Status.INVESTIGATING
    app.text_input(key="case_assign_why").input("轮值")
    submit(app, "分派给此人")
    assert held(workspace, "cs_1")[2] == "demo-investigator"
    app.text_area(key="case_comment_text").input("已调取处方")
    submit(app, "保存意见")
    assert "已调取处方" in said(app)
    app.text_input(key="case_task_what").input("核对病历")
    submit(app, "布置任务")
    assert cells(tables(app)["任务"], 0) == ["核对病历"]
    app.text_input(key="case_task_result").input("相符")
    submit(app, "报告完成")
    assert cells(tables(app)["任务"], 4) == ["相符"]

    assert app.selectbox(key="case_target").options == ["提请结案", "搁置", "并案"]
    app.selectbox(key="case_target").select(Status.CLOSING).run()
    app.text_input(key="case_why").input("查清")
    submit(app, "办理")
    assert held(workspace, "cs_1")[0] is Status.CLOSING
    assert "以您的角色，此状态下没有可办的步骤" in said(app)

    app.session_state[ROLE] = Role.APPROVER
    app.run()
    app.selectbox(key="case_target").select(Status.CLOSED).run()
    app.text_input(key="case_why").input("同意")
    submit(app, "办理")
    assert held(workspace, "cs_1")[:2] == (Status.CLOSED, Outcome.CONFIRMED)
    history = cells(tables(app)["经过"], 2)
    assert {"立案", "分派", "意见", "布置任务", "完成任务", "提请结案", "批准结案"} <= set(history)


def test_papers_and_linked_cases_lie_in_a_case(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    with recorded(workspace) as tx:
        one, other, away = (opened(tx, area) for area in ("110105", "110105", "310000"))
    app = open_page(monkeypatch, workspace, "cases", "zh", case=one)
    field(app.text_input, "case_attach_why").input("现场调取")
    submit(app, "添加附件")
    assert "请先选择文件" in said(app)
    paper = field(app.file_uploader, "case_attach_file")
    paper.upload("门诊日志.pdf", b"%PDF", "application/pdf")
    submit(app, "添加附件")
    (row,) = tables(app)["附件"]["rows"]
    assert row["cells"][0] == "门诊日志.pdf"
    assert row["cells"][2] == sha256(b"%PDF").hexdigest()
    for named in (other, away):
        app.text_input(key="case_link_other").input(f" {named} ")
        app.text_input(key="case_link_why").input("同一药店")
        submit(app, "关联")
    assert [row["id"] for row in tables(app)["关联案件"]["rows"]] == [other, away]
    assert {"附件", "关联"} <= set(cells(tables(app)["经过"], 2))
    app.text_input(key="case_link_other").input("cs_99")
    app.text_input(key="case_link_why").input("同一药店")
    submit(app, "关联")
    assert "没有案件 cs_99" in app.error[0].value.replace("\\", "")

    app.session_state[REGION] = "110000"
    app.run()
    assert [row["id"] for row in tables(app)["关联案件"]["rows"]] == [other]
    assert "另有 1 件关联案件不在您的地区" in said(app)


def test_an_attachment_is_taken_along_by_right(workspace: Path) -> None:
    with recorded(workspace) as tx:
        made = opened(tx)
        paper = attach(tx, WHO, made, "a.txt", b"as it was", "w", AT)
    assert attached(workspace, paper) == b"as it was"
    with pytest.raises(NotAllowed):
        exported(
            workspace, Actor("v", frozenset({Role.VIEWER})), made, paper.name,
            lambda: attached(workspace, paper),
        )()  # fmt: skip


def test_what_is_refused_is_said_and_not_done(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    app = open_page(monkeypatch, workspace, "cases", "zh")
    submit(app, "立案")
    assert "没有办成：请写明理由" in app.error[0].value
    app = open_page(monkeypatch, workspace, "cases", "en", case="cs_99")
    assert "cs" in app.warning[0].value


def test_a_viewer_sees_cases_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    app = open_page(monkeypatch, workspace, "cases", "zh", case="cs_1")
    app.session_state[ROLE] = Role.VIEWER
    app.run()
    assert not app.exception
    writing = ("办理", "立案", "保存意见", "布置任务", "添加附件", "关联")
    assert not [b for b in app.button if b.label in writing]
    assert not app.get("download_button")


def test_an_approver_closes_and_is_told_what_only_investigators_do(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    with recorded(workspace) as tx:
        made = opened(tx)
        propose_closure(tx, WHO, made, Outcome.REFUTED, "w", AT)
    app = open_page(monkeypatch, workspace, "cases", "zh", case=made)
    app.session_state[ROLE] = Role.APPROVER
    app.run()
    writing = ("分派给此人", "保存意见", "布置任务", "添加附件", "关联")
    assert not [b for b in app.button if b.label in writing]
    assert said(app).count("只有调查员可以立案、分派、写意见") == len(writing)
    app.selectbox(key="case_target").select(Status.INVESTIGATING).run()
    app.text_input(key="case_why").input("还须核实")
    submit(app, "办理")
    assert held(workspace, made)[0] is Status.INVESTIGATING
    ring = latest_scan(workspace).rings().items[0].ring
    app.switch_page(str(HOME / "views" / "ring.py"))
    app.query_params["ring"] = ring
    assert "立为案件" not in [b.label for b in app.run().button]


def test_the_overview_names_the_task_next_due(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    with recorded(workspace) as tx:
        made = opened(tx)
        give_task(tx, WHO, made, "later", "a", date(2026, 3, 1), AT)
        give_task(tx, WHO, made, "sooner", "a", date(2026, 2, 1), AT)
    app = open_page(monkeypatch, workspace, "overview", "zh")
    assert not app.exception
    shown = tables(app)["逾期与即将到期"]
    assert [one for one in cells(shown, 1) if one in ("sooner", "later")] == ["sooner", "later"]
    assert any("核查线索" in one for one in cells(shown, 1))
    assert int({m.label: m.value for m in app.metric}["待办案件"]) >= 1
    app.session_state[ROLE] = Role.AUDITOR
    app.run()
    assert "待办案件" not in {metric.label for metric in app.metric}
