"""中止协同: who is registered at several places, and all that a suspension reaches."""

from pathlib import Path

import pytest
import streamlit as st

from dashboards.reading.reach import activity, linked, penalties
from graph.results import latest_scan
from graph.snapshot import current_snapshot
from tests.dashboards.test_pages import cells, open_page, said, tables
from tests.dashboards.worlds import scanned_world

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scanned_world(tmp_path_factory.mktemp("sanctions"))


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
    found = tables(app)
    assert one.id in [row["id"] for row in found[listed]["rows"]]
    worked = {each.place for each in activity(snapshot, one.id)}
    assert worked <= {row["id"] for row in found[reached]["rows"]}
    assert len(set(cells(found[reached], 0))) >= one.places
    assert {"zh": "不向任何机构发出指令", "en": "no order goes out"}[language] in said(app)
