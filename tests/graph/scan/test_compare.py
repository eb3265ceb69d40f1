"""Two scans beside each other, with and without a lineage between them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph.results import Scan, write_scan
from graph.scan.compare import Change, by_state, compare
from tests.factory import add_scan, small_world


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_world(tmp_path)


def later(
    workspace: Path, first: Scan, rings: dict[str, tuple[str, ...]], parent: str | None = None
) -> Scan:
    """A scan a day on; each ring has the patients of the rings of `first` it names, `-` takes off half of them."""
    rows = pq.read_table(first.file("rings")).to_pylist()
    members = pq.read_table(first.file("members")).to_pylist()
    new_rings, new_members = [], []
    for rank, (ring, sources) in enumerate(rings.items(), 1):
        new_rings.append(rows[0] | {"ring": ring, "rank": rank})
        for source in sources:
            kept = [m for m in members if m["ring"] == source.lstrip("-<>")]
            people = [m for m in kept if m["kind"] == "patient"]
            half = len(people) // 2
            if source.startswith("<"):
                people = people[:half]
            elif source.startswith(">"):
                people = people[half:]
            new_members += [m | {"ring": ring} for m in people]
    run = replace(
        first.run, scan="s0002", started=first.run.started + timedelta(days=1), parent=parent
    )
    made = {"rings": new_rings, "members": new_members, "evidence": []}
    tables = {
        name: pa.Table.from_pylist(many, schema=pq.read_schema(first.file(name)))
        for name, many in made.items()
    }
    return write_scan(workspace, run, pairs=first.pairs, **tables)


def test_rings_are_matched_by_their_members(workspace: Path) -> None:
    first = add_scan(workspace, size=6)
    a, b, c = (ring.ring for ring in first.rings().items)
    second = later(workspace, first, {"rg_same": (a,), "rg_one": (f"<{b}",), "rg_two": (f">{b}",)})
    found = compare(first, second)
    assert not found.carried
    by_ring = {change.ring: change for change in found.changes}
    assert by_ring["rg_same"] == Change("rg_same", "same", (a,), 1.0)
    assert {by_ring[ring].state for ring in ("rg_one", "rg_two")} == {"split"}
    assert all(by_ring[ring].previous == (b,) for ring in ("rg_one", "rg_two"))
    assert by_ring[None] == Change(None, "dissolved", (c,))
    assert by_state(found) == {"same": 1, "split": 2, "dissolved": 1}


def test_backwards_what_was_split_is_merged(workspace: Path) -> None:
    first = add_scan(workspace, size=6)
    a, b, c = (ring.ring for ring in first.rings().items)
    halves = {"rg_same": (a,), "rg_one": (f"<{b}",), "rg_two": (f">{b}",)}
    second = later(workspace, first, halves)
    back = {change.ring: change for change in compare(second, first).changes}
    assert back[b].state == "merged"
    assert set(back[b].previous) == {"rg_one", "rg_two"}
    assert (back[c].state, back[c].previous) == ("new", ())


def test_a_scan_beside_itself_is_unchanged(workspace: Path) -> None:
    scan = add_scan(workspace, size=6)
    assert by_state(compare(scan, scan)) == {"same": 3}
