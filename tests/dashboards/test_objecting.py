"""中止协同: a notice written and served, an appeal entered and decided on the page, by people who did not decide before."""

from datetime import timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casework import points, sanctions
from casework.audit import entries
from casework.people import Actor, Role
from casework.points import Act, Measure, Responsibility
from dashboards.access.recorded import OPENED
from dashboards.clock import now
from dashboards.reading.reach import linked
from dashboards.reading.sanctioning import registered
from graph.results import latest_scan
from graph.snapshot import current_snapshot
from huancha.workspace import open_workspace
from tests.dashboards.test_pages import cells, open_page, said, tables
from tests.dashboards.test_sanctions import field, press, seat
from tests.dashboards.worlds import scanned_world, sealed

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
CHEN = Actor("chen", frozenset({Role.INVESTIGATOR}))
LI = Actor("li", frozenset({Role.APPROVER}))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = scanned_world(tmp_path_factory.mktemp("objecting"))
    sealed(made)
    return made


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_data.clear()


def suspended(path: Path, number: int) -> str:
    """The number of a suspension that chen proposed and li approved, who do not sit at these screens."""
    workspace, snapshot, at = open_workspace(path), current_snapshot(path), now()
    who = linked(snapshot, latest_scan(path))[number].id
    with snapshot.connect() as con:
        place, area = con.execute(
            "SELECT p.id, p.admdvs FROM prac_reg_d JOIN practitioners w USING (practitioner)"
            " JOIN places p USING (place) WHERE w.id = ? ORDER BY p.id",
            [who],
        ).fetchall()[0]
    act = Act(
        who, place, area, 7, 9, Responsibility.MAIN, Measure.PENALTY, "京医保罚〔2026〕1号", at.date(), "冒名结算"
    )  # fmt: skip
    registry = registered(workspace, snapshot)
    with workspace.casework() as store, store.write() as tx:
        line = points.propose_act(tx, CHEN, act, at)
        points.review(tx, LI, line.no, "属实", at, approve=True)
        draft = sanctions.draft_by_points(tx, who, area, at.year, at.date(), 3)
        made = sanctions.propose(tx, CHEN, draft, registry, "累计九分", at)
        sanctions.decide_sanction(tx, LI, made.no, registry, "同意", at, approve=True)
    return str(made.no)


def served(app: AppTest) -> AppTest:
    """Enter the notice of the decision as served today."""
    field(app.text_input, "notice_serve_number").input("京医保处〔2026〕8号")
    paper(app)
    return press(app, "登记送达")


def paper(app: AppTest) -> None:
    field(app.file_uploader, "notice_serve_paper").upload("n.docx", b"notice", "text/plain")


def filed(app: AppTest) -> AppTest:
    field(app.text_area, "appeal_grounds").input("当日本人在外院进修")
    letter(app)
    return press(app, "登记申诉")


def letter(app: AppTest) -> None:
    field(app.file_uploader, "appeal_letter").upload("a.pdf", b"letter", "application/pdf")


def test_a_notice_is_written_and_served_and_an_appeal_decided_by_others(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    app = open_page(monkeypatch, workspace, "sanctions", "zh", sanction=suspended(workspace, 0))
    with open_workspace(workspace).casework() as store:
        with store.read() as tx:
            who = sanctions.sanction(tx, 1).target
        assert entries(store, subject=who, action=OPENED).total == 1
    assert "登记处理通知书送达后，才能登记申诉" in said(app)
    press(app, "生成")
    assert "没有办成：请写明理由" in app.error[0].value
    app.text_input(key="notice_write_office").input("某医疗保障局")
    app.text_input(key="notice_write_number").input("京医保处〔2026〕8号")
    press(app, "生成")
    assert app.get("download_button")
    field(app.text_input, "notice_serve_number").input("京医保处〔2026〕8号")
    press(app, "登记送达")
    assert "请先选择文件" in said(app)
    paper(app)
    press(app, "登记送达")
    (notice,) = tables(app)["文书"]["rows"]
    assert notice["cells"][0] == "处理通知书"
    assert "京医保处〔2026〕8号" in str(notice["cells"])
    assert "申诉期至" in said(app)
    field(app.text_area, "appeal_grounds").input("当日本人在外院进修")
    press(app, "登记申诉")
    assert "请先选择文件" in said(app)
    letter(app)
    press(app, "登记申诉")
    assert "当日本人在外院进修" in said(app)
    app.text_input(key="appeal_why").input("证据成立")
    press(app, "提出意见")
    assert "处理意见待审批" in said(app)
    assert "解除处理 1）；理由：证据成立" in said(app)
    seat(app, Role.APPROVER)
    app.text_input(key="appeal_decide_why").input("同意")
    press(app, "批准意见")
    assert "支持申诉" in said(app)
    assert set(cells(tables(app)["指令"], 1)) == {"暂停", "恢复"}


def test_a_late_appeal_is_admitted_first_and_a_viewer_does_nothing(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    app = open_page(monkeypatch, workspace, "sanctions", "en", sanction=suspended(workspace, 1))
    field(app.text_input, "notice_serve_number").input("8")
    paper(app)
    field(app.date_input, "notice_on").set_value(now().date() - timedelta(days=60))
    press(app, "Enter it")
    seat(app, Role.VIEWER)
    kept = {"Enter it", "Write it", "Propose", "Admit"}
    assert not kept & {button.label for button in app.button}
    seat(app, Role.INVESTIGATOR)
    field(app.text_area, "appeal_grounds").input("late")
    letter(app)
    next(b for b in app.button if b.form_id == "appeal_file").click()
    app.run()
    assert "late, to be admitted" in said(app)
    seat(app, Role.APPROVER)
    app.text_input(key="appeal_admit_why").input("ill")
    press(app, "Admit")
    seat(app, Role.INVESTIGATOR)
    app.selectbox(key="appeal_out").select_index(2).run()
    app.text_input(key="appeal_why").input("nothing new")
    next(b for b in app.button if b.form_id == "appeal_propose").click()
    app.run()
    seat(app, Role.APPROVER)
    app.text_input(key="appeal_decide_why").input("agreed")
    press(app, "Approve")
    assert "rejected" in said(app)
