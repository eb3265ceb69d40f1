"""Workspaces for the dashboard's tests: a small world with a load report as loaders write it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from graph.results import Run, Scan, write_scan
from graph.snapshot import current_snapshot
from loaders.vault import Keys, fresh_keys, write_keys, write_sealed
from tests.factory import add_scan, small_world

REPORT: dict[str, Any] = {
    "load": "t0001",
    "started": "2025-07-01T00:00:00",
    "seconds": 12.4,
    "dry_run": False,
    "tables": {
        "setl_d": {"read": 12_480, "kept": 12_391, "superseded": 61, "quarantined": 28},
        "psn_info_b": {"read": 2_204, "kept": 2_200, "superseded": 4, "quarantined": 0},
        "fixmedins_b": {"read": 40, "kept": 40, "superseded": 0, "quarantined": 0},
    },
    "warnings": {"certno_check": 17, "unknown_practitioner": 230, "fund_over_total": 3},
    "reasons": {"fields": 20, "missing:psn_no": 8},
    "unknown_columns": [{"file": "setl_d__2025-03.csv", "column": "备注_memo"}],
    "unknown_values": [{"table": "setl_d", "column": "med_type", "value": "9x", "rows": 5}],
    "skipped": [{"file": "setl_d.csv", "why": "already loaded as setl_d__2025-02.csv"}],
    "not_tables": ["说明.txt"],
    "absent": [{"table": "psn_kin_d", "switches_off": "家庭排除"}],
    "date_from": "2025-03-03",
    "date_to": "2025-06-30",
}


def reported_world(tmp_path: Path, **sizes: int) -> Path:
    """A workspace with a snapshot whose manifest holds `REPORT`, and no scan."""
    workspace = small_world(tmp_path, **sizes)
    path = workspace / "tables" / "t0001" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["report"] = REPORT
    path.write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    return workspace


def scanned_world(tmp_path: Path) -> Path:
    """A workspace with a snapshot, its report and a scan of three rings of six patients."""
    workspace = reported_world(tmp_path)
    add_scan(workspace, size=6)
    return workspace


def long_scan(workspace: Path, rings: int) -> Scan:
    """A later scan of `rings` rings, all copies of the first ring of `add_scan`'s."""
    first = add_scan(workspace, scan="s0002", size=6)
    ring = first.rings().items[0].ring

    def copies(table: str) -> pa.Table:
        rows = pq.read_table(first.file(table), filters=[("ring", "=", ring)]).to_pylist()
        many = [
            {**row, "ring": f"rg_{number:020d}"} | ({"rank": number} if "rank" in row else {})
            for number in range(1, rings + 1)
            for row in rows
        ]
        return pa.Table.from_pylist(many, schema=pq.read_schema(first.file(table)))

    later = first.run.started + timedelta(hours=1)
    run = Run(scan="s0003", snapshot=first.run.snapshot, started=later, seed=1)
    found = {name: copies(name) for name in ("rings", "members", "evidence")}
    return write_scan(workspace, run, pairs=first.pairs, **found)


def staff_scan(workspace: Path) -> Scan:
    """A later scan of one ring without patients: practitioner 0 and the places billed from."""
    first = add_scan(workspace, scan="s0004", size=6)
    with current_snapshot(workspace).connect() as con:
        visits = con.execute(
            "SELECT setl_id, place FROM setl_d WHERE counts AND practitioner = 0 ORDER BY setl_id"
        ).fetchall()
        ids = dict(con.execute("SELECT place, id FROM places").fetchall())
        kinds = dict(con.execute("SELECT place, kind FROM places").fetchall())
    ring = pq.read_table(first.file("rings")).to_pylist()[0] | {"patients": 0, "practitioners": 1}
    members = pq.read_table(
        first.file("members"), filters=[("ring", "=", ring["ring"])]
    ).to_pylist()
    doctor = next(row for row in members if row["kind"] == "practitioner")
    spots = [
        doctor | {"kind": kinds[key], "key": key, "id": ids[key], "role": "place"}
        for key in sorted({place for _, place in visits})
    ]
    evidence = pq.read_table(first.file("evidence")).to_pylist()[0] | {
        "ring": ring["ring"],
        "kind": "presence",
        "members": [],
        "rows": [f"setl_d:{setl_id}" for setl_id, _ in visits],
    }
    rows = {"rings": [ring], "members": [doctor, *spots], "evidence": [evidence]}
    found = {
        name: pa.Table.from_pylist(many, schema=pq.read_schema(first.file(name)))
        for name, many in rows.items()
    }
    later = first.run.started + timedelta(hours=2)
    run = Run(scan="s0005", snapshot=first.run.snapshot, started=later, seed=1)
    return write_scan(workspace, run, pairs=first.pairs, **found)


def sealed(workspace: Path) -> Keys:
    """Give the world a vault of patients and staff with names anybody would recognise in a page."""
    keys, snapshot = fresh_keys(), current_snapshot(workspace)
    write_keys(workspace, keys)
    with snapshot.connect() as con:
        for table, source, code in (
            ("people", "patients", "psn_no"),
            ("staff", "practitioners", "prac_psn_code"),
        ):
            rows = con.sql(
                f"SELECT id, 'C' || row_number() OVER () AS {code}, '张' || id AS name, '11010119800101' ||"
                f" (1000 + row_number() OVER ()) AS certno, '1380000' || (1000 + row_number() OVER ()) AS tel,"
                f" NULL::VARCHAR AS bankacct, '某路' AS live_addr FROM {source}"
            ).to_arrow_table()
            write_sealed(workspace / "vault" / snapshot.id / table, table, rows, keys)
    return keys
