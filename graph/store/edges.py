"""Aggregated edges as Parquet, built once per snapshot and once per scan.

Each kind lies twice: `<KIND>.out.parquet` sorted by source, `<KIND>.in.parquet` sorted by target,
then heaviest first, so that one node's edges lie together and other row groups are not read. An
`Index` beside them says where.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from graph.duck import Connection, connect, parquet, quoted
from graph.model import EdgeKind, NodeKind
from graph.results import Scan
from graph.schema import SCAN_TABLES
from graph.snapshot import Snapshot
from graph.store.derive import (
    FROM_SCAN,
    NODE_COLUMNS,
    NODES,
    RING,
    Derivation,
    base,
    from_tables,
)
from graph.store.index import Index, open_index, write_index

LAYOUT = 2
ROW_GROUP = 30_720

Build = Callable[[Path], dict[str, Any]]


@dataclass(frozen=True)
class EdgeFolder:
    """A folder of derived edges and the nodes they join; `nodes`, `edges` count them by kind."""

    path: Path
    nodes: dict[NodeKind, int]
    edges: dict[EdgeKind, int]

    def outgoing(self, kind: EdgeKind) -> Path:
        """Edges of `kind` sorted by source, then heaviest first."""
        return self.path / f"{kind}.out.parquet"

    def incoming(self, kind: EdgeKind) -> Path:
        """Edges of `kind` sorted by target, then heaviest first."""
        return self.path / f"{kind}.in.parquet"

    @property
    def by_number(self) -> Path:
        """Nodes sorted by number."""
        return self.path / "nodes.parquet"

    @cached_property
    def index(self) -> Index:
        """The same nodes and edges as arrays."""
        return open_index(self.path)


def snapshot_edges(snapshot: Snapshot, *, memory: str = "2GB") -> EdgeFolder:
    """The edges of `snapshot`, built if they are not there yet."""
    path = snapshot.workspace / "edges" / snapshot.id
    return _read(path) or _publish(path, lambda folder: _from_snapshot(snapshot, folder, memory))


def scan_edges(scan: Scan, *, memory: str = "2GB") -> EdgeFolder:
    """The edges and ring nodes of `scan`, built if they are not there yet."""
    workspace = scan.path.parent.parent
    path = workspace / "edges" / f"scan-{scan.id}"
    return _read(path) or _publish(path, lambda folder: _from_scan(scan, workspace, folder, memory))


def _from_snapshot(snapshot: Snapshot, folder: Path, memory: str) -> dict[str, Any]:
    present = frozenset(snapshot.tables)
    with snapshot.connect(memory=memory) as connection:
        parts = [sql for table, sql in NODES.items() if table in present]
        nodes = _write_nodes(connection, " UNION ALL ".join(parts), folder)
        edges = _write_edges(connection, from_tables(present), folder)
    return {"nodes": nodes, "edges": edges}


def _from_scan(scan: Scan, workspace: Path, folder: Path, memory: str) -> dict[str, Any]:
    with connect(workspace, memory=memory) as connection:
        for table in SCAN_TABLES:
            if scan.file(table).exists():
                connection.execute(f"CREATE VIEW {table} AS FROM {parquet([scan.file(table)])}")
        connection.execute(
            "CREATE TABLE numbered AS SELECT ring,"
            f" {base(RING)} + row_number() OVER (ORDER BY rank, ring) - 1 AS number FROM rings"
        )
        rings = "SELECT number, ring AS id, 'ring' AS kind, NULL::VARCHAR AS name,"
        rings += " NULL::VARCHAR AS code, NULL::VARCHAR AS token_kind FROM numbered"
        nodes = _write_nodes(connection, rings, folder)
        edges = _write_edges(connection, FROM_SCAN, folder)
    return {"nodes": nodes, "edges": edges}


def _write_nodes(connection: Connection, sql: str, folder: Path) -> dict[str, int]:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE nodes AS {sql}")
    _copy(connection, f"SELECT {NODE_COLUMNS} FROM nodes ORDER BY number", folder / "nodes.parquet")
    _copy(connection, f"SELECT {NODE_COLUMNS} FROM nodes ORDER BY id", folder / "ids.parquet")
    found = connection.execute("SELECT kind, count(*) FROM nodes GROUP BY kind ORDER BY kind")
    return dict(found.fetchall())


def _write_edges(
    connection: Connection, derivations: Iterable[Derivation], folder: Path
) -> dict[str, int]:
    counts = {}
    for edge in derivations:
        weight = edge.kind.weighed_by or "1"
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE edge AS SELECT *, {weight}::BIGINT AS weight"
            f" FROM ({edge.sql})"
        )
        for way, first, second in (("out", "src", "dst"), ("in", "dst", "src")):
            ordered = f"SELECT * FROM edge ORDER BY {first}, weight DESC, {second}"
            _copy(connection, ordered, folder / f"{edge.kind}.{way}.parquet")
        row = connection.execute("SELECT count(*) FROM edge").fetchone()
        assert row is not None
        counts[str(edge.kind)] = int(row[0])
    connection.execute("DROP TABLE IF EXISTS edge")
    return counts


def _copy(connection: Connection, sql: str, file: Path) -> None:
    connection.execute(
        f"COPY ({sql}) TO {quoted(file)} (FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP})"
    )


def _read(path: Path) -> EdgeFolder | None:
    try:
        facts = json.loads((path / "edges.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    if facts.get("layout") != LAYOUT:
        return None
    nodes = {NodeKind(kind): rows for kind, rows in facts["nodes"].items()}
    edges = {EdgeKind(kind): rows for kind, rows in facts["edges"].items()}
    return EdgeFolder(path, nodes, edges)


def _publish(path: Path, build: Build) -> EdgeFolder:
    """Build beside `path` and move into place; where another process was faster, use its folder."""
    building = path.with_name(f".{path.name}.{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        facts = {"layout": LAYOUT, **build(building)}
        write_index(building, list(facts["edges"]))
        (building / "edges.json").write_text(json.dumps(facts, indent=1), "utf-8")
        if path.exists() and _read(path) is None:
            shutil.rmtree(path)
        with suppress(OSError):
            building.rename(path)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    folder = _read(path)
    if folder is None:
        raise OSError(f"{path} could not be put in place: check rights and free space there.")
    return folder
