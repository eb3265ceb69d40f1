"""时空分析: money by month and division, gatherings by day, one person in two places."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import streamlit as st

from dashboards.blocks.space_tiles import DARK, INK, PAPER, SHADES
from dashboards.reading.flows import Chosen, crossing, flows, months_of, narrowed, summed
from dashboards.reading.happenings import CLASHES, Stop, clashes, gatherings
from dashboards.reading.ranked import Filter, Within, find_rings
from graph.results import Run, Scan, latest_scan, write_scan
from graph.snapshot import Snapshot, current_snapshot
from tests.dashboards.test_pages import cells, open_page, said, tables
from tests.dashboards.worlds import scanned_world
from tests.factory import small_world

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)

Opened = tuple[Snapshot, Scan]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = scanned_world(tmp_path_factory.mktemp("space"))
    with_clash(workspace)
    return workspace


@pytest.fixture(scope="module")
def opened(workspace: Path) -> Opened:
    return current_snapshot(workspace), latest_scan(workspace)


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_data.clear()


def with_clash(workspace: Path) -> None:
    """A later scan whose first ring also says that one code settled at two places; one gathering stands twice."""
    scan = latest_scan(workspace)
    with current_snapshot(workspace).connect() as con:
        bills = con.execute(
            "SELECT any_value(setl_id), place FROM setl_d WHERE counts AND practitioner = 0"
            " GROUP BY place ORDER BY place LIMIT 2"
        ).fetchall()
    found = {
        name: pq.read_table(scan.file(name)) for name in ("pairs", "rings", "members", "evidence")
    }
    rows = found["evidence"].to_pylist()
    clash = rows[0] | {
        "no": 900,
        "kind": "presence",
        "rows": [f"setl_d:{bill}" for bill, _ in bills],
        "place": bills[1][1],
        "note_en": "settled 9 minutes apart, about 40 minutes' way",
    }
    twice = rows[0] | {"no": 901, "motif": "operator_bundle"}
    evidence = pa.Table.from_pylist([*rows, clash, twice], schema=found["evidence"].schema)
    run = Run("s0009", scan.run.snapshot, scan.run.started + timedelta(hours=1), seed=1)
    write_scan(workspace, run, **(found | {"evidence": evidence}))


def test_every_yuan_is_in_one_flow(opened: Opened) -> None:
    snapshot, _ = opened
    found = flows(snapshot)
    with snapshot.connect() as con:
        rows = con.execute(
            "SELECT count(*), sum(net_fund), count(*) FILTER (p.kind = 'pharmacy'), sum(net_fund)"
            " FILTER (p.admdvs = '120101' AND h.insu_admdvs = '131000') FROM setl_d v"
            " JOIN places p USING (place) JOIN patients h USING (patient) WHERE counts"
        ).fetchone()
    assert rows is not None
    assert (found["visits"].sum(), found["fund"].sum()) == rows[:2]
    assert narrowed(found, Chosen(kind="pharmacy"))["visits"].sum() == rows[2]
    assert narrowed(found, Chosen(there="12", home="1310"))["fund"].sum() == rows[3]
    months = months_of(found)
    assert months == sorted(months)
    one = narrowed(found, Chosen(first=months[1], last=months[1]))
    assert set(one["month"].dt.date) == {months[1]}
    assert summed(found, ("home_area", "there_area"))["fund"].sum() == rows[1]


def test_flows_away_from_home_come_largest_first(opened: Opened) -> None:
    found = crossing(flows(opened[0]))
    assert found
    assert all(flow.home != flow.there for flow in found)
    assert [flow.fund for flow in found] == sorted((flow.fund for flow in found), reverse=True)
    assert {flow.home for flow in found} <= {"110105", "120101", "1310"}


def test_without_places_there_is_no_flow(tmp_path: Path) -> None:
    assert flows(current_snapshot(small_world(tmp_path, without=("places",)))).empty


def test_a_gathering_two_motifs_name_counts_once(opened: Opened) -> None:
    snapshot, scan = opened
    found = gatherings(snapshot, scan)
    entries = {
        (ring.ring, entry.at, entry.members)
        for ring in scan.rings()
        for entry in scan.evidence(ring.ring)
        if entry.kind == "gathering"
    }
    assert len(found) == len(entries)
    assert found["people"].min() >= 2


def test_a_clash_names_who_and_both_places(opened: Opened) -> None:
    snapshot, scan = opened
    (clash,) = clashes(snapshot, scan, CLASHES, 10)
    with snapshot.connect() as con:
        ids = con.execute("SELECT id FROM practitioners WHERE practitioner = 0").fetchone()
        names = con.execute("SELECT name, admdvs FROM places").fetchall()
    assert (clash.who,) == ids
    assert len(clash.stops) == 2
    assert set(clash.stops) < {Stop(*name) for name in names}
    assert not clashes(snapshot, scan, ("conflict",), 10).items


def test_rings_are_found_by_where_and_when(opened: Opened) -> None:
    first = opened[1].rings().items[0]
    assert first.first
    assert first.last

    def total(**within: object) -> int:
        return find_rings(*opened, Filter(within=Within(**within))).total  # type: ignore[arg-type]

    assert total(there="11") + total(there="12") == 3
    assert total(home="99") == 0
    assert total(home="1310") == 3
    assert total(first=first.first.date(), last=first.last.date()) == 3
    assert total(last=first.first.date() - timedelta(days=90)) == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("地区分布", "省际流向", "聚集日历", "示意，非地图", "显示 1 / 共 1 次")),
        (
            "en",
            ("By division", "Between provinces", "Calendar of gatherings", "not a map", "1 of 1"),
        ),
    ],
)
def test_the_page_shows_money_calendar_and_clashes(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, language: str, words: tuple[str, ...]
) -> None:
    app = open_page(monkeypatch, workspace, "space_time", language)
    assert not app.exception
    for word in words:
        assert word in said(app)
    found = tables(app)
    assert len(cells(found[{"zh": "一人两地", "en": "One person in two places"}[language]], 1)) == 1
    assert len(app.get("vega_lite_chart")) == 5


def test_filters_and_address_narrow_every_figure(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, opened: Opened
) -> None:
    app = open_page(monkeypatch, workspace, "space_time", "zh", home="1310", there="12")
    whole = narrowed(flows(opened[0]), Chosen(home="1310", there="12"))
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["有效就诊结算"] == f"{whole['visits'].sum():,}"
    assert figures["跨省占比"] == "100.0%"
    app.button(key="space_clear").click().run()
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["有效就诊结算"] == f"{flows(opened[0])['visits'].sum():,}"


def test_the_list_of_rings_takes_what_was_chosen_and_gives_it_up(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    app = open_page(monkeypatch, workspace, "rings", "zh", home="99", first="2025-03-01", last="x")
    assert not app.exception
    assert "共 0 条（全部 3 条）" in said(app)
    assert "来自时空分析的条件：参保地 99" in said(app).replace("\\", "")
    next(button for button in app.button if button.label == "取消此条件").click().run()
    assert "共 3 条（全部 3 条）" in said(app)


@pytest.mark.parametrize("step", range(101))
def test_figures_on_squares_can_be_read_on_every_shade(step: int) -> None:
    def light(colour: tuple[float, ...]) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    def read(code: str) -> tuple[float, ...]:
        return tuple(int(code[at : at + 2], 16) / 255 for at in (1, 3, 5))

    shade, stops = step / 100, [read(code) for code in SHADES]
    at = min(int(shade * 4), 3)
    part = shade * 4 - at
    square = tuple(a + (b - a) * part for a, b in zip(stops[at], stops[at + 1], strict=True))
    text = read(PAPER if shade > DARK else INK)
    low, high = sorted((light(square), light(text)))
    assert (high + 0.05) / (low + 0.05) >= 4
