"""联审互查: the room of a review with another bureau, assistance and announced sanctions, each role from the page."""

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casework import announcements, assistance, rooms
from casework.people import Actor, Role
from casework.store import open_store
from dashboards.access.sign_in import ROLE
from graph.snapshot import current_snapshot
from huancha import bureaux
from tests.casework.joint_sides import agreed, assembled, deliver, office
from tests.dashboards.test_pages import cells, open_page, said, tables
from tests.dashboards.worlds import scanned_world, sealed

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
RING, SIDES = "jg_aaaaaaaaaaaaaaaaaaab", ("110000", "120000")


@pytest.fixture(scope="module")
def talked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """An office's workspace after another told it of a ring, a letter, a bill and a sanction; the review; the person."""
    workspace = scanned_world(tmp_path_factory.mktemp("bureaux"))
    sealed(workspace)
    other = tmp_path_factory.mktemp("other")
    bj = office("110000", open_store(workspace), workspace)
    tj = office("120000", open_store(other), other)
    review = agreed(bj, tj)
    for one in (bj, tj):
        assembled(one, review, (RING, ("11", "12")))
    seat = tj.do(bureaux.seat_in, review)
    chen = Actor("津查", frozenset({Role.INVESTIGATOR}))
    tj.do(rooms.enter_room, chen, seat, tj.now())
    tj.do(
        rooms.give_opinion, chen, seat, RING, rooms.Finding.REFUTED, "120000", "家庭用药", tj.now()
    )
    tj.do(rooms.give_room_task, chen, seat, "110000", RING, "补充病历", date(2026, 3, 9), tj.now())
    tj.do(bureaux.exchange, other, tj.liaison, review, tj.now())
    deliver(review, bj, tj)
    bj.do(bureaux.exchange, workspace, bj.liaison, review, bj.now())
    key, at = bureaux.sealing_key(workspace), datetime(2026, 3, 2, 9).isoformat()
    common = {"asker": "120000", "asked": "110000", "made_at": at}
    letter = common | {
        "kind": "request", "id": "ar_1", "case_no": "津医保查1号", "law": "第4号令", "contacts": "某", "maker": "某",
        "first": "2025-01-01", "last": "2025-02-01", "reply_by": "2026-03-17", "subject": "王某", "what": "住院",
    }  # fmt: skip
    bill = common | {"kind": "bill", "id": "ab_1", "stay": "ZY1", "place": "某医院", "total": 3_000_000,
                     "certno": "110101198001011234", "batch": "2026-02-26"}  # fmt: skip
    bj.do(assistance.receive, bj.liaison, key, "120000", [letter, bill], bj.now())
    with current_snapshot(workspace).connect() as con:
        ((who,),) = con.execute(
            "SELECT p.id FROM prac_reg_d JOIN practitioners p USING (practitioner) ORDER BY 1 LIMIT 1"
        ).fetchall()
    told = {"id": f"an_{review}_120000_7", "law": "津细则", "author": "津联", "at": at, "persons": [
        {"id": "a", "kind": "suspension", "begins": "2026-03-01", "ends": None, "lifted": None},
        {"id": "b", "kind": "suspension", "begins": "2026-03-01", "ends": None, "lifted": None},
    ]}  # fmt: skip
    bj.do(
        announcements.hear, bj.liaison, review, "120000", [told], lambda ids: {"a": who}, bj.now()
    )
    for one in (bj, tj):
        one.store.close()
    return workspace, review, who


@pytest.fixture
def place(talked: tuple[Path, str, str], tmp_path: Path) -> tuple[Path, str, str]:
    """A copy of that workspace."""
    shutil.copytree(talked[0], tmp_path / "workspace")
    return tmp_path / "workspace", *talked[1:]


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_data.clear()


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    assert not app.error
    return app


def seat_as(app: AppTest, role: Role) -> AppTest:
    app.session_state[ROLE] = role
    app.run()
    return app


def test_a_room_by_three_people(
    monkeypatch: pytest.MonkeyPatch, place: tuple[Path, str, str]
) -> None:
    workspace, review, _ = place
    monkeypatch.setattr("dashboards.blocks.joint_room.now", lambda: datetime(2026, 3, 3, 9))
    app = open_page(monkeypatch, workspace, "joint", "zh", review=review, joint=RING)
    assert not app.exception
    assert [row["id"] for row in tables(app)["与其他局的联审"]["rows"]] == [review]
    assert cells(tables(app)["意见"], 4) == ["家庭用药"]
    assert "提交意见" not in [button.label for button in app.button], "only who takes part"
    press(app, "参加联审")
    app.text_area(key="room_opinion_text").input("同日聚集")
    next(box for box in app.selectbox if box.label == "建议办理方").select("110000")
    press(app, "提交意见")
    assert cells(tables(app)["意见"], 2) == ["不属实", "属实"]
    assert "会签" not in [button.label for button in app.button], "not by an investigator"
    seat_as(app, Role.LIAISON)
    press(app, "参加联审")
    app.text_input(key="room_escalate_text").input("认定不一致")
    press(app, "上报")
    assert "国家医疗保障局" in "".join(str(one.value) for one in app.info)
    app.text_input(key="room_ruling_document").input("医保函1号")
    app.text_input(key="room_ruling_text").input("由北京办理")
    press(app, "录入")
    app.text_input(key="room_task_result").input("已补充")
    press(app, "完成")
    assert cells(tables(app)["任务"], 3) == ["已补充"]
    seat_as(app, Role.APPROVER)
    press(app, "参加联审")
    app.text_input(key="room_sign_why").input("同意")
    press(app, "会签")
    assert "demo-approver" in said(app)
    app.text_input(key="room_paper_number").input("纪1号")
    press(app, "生成会议纪要")
    assert app.get("download_button")
    seat_as(app, Role.LIAISON)
    press(app, "收发")
    assert "待寄包裹 1 个" in app.success[0].value


@pytest.mark.parametrize("language", ["zh", "en"])
def test_letters_bills_and_announcements_are_shown(
    monkeypatch: pytest.MonkeyPatch, talked: tuple[Path, str, str], language: str
) -> None:
    workspace, _, who = talked
    app = open_page(monkeypatch, workspace, "joint", language)
    assert not app.exception
    found = tables(app)
    zh = language == "zh"
    assert cells(found["协查" if zh else "Assistance"], 3) == ["津医保查1号"]
    assert cells(found["跨省住院费用协查" if zh else "Bills of monthly batches"], 3) == ["某医院"]
    assert cells(found["处理通报（共同退出）" if zh else "Announced sanctions"], 1) == [who[-6:]]
    assert "王某" not in said(app)


def test_the_liaison_answers_and_everybody_sees_who_was_first(
    monkeypatch: pytest.MonkeyPatch, place: tuple[Path, str, str]
) -> None:
    app = open_page(monkeypatch, place[0], "joint", "zh")
    assert "接办（第一响应人）" not in [button.label for button in app.button]
    seat_as(app, Role.LIAISON)
    press(app, "查看协查内容（记入留痕）")
    assert "协查对象：王某" in said(app)
    press(app, "查看身份证号（记入留痕）")
    assert "110101198001011234" in said(app)
    press(app, "接办（第一响应人）")
    assert "110101198001011234" not in said(app)
    assert cells(tables(app)["协查"], 6) == ["demo-liaison"]
    app.text_area(key="assist_text").input("确有住院")
    press(app, "回复")
    assert [row["cells"][5]["tags"][0]["text"] for row in tables(app)["协查"]["rows"]] == ["已回复"]
    app.text_input(key="bill_why").input("费用不符")
    press(app, "核查有误")
    assert cells(tables(app)["跨省住院费用协查"], 6) == ["核查有误：费用不符"]


def test_an_announced_sanction_waits_for_two_people_of_this_side(
    monkeypatch: pytest.MonkeyPatch, place: tuple[Path, str, str]
) -> None:
    app = open_page(monkeypatch, place[0], "joint", "zh")
    answers = tables(app)["处理通报（共同退出）"]["rows"]
    assert answers[0]["cells"][4]["tags"][0]["text"] == "待决定"
    assert "1 已知 / 2 人" in answers[0]["cells"][0]["sub"]
    assert tables(app)["影响范围（随提请固定，批准后逐条成为指令）"]["rows"]
    app.text_input(key="announced_why").input("不在我市执业")
    press(app, "提请不处理")
    seat_as(app, Role.APPROVER)
    app.text_input(key="announced_review_why").input("再核")
    press(app, "退回")
    seat_as(app, Role.INVESTIGATOR)
    app.text_input(key="announced_why").input("共同退出")
    press(app, "提请同样处理")
    tag = tables(app)["处理通报（共同退出）"]["rows"][0]["cells"][4]["tags"][0]["text"]
    assert tag == "已提请处理"
    assert cells(
        tables(open_page(monkeypatch, place[0], "sanctions", "zh"))["待审批与在途"], 0
    ) == ["暂停支付资格"]


def test_a_viewer_does_nothing_and_an_unknown_review_is_said(
    monkeypatch: pytest.MonkeyPatch, talked: tuple[Path, str, str]
) -> None:
    app = open_page(monkeypatch, talked[0], "joint", "zh", review="jr_none")
    assert "没有您可以查看的联审" in said(app)
    app = open_page(monkeypatch, talked[0], "joint", "zh", review=talked[1], joint=RING)
    seat_as(app, Role.VIEWER)
    labels = {button.label for button in app.button}
    assert not labels & {"参加联审", "收发", "布置", "提请同样处理", "接办（第一响应人）"}
