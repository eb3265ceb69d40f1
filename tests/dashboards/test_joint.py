"""联审互查: which rings cross provinces, and what each side holds."""

from pathlib import Path

import pytest
import streamlit as st

from dashboards.reading.joint import Crossing, crossings
from graph.results import latest_scan
from graph.snapshot import current_snapshot
from tests.dashboards.test_pages import cells, open_page, said, tables
from tests.dashboards.worlds import scanned_world

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scanned_world(tmp_path_factory.mktemp("joint"))


@pytest.fixture(scope="module")
def found(workspace: Path) -> tuple[Crossing, ...]:
    return crossings(current_snapshot(workspace), latest_scan(workspace))


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_data.clear()


def test_sides_add_up_to_the_ring(workspace: Path, found: tuple[Crossing, ...]) -> None:
    assert [one.ring.rank for one in found] == [1, 2, 3]
    with current_snapshot(workspace).connect() as con:
        paid = dict(con.execute("SELECT 'setl_d:' || setl_id, net_fund FROM setl_d").fetchall())
    scan = latest_scan(workspace)
    for one in found:
        bills = {bill for entry in scan.evidence(one.ring.ring) for bill in entry.rows}
        assert sum(side.patients for side in one.sides) == one.ring.patients
        assert sum(side.places for side in one.sides) == 1
        assert sum(side.settled for side in one.sides) == sum(paid[bill] for bill in bills)
        assert set(one.areas) <= {"11", "12", "13"}
        (there,) = (side for side in one.sides if side.places)
        assert (there.first is not None) == bool(bills)
        assert all(side.first is None for side in one.sides if side is not there)


@pytest.mark.parametrize(
    ("language", "title", "shares"),
    [("zh", "跨省线索", "各方份额"), ("en", "Leads across provinces", "Shares")],
)
def test_the_page_lists_them_and_opens_one(
    monkeypatch: pytest.MonkeyPatch,
    workspace: Path,
    found: tuple[Crossing, ...],
    language: str,
    title: str,
    shares: str,
) -> None:
    one = found[1]
    app = open_page(monkeypatch, workspace, "joint", language, ring=one.ring.ring)
    assert not app.exception
    drawn = tables(app)
    assert [row["id"] for row in drawn[title]["rows"]] == [each.ring.ring for each in found]
    assert cells(drawn[shares], 1) == [str(side.patients) for side in one.sides]
    assert one.ring.ring[-6:] in said(app)


def test_the_sides_filter_the_list(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, found: tuple[Crossing, ...]
) -> None:
    app = open_page(monkeypatch, workspace, "joint", "zh")
    app.session_state["joint_sides"] = ["99"]
    app.run()
    assert not app.exception
    assert "没有线索涉及所选各方" in said(app)
