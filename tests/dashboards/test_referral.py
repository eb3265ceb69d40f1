"""移送与报告: the papers of a lead hold what its page shows, and nobody's name."""

import csv
import io
from pathlib import Path

import pytest
import streamlit as st

from dashboards.blocks.referral_sheets import evidence_sheet, members_sheet, places_sheet
from dashboards.reading.dossier import Dossier, dossier
from graph.results import latest_scan
from graph.snapshot import current_snapshot
from tests.dashboards.test_pages import cells, open_page, said, tables
from tests.dashboards.worlds import scanned_world
from tests.engine import built_canvas

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built_canvas()
    return scanned_world(tmp_path_factory.mktemp("referral"))


@pytest.fixture(scope="module")
def found(workspace: Path) -> Dossier:
    scan = latest_scan(workspace)
    made = dossier(current_snapshot(workspace), scan, scan.rings().items[0].ring)
    assert made is not None
    return made


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_data.clear()


def lines(sheet: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))[1:]


def test_the_lists_hold_every_line(found: Dossier) -> None:
    evidence = lines(evidence_sheet(found))
    assert [line[-1].split(";") for line in evidence] == [list(e.rows) for e in found.facts]
    assert [line[0] for line in lines(members_sheet(found))] == [m.id for m in found.members]
    assert [line[1] for line in lines(places_sheet(found))] == [u.place.name for u in found.uses]


@pytest.mark.parametrize(("language", "hand"), [("zh", "无，须人工"), ("en", "no, by hand")])
def test_the_page_gives_papers_and_says_what_it_does_not_make(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, found: Dossier, language: str, hand: str
) -> None:
    app = open_page(monkeypatch, workspace, "referral", language, ring=found.ring.ring)
    assert not app.exception
    assert len(app.get("download_button")) == 5
    assert f"{len(found.facts)} {'行' if language == 'zh' else 'rows'} · SHA-256" in said(app)
    checks = tables(app)[{"zh": "移送核对清单", "en": "Checklist for a referral"}[language]]
    assert [row["cells"][2]["tags"][0]["text"] for row in checks["rows"]].count(hand) == 6
    assert len(cells(checks, 0)) == 8
