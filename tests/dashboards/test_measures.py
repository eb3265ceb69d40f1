"""中止协同: a measure against a place, appeals against points with a third party's opinion, repair, and the credit that follows."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import streamlit as st

from casework import notices, points, sanctions
from casework.people import Actor, Role
from casework.points import Act, Measure, Repair, Responsibility
from casework.sanctions import Kind
from dashboards.access.sign_in import REGION
from dashboards.clock import now
from dashboards.formats import pseudonym
from dashboards.reading.entity import Registration, entity, latest
from dashboards.reading.sanctioning import registered
from graph.model import NodeKind
from graph.snapshot import current_snapshot
from huancha.workspace import open_workspace
from tests.dashboards.test_objecting import CHEN, LI, filed, served
from tests.dashboards.test_pages import cells, open_page, said, tables
from tests.dashboards.test_sanctions import field, press, seat
from tests.dashboards.worlds import scanned_world, sealed

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
REACH = "影响范围（随提请固定，批准后逐条成为指令）"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = scanned_world(tmp_path_factory.mktemp("measures"))
    sealed(made)
    return made


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_data.clear()


def registrations(path: Path, id_: str) -> tuple[Registration, ...]:
    found = entity(current_snapshot(path), id_)
    assert found is not None
    return found.registrations


def busiest(path: Path) -> tuple[str, str, list[str]]:
    """The place where most are registered, its division, and who is."""
    with current_snapshot(path).connect() as con:
        place, area = con.execute(
            "SELECT p.id, p.admdvs FROM prac_reg_d JOIN places p USING (place) GROUP BY ALL"
            " ORDER BY count(DISTINCT practitioner) DESC LIMIT 1"
        ).fetchall()[0]
    return place, area, sorted({one.practitioner for one in registrations(path, place)})


def scored(path: Path, who: str, given: int, document: str) -> points.Points:
    """Approved points at the main place, by people who do not sit at these screens."""
    main = registrations(path, who)[0]
    act = Act(
        who, main.place, main.admdvs, {5: 4, 9: 7}[given], given, Responsibility.MAIN,
        Measure.PENALTY, document, now().date(), "冒名结算",
    )  # fmt: skip
    with open_workspace(path).casework() as store, store.write() as tx:
        line = points.propose_act(tx, CHEN, act, now())
        return points.review(tx, LI, line.no, "属实", now(), approve=True).line


def in_tianjin(path: Path) -> str:
    """Somebody whose main place is in Tianjin, whose law knows repair."""
    with current_snapshot(path).connect() as con:
        every = con.execute("SELECT id FROM practitioners ORDER BY id").fetchall()
    found = (who for (who,) in every if registrations(path, who))
    return next(who for who in found if registrations(path, who)[0].admdvs.startswith("12"))


def test_a_measure_reaches_those_responsible_alone(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    place, _, staff = busiest(workspace)
    guilty, clear = staff[:2]
    other = next(one.place for one in registrations(workspace, guilty) if one.place != place)
    app = open_page(monkeypatch, workspace, "sanctions", "zh", place=other)
    field(app.text_input, "measure_law").input("别处的协议").run()
    app.query_params["place"] = place
    app.run()
    assert field(app.text_input, "measure_law").value == ""
    assert "对该机构没有处理" in said(app)
    assert "这项处理只针对机构" in said(app)
    app.selectbox(key="measure_kind").select(Kind.END_AGREEMENT).run()
    assert "只有负有责任的人员随之终止支付资格" in said(app)
    field(app.text_input, "measure_law").input("服务协议 第四十条")
    app.multiselect(key="measure_responsible").select(guilty).run()
    app.multiselect(key="measure_clear").select(clear).run()
    assert "请填写依据，并为所选的每名人员写明理由" in app.info[0].value
    assert REACH not in tables(app)
    app.text_input(key=f"measure_why_{guilty}").input("主刀").run()
    app.text_input(key=f"measure_why_{clear}").input("当日不在岗").run()
    lines = tables(app)[REACH]
    assert set(cells(lines, 1)) == {pseudonym(guilty)}
    assert len(lines["rows"]) == len({one.place for one in registrations(workspace, guilty)})
    assert f"不受影响：{pseudonym(clear)}（当日不在岗）" in said(app)
    assert f"另有 {len(staff) - 2} 名登记人员未作责任认定" in said(app)
    press(app, "提请处理")
    assert "没有办成：请写明理由" in app.error[0].value
    field(app.text_input, "measure_reason").input("查实")
    press(app, "提请处理")
    (waiting,) = tables(app)["待审批与在途"]["rows"]
    assert waiting["cells"][0] == "解除协议"

    app = open_page(monkeypatch, workspace, "sanctions", "zh", sanction="1")
    assert tables(app)[REACH]["rows"] == lines["rows"]
    assert "提出人不能审批" in said(app)
    seat(app, Role.APPROVER)
    app.text_input(key="decide_sanction_why").input("同意")
    press(app, "批准")
    orders = tables(app)["指令"]
    assert sorted(cells(orders, 0)) == sorted(cells(lines, 0))
    assert set(cells(orders, 1)) == {"终止"}
    app = open_page(monkeypatch, workspace, "sanctions", "zh", place=place)
    assert cells(tables(app)["处理记录"], 0) == ["解除协议"]

    with open_workspace(workspace).casework() as store, store.write() as tx:
        about, today = notices.About(sanction=1), now().date()
        notices.serve(
            tx, CHEN, notices.Kind.DECISION, about, "京医保处〔2026〕7号", today, b"n", now()
        )
    app = open_page(monkeypatch, workspace, "overview", "zh")
    due = tables(app)["逾期与即将到期"]["rows"]
    (objection,) = (row for row in due if row["cells"][1]["text"] == "申诉期届满")
    assert objection["href"].startswith(f"sanctions?place={place}&")

    for subject, what in ((guilty, "终止支付资格"), (place, "解除协议")):
        app = open_page(monkeypatch, workspace, "profile", "zh", entity=subject)
        assert not app.exception
        assert cells(tables(app)["信用"], 1) == [what]
        assert f"{now().date()}：" in said(app)


def test_measures_nobody_is_touched_by_and_what_is_refused(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    place, area, _ = busiest(workspace)
    app = open_page(monkeypatch, workspace, "sanctions", "en", place=place)
    assert "scheme: huancha's own scheme (no official text" in said(app)
    field(app.text_input, "measure_law").input("agreement, article 3")
    app.date_input(key="measure_ends").set_value(date(2020, 1, 1)).run()
    assert "cannot be before the first" in app.info[0].value
    app.date_input(key="measure_ends").set_value(None).run()
    field(app.text_input, "measure_reason").input("found")
    press(app, "Propose the measure")
    drafted = sanctions.draft_measure(Kind.RECTIFY, place, area, now().date(), None, "协议", ())
    made_by = Actor("demo-approver", frozenset({Role.INVESTIGATOR}))
    opened = open_workspace(workspace)
    registry = registered(opened, current_snapshot(workspace))
    with opened.casework() as store, store.write() as tx:
        own = sanctions.propose(tx, made_by, drafted, registry, "查实", now())
    app = open_page(monkeypatch, workspace, "sanctions", "en", sanction=str(own.no))
    seat(app, Role.APPROVER)
    assert "Who proposed it may not decide" in said(app)
    assert "Approve" not in {button.label for button in app.button}
    for role in (Role.APPROVER, Role.VIEWER):
        app = seat(open_page(monkeypatch, workspace, "sanctions", "en", place=place), role)
        assert not app.exception
        assert "Propose the measure" not in {button.label for button in app.button}
        assert not [box for box in app.selectbox if box.key == "measure_kind"]
        assert "notices and appeals: Investigator" in said(app)
    app.session_state[REGION] = "130000"
    assert "outside your regions" in app.run().warning[0].value
    gone = open_page(monkeypatch, workspace, "sanctions", "zh", place="fa_gone")
    assert "没有编号末尾为" in gone.warning[0].value


def test_of_several_registrations_at_a_place_the_one_begun_last_is_shown(workspace: Path) -> None:
    place, _, (who, *_) = busiest(workspace)
    one = next(each for each in registrations(workspace, place) if each.practitioner == who)
    ended = replace(one, main=True, begin=datetime(2020, 1, 1), state="终止")
    now_there = replace(one, main=False, begin=datetime(2025, 1, 1), state="正常")
    assert latest((ended, now_there))[who] is now_there
    other = replace(now_there, main=True)
    assert latest((other, ended, now_there))[who] is other


def test_a_place_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    app = open_page(monkeypatch, workspace, "sanctions", "zh")
    app.text_input(key="sanctions_search").input("同心").run()
    (row,) = tables(app)["搜索"]["rows"]
    assert NodeKind.of(row["id"]) is NodeKind.FACILITY
    assert row["href"].startswith(f"sanctions?place={row['id']}")


def test_points_are_appealed_against_with_a_third_partys_opinion(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    who = busiest(workspace)[2][2]
    line = scored(workspace, who, 9, "京医保罚〔2026〕1号")
    app = open_page(monkeypatch, workspace, "sanctions", "zh", line=str(line.no))
    assert f"台账第 {line.no} 条：记分 9 分" in [one.value for one in app.subheader]
    assert "恢复通知书" not in field(app.selectbox, "notice_serve_kind").options
    filed(served(app))
    field(app.text_area, "appeal_question").input("是否需住院？")
    press(app, "委托")
    assert "请写明理由" in app.error[0].value
    for key, text in (("expert", "钱某"), ("body", "市医学会")):
        field(app.text_input, f"appeal_{key}").input(text)
    press(app, "委托")
    assert "问题：是否需住院？" in said(app)
    assert "待第三方意见" in said(app)
    assert "待答复" in said(app)
    assert "提出意见" not in {button.label for button in app.button}
    field(app.text_input, "appeal_recusal").input("无利害关系")
    field(app.text_area, "appeal_opinion").input("部分住院有指征")
    press(app, "登记意见")
    assert "请先选择文件" in said(app)
    field(app.file_uploader, "appeal_paper").upload("o.pdf", b"paper", "application/pdf")
    press(app, "登记意见")
    assert "意见：部分住院有指征" in said(app)
    assert "回避声明：无利害关系" in said(app)

    app.selectbox(key="appeal_out").select_index(1).run()
    app.number_input(key="appeal_instead").set_value(4)
    app.text_input(key="appeal_why").input("意见成立")
    press(app, "提出意见")
    assert f"部分支持（撤销记分第 {line.no} 条、改记 4 分）；理由：意见成立" in said(app)
    seat(app, Role.APPROVER)
    shown = tables(app)["待审批与在途"]
    assert {"申诉 1", "撤销记分 9 分待复核", "记分 4 分待复核"} <= set(cells(shown, 0))
    app.text_input(key="appeal_decide_why").input("同意")
    press(app, "批准意见")
    with open_workspace(workspace).casework() as store, store.read() as tx:
        kept = [(one.kind, one.points, one.approved) for one in points.history(tx, who)]
    assert kept == [("act", 9, True), ("reversal", 9, True), ("act", 4, True)]
    app = open_page(monkeypatch, workspace, "sanctions", "zh", line="99")
    assert "台账中没有第 99 条" in app.warning[0].value


def test_points_are_repaired_by_two_people(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    who = in_tianjin(workspace)
    scored(workspace, who, 5, "津医保罚〔2026〕1号")
    app = open_page(monkeypatch, workspace, "sanctions", "zh", who=who)
    assert "公益修复：一年内最多 4 分" in said(app)
    form = {"repair_document": "培训证明 3", "repair_why": "参加活动"}
    for given, kept in ((2, None), (1, "1")):
        next(field for field in app.number_input if field.label == "修复分值").set_value(given)
        for key, text in form.items():
            field(app.text_input, key).input(text)
        press(app, "提出修复")
        if kept is None:
            assert "最多还可修复 1 分" in app.error[0].value
    assert cells(tables(app)["记分台账"], 2) == ["5", "1"]
    assert [field(app.text_input, key).value for key in form] == ["", ""]
    seat(app, Role.APPROVER)
    app.text_input(key="points_review_why").input("属实")
    press(app, "批准")
    assert "累计 4 分" in said(app)
    own = Repair(
        who, registrations(workspace, who)[0].admdvs, points.Kind.ACTIVITY, 1, "4", now().date()
    )
    with open_workspace(workspace).casework() as store, store.write() as tx:
        made_by = Actor("demo-approver", frozenset({Role.INVESTIGATOR}))
        points.propose_repair(tx, made_by, own, "w", now())
    seat(app, Role.APPROVER)
    app.text_input(key="points_review_why").input("属实")
    press(app, "批准")
    assert "不能自行审批" in app.error[0].value
    seat(app, Role.VIEWER)
    assert not {"提出修复", "批准"} & {button.label for button in app.button}
