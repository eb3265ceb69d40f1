"""Scan results on disk: written once and whole, read as rows (`docs/snapshot.md`, Scan)."""

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graph.errors import GraphError, NoScan, ScanExists, WrongColumns
from graph.model import Shown
from graph.schema import FORMAT, SCAN_TABLES


@dataclass(frozen=True)
class Stage:
    """One stage of a scan: wall-clock seconds and the rows it left."""

    name: str
    seconds: float
    rows: int


@dataclass(frozen=True)
class Run:
    """`run.json`: what was scanned, how, and how long it took. `started` is local Beijing time."""

    scan: str
    snapshot: str
    started: datetime
    seed: int
    parameters: Mapping[str, Any] = field(default_factory=dict)
    parent: str | None = None
    seconds: float = 0.0
    stages: tuple[Stage, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True)
class RingRow:
    """A row of `rings`. Money in fen; `evidence` is -log10 of chance, summed over motifs."""

    ring: str
    rank: int
    score: float
    grade: str
    motifs: tuple[str, ...]
    patients: int
    practitioners: int
    places: int
    visits: int
    total: int
    fund: int
    recoverable: int
    first: datetime | None
    last: datetime | None
    sentence_zh: str
    sentence_en: str
    regions: tuple[str, ...]
    state: str
    evidence: float = 0.0
    weakened: int = 0


@dataclass(frozen=True)
class MemberRow:
    """A row of `members`: `key` is the entity's key, `id` its blind id."""

    ring: str
    kind: str
    key: int
    id: str
    role: str
    core: bool
    visits: int
    fund: int
    note: str | None


@dataclass(frozen=True)
class EvidenceRow:
    """A row of `evidence`: `members` are patient keys, `place` a place key, `rows` `table:key`."""

    ring: str
    no: int
    motif: str
    kind: str
    at: datetime | None
    until: datetime | None
    place: int | None
    members: tuple[int, ...]
    rows: tuple[str, ...]
    fund: int
    note_zh: str
    note_en: str


@dataclass(frozen=True)
class ProfileRow:
    """A row of `profiles`: a practitioner's work beside that of peers. Money in fen; `z_…` None where not comparable."""

    practitioner: int
    id: str
    profession: str | None
    level: str | None
    dept: str | None
    place: int | None
    patients: int | None
    visits: int
    stays: int
    total: int
    fund: int
    visit_cost: int | None
    visits_first: int
    visits_second: int
    visit_growth: float | None
    cost_growth: float | None
    lines: int | None
    quantity: float | None
    visit_lines: float | None
    visit_quantity: float | None
    top_share: float | None
    places: int
    days: int
    peers: int | None
    by_dept: bool | None
    z_patients: float | None
    z_visits: float | None
    z_visit_cost: float | None
    z_visit_growth: float | None
    z_cost_growth: float | None
    z_visit_lines: float | None
    z_visit_quantity: float | None
    z_top_share: float | None


class Scan:
    """A finished scan: the folder `scans/<scan>/`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.name

    def __repr__(self) -> str:
        return f"Scan({self.id})"

    @cached_property
    def run(self) -> Run:
        """What `run.json` says; raises `NoScan` if the scan is unfinished or absent."""
        try:
            text = (self.path / "run.json").read_text("utf-8")
        except FileNotFoundError:
            raise NoScan(self.path.parent.parent, self.id) from None
        facts = json.loads(text)
        if facts.pop("format") != FORMAT:
            raise GraphError(f"Scan {self.id} is of another format: run the scan again.")
        facts["started"] = datetime.fromisoformat(facts["started"])
        facts["stages"] = tuple(Stage(**stage) for stage in facts["stages"])
        return Run(**facts)

    def file(self, table: str) -> Path:
        """Where `pairs`, `rings`, `members`, `evidence` or `lineage` lies."""
        return self.path / f"{SCAN_TABLES[table].name}.parquet"

    def rings(
        self,
        limit: int | None = 50,
        offset: int = 0,
        *,
        grade: str | None = None,
        motif: str | None = None,
        region: str | None = None,
        state: str | None = None,
    ) -> Shown[RingRow]:
        """Rings by rank, `limit` from `offset`; `total` counts all that pass the filters."""
        table = self._rings
        for column, wanted in (("grade", grade), ("state", state)):
            if wanted is not None:
                table = table.filter(pc.field(column) == wanted)
        rows = table.to_pylist()
        for column, wanted in (("motifs", motif), ("regions", region)):
            if wanted is not None:
                rows = [row for row in rows if wanted in (row[column] or ())]
        end = None if limit is None else offset + limit
        return Shown(tuple(_ring(row) for row in rows[offset:end]), len(rows))

    def ring(self, ring: str) -> RingRow | None:
        """One ring by id, or None."""
        rows = self._rings.filter(pc.field("ring") == ring).to_pylist()
        return _ring(rows[0]) if rows else None

    def rings_of(self, member: str) -> tuple[RingRow, ...]:
        """The rings the entity with id `member` belongs to, by rank."""
        mine = pq.read_table(self.file("members"), columns=["ring"], filters=[("id", "=", member)])
        rows = self._rings.filter(pc.field("ring").isin(mine["ring"].combine_chunks())).to_pylist()
        return tuple(_ring(row) for row in rows)

    def members(self, ring: str) -> tuple[MemberRow, ...]:
        """Who and which places belong to `ring`: core first, then by kind and id."""
        rows = pq.read_table(self.file("members"), filters=[("ring", "=", ring)]).to_pylist()
        return tuple(MemberRow(**row) for row in rows)

    def all_members(self) -> dict[str, list[MemberRow]]:
        """Every ring's members, by ring, in the order of `members`."""
        found: dict[str, list[MemberRow]] = {}
        for row in pq.read_table(self.file("members")).to_pylist():
            found.setdefault(row["ring"], []).append(MemberRow(**row))
        return found

    def evidence(self, ring: str) -> tuple[EvidenceRow, ...]:
        """What speaks for `ring`, by its number."""
        rows = pq.read_table(self.file("evidence"), filters=[("ring", "=", ring)]).to_pylist()
        return tuple(_evidence(row) for row in rows)

    @property
    def pairs(self) -> pa.Table:
        """`pairs` as an Arrow table, sorted by a, b."""
        return pq.read_table(self.file("pairs"))

    @property
    def lineage(self) -> pa.Table:
        """What became of each ring since the scan before; empty for a scan older than lineage."""
        path = self.file("lineage")
        return pq.read_table(path) if path.exists() else SCAN_TABLES["lineage"].arrow.empty_table()

    def profile(self, practitioner: str) -> ProfileRow | None:
        """The profile of the practitioner with this id; None where there is none, as in older scans."""
        path = self.file("profiles")
        if not path.exists():
            return None
        rows = pq.read_table(path, filters=[("id", "=", practitioner)]).to_pylist()
        return ProfileRow(**rows[0]) if rows else None

    @cached_property
    def _rings(self) -> pa.Table:
        return pq.read_table(self.file("rings"))


def _ring(row: dict[str, Any]) -> RingRow:
    lists = {name: tuple(row[name] or ()) for name in ("motifs", "regions")}
    since = {name: row.get(name) or 0 for name in ("evidence", "weakened")}
    return RingRow(**{**row, **lists, **since})


def _evidence(row: dict[str, Any]) -> EvidenceRow:
    lists = {name: tuple(row[name] or ()) for name in ("members", "rows")}
    return EvidenceRow(**{**row, **lists})


def scans(workspace: Path) -> tuple[Scan, ...]:
    """The finished scans of `workspace`, newest first (by start, then id)."""
    found = [Scan(run.parent) for run in (workspace / "scans").glob("[!.]*/run.json")]
    return tuple(sorted(found, key=lambda scan: (scan.run.started, scan.id), reverse=True))


def latest_scan(workspace: Path) -> Scan:
    """The newest finished scan; raises `NoScan` if there is none."""
    for scan in scans(workspace):
        return scan
    raise NoScan(workspace)


def write_scan(
    workspace: Path,
    run: Run,
    *,
    pairs: pa.Table,
    rings: pa.Table,
    members: pa.Table,
    evidence: pa.Table,
    lineage: pa.Table | None = None,
    profiles: pa.Table | None = None,
) -> Scan:
    """Publish a scan whole or not at all, and return it.

    Tables come with the columns of `graph.schema.SCAN_TABLES` in any order and are sorted here.
    Raises `WrongColumns`, or `ScanExists` if `run.scan` is taken.
    """
    final = workspace / "scans" / run.scan
    if final.exists():
        raise ScanExists(run.scan)
    given = {"pairs": pairs, "rings": rings, "members": members, "evidence": evidence}
    for name, table in (("lineage", lineage), ("profiles", profiles)):
        given[name] = SCAN_TABLES[name].arrow.empty_table() if table is None else table
    tables = {name: _conform(name, table) for name, table in given.items()}
    building = final.with_name(f".{run.scan}.{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda name: _write(name, tables, building), tables))
        facts = {"format": FORMAT, **asdict(run), "started": run.started.isoformat()}
        text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True)
        (building / "run.json").write_text(text, "utf-8")
        _to_disk([*building.iterdir(), building])
        try:
            building.rename(final)
        except OSError:
            raise ScanExists(run.scan) from None
        _to_disk([final.parent])
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Scan(final)


def _conform(name: str, table: pa.Table) -> pa.Table:
    schema = SCAN_TABLES[name].arrow
    missing = tuple(column for column in schema.names if column not in table.column_names)
    unknown = tuple(column for column in table.column_names if column not in schema.names)
    if missing or unknown:
        raise WrongColumns(name, missing, unknown)
    return table.select(schema.names).cast(schema)


def _write(name: str, tables: Mapping[str, pa.Table], folder: Path) -> None:
    pq.write_table(_sorted(name, tables), folder / f"{name}.parquet")


def _sorted(name: str, tables: Mapping[str, pa.Table]) -> pa.Table:
    """One of the tables in the order of its file."""
    table, up = tables[name], "ascending"
    own = {"pairs": ("a", "b"), "profiles": ("practitioner",), "rings": ("rank", "ring")}
    if name in own:
        return table.sort_by([(column, up) for column in own[name]])
    rank = tables["rings"].select(["ring", "rank"])
    by_ring = [("rank", up), ("ring", up)]
    if name == "members":
        by = [*by_ring, ("core", "descending"), ("kind", up), ("id", up), ("role", up)]
        return table.join(rank, "ring").sort_by(by).select(table.column_names)
    rows = pa.array(range(len(table)), pa.int64())
    within = ["no", "_row"] if name == "evidence" else ["_row"]
    order = table.append_column("_row", rows).select(["ring", *within]).join(rank, "ring")
    order = order.sort_by([*by_ring, *((column, up) for column in within)])
    at = order["_row"].combine_chunks()
    return table if at.equals(rows) else table.take(at)


def _to_disk(paths: Iterable[Path]) -> None:
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
