"""双随机抽查: a pool laid down, drawn, recused from on the page; what is taken along gives the same again."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
import streamlit as st

from casework import draws
from casework.draws import Draw, Place, Pool, Recusal, places_of
from casework.people import Actor, Role
from dashboards.access.sign_in import REGION
from dashboards.blocks.draw_one import record
from dashboards.clock import now
from dashboards.formats import pseudonym
from dashboards.reading import caseload
from graph.snapshot import current_snapshot
from huancha.workspace import open_workspace
from tests.dashboards.test_pages import cells, open_page, said, tables
from tests.dashboards.test_sanctions import press, seat
from tests.dashboards.worlds import scanned_world

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
CHEN = Actor("chen", frozenset({Role.INVESTIGATOR}))
SEED = "3 8 1"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return scanned_world(tmp_path)


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_data.clear()


def laid(workspace: Path, days: int) -> Draw:
    """A pool laid down ten days ago, whose seed comes out in `days`."""
    places = places_of(current_snapshot(workspace), "000000")
    pool = Pool(places, ("甲", "乙", "丙"), 50, 2, (Recusal("甲", places[0].id, "近亲属"),))
    before = now() - timedelta(days=10)
    seed_on = now().date() + timedelta(days=days)
    with open_workspace(workspace).casework() as store, store.write() as tx:
        return draws.prepare(tx, CHEN, "三月抽查", "110000", pool, "福彩3D", seed_on, before)


def held(workspace: Path, no: int) -> Draw:
    with open_workspace(workspace).casework() as store, store.read() as tx:
        return draws.draw(tx, no)


def recomputed(file: bytes) -> list[tuple[str, list[str]]]:
    """Places and inspectors from the record alone, by SHA-256, as the page says it is done."""
    told = json.loads(file)
    pool, seed = told["pool"], told["seed"]
    plain = json.dumps(pool, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    mark = hashlib.sha256(plain.encode()).hexdigest()
    assert mark == told["fingerprint"]

    def digest(*lines: str) -> str:
        return hashlib.sha256("\n".join((mark, seed, *lines)).encode()).hexdigest()

    sizes: dict[str, int] = {}
    for place in pool["places"]:
        sizes[place["group"]] = sizes.get(place["group"], 0) + 1
    left = {group: -(-size * pool["share"] // 100) for group, size in sizes.items()}
    sent, found = dict.fromkeys(pool["inspectors"], 0), []
    for place in sorted(pool["places"], key=lambda one: digest(one["id"])):
        if not left[place["group"]]:
            continue
        left[place["group"]] -= 1
        out = {one["inspector"] for one in pool["recusals"] if one["place"] == place["id"]}
        free = [who for who in pool["inspectors"] if who not in out]
        order = sorted(free, key=lambda who: digest(place["id"], who))
        team = sorted(order, key=lambda who: sent[who])[: pool["team"]]
        for who in team:
            sent[who] += 1
        found.append((place["id"], team))
    return found


def test_a_pool_is_drawn_on_the_page_and_anybody_recomputes_it(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    made = laid(workspace, 0)
    app = open_page(monkeypatch, workspace, "cases", "zh", draw=made.id)
    assert cells(tables(app)["双随机抽查"], 1) == ["三月抽查"]
    assert "还没有抽取" in said(app)
    press(app, "抽取")
    assert "请填写公布的种子" in said(app)
    app.text_input(key="draw_seed").input(SEED)
    press(app, "抽取")
    after = held(workspace, made.no)
    shown = tables(app)["抽查结果"]
    assert [row["cells"][1]["sub"] for row in shown["rows"]] == [
        each.place for each in after.inspections
    ]
    assert cells(tables(app)["经过"], 2) == ["双随机抽取", "封存抽查名单"]
    again = [(each.place, list(each.inspectors)) for each in after.inspections]
    assert recomputed(record(after)) == again
    assert made.fingerprint in said(app)
    assert app.get("download_button")
    assert "批准回避" not in {button.label for button in app.button}

    seat(app, Role.APPROVER)
    press(app, "批准回避")
    assert "请写明理由" in app.error[0].value
    app.text_input(key="draw_recuse_why").input("曾任职")
    press(app, "批准回避")
    first = held(workspace, made.no).inspections[0]
    assert after.inspections[0].inspectors[0] not in first.inspectors
    assert cells(tables(app)["回避"], 3) == ["封存时", "抽取后"]
    app.text_input(key="draw_recuse_why").input("曾任职")
    press(app, "批准回避")
    assert f"编号末尾为 {pseudonym(first.place)} 的机构" in app.error[0].value
    assert "显示 3 / 共 3 条留痕" in said(app)
    monkeypatch.setattr(caseload, "MOST_ENTRIES", 1)
    assert "显示 1 / 共 3 条留痕" in said(app.run())


def test_a_pool_is_laid_down_on_the_page_and_waits_for_its_seed(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    with current_snapshot(workspace).connect() as con:
        code, place = con.execute(
            "SELECT code, id FROM places WHERE known AND starts_with(admdvs, '11') ORDER BY id LIMIT 1"
        ).fetchall()[0]
    app = open_page(monkeypatch, workspace, "cases", "zh")
    press(app, "封存名单")
    assert "请填写抽查名称" in said(app)
    app.text_input(key="draw_title").input("四月抽查")
    app.text_input(key="draw_seed_from").input("福彩3D")
    app.text_area(key="draw_inspectors").input("甲\n\n乙\n丙\n")
    app.text_area(key="draw_biased").input("甲，近亲属")
    press(app, "封存名单")
    assert "检查人员、机构、理由三项" in app.error[0].value
    app.text_area(key="draw_biased").input(f"甲，{code}，近亲属，曾在此任职\n\n")
    app.date_input(key="draw_seed_on").set_value(now().date())
    press(app, "封存名单")
    assert "种子须在封存名单的次日" in app.error[0].value
    app.date_input(key="draw_seed_on").set_value(now().date() + timedelta(days=1))
    press(app, "封存名单")
    made = held(workspace, 1)
    assert made.pool.places == places_of(current_snapshot(workspace), "110000")
    assert (made.pool.inspectors, made.pool.share, made.pool.team) == (("甲", "乙", "丙"), 10, 2)
    assert made.pool.recusals == (Recusal("甲", place, "近亲属，曾在此任职"),)
    app = open_page(monkeypatch, workspace, "cases", "en", draw=made.id)
    assert "nothing is drawn before" in said(app)
    assert "Draw" not in {button.label for button in app.button}


def test_a_viewer_draws_nothing_and_a_region_elsewhere_sees_nothing(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    made = laid(workspace, 0)
    with open_workspace(workspace).casework() as store, store.write() as tx:
        there = Pool((Place("fa_1", "facility 1"),), ("甲", "乙"), 50, 2)
        tomorrow = now().date() + timedelta(days=1)
        draws.prepare(tx, CHEN, "away", "120000", there, "福彩3D", tomorrow, now())
    app = open_page(monkeypatch, workspace, "cases", "en", draw=made.id)
    app.text_input(key="draw_seed").input(SEED)
    next(button for button in app.button if button.label == "Draw").click()
    seat(app, Role.VIEWER)
    assert held(workspace, made.no).seed is None
    assert not {"Draw", "Lay it down"} & {button.label for button in app.button}
    assert not app.get("download_button")
    app.session_state[REGION] = "110000"
    app.run()
    assert "There is no draw yet." not in said(app)
    app.session_state[REGION] = "120000"
    seat(app, Role.INVESTIGATOR)
    offered = app.selectbox(key="draw_area").options
    assert offered[0] == "Tianjin"
    assert all(name.endswith("Tianjin") for name in offered)
    app = open_page(monkeypatch, workspace, "cases", "en", draw="draw_2")
    app.session_state[REGION] = "110000"
    app.run()
    assert "There is no draw" in app.warning[0].value
    assert [row["id"] for row in tables(app)["Draws"]["rows"]] == [made.id]
