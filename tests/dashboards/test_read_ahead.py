"""What is read before anybody asks is what the pages then show, without a look at the tables."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from dashboards.read_ahead import key_of_all, read
from huancha.workspace import open_workspace
from tests.dashboards.test_regions import TIANJIN, opened_from
from tests.dashboards.worlds import scanned_world

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
TABLES = ("setl_d", "places", "patients")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    found = scanned_world(tmp_path)
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(found))
    yield found
    st.cache_data.clear()


@pytest.mark.parametrize("page", ["overview", "space_time", "joint"])
def test_pages_open_from_what_was_read_ahead(workspace: Path, page: str) -> None:
    live = open_workspace(workspace)
    key, snapshot = key_of_all(live), live.snapshot()
    assert key is not None
    assert snapshot is not None
    read(key)
    for table in TABLES:
        shutil.rmtree(snapshot.path / table)
    app = opened_from("", page)
    assert not app.exception
    assert opened_from(TIANJIN, page).exception


def test_the_head_of_a_ring_stands_before_its_settlements_are_read(workspace: Path) -> None:
    live = open_workspace(workspace)
    key, snapshot, scan = key_of_all(live), live.snapshot(), live.scan()
    assert key is not None
    assert snapshot is not None
    assert scan is not None
    ring = scan.rings().items[0]
    read(key)
    for table in TABLES:
        shutil.rmtree(snapshot.path / table)
    app = opened_from("", "ring")
    assert app.exception
    assert [title.value for title in app.title] == [f"线索 {ring.ring[-6:]}"]
    assert [head.value for head in app.subheader] == [ring.sentence_zh]
    assert len(app.metric) == 6
    assert app.metric[1].value == "3 / 3"


def test_before_the_first_load_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert key_of_all(open_workspace(tmp_path)) is None
