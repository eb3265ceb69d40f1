"""A person limited to a region sees its rings and its people; what another saw before does not reach them."""

import json
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casework.people import Role
from dashboards.access.sign_in import REGION, ROLE
from dashboards.reading.compared import compared
from dashboards.reading.dossier import dossier
from dashboards.reading.flows import flows
from dashboards.reading.ground import figures, months
from dashboards.reading.happenings import gatherings
from dashboards.reading.joint import crossings
from dashboards.reading.ranked import Filter, choices, find_rings, totals
from dashboards.reading.regions import touches, visible
from graph.results import Scan, latest_scan
from graph.snapshot import Snapshot, current_snapshot
from tests.dashboards.test_pages import HOME, said, tables
from tests.dashboards.worlds import scanned_world

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
BEIJING, TIANJIN, SHANGHAI = "110000", "120000", "310000"
SEEN = {"": 3, BEIJING: 3, TIANJIN: 1, SHANGHAI: 0}
"""Rings of the small world by region."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield scanned_world(tmp_path_factory.mktemp("regions"))
    st.cache_data.clear()


@pytest.fixture(scope="module")
def scan(workspace: Path) -> Scan:
    return latest_scan(workspace)


@pytest.fixture(scope="module")
def snapshot(workspace: Path) -> Snapshot:
    return current_snapshot(workspace)


@pytest.mark.parametrize(
    ("codes", "regions", "expected"),
    [
        (["110105"], ("110000",), True),
        (["110105"], ("110100",), True),
        (["110105"], ("110105",), True),
        (["110105"], ("110106",), False),
        (["110105"], ("11",), True),
        (["131100"], ("11",), False),
        (["131100", "120101"], ("120000", "31"), True),
        ([""], ("110000",), False),
        ([], ("110000",), False),
        ([], (), True),
    ],
)
def test_a_region_holds_the_divisions_under_it(
    codes: list[str], regions: tuple[str, ...], expected: bool
) -> None:
    assert touches(codes, regions) is expected


@pytest.mark.parametrize("region", SEEN)
def test_rings_are_counted_listed_and_compared_within_the_region(
    snapshot: Snapshot, scan: Scan, region: str
) -> None:
    limits = (region,) if region else ()
    found = find_rings(snapshot, scan, Filter(), limits=limits)
    assert found.total == len(found) == SEEN[region]
    assert all(touches(ring.regions, limits) for ring in found)
    assert choices(snapshot, scan, limits).total == totals(scan, limits).rings == SEEN[region]
    assert len(compared(scan, scan, limits).pairs) == SEEN[region]
    seen = {ring.ring for ring in found}
    assert {one.ring.ring for one in crossings(snapshot, scan, limits)} == seen
    assert set(gatherings(snapshot, scan, limits)["ring"]) <= seen
    opened = [ring.ring for ring in scan.rings() if dossier(snapshot, scan, ring.ring, limits)]
    assert sorted(opened) == sorted(ring.ring for ring in found)


@pytest.mark.parametrize("region", SEEN)
def test_sums_are_of_the_region(snapshot: Snapshot, region: str) -> None:
    limits, begins = (region,) if region else (), region.rstrip("0")
    with snapshot.connect() as con:
        rows = con.execute(
            "SELECT net_fund, setl_time, coalesce(v.insu_admdvs, h.insu_admdvs), p.admdvs FROM setl_d v"
            " LEFT JOIN patients h USING (patient) LEFT JOIN places p USING (place) WHERE counts"
        ).fetchall()
        homes = con.execute("SELECT insu_admdvs FROM patients").fetchall()
        kinds = con.execute("SELECT admdvs, kind FROM places").fetchall()
    mine = [row for row in rows if any((code or "").startswith(begins) for code in row[2:])]
    found = figures(snapshot, limits)
    assert (found.visits, found.fund) == (len(mine), sum(row[0] for row in mine))
    assert found.patients == sum(code.startswith(begins) for (code,) in homes)
    there = [kind for code, kind in kinds if code.startswith(begins)]
    assert (found.facilities, found.pharmacies) == tuple(
        there.count(kind) for kind in ("facility", "pharmacy")
    )
    times = [row[1] for row in mine]
    assert (found.first, found.last) == (min(times, default=None), max(times, default=None))
    by_month = months(snapshot, limits)
    flowed = flows(snapshot, limits)
    for visits, fund in (
        (sum(one.visits for one in by_month), sum(one.fund for one in by_month)),
        (flowed["visits"].sum(), flowed["fund"].sum()),
    ):
        assert (visits, fund) == (found.visits, found.fund)
    assert all(
        home.startswith(begins) or there.startswith(begins)
        for home, there in flowed[["home", "there"]].itertuples(index=False)
    )


def test_practitioners_are_counted_where_they_are_registered(snapshot: Snapshot) -> None:
    with snapshot.connect() as con:
        rows = con.execute(
            "SELECT DISTINCT practitioner FROM prac_reg_d JOIN places USING (place)"
            " WHERE admdvs LIKE '12%'"
        ).fetchall()
    assert 0 < figures(snapshot, (TIANJIN,)).practitioners == len(rows)
    assert figures(snapshot, (SHANGHAI,)).practitioners == 0


def test_a_choice_of_filters_does_not_widen_the_region(snapshot: Snapshot, scan: Scan) -> None:
    wanted = Filter(regions=("110105",), text="rg_")
    assert find_rings(snapshot, scan, wanted, limits=(TIANJIN,)).total == 1
    assert find_rings(snapshot, scan, wanted, limits=(SHANGHAI,)).total == 0


def test_people_places_and_tokens_belong_to_regions_or_to_visible_rings(
    snapshot: Snapshot, scan: Scan
) -> None:
    with snapshot.connect() as con:
        patients = dict(con.execute("SELECT id, insu_admdvs FROM patients").fetchall())
        places = dict(con.execute("SELECT id, admdvs FROM places").fetchall())
        tokens = [id_ for (id_,) in con.execute("SELECT id FROM tokens").fetchall()]
    ids = (*patients, *places, *tokens)
    assert visible(snapshot, scan, ids, ()) == set(ids)
    mine = visible(snapshot, scan, ids, (TIANJIN,))
    ring = next(ring for ring in scan.rings() if touches(ring.regions, (TIANJIN,)))
    members = {member.id for member in scan.members(ring.ring)}
    for id_, code in (patients | places).items():
        assert (id_ in mine) == (str(code).startswith("12") or id_ in members)
    alone = visible(snapshot, None, ids, (TIANJIN,))
    assert alone < mine
    assert not visible(snapshot, scan, ids, (SHANGHAI,)) - set(tokens)
    assert visible(snapshot, scan, [ring.ring, "rg_gone"], (TIANJIN,)) == {ring.ring}


def opened_from(region: str, page: str, role: Role = Role.INVESTIGATOR, **asked: str) -> AppTest:
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=60)
    app.session_state[REGION], app.session_state[ROLE] = region, role
    app.switch_page(str(HOME / "views" / f"{page}.py"))
    for name, value in asked.items():
        app.query_params[name] = value
    return app.run()


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(workspace))


@pytest.mark.parametrize(
    "order", list(permutations(("", TIANJIN))), ids=("whole first", "region first")
)
def test_caches_do_not_leak_from_one_region_to_another(
    snapshot: Snapshot, order: tuple[str, ...]
) -> None:
    st.cache_data.clear()
    for region in (*order, *order):
        app = opened_from(region, "rings")
        assert not app.exception
        assert f"全部 {SEEN[region]} 条" in said(app)
        assert len(tables(app)["疑点团伙"]["rows"]) == SEEN[region]
        shown = {metric.label: metric.value for metric in opened_from(region, "overview").metric}
        assert shown["团伙线索"] == str(SEEN[region])
        visits = figures(snapshot, (region,) if region else ()).visits
        assert shown["有效就诊结算"] == f"{visits:,}"
        space = {metric.label: metric.value for metric in opened_from(region, "space_time").metric}
        assert space["有效就诊结算"] == shown["有效就诊结算"]


def test_caches_do_not_leak_from_one_role_to_another(scan: Scan) -> None:
    ring = scan.rings().items[0].ring
    for role in (Role.INVESTIGATOR, Role.VIEWER, Role.INVESTIGATOR):
        app = opened_from("", "ring", role, ring=ring)
        told = [json.loads(element.proto.json) for element in app.get("bidi_component")]
        (canvas,) = (one for one in told if "nodes" in one)
        assert canvas["may_export"] == (role is Role.INVESTIGATOR)


def test_a_ring_elsewhere_is_not_opened_by_its_address(scan: Scan) -> None:
    elsewhere = next(r.ring for r in scan.rings() if not touches(r.regions, (TIANJIN,)))
    app = opened_from(TIANJIN, "ring", ring=elsewhere)
    assert not app.exception
    assert elsewhere[3:] in app.warning[0].value
    assert elsewhere[-6:] not in app.title[0].value
    desk = opened_from(TIANJIN, "workbench", ring=elsewhere)
    assert not desk.exception
    assert not [one for one in desk.get("bidi_component") if '"nodes"' in one.proto.json]


def test_somebody_elsewhere_is_neither_found_nor_opened(snapshot: Snapshot, scan: Scan) -> None:
    with snapshot.connect() as con:
        ids = [id_ for (id_,) in con.execute("SELECT id FROM patients").fetchall()]
    elsewhere = min(set(ids) - visible(snapshot, scan, ids, (TIANJIN,)))
    whole = opened_from("", "profile", entity=elsewhere)
    assert elsewhere[3:] in said(whole)
    app = opened_from(TIANJIN, "profile", entity=elsewhere)
    assert not app.exception
    assert elsewhere[3:] not in said(app)
    app.text_input(key="profile_search").input(elsewhere[:10]).run()
    found = tables(app).get("搜索", {"rows": []})
    assert elsewhere not in [row["id"] for row in found["rows"]]


def test_a_desk_holds_nobody_from_elsewhere(snapshot: Snapshot, scan: Scan) -> None:
    ring = next(r.ring for r in scan.rings() if touches(r.regions, (TIANJIN,)))
    app = opened_from(TIANJIN, "workbench", ring=ring)
    app.session_state["huancha_desk_chosen"] = (scan.members(ring)[0].id,)
    app.run()
    told = [json.loads(element.proto.json) for element in app.get("bidi_component")]
    (canvas,) = (one for one in told if "nodes" in one)
    ids = [node["id"] for node in canvas["nodes"]]
    assert len(ids) > 5
    assert set(ids) == visible(snapshot, scan, ids, (TIANJIN,))
