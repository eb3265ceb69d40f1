"""The desk and the profiles over a small world, in both languages: what they say and what they do."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboards.blocks.called import name_of, sub_of
from dashboards.kept import notes, views
from graph.model import EdgeKind, NodeKind
from graph.results import Scan, latest_scan
from graph.schema import SCAN_TABLES
from graph.snapshot import current_snapshot
from graph.store.embedded import EmbeddedStore
from tests.dashboards.test_pages import cells, open_page, said, tables
from tests.dashboards.worlds import scanned_world

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
LANGUAGES = ("zh", "en")
CHOSEN = "huancha_desk_chosen"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield scanned_world(tmp_path_factory.mktemp("desk"))
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(scope="module")
def scan(workspace: Path) -> Scan:
    return latest_scan(workspace)


@pytest.fixture(scope="module")
def ring(scan: Scan) -> str:
    return scan.rings().items[0].ring


@pytest.fixture(autouse=True)
def nothing_kept(workspace: Path) -> Iterator[None]:
    yield
    for file in workspace.glob("desk.db*"):
        file.unlink()


def infos(app: AppTest) -> str:
    return "\n".join(info.value for info in app.info)


def on_canvas(app: AppTest) -> str:
    """What the canvas says of the last step; nothing above it pushes it down."""
    assert not app.info
    drawn = [json.loads(element.proto.json) for element in app.get("bidi_component")]
    [canvas] = [found for found in drawn if "nodes" in found]
    return str(canvas["said"])


def entity(workspace: Path, table: str, where: str = "true") -> str:
    with current_snapshot(workspace).connect() as con:
        row = con.execute(f"SELECT id FROM {table} WHERE {where} ORDER BY id").fetchone()
    return str((row or ("",))[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_desk_says_how_to_begin(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, language: str
) -> None:
    app = open_page(monkeypatch, workspace, "workbench", language)
    assert not app.exception
    assert app.title[0].value == {"zh": "图谱调查", "en": "Workbench"}[language]
    assert {"zh": "桌面还是空的", "en": "The desk is empty"}[language] in said(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ring_lies_on_the_desk_with_its_tables(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, scan: Scan, ring: str, language: str
) -> None:
    app = open_page(monkeypatch, workspace, "workbench", language, ring=ring)
    assert not app.exception
    members = {member.id for member in scan.members(ring)}
    found = tables(app)
    nodes = found[{"zh": "节点表", "en": "Nodes"}[language]]
    assert members <= {row["id"] for row in nodes["rows"]}
    total = sum(EmbeddedStore(workspace).view().counts().nodes.values())
    drawn = [json.loads(element.proto.json) for element in app.get("bidi_component")]
    assert total in [canvas["total"] for canvas in drawn if "nodes" in canvas]
    edges = found[{"zh": "关系表", "en": "Links"}[language]]
    assert len(edges["rows"]) > 0


def test_what_the_address_names_wrongly_is_said(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    app = open_page(monkeypatch, workspace, "workbench", "zh", ring="rg_unknownxyz")
    assert not app.exception
    assert "没有编号末尾为 ownxyz 的对象" in infos(app)


def test_search_finds_places_and_whole_ids(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    app = open_page(monkeypatch, workspace, "workbench", "zh")
    app.text_input(key="desk_search").input("医院").run()
    assert "显示 2 / 共 2 个结果" in said(app)
    assert all("医院" in name for name in cells(tables(app)["搜索"], 0))
    person = entity(workspace, "patients")
    app.text_input(key="desk_search").input(person).run()
    assert cells(tables(app)["搜索"], 0) == [person[-6:]]
    app.text_input(key="desk_search").input("没有这家机构").run()
    assert "没有找到" in said(app)


def test_details_expansion_and_the_way_back(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, scan: Scan, ring: str
) -> None:
    app = open_page(monkeypatch, workspace, "workbench", "zh", ring=ring)
    before = app.session_state["huancha_desk"].ids
    person = before[0]
    app.session_state[CHOSEN] = (person,)
    app.run()
    assert app.subheader[-1].value == person[-6:]
    degrees = EmbeddedStore(workspace).view().degrees([person])[person]
    total = sum(degrees.values())
    assert f"共 {total} 条关系" in said(app)
    app.button(key="desk_expand_all").click().run()
    after = app.session_state["huancha_desk"].ids
    assert after[: len(before)] == before
    assert f"展开 {total} / {total} 条关系，新增 {len(after) - len(before)} 个节点" in on_canvas(
        app
    )
    app.button(key="desk_back").click().run()
    assert app.session_state["huancha_desk"].ids == before


def test_expanding_a_chosen_kind(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, ring: str
) -> None:
    app = open_page(monkeypatch, workspace, "workbench", "zh", ring=ring)
    place = next(id_ for id_ in app.session_state["huancha_desk"].ids if id_.startswith("fa_"))
    app.session_state[CHOSEN] = (place,)
    app.session_state[f"desk_expand_choose_{place}"] = True
    app.run()
    app.multiselect(key="desk_expand_kinds").select(EdgeKind.VISITED)
    app.number_input(key="desk_expand_limit").set_value(3)
    next(button for button in app.button if button.label == "展开").click().run()
    assert not app.exception
    assert "展开 3 / " in on_canvas(app)


def test_a_link_shows_the_rows_it_rests_on(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, ring: str
) -> None:
    app = open_page(monkeypatch, workspace, "workbench", "zh", ring=ring)
    edge = next(
        row["id"] for row in tables(app)["关系表"]["rows"] if row["id"].startswith("VISITED")
    )
    _, source, target = edge.split("|")
    app.session_state[CHOSEN] = (edge,)
    app.run()
    view = EmbeddedStore(workspace).view()
    (link,) = [
        one
        for one in view.neighbours([source], [EdgeKind.VISITED], 500)
        if one.target == target and one.source == source
    ]
    rows = tables(app)["依据记录"]["rows"]
    assert len(rows) == link.properties["visits"] == view.records(link).total
    assert all("setl_d.csv 第" in row["cells"][3] for row in rows)


def test_ways_between_two_are_found_and_marked(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, ring: str
) -> None:
    app = open_page(monkeypatch, workspace, "workbench", "zh", ring=ring)
    two = app.session_state["huancha_desk"].ids[:2]
    app.session_state[CHOSEN] = two
    app.run()
    app.button(key="desk_ways").click().run()
    assert "条最短路径" in on_canvas(app)
    ways = app.session_state["huancha_desk_paths"]
    assert 1 <= len(ways) <= 3
    assert {(way[0], way[-1]) for way in ways} == {two}


def test_a_view_is_saved_found_by_another_and_not_overwritten(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, ring: str
) -> None:
    mine = open_page(monkeypatch, workspace, "workbench", "zh", ring=ring)
    field = next(one for one in mine.text_input if one.label == "视图名称")
    field.input("第一稿").run()
    mine.button(key="desk_saved_new").click().run()
    assert "已保存 第一稿 第 1 版" in infos(mine)
    theirs = open_page(monkeypatch, workspace, "workbench", "zh", ring=ring)
    assert cells(tables(theirs)["保存的视图"], 0) == ["第一稿"]
    (saved,) = views.listed(workspace, ring)
    theirs.session_state["huancha_desk_saved"] = saved
    theirs.run()
    theirs.button(key="desk_saved_next").click().run()
    assert "已保存 第一稿 第 2 版" in infos(theirs)
    mine.button(key="desk_saved_next").click().run()
    assert "没有保存" in infos(mine)
    assert "第 2 版" in infos(mine)
    assert [view.version for view in views.versions(workspace, saved.id)] == [2, 1]
    mine.selectbox(key="desk_saved_mine").select(saved.id).run()
    mine.button(key="desk_saved_delete").click().run()
    assert "已删除 第一稿" in infos(mine)
    assert views.listed(workspace, ring) == ()


def test_notes_are_plain_text(monkeypatch: pytest.MonkeyPatch, workspace: Path, ring: str) -> None:
    app = open_page(monkeypatch, workspace, "workbench", "zh", ring=ring)
    person = app.session_state["huancha_desk"].ids[0]
    app.session_state[CHOSEN] = (person,)
    app.run()
    evil = "110101********1234 与 <script>alert(1)</script> 1~5月 3~6月"
    app.text_area(key="desk_note_text").input(evil)
    next(button for button in app.button if button.label == "保存备注").click().run()
    assert evil in [text.value for text in app.text]
    (note,) = notes.notes_on(workspace, person)
    assert (note.text, note.subject) == (evil, ring)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("table", "where", "word"),
    [
        ("patients", "true", ("参保人", "Patient")),
        ("practitioners", "profession = 'doctor'", ("医师", "Doctor")),
        ("places", "kind = 'facility'", ("定点医疗机构", "Facility")),
        ("places", "kind = 'pharmacy'", ("定点零售药店", "Pharmacy")),
        ("tokens", "holders > 1", ("共享标识", "Shared value")),
    ],
)
def test_every_kind_has_a_profile(
    monkeypatch: pytest.MonkeyPatch,
    workspace: Path,
    table: str,
    where: str,
    word: tuple[str, str],
    language: str,
) -> None:
    id_ = entity(workspace, table, where)
    app = open_page(monkeypatch, workspace, "profile", language, entity=id_)
    assert not app.exception
    assert app.title[0].value.startswith(word[LANGUAGES.index(language)])
    assert {"zh": "来源", "en": "From"}[language] in said(app)


def test_a_practitioner_shows_all_registrations_with_their_source(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    with current_snapshot(workspace).connect() as con:
        row = con.execute(
            "SELECT w.id, count(*) FROM prac_reg_d JOIN practitioners w USING (practitioner)"
            " GROUP BY w.id ORDER BY count(*) DESC, w.id"
        ).fetchone()
    assert row is not None
    app = open_page(monkeypatch, workspace, "profile", "zh", entity=row[0])
    table = tables(app)["登记备案（全部机构）"]
    assert len(table["rows"]) == row[1]
    assert all("setl_d.csv 第" in cell for cell in cells(table, 6))
    assert "最近一次扫描没有画像" in said(app)


def test_a_monitoring_profile_says_how_far_from_which_peers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    workspace = scanned_world(tmp_path)
    scan = latest_scan(workspace)
    doctor = entity(workspace, "practitioners", "profession = 'doctor'")
    row = dict.fromkeys(SCAN_TABLES["profiles"].arrow.names) | {
        "practitioner": 0, "id": doctor, "profession": "doctor", "level": "三级", "dept": "内科",
        "patients": 1234, "visits": 4321, "visit_cost": 12345, "visit_growth": 0.5, "peers": 40,
        "by_dept": True, "z_patients": 5.25, "z_visits": -0.5, "z_visit_cost": -4.0,
    }  # fmt: skip
    filled = {
        field.name: row[field.name] if row[field.name] is not None or field.nullable else 0
        for field in SCAN_TABLES["profiles"].arrow
    }
    profiles = pa.Table.from_pylist([filled], schema=SCAN_TABLES["profiles"].arrow)
    pq.write_table(profiles, scan.file("profiles"))
    app = open_page(monkeypatch, workspace, "profile", "zh", entity=doctor)
    assert not app.exception
    assert "与 40 名同行比较" in said(app)
    table = tables(app)["智能监控画像"]
    assert cells(table, 1)[:4] == ["1,234", "4,321", "123.45 元", "50.0%"]
    assert cells(table, 2)[:4] == ["+5.2", "-0.5", "-4.0", "–"]
    judged = [row["cells"][3] for row in table["rows"]]
    assert [cell["tags"][0]["text"] for cell in judged if cell["tags"]] == ["明显偏高", "明显偏低"]
    st.cache_data.clear()


def test_a_profile_nobody_knows_is_said(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    app = open_page(monkeypatch, workspace, "profile", "zh")
    assert "请在上方搜索" in said(app)
    app = open_page(monkeypatch, workspace, "profile", "zh", entity="pt_unknownxyz")
    assert not app.exception
    assert "没有编号末尾为 ownxyz 的对象" in said(app)


def test_names_on_screen_are_masked(workspace: Path) -> None:
    view = EmbeddedStore(workspace).view()
    person = view.nodes([entity(workspace, "patients")])[0]
    place = view.nodes([entity(workspace, "places")])[0]
    assert name_of(person.id, {"kind": NodeKind.PATIENT, "label": "张三"}) == person.id[-6:]
    facts = {**place.properties, "kind": place.kind, "label": place.label}
    assert name_of(place.id, facts) == place.label
    assert str(place.properties["code"]) in sub_of(place.id, facts)
