"""Reading a published snapshot: the folder `tables/<snapshot>/` of a workspace."""

import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any

from graph.duck import Connection, connect, parquet
from graph.errors import NoSnapshot, NoTable, UnreadableSnapshot
from graph.schema import FORMAT, TABLES

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Snapshot:
    """An immutable set of tables, as `docs/snapshot.md` lays them out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.name

    def __repr__(self) -> str:
        return f"Snapshot({self.id})"

    @property
    def workspace(self) -> Path:
        """The workspace this snapshot lies in."""
        return self.path.parent.parent

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """`manifest.json`; raises `UnreadableSnapshot` if absent, broken or of another format."""
        try:
            manifest = json.loads((self.path / "manifest.json").read_text("utf-8"))
        except FileNotFoundError:
            raise UnreadableSnapshot(self.path, "it has no manifest.json") from None
        except ValueError as broken:
            raise UnreadableSnapshot(self.path, f"manifest.json: {broken}") from broken
        if not isinstance(manifest, dict) or not isinstance(manifest.get("tables"), dict):
            raise UnreadableSnapshot(self.path, "manifest.json names no tables")
        if manifest.get("format") != FORMAT:
            why = f"format {manifest.get('format')!r}, this version reads {FORMAT}"
            raise UnreadableSnapshot(self.path, why)
        return manifest

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables present, in the order of `graph.schema.TABLES`."""
        return tuple(name for name in TABLES if name in self.manifest["tables"])

    def has(self, table: str) -> bool:
        """Whether `table` was loaded; `table` must be one the contract knows."""
        return TABLES[table].name in self.manifest["tables"]

    def files(self, table: str) -> list[Path]:
        """The Parquet files of `table`, in manifest order; raises `NoTable` if it is absent."""
        if not self.has(table):
            raise NoTable(self.id, table)
        return [self.path / name for name in self.manifest["tables"][table]["files"]]

    def counts(self) -> dict[str, int]:
        """Rows per table present, as the manifest gives them."""
        return {name: int(self.manifest["tables"][name]["rows"]) for name in self.tables}

    def connect(self, *, memory: str = "2GB", threads: int | None = None) -> Connection:
        """A DuckDB of its own with one view per table present; the caller closes it."""
        connection = connect(self.workspace, memory=memory, threads=threads)
        for table in self.tables:
            files = self.files(table)
            if files:
                connection.execute(f'CREATE VIEW "{table}" AS FROM {parquet(files)}')
            else:
                empty = TABLES[table].arrow.empty_table()
                connection.from_arrow(empty).create(table)
        return connection


def current_snapshot(workspace: Path) -> Snapshot:
    """The live snapshot of `workspace`, the one `CURRENT` names.

    Raises `NoSnapshot` when nothing was loaded, `UnreadableSnapshot` when `CURRENT` points nowhere.
    """
    try:
        name = (workspace / "CURRENT").read_text("utf-8").strip()
    except FileNotFoundError:
        raise NoSnapshot(workspace) from None
    path = workspace / "tables" / name
    if not _ID.fullmatch(name):
        raise UnreadableSnapshot(path, "CURRENT does not hold a snapshot's id")
    snapshot = Snapshot(path)
    if not snapshot.manifest["tables"]:
        raise UnreadableSnapshot(path, "it holds no table")
    return snapshot
