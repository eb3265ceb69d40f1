"""A snapshot many times over: copies of one world side by side, as if more provinces had been loaded.

Generating and loading 10^8 visits takes longer than scanning them; copies with keys of their own give the scan the same work.
Each copy has its own people, places, staff, tokens and row ids, so no ring reaches from one copy into another.
"""

import json
import shutil
from pathlib import Path

from graph.duck import WRITTEN, connect, parquet, quoted
from graph.schema import KEY, TABLES, TEXT
from graph.snapshot import Snapshot, current_snapshot

OWNERS = {
    "patient": "patients", "practitioner": "practitioners", "facility": "places",
    "pharmacy": "places", "receipt": "mnl_reim_d", "filing": "out_appy_evt_c",
}  # fmt: skip
POINTS_AT = {
    "patient": "patients", "kin": "patients", "practitioner": "practitioners", "place": "places",
    "parent": "places", "presc_place": "places", "token": "tokens", "operator": "tokens",
    "agent": "tokens", "agent_phone": "tokens", "account": "tokens", "reim": "mnl_reim_d",
    "filing": "out_appy_evt_c",
}  # fmt: skip
ROW_IDS = (
    "id", "setl_id", "mdtrt_id", "init_setl_id", "feedetl_sn", "doc_no", "reim_id", "tip_id", "code",
    "rxno", "invono",
)  # fmt: skip


def enlarge(source: Path, target: Path, copies: int) -> Path:
    """A workspace at `target` whose tables hold those of `source` `copies` times; `target` must not exist."""
    snapshot = current_snapshot(source)
    folder = target / "tables" / snapshot.id
    folder.mkdir(parents=True)
    for name in ("keys.json", "CURRENT"):
        shutil.copy(source / name, target / name)
    manifest = json.loads(json.dumps(snapshot.manifest))
    sizes = {name: rows for name, rows in snapshot.counts().items() if rows}
    for table in snapshot.tables:
        (folder / table).mkdir()
        held = manifest["tables"][table]
        held["rows"] *= copies
        held["files"] = _copied(snapshot, table, folder, sizes, copies)
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return target


def _copied(
    snapshot: Snapshot, table: str, folder: Path, sizes: dict[str, int], copies: int
) -> list[str]:
    files = snapshot.files(table)
    made = []
    with connect(memory="2GB") as connection:
        for copy in range(copies if files else 0):
            name = f"{table}/part-{copy:05d}.parquet"
            columns = ", ".join(
                f"{_shifted(column, table, copy, sizes)} AS {column}"
                for column in TABLES[table].columns
            )
            connection.execute(
                f"COPY (SELECT {columns} FROM {parquet(files)}) TO {quoted(folder / name)} {WRITTEN}"
            )
            made.append(name)
    return made


def _shifted(column: str, table: str, copy: int, sizes: dict[str, int]) -> str:
    kind = TABLES[table].columns[column]
    if kind == KEY and column in POINTS_AT:
        return f"CAST({column} + {copy * sizes.get(POINTS_AT[column], 0)} AS INTEGER)"
    if kind == KEY and column in ("owner", "target"):
        cases = " ".join(
            f"WHEN '{owner}' THEN {copy * sizes.get(of, 0)}" for owner, of in OWNERS.items()
        )
        return f"CAST({column} + CASE {column}_kind {cases} ELSE 0 END AS INTEGER)"
    if kind == TEXT and column in ROW_IDS and copy:
        return f"{column} || '~{copy}'"
    if column == "trace_codes" and copy:
        return f"list_transform({column}, lambda code: code || '~{copy}')"
    return column
