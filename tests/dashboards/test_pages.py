"""Every page opens in both languages over a small world, and says what it must."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import dashboards
from casework.people import Role
from dashboards.access.sign_in import ROLE
from dashboards.reading.numbers import number_of
from dashboards.table import Cell, Column, Row, Table, told
from graph.results import latest_scan
from tests.dashboards.worlds import long_scan, reported_world, scanned_world, staff_scan
from tests.engine import built_canvas

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)

HOME = Path(dashboards.__file__).parent
PAGES = {
    "overview": ("总览", "Overview"),
    "rings": ("疑点团伙", "Rings"),
    "ring": ("线索", "Lead"),
    "space_time": ("时空分析", "Time and space"),
    "joint": ("联审互查", "Joint review"),
    "referral": ("移送与报告", "Reports and referral"),
    "cases": ("案件", "Cases"),
    "sanctions": ("中止协同", "Suspensions"),
    "scans": ("扫描任务", "Scans"),
    "intake": ("数据接入", "Data intake"),
    "methods": ("方法说明", "Methods"),
}
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built_canvas()
    return scanned_world(tmp_path_factory.mktemp("pages"))


@pytest.fixture(autouse=True)
def fresh_caches() -> Iterator[None]:
    yield
    st.cache_data.clear()


def open_page(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, page: str, language: str, **asked: str
) -> AppTest:
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(workspace))
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=60)
    app.session_state["huancha_language"] = language
    app.switch_page(str(HOME / "views" / f"{page}.py"))
    for name, value in asked.items():
        app.query_params[name] = value
    return app.run()


def tables(app: AppTest) -> dict[str, dict[str, Any]]:
    """The tables on the page by their captions."""
    found = (json.loads(element.proto.json) for element in app.get("bidi_component"))
    return {table["caption"]: table for table in found if "caption" in table}


def cells(table: dict[str, Any], column: int) -> list[str]:
    picked = (row["cells"][column] for row in table["rows"])
    return [cell if isinstance(cell, str) else cell["text"] for cell in picked]


def said(app: AppTest) -> str:
    kinds = (app.title, app.subheader, app.caption, app.markdown, app.text, app.warning, app.code)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


@pytest.mark.parametrize(
    ("page", "record"),
    [
        ("cases", "tip"),
        ("cases", "draw"),
        ("sanctions", "sanction"),
        ("sanctions", "line"),
        ("referral", "export"),
        ("referral", "referral"),
    ],
)
def test_a_number_nothing_could_have_is_said_to_be_unknown(
    monkeypatch: pytest.MonkeyPatch, scanned: Path, page: str, record: str
) -> None:
    named = "9" * 30
    app = open_page(monkeypatch, scanned, page, "zh", **{record: named})
    assert not app.exception
    assert named in app.warning[0].value
    assert (number_of("²"), number_of("-1"), number_of("tip_3", "tip_")) == (None, None, 3)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(
    monkeypatch: pytest.MonkeyPatch, scanned: Path, page: str, language: str
) -> None:
    app = open_page(monkeypatch, scanned, page, language)
    assert not app.exception
    assert not app.error
    assert app.title[0].value.startswith(PAGES[page][LANGUAGES.index(language)])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_what_to_do_before_the_first_load(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: str, language: str
) -> None:
    app = open_page(monkeypatch, tmp_path / "empty", page, language)
    assert not app.exception
    assert "huancha load" in said(app)


@pytest.mark.parametrize("page", ["overview", "rings", "ring"])
def test_pages_say_what_to_do_before_the_first_scan(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: str
) -> None:
    app = open_page(monkeypatch, reported_world(tmp_path), page, "zh")
    assert not app.exception
    assert "huancha scan" in said(app)


def test_a_broken_workspace_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("gone\n", "utf-8")
    app = open_page(monkeypatch, tmp_path, "overview", "zh")
    assert not app.exception
    assert "工作区无法打开" in said(app)


def test_methods_tell_how_much_is_chance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    workspace = scanned_world(tmp_path)
    assert "--decoys" in said(open_page(monkeypatch, workspace, "methods", "en"))
    path = latest_scan(workspace).path / "run.json"
    facts = json.loads(path.read_text("utf-8"))
    facts["counts"] |= {"decoys": 5, "decoy_real_a": 6, "decoy_found_a": 3, "decoy_real_b": 0}
    path.write_text(json.dumps(facts), "utf-8")
    st.cache_data.clear()
    shown = tables(open_page(monkeypatch, workspace, "methods", "en"))["How much is chance"]
    assert cells(shown, 1) == ["6", "0", "0"]
    assert cells(shown, 2) == ["0.6", "0.0", "0.0"]
    assert cells(shown, 3) == ["10.0%", "–", "–"]


def test_the_overview_counts_and_names_what_is_off(
    monkeypatch: pytest.MonkeyPatch, scanned: Path
) -> None:
    app = open_page(monkeypatch, scanned, "overview", "zh")
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["参保人"] == "30"
    assert figures["团伙线索"] == "3"
    assert figures["读入行数"] == "14,724"
    assert figures["隔离"] == "28"
    found = tables(app)
    assert cells(found["排名靠前的线索"], 0) == ["1", "2", "3"]
    assert cells(found["警告"], 0)[0] == "医师代码不在人员表中"
    assert "家庭排除" in cells(found["缺少的表与停用的分析"], 1)[0]
    assert "同现连接" in cells(found["最新扫描"], 0)


def test_the_list_shows_ring_ids_and_n_of_n(monkeypatch: pytest.MonkeyPatch, scanned: Path) -> None:
    rings = latest_scan(scanned).rings().items
    app = open_page(monkeypatch, scanned, "rings", "zh")
    table = tables(app)["疑点团伙"]
    assert [row["id"] for row in table["rows"]] == [ring.ring for ring in rings]
    assert cells(table, 1) == [ring.ring[-6:] for ring in rings]
    assert "显示 1–3，共 3 条（全部 3 条）" in said(app)


def test_filters_narrow_the_list(monkeypatch: pytest.MonkeyPatch, scanned: Path) -> None:
    app = open_page(monkeypatch, scanned, "rings", "zh")
    app.multiselect(key="rings_grade").select("B").run()
    assert "显示 1–1，共 1 条（全部 3 条）" in said(app)
    app.text_input(key="rings_text").input("没有这家机构").run()
    assert not app.exception
    assert "共 0 条（全部 3 条）" in said(app)


def test_a_long_list_is_paged_on_the_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    workspace = reported_world(tmp_path)
    long_scan(workspace, 45)
    app = open_page(monkeypatch, workspace, "rings", "zh")
    assert "显示 1–20，共 45 条（全部 45 条）" in said(app)
    assert cells(tables(app)["疑点团伙"], 0) == [str(rank) for rank in range(1, 21)]
    app.session_state["huancha_rings_page"] = 3
    app.run()
    assert "显示 41–45，共 45 条（全部 45 条）" in said(app)
    assert cells(tables(app)["疑点团伙"], 0) == [str(rank) for rank in range(41, 46)]
    app.text_input(key="rings_text").input("0000000000000000017").run()
    assert "显示 1–1，共 1 条（全部 45 条）" in said(app)


def test_one_ring_shows_its_members_and_evidence(
    monkeypatch: pytest.MonkeyPatch, scanned: Path
) -> None:
    scan = latest_scan(scanned)
    ring = scan.rings().items[1]
    app = open_page(monkeypatch, scanned, "ring", "zh", ring=ring.ring)
    assert app.title[0].value == f"线索 {ring.ring[-6:]}"
    found = tables(app)
    people = [m for m in scan.members(ring.ring) if m.kind in ("patient", "practitioner")]
    assert {m.id[-6:] for m in people} < set(cells(found["成员"], 0))
    assert len(cells(found["证据记录"], 0)) == len(scan.evidence(ring.ring))
    text = said(app)
    assert f"显示 {len(scan.members(ring.ring))} / 共 {len(scan.members(ring.ring))} 名成员" in text
    assert ring.sentence_zh.rstrip("。") in text
    (canvas,) = (
        told
        for told in (json.loads(element.proto.json) for element in app.get("bidi_component"))
        if "nodes" in told
    )
    assert {m.id for m in scan.members(ring.ring)} <= {node["id"] for node in canvas["nodes"]}
    assert all("x" in node and "y" in node for node in canvas["nodes"])
    assert canvas["edges"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ring_without_patients_opens(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str
) -> None:
    workspace = reported_world(tmp_path)
    staff_scan(workspace)
    app = open_page(monkeypatch, workspace, "ring", language)
    assert not app.exception
    note = {"zh": "每行一个机构", "en": "One row per place"}[language]
    assert note in said(app)


def test_a_ring_of_an_older_scan_is_explained(
    monkeypatch: pytest.MonkeyPatch, scanned: Path
) -> None:
    app = open_page(monkeypatch, scanned, "ring", "en", ring="rg_gone")
    assert not app.exception
    assert "rg" in app.warning[0].value
    assert app.title[0].value.startswith("Lead ")


def test_the_load_report_accounts_for_every_row(
    monkeypatch: pytest.MonkeyPatch, scanned: Path
) -> None:
    found = tables(open_page(monkeypatch, scanned, "intake", "zh"))
    assert cells(found["各表行数去向"], 1)[0] == "12,480"
    assert cells(found["隔离原因"], 0)[0] == "字段数与表头不符"
    assert cells(found["未采用的文件"], 0) == ["setl_d.csv", "说明.txt"]


def test_the_methods_name_every_threshold_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, scanned_world(tmp_path), "methods", "zh")
    named = cells(tables(app)["版本与参数"], 0)
    assert "同时就诊时间窗（分钟）" in named
    assert all(re.search(r"[\u4e00-\u9fff]", name) for name in named)


def test_a_column_in_which_nothing_is_said_is_left_out() -> None:
    columns = [Column("名称"), Column("次数"), Column("说明")]
    left = told(Table("", columns, [Row(["甲", "", "单位"]), Row([Cell("乙"), "", Cell()])]))
    assert [column.label for column in left.columns] == ["名称", "说明"]
    assert left.rows[0].cells == ["甲", "单位"]


@pytest.mark.parametrize(("fund", "unit"), [(4361, "元"), (1_000_000, "万元")])
def test_small_sums_by_month_are_drawn_in_yuan(fund: int, unit: str) -> None:
    def page(fund: int) -> None:
        from datetime import date

        from dashboards.blocks.charts import month_bars
        from dashboards.reading.ground import Month

        month_bars([Month(date(2025, 3, 1), 1, fund)], "months")

    app = AppTest.from_function(page, kwargs={"fund": fund}).run()
    assert not app.exception
    drawn = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    assert drawn["encoding"]["y"]["title"] == f"基金支付（{unit}）"


@pytest.mark.parametrize(("role", "opens"), [(Role.ADMIN, False), (Role.VIEWER, True)])
def test_the_overview_offers_no_lead_to_whom_its_page_is_shut(
    monkeypatch: pytest.MonkeyPatch, scanned: Path, role: Role, opens: bool
) -> None:
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(scanned))
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=60)
    app.session_state[ROLE] = role
    app.run()
    assert not app.exception
    rows = tables(app)["排名靠前的线索"]["rows"]
    assert rows
    assert all(bool(row["href"]) is opens for row in rows)
