"""Scans of synthetic worlds that went through the loaders: order of rows, silence, words."""

import shutil
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest

from loaders.load import load_folder
from loaders.synthetic import WorldSettings, write_world
from tests.graph.found import Found, Scanned, scan_of
from tests.graph.scan.conftest import LOADED

FORBIDDEN = ("诈骗", "欺诈", "骗保", "犯罪", "有罪", "fraud", "guilty", "criminal")


def shuffled(exports: Path, folder: Path) -> None:
    """The same rows in another order, cut into other files."""
    chance = Random(3)
    rows: dict[str, list[bytes]] = {}
    headings: dict[str, bytes] = {}
    folder.mkdir()
    for path in sorted(exports.glob("*.csv")):
        table = path.name.split("__")[0].split(".")[0]
        heading, *lines = path.read_bytes().splitlines(keepends=True)
        if headings.setdefault(table, heading) == heading:
            rows.setdefault(table, []).extend(lines)
        else:
            shutil.copy(path, folder / f"{table}__apart_{path.name}")
    for table, lines in rows.items():
        chance.shuffle(lines)
        parts = 3 if len(lines) > 1000 else 1
        for part in range(parts):
            text = headings[table] + b"".join(lines[part::parts])
            (folder / f"{table}__{'cab'[part]}.csv").write_bytes(text)


def outline(found: Scanned) -> set[tuple[str, int, str, tuple[str, ...], frozenset[str]]]:
    """Each ring by id, rank, grade, motifs and the blind ids of its members."""
    members = found.scan.all_members()
    return {
        (r.ring, r.rank, r.grade, r.motifs, frozenset(m.id for m in members[r.ring]))
        for r in found.rings
    }


def test_rows_shuffled_and_split_otherwise_give_the_same_rings(
    exports: Path, loaded: Scanned, tmp_path: Path
) -> None:
    shuffled(exports, tmp_path / "exports")
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    shutil.copy(loaded.workspace / "keys.json", workspace)
    load_folder(tmp_path / "exports", workspace, now=LOADED)
    again = scan_of(workspace)
    assert len(loaded.rings) >= 6
    assert outline(again) == outline(loaded)
    assert money(again) == money(loaded)


def money(found: Scanned) -> list[tuple[int, int, int]]:
    rows = found.scan.rings(limit=None).items
    return [(row.fund, row.recoverable, row.visits) for row in rows]


def test_a_world_without_rings_gives_none_of_grade_a(tmp_path: Path) -> None:
    exports, workspace = tmp_path / "exports", tmp_path / "workspace"
    write_world(exports, visits=30_000, seed=8, settings=WorldSettings.quiet())
    load_folder(exports, workspace, now=LOADED)
    assert [ring for ring in scan_of(workspace).rings if ring.grade == "A"] == []


def test_every_sentence_is_a_lead(loaded: Scanned) -> None:
    for ring in loaded.scan.rings(limit=None).items:
        assert ring.sentence_zh.startswith("线索")
        assert ring.sentence_en.startswith("Lead")
        assert "{" not in ring.sentence_zh + ring.sentence_en


@pytest.mark.parametrize("table", ["rings", "members", "evidence"])
def test_no_text_speaks_of_guilt(loaded: Scanned, table: str) -> None:
    columns = pq.read_table(loaded.scan.file(table)).to_pydict()
    texts = {
        text.lower()
        for name, values in columns.items()
        if name.startswith(("sentence", "note"))
        for text in values
        if text
    }
    assert not [text for text in texts for word in FORBIDDEN if word in text]
    assert texts or table == "members"


def test_ids_of_rings_are_unique_and_shown_in_all_tables(loaded: Scanned) -> None:
    rings: list[Found] = list(loaded.rings)
    assert len({ring.ring for ring in rings}) == len(rings)
    for table in ("members", "evidence"):
        column = pq.read_table(loaded.scan.file(table), columns=["ring"]).column("ring")
        assert set(column.to_pylist()) == {ring.ring for ring in rings}
