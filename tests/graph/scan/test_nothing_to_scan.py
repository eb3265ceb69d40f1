"""Snapshots with nothing in them scan to nothing, without error."""

from pathlib import Path

from graph.schema import TABLES
from tests.graph.found import scanned
from tests.graph.worlds import WorldBuilder


def test_empty_tables_hold_no_rings(tmp_path: Path) -> None:
    builder = WorldBuilder()
    for name in TABLES:
        builder.add_table(name)
    found = scanned(builder, tmp_path)
    assert not found.rings
    assert found.scan.pairs.num_rows == 0


def test_people_without_visits_hold_no_rings(tmp_path: Path) -> None:
    builder = WorldBuilder()
    builder.add_patients(20)
    builder.add_places(2)
    for name in TABLES:
        builder.add_table(name)
    assert not scanned(builder, tmp_path).rings
