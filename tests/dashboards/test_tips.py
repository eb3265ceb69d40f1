"""举报线索: received, assigned, opened as a case, answered on the page; who gave it is for the liaison alone."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casework.audit import entries
from casework.people import Actor, Role
from casework.tips import Tip, TipState, receive, reporter, tip, tip_key, tips
from dashboards.access.errors import NotAllowed
from dashboards.access.sign_in import REGION
from dashboards.access.unmasked import TipPart, unmask_tip
from dashboards.blocks.unmasking import MASK
from dashboards.clock import now
from huancha.workspace import open_workspace
from tests.dashboards.test_pages import cells, open_page, said, tables
from tests.dashboards.test_sanctions import press, seat
from tests.dashboards.worlds import scanned_world

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
SAID, WHO = "某药店集中刷卡", "王女士 13800000000"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scanned_world(tmp_path_factory.mktemp("tips"))


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_data.clear()


def received(workspace: Path, area: str, reporter: str | None) -> str:
    """The id of a tip that somebody else entered."""
    who = Actor("zhou", frozenset({Role.LIAISON}))
    with open_workspace(workspace).casework() as store, store.write() as tx:
        return receive(tx, who, tip_key(workspace), "热线", area, SAID, reporter, now()).id


def held(workspace: Path, id_: str) -> Tip:
    with open_workspace(workspace).casework() as store, store.read() as tx:
        return tip(tx, int(id_.removeprefix("tip_")))


def told(workspace: Path, id_: str) -> list[tuple[str, str, str]]:
    with open_workspace(workspace).casework() as store:
        return [(one.action, one.actor, one.why) for one in entries(store, subject=id_).entries]


def look(app: AppTest, part: str, why: str) -> AppTest:
    app.button(key=f"unmask_{part}").click().run()
    app.text_input(key="unmask_why").input(why)
    app.button(key="unmask_now").click().run()
    app.run()
    assert not app.exception
    return app


def test_a_tip_goes_its_whole_way_on_the_page(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    app = open_page(monkeypatch, workspace, "cases", "zh")
    assert "没有这样的举报线索" in said(app)
    assert "登记举报" not in {button.label for button in app.button}
    seat(app, Role.LIAISON)
    app.selectbox(key="tip_channel").select("来信")
    app.text_input(key="tip_reporter").input(WHO)
    press(app, "登记举报")
    assert "请写明举报内容" in said(app)
    app.text_area(key="tip_content").input(SAID)
    press(app, "登记举报")
    with open_workspace(workspace).casework() as store, store.write() as tx:
        who = Actor("zhou", frozenset({Role.LIAISON}))
        assert reporter(tx, who, tip_key(workspace), 1, "回访", now()) == WHO
    app = open_page(monkeypatch, workspace, "cases", "zh", tip="tip_1")
    seat(app, Role.LIAISON)
    shown = tables(app)["举报线索"]
    assert (cells(shown, 2), cells(shown, 5)) == (["来信"], ["未分派"])
    app.text_area(key="tip_1_assign").input("熟悉此店")
    press(app, "分派举报")
    assert "请填写承办人" in said(app)
    app.text_input(key="tip_1_assignee").input("chen")
    press(app, "分派举报")
    assert ("tip.assign", "demo-liaison", "熟悉此店") in told(workspace, "tip_1")
    assert "只有调查员可以记录举报核查结果" in said(app)

    seat(app, Role.INVESTIGATOR)
    app.text_input(key="tip_1_why").input("值得查")
    press(app, "据此立案")
    app = open_page(monkeypatch, workspace, "cases", "zh", case="cs_1")
    press(app, "查看举报线索")
    app = open_page(monkeypatch, workspace, "cases", "zh", tip="tip_1")
    assert "打开案件 cs_1" in {button.label for button in app.button}
    app.text_area(key="tip_1_result").input("属实")
    press(app, "记录结果")
    assert "核查结果：属实" in said(app)
    seat(app, Role.LIAISON)
    app.text_area(key="tip_1_answer").input("已电话告知")
    press(app, "记录答复")
    assert held(workspace, "tip_1").state is TipState.ANSWERED
    assert SAID not in said(app)
    happened = {"登记举报", "分派举报", "记录举报结果", "答复举报人", "打开"}
    assert happened <= set(cells(tables(app)["经过"], 2))


def test_each_sealed_part_is_shown_by_role_for_a_reason_and_audited(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    id_ = received(workspace, "110105", WHO)
    app = open_page(monkeypatch, workspace, "cases", "zh", tip=id_)
    assert [text.value for text in app.text].count(MASK) == 2
    assert not [button for button in app.button if button.key == "unmask_reporter"]
    look(app, "content", "核查举报事实")
    assert SAID in said(app)
    seat(app, Role.LIAISON)
    look(app, "reporter", "看")
    assert WHO not in said(app)
    look(app, "reporter", "电话回访举报人")
    assert WHO in said(app)
    looks = [one for one in told(workspace, id_) if one[0] in ("tip.read", "tip.reporter")]
    assert looks == [
        ("tip.reporter", "demo-liaison", "电话回访举报人"),
        ("tip.read", "demo-investigator", "核查举报事实"),
    ]
    assert "查看举报人" in cells(tables(app)["经过"], 2)
    seat(app, Role.INVESTIGATOR)
    assert WHO not in said(app)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LIAISON])
def test_nobody_else_sees_who_gave_a_tip(workspace: Path, role: Role) -> None:
    id_ = received(workspace, "110105", WHO)
    who = Actor("wang", frozenset({role}))
    with pytest.raises(NotAllowed):
        unmask_tip(
            open_workspace(workspace), who, int(id_[4:]), TipPart.REPORTER, "好奇而已", now(), 50
        )
    assert [one[0] for one in told(workspace, id_)] == ["tip.receive"]


def test_a_tip_without_a_name_says_so_and_a_limit_holds(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    id_ = received(workspace, "110105", None)
    app = open_page(monkeypatch, workspace, "cases", "en", tip=id_)
    seat(app, Role.LIAISON)
    app.button(key="unmask_reporter").click().run()
    app.text_input(key="unmask_why").input("calling back")
    app.button(key="unmask_now").click().run()
    assert "came without a name" in app.error[0].value
    monkeypatch.setenv("HUANCHA_UNMASK_DAILY", "0")
    app.button(key="unmask_now").click().run()
    assert "second person" in app.error[0].value


def test_a_channel_is_kept_in_chinese_in_whatever_language_it_was_chosen(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    app = open_page(monkeypatch, workspace, "cases", "en")
    seat(app, Role.LIAISON)
    app.selectbox(key="tip_channel").select("letter")
    app.text_area(key="tip_content").input(SAID)
    press(app, "Enter the tip")
    with open_workspace(workspace).casework() as store, store.read() as tx:
        assert tips(tx)[-1].channel == "来信"


def test_a_viewer_does_nothing_and_a_region_elsewhere_sees_nothing(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    id_ = received(workspace, "110105", WHO)
    app = open_page(monkeypatch, workspace, "cases", "en", tip=id_)
    next(b for b in app.button if b.label == "Open a case from it").click()
    seat(app, Role.VIEWER)
    writing = {"Enter the tip", "Assign the tip", "Note the result", "Open a case from it", "Show"}
    assert not writing & {button.label for button in app.button}
    assert held(workspace, id_).case_id is None
    app.session_state[REGION] = "120000"
    app.run()
    assert "There is no tip" in app.warning[0].value
    assert "There is no such tip." in said(app)
