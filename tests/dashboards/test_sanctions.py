"""中止协同: all that a suspension reaches; points, sanctions and orders decided on the page by two people."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Widget

from casework.people import Role
from dashboards.access.sign_in import ROLE
from dashboards.reading.reach import activity, linked, penalties
from graph.results import latest_scan
from graph.snapshot import current_snapshot
from tests.dashboards.test_pages import cells, open_page, said, tables
from tests.dashboards.worlds import scanned_world, sealed

F = TypeVar("F", bound=Widget)
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = scanned_world(tmp_path_factory.mktemp("sanctions"))
    sealed(made)
    return made


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_data.clear()


def test_everyone_of_two_places_is_listed_those_in_leads_first(workspace: Path) -> None:
    snapshot = current_snapshot(workspace)
    found = linked(snapshot, latest_scan(workspace))
    with snapshot.connect() as con:
        several = con.execute(
            "SELECT w.id, count(DISTINCT place) AS n FROM prac_reg_d JOIN practitioners w"
            " USING (practitioner) GROUP BY w.id HAVING n > 1"
        ).fetchall()
    assert {(one.id, one.places) for one in found} == set(several)
    ranks = [one.rank for one in found]
    assert ranks == sorted(ranks, key=lambda rank: (rank is None, rank or 0))


def test_activity_and_penalties_agree_with_the_tables(workspace: Path) -> None:
    snapshot = current_snapshot(workspace)
    with snapshot.connect() as con:
        (named,) = con.execute(
            "SELECT w.id FROM pena_psn_d JOIN practitioners w USING (practitioner) LIMIT 1"
        ).fetchall()
        rows = con.execute(
            "SELECT count(*), sum(net_fund), max(setl_time) FROM setl_d JOIN practitioners w"
            " USING (practitioner) WHERE counts AND w.id = ?",
            [named[0]],
        ).fetchone()
    worked = activity(snapshot, named[0])
    assert rows == (
        sum(one.visits for one in worked),
        sum(one.fund for one in worked),
        max(one.last for one in worked if one.last),
    )
    assert penalties(snapshot, named[0])[0].document


@pytest.mark.parametrize(
    ("language", "listed", "reached"),
    [("zh", "多点登记的医护药师", "登记机构"), ("en", "Registered at several places", "Places")],
)
def test_the_page_shows_every_place_of_one(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, language: str, listed: str, reached: str
) -> None:
    snapshot = current_snapshot(workspace)
    one = linked(snapshot, latest_scan(workspace))[0]
    app = open_page(monkeypatch, workspace, "sanctions", language, who=one.id)
    assert not app.exception
    scheme = {"zh": "评分方案：环查缺省方案", "en": "scheme: huancha's own scheme"}[language]
    assert scheme in said(app)
    title = {"zh": "记分与处理：", "en": "Points and sanctions\\: "}[language] + one.id[-6:]
    assert title in said(app)
    found = tables(app)
    assert one.id in [row["id"] for row in found[listed]["rows"]]
    worked = {each.place for each in activity(snapshot, one.id)}
    assert worked <= {row["id"] for row in found[reached]["rows"]}
    assert len(set(cells(found[reached], 0))) >= one.places


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    return app


def field(fields: Iterable[F], key: str) -> F:
    """The one field of these whose key begins with `key`; what follows says what the form is about."""
    (found,) = (one for one in fields if (one.key or "").startswith(key))
    return found


def seat(app: AppTest, role: Role) -> AppTest:
    app.session_state[ROLE] = role
    app.run()
    return app


def test_from_points_to_orders_and_back_two_people_decide(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    who = linked(current_snapshot(workspace), latest_scan(workspace))[0]
    app = open_page(monkeypatch, workspace, "sanctions", "zh", who=who.id)
    assert "没有待审批的处理" in said(app)
    bands = next(box for box in app.selectbox if box.label == "情形")
    bands.select_index(2).run()
    next(field for field in app.number_input if field.label == "记分").set_value(9)
    field(app.text_input, "points_document").input("京医保罚〔2026〕9号")
    field(app.text_input, "points_grounds").input("冒名结算")
    press(app, "提出记分")
    assert cells(tables(app)["记分台账"], 2) == ["9"]
    assert field(app.text_input, "points_document").value == ""
    assert "复核记分" not in said(app)

    seat(app, Role.APPROVER)
    app.text_input(key="points_review_why").input("属实")
    press(app, "批准")
    assert "累计 9 分" in said(app)
    assert "应暂停支付资格" in said(app)

    seat(app, Role.INVESTIGATOR)
    drafted = tables(app)["影响范围（随提请固定，批准后逐条成为指令）"]
    assert len(drafted["rows"]) == who.places
    app.text_input(key="sanction_why").input("累计九分")
    press(app, "提请")
    (proposed,) = tables(app)["处理记录"]["rows"]
    app = open_page(monkeypatch, workspace, "sanctions", "zh", sanction=proposed["id"])
    assert "提出人不能审批" in said(app)
    assert "批准之前没有指令" in said(app)
    assert ":orange-badge[待审批]" in said(app)
    assert tables(app)["影响范围（随提请固定，批准后逐条成为指令）"]["rows"] == drafted["rows"]

    seat(app, Role.APPROVER)
    app.text_input(key="decide_sanction_why").input("同意")
    press(app, "批准")
    orders = tables(app)["指令"]
    assert sorted(cells(orders, 0)) == sorted(cells(drafted, 0))
    assert f"0 / {who.places} 已回执" in said(app)
    assert cells(tables(app)["待审批与在途"], 0) == ["暂停"] * who.places

    seat(app, Role.INVESTIGATOR)
    app.text_input(key="sanction_lift_why").input("申诉成立")
    press(app, "提请解除")
    seat(app, Role.APPROVER)
    app.text_input(key="decide_lift_why").input("同意")
    press(app, "批准")
    kinds = sorted(cells(tables(app)["指令"], 1))
    assert kinds == sorted(["暂停", "恢复"] * who.places)


def test_what_is_refused_is_said_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    who = linked(current_snapshot(workspace), latest_scan(workspace))[1]
    app = open_page(monkeypatch, workspace, "sanctions", "zh", who=who.id)
    press(app, "提出记分")
    assert "没有办成" in app.error[0].value
    assert "没有记分" in said(app)
    missing = open_page(monkeypatch, workspace, "sanctions", "zh", sanction="99")
    assert "没有编号为 99 的处理" in said(missing)
    seat(app, Role.VIEWER)
    assert not [button for button in app.button if button.label == "提出记分"]
