"""What is kept of the rings' settlements says what the tables say."""

import os
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dashboards.reading.dossier import dossier
from dashboards.reading.happenings import CLASHES, clashes
from dashboards.reading.joint import crossings
from dashboards.reading.ring_bills import FOLDER, KEPT, keep_bills
from graph.results import Scan, latest_scan, write_scan
from graph.schema import SCAN_TABLES
from graph.snapshot import Snapshot, current_snapshot
from tests.dashboards.worlds import scanned_world
from tests.factory import small_world

Opened = tuple[Snapshot, Scan]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    workspace = scanned_world(tmp_path)
    return current_snapshot(workspace), latest_scan(workspace)


def files(snapshot: Snapshot) -> list[str]:
    return sorted(path.name for path in (snapshot.workspace / FOLDER).iterdir())


def told(snapshot: Snapshot, scan: Scan) -> list[object]:
    rings = [dossier(snapshot, scan, ring.ring) for ring in scan.rings()]
    return [rings, crossings(snapshot, scan), clashes(snapshot, scan, CLASHES, 10)]


def test_pages_say_the_same_with_the_file_and_without(opened: Opened) -> None:
    snapshot, scan = opened
    without = told(snapshot, scan)
    keep_bills(snapshot, scan)
    assert files(snapshot) == [f"{scan.id}-{snapshot.id}.parquet"]
    assert told(snapshot, scan) == without
    assert all(found.visits for found in without[0])  # type: ignore[attr-defined]


def test_the_file_holds_what_evidence_names_and_what_patients_had(opened: Opened) -> None:
    snapshot, scan = opened
    keep_bills(snapshot, scan)
    kept = pq.read_table(snapshot.workspace / FOLDER / files(snapshot)[0]).to_pylist()
    with snapshot.connect() as con:
        rows = con.execute("SELECT setl_id, patient, counts FROM setl_d").fetchall()
    wanted = set()
    for ring in scan.rings():
        own = {m.key for m in scan.members(ring.ring) if m.kind == "patient"}
        named = {row for entry in scan.evidence(ring.ring) for row in entry.rows}
        wanted |= {
            (ring.ring, id_, f"setl_d:{id_}" in named)
            for id_, patient, counts in rows
            if f"setl_d:{id_}" in named or (counts and patient in own)
        }
    assert wanted
    assert [(row["ring"], row["setl_id"], row["named"]) for row in kept] == sorted(wanted)


def test_only_the_newest_files_stay(opened: Opened) -> None:
    snapshot, scan = opened
    tables = {name: pq.read_table(scan.file(name)) for name in SCAN_TABLES}
    for number in range(KEPT + 2):
        run = replace(scan.run, scan=f"s{number}")
        keep_bills(snapshot, write_scan(snapshot.workspace, run, **tables))
        for file in (snapshot.workspace / FOLDER).glob(f"s{number}-*"):
            os.utime(file, (number, number))
    last = range(KEPT + 2)[-KEPT:]
    assert files(snapshot) == [f"s{number}-{snapshot.id}.parquet" for number in last]


def test_where_nothing_can_be_written_pages_ask_the_tables(opened: Opened) -> None:
    snapshot, scan = opened
    without = told(snapshot, scan)
    (snapshot.workspace / FOLDER).write_text("no folder")
    keep_bills(snapshot, scan)
    assert told(snapshot, scan) == without


def test_without_settlements_there_is_nothing_to_keep(tmp_path: Path, opened: Opened) -> None:
    bare = current_snapshot(small_world(tmp_path / "bare", without=("setl_d",)))
    keep_bills(bare, opened[1])
    assert not (bare.workspace / FOLDER).exists()
