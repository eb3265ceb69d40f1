"""Scan results: written whole or not at all, read as rows."""

from dataclasses import replace
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph.errors import GraphError, NoScan, ScanExists, WrongColumns
from graph.results import Run, Scan, latest_scan, scans, write_scan
from graph.schema import SCAN_TABLES
from tests.factory import add_scan, small_world


@pytest.fixture
def workspace(tmp_path):
    return small_world(tmp_path)


def empty_tables():
    return {name: table.arrow.empty_table() for name, table in SCAN_TABLES.items()}


def a_run(scan="s9", started=datetime(2025, 7, 1)):
    return Run(scan=scan, snapshot="t0001", started=started, seed=1)


def test_a_run_reads_back_as_written(workspace):
    scan = add_scan(workspace)
    again = Scan(scan.path).run
    assert again == scan.run
    assert again.started == datetime(2025, 7, 1, 9)
    assert [stage.name for stage in again.stages] == ["covisits", "evidence"]


def test_files_carry_the_columns_of_the_contract(workspace):
    scan = add_scan(workspace)
    assert {path.name for path in scan.path.iterdir()} == {
        "run.json",
        *(f"{name}.parquet" for name in SCAN_TABLES),
    }
    for name, table in SCAN_TABLES.items():
        assert pq.read_schema(scan.file(name)).equals(table.arrow)


def test_rings_come_by_rank_and_say_n_of_n(workspace):
    scan = add_scan(workspace)
    page = scan.rings(limit=2)
    assert [ring.rank for ring in page] == [1, 2]
    assert (len(page), page.total, page.cut) == (2, 3, True)
    assert [ring.rank for ring in scan.rings(limit=2, offset=2)] == [3]
    assert not scan.rings(limit=None).cut
    first = page.items[0]
    assert scan.ring(first.ring) == first
    assert scan.ring("rg_unknown") is None
    assert first.motifs == ("card_bundle",)


def test_rings_can_be_narrowed(workspace):
    scan = add_scan(workspace)
    assert [ring.rank for ring in scan.rings(grade="B")] == [2]
    assert [ring.rank for ring in scan.rings(motif="shared_token")] == [3]
    assert [ring.rank for ring in scan.rings(region="120101")] == [3]
    assert scan.rings(state="grown").total == 0
    assert scan.rings(limit=1, state="new").total == 3


def test_members_are_the_rings_own_core_first(workspace):
    scan = add_scan(workspace)
    ring = scan.rings().items[0]
    members = scan.members(ring.ring)
    assert {member.ring for member in members} == {ring.ring}
    assert sum(member.kind == "patient" for member in members) == ring.patients
    order = [(not member.core, member.kind, member.id) for member in members]
    assert order == sorted(order)
    assert scan.members("rg_unknown") == ()


def test_rings_of_an_entity(workspace):
    scan = add_scan(workspace)
    place = next(m for m in scan.members(scan.rings().items[0].ring) if m.role == "place")
    assert [ring.rank for ring in scan.rings_of(place.id)] == [1, 2, 3]
    assert scan.rings_of("pt_unknown") == ()


def test_evidence_is_numbered_and_names_rows(workspace):
    scan = add_scan(workspace)
    for ring in scan.rings():
        found = scan.evidence(ring.ring)
        assert [evidence.no for evidence in found] == list(range(1, len(found) + 1))
        assert all(row.startswith("setl_d:") for evidence in found for row in evidence.rows)
    assert scan.evidence(scan.rings().items[0].ring)


def test_pairs_are_sorted(workspace):
    pairs = add_scan(workspace).pairs.to_pylist()
    assert pairs
    keys = [(pair["a"], pair["b"]) for pair in pairs]
    assert keys == sorted(keys)
    assert all(a < b for a, b in keys)


def test_the_newest_scan_is_the_latest(workspace):
    add_scan(workspace, "late", started=datetime(2025, 8, 1))
    add_scan(workspace, "early", started=datetime(2025, 7, 1))
    assert latest_scan(workspace).id == "late"
    assert [scan.id for scan in scans(workspace)] == ["late", "early"]


def test_no_scan_says_what_to_do(workspace):
    assert scans(workspace) == ()
    with pytest.raises(NoScan, match="run a scan"):
        latest_scan(workspace)


def test_unfinished_scans_are_not_seen(workspace):
    (workspace / "scans" / "half").mkdir(parents=True)
    hidden = workspace / "scans" / ".building.1"
    hidden.mkdir()
    (hidden / "run.json").write_text("{}")
    assert scans(workspace) == ()
    with pytest.raises(NoScan, match="half"):
        _ = Scan(workspace / "scans" / "half").run


def test_a_published_scan_is_immutable(workspace):
    scan = add_scan(workspace)
    before = {path.name: path.read_bytes() for path in scan.path.iterdir()}
    with pytest.raises(ScanExists):
        add_scan(workspace, seed=2)
    assert {path.name: path.read_bytes() for path in scan.path.iterdir()} == before


def test_a_failed_write_leaves_nothing(workspace, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError("no space left on device")

    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(OSError, match="no space"):
        write_scan(workspace, a_run(), **empty_tables())
    assert list((workspace / "scans").iterdir()) == []


def test_same_rows_in_any_order_give_the_same_bytes(workspace, tmp_path):
    scan = add_scan(workspace)
    tables = {name: pq.read_table(scan.file(name)) for name in SCAN_TABLES}
    turned = {
        name: table.take(pa.array(range(len(table) - 1, -1, -1), pa.int64())).select(
            table.column_names[::-1],
        )
        for name, table in tables.items()
    }
    again = write_scan(tmp_path / "other", scan.run, **turned)
    for path in scan.path.iterdir():
        assert (again.path / path.name).read_bytes() == path.read_bytes(), path.name


def test_wrong_columns_are_named(workspace):
    tables = empty_tables()
    tables["pairs"] = tables["pairs"].rename_columns(["x", "b", "observed", *"epn"])
    with pytest.raises(WrongColumns) as caught:
        write_scan(workspace, a_run(), **tables)
    assert caught.value.table == "pairs"
    assert caught.value.missing == ("a", "expected", "places")
    assert "x" in caught.value.unknown


def test_a_scan_that_found_nothing_is_a_scan(workspace):
    scan = write_scan(workspace, replace(a_run(), counts={"rings": 0}), **empty_tables())
    assert latest_scan(workspace).id == scan.id
    assert scan.rings().total == 0
    assert scan.rings(motif="card_bundle").items == ()


def test_another_format_is_refused(workspace):
    scan = add_scan(workspace)
    text = (scan.path / "run.json").read_text("utf-8").replace('"format": 1', '"format": 99')
    (scan.path / "run.json").write_text(text, "utf-8")
    with pytest.raises(GraphError, match="run the scan again"):
        _ = Scan(scan.path).run
