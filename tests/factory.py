"""Small worlds for everyone's tests: a valid snapshot and a valid scan, written by the schema.

`small_world` writes every table of the contract straight from `graph.schema`, not through the
loaders; `add_scan` adds three rings. Both are pure functions of their arguments.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from graph.ids import Prefix, blind_id
from graph.results import Run, Scan, Stage, write_scan
from graph.schema import FORMAT, SCAN_TABLES, TABLES
from graph.snapshot import current_snapshot
from tests.factory_rows import SECRET, Rows, entities, holds, papers, visits_and_fees


def small_world(
    tmp_path: Path,
    seed: int = 1,
    patients: int = 30,
    places: int = 5,
    practitioners: int = 8,
    tokens: int = 12,
    visits: int = 240,
    without: Sequence[str] = (),
    snapshot: str = "t0001",
) -> Path:
    """A workspace holding one published snapshot; `without` names tables left out."""
    chance = Random(seed)
    tables = entities(chance, patients, places, practitioners, tokens)
    tables |= visits_and_fees(chance, tables, visits)
    tables |= papers(chance, tables)
    tables["holds"] = holds(chance, tables)
    owners: dict[int, set[tuple[str, int]]] = {}
    for held in tables["holds"]:
        owners.setdefault(held["token"], set()).add((held["owner_kind"], held["owner"]))
    for token in tables["tokens"]:
        token["holders"] = len(owners.get(token["token"], ()))
    kept = {name: rows for name, rows in tables.items() if name not in without}
    workspace = tmp_path / "workspace"
    publish(workspace, {name: table_of(name, rows) for name, rows in kept.items()}, snapshot)
    return workspace


def table_of(name: str, rows: Rows) -> pa.Table:
    """`rows` as an Arrow table of the contract; what a row leaves out is NULL, `warn` is 0."""
    schema = TABLES[name].arrow
    if "src" in schema.names:
        origin = {"src": 0, "warn": 0}
        rows = [{**origin, "line": number + 2, **row} for number, row in enumerate(rows)]
    return pa.Table.from_pylist(rows, schema=schema)


def publish(workspace: Path, tables: Mapping[str, pa.Table], snapshot: str = "t0001") -> Path:
    """Write `tables` as snapshot `snapshot`, make it the live one and return its folder."""
    folder = workspace / "tables" / snapshot
    entries = {}
    for name, table in tables.items():
        (folder / name).mkdir(parents=True)
        pq.write_table(table.select(TABLES[name].arrow.names), folder / name / "0.parquet")
        entries[name] = {
            "rows": table.num_rows,
            "files": [f"{name}/0.parquet"],
            "columns": table.column_names,
        }
    manifest = {
        "format": FORMAT,
        "snapshot": snapshot,
        "parent": None,
        "created": "2025-07-01T00:00:00",
        "version": "0.1.0",
        "date_from": "2025-03-03",
        "date_to": "2025-06-30",
        "tables": entries,
        "sources": [
            {"name": "setl_d.csv", "sheet": None, "table": "setl_d"}
            | {"sha256": "0" * 64, "bytes": 1, "rows": 1}
        ],
        "report": {"load": snapshot, "tables": {}, "warnings": {}},
    }
    text = json.dumps(manifest, ensure_ascii=False)
    (folder / "manifest.json").write_text(text, "utf-8")
    (workspace / "CURRENT").write_text(snapshot + "\n", "utf-8")
    return folder


def add_scan(
    workspace: Path,
    scan: str = "s0001",
    seed: int = 1,
    started: datetime = datetime(2025, 7, 1, 9),
    size: int = 4,
) -> Scan:
    """Publish a tiny scan of the live snapshot: three rings of up to `size` patients each."""
    snapshot = current_snapshot(workspace)
    world = {
        name: pa.concat_tables(map(pq.read_table, snapshot.files(name))).to_pylist()
        for name in ("patients", "places", "practitioners", "setl_d")
    }
    chance = Random(seed)
    rings, members, evidence, pairs = [], [], [], {}
    for rank in range(1, 4):
        keys = list(range(min(size, len(world["patients"]))))
        if rank > 1:
            keys = sorted(chance.sample(range(len(world["patients"])), len(keys)))
        ring = blind_id(SECRET, Prefix.RING, f"{scan} {rank}")
        rows = [v for v in world["setl_d"] if v["counts"] and v["patient"] in keys]
        rings.append(_ring(ring, rank, keys, rows))
        members += _members(ring, world, keys, rows)
        evidence += _gatherings(ring, rows)
        for one in keys:
            for other in keys:
                if one < other:
                    pairs[one, other] = {"observed": chance.randint(3, 9), "expected": 0.2}
    by_pair = [{"a": a, "b": b, "p": 1e-6, "places": 1, **found} for (a, b), found in pairs.items()]
    run = Run(
        scan=scan,
        snapshot=snapshot.id,
        started=started,
        seed=seed,
        parameters={"window": 10},
        seconds=1.5,
        stages=(Stage("covisits", 1.0, len(by_pair)), Stage("evidence", 0.5, len(evidence))),
        counts={"rings": 3},
        version="0.1.0",
    )
    found = {"pairs": by_pair, "rings": rings, "members": members, "evidence": evidence}
    tables = {
        name: pa.Table.from_pylist(rows, schema=SCAN_TABLES[name].arrow)
        for name, rows in found.items()
    }
    return write_scan(workspace, run, **tables)


def _ring(ring: str, rank: int, keys: list[int], visits: Rows) -> dict[str, Any]:
    fund = sum(visit["net_fund"] for visit in visits)
    times = [visit["begntime"] for visit in visits]
    return {
        "ring": ring,
        "rank": rank,
        "score": 10.0 - rank,
        "grade": "ABC"[rank - 1],
        "motifs": ["card_bundle"] if rank < 3 else ["card_bundle", "shared_token"],
        "patients": len(keys),
        "practitioners": 1,
        "places": 1,
        "visits": len(visits),
        "total": sum(visit["net_medfee"] for visit in visits),
        "fund": fund,
        "recoverable": fund // 2,
        "first": min(times, default=None),
        "last": max(times, default=None),
        "sentence_zh": f"{len(keys)} 人多次在同一机构先后就诊。",
        "sentence_en": f"{len(keys)} patients were repeatedly seen together at one place.",
        "regions": ["110105"] if rank < 3 else ["110105", "120101"],
        "state": "new",
    }


def _members(ring: str, world: dict[str, Rows], keys: list[int], visits: Rows) -> Rows:
    def member(kind: str, key: int, node: str, role: str, core: bool, mine: Rows) -> dict[str, Any]:
        fund = sum(visit["net_fund"] for visit in mine)
        who = {"ring": ring, "kind": kind, "key": key, "id": node, "role": role, "core": core}
        return {**who, "visits": len(mine), "fund": fund}

    rows = []
    for number, key in enumerate(keys):
        mine = [visit for visit in visits if visit["patient"] == key]
        core = number < 3
        rows.append(member("patient", key, world["patients"][key]["id"], "member", core, mine))
    place = world["places"][0]
    there = [visit for visit in visits if visit["place"] == 0]
    rows.append(member(place["kind"], 0, place["id"], "place", True, there))
    if world["practitioners"]:
        doctor = world["practitioners"][0]
        seen = [visit for visit in visits if visit["practitioner"] == 0]
        rows.append(member("practitioner", 0, doctor["id"], "doctor", False, seen))
    return rows


def _gatherings(ring: str, visits: Rows) -> Rows:
    """One gathering per day on which two or more of the ring's visits fell at place 0."""
    days: dict[date, Rows] = {}
    for visit in visits:
        if visit["place"] == 0:
            days.setdefault(visit["begntime"].date(), []).append(visit)
    met = [rows for _, rows in sorted(days.items()) if len({v["patient"] for v in rows}) > 1]
    return [
        {
            "ring": ring,
            "no": number,
            "motif": "card_bundle",
            "kind": "gathering",
            "at": min(visit["begntime"] for visit in rows),
            "until": max(visit["endtime"] for visit in rows),
            "place": 0,
            "members": sorted({visit["patient"] for visit in rows}),
            "rows": [f"setl_d:{visit['setl_id']}" for visit in rows],
            "fund": sum(visit["net_fund"] for visit in rows),
            "note_zh": "同日先后就诊。",
            "note_en": "Seen one after the other on the same day.",
        }
        for number, rows in enumerate(met, start=1)
    ]
