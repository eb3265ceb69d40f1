"""Rejected rows: kept as read, encrypted, listed, exported, replayed.

The quarantine of a snapshot is one sealed file with every row ever rejected and its state, so that it
changes with the snapshot or not at all.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import pyarrow as pa

from loaders.errors import BadCorrection
from loaders.publish import live_snapshot
from loaders.vault import Keys, open_vault, read_sealed, write_sealed

TABLE = "quarantine"
_SCHEMA = pa.schema(
    {
        "reject": pa.int32(),
        "load": pa.string(),
        "src": pa.int16(),
        "file": pa.string(),
        "sheet": pa.string(),
        "line": pa.int32(),
        "table": pa.string(),
        "reason": pa.string(),
        "heading": pa.string(),
        "delimiter": pa.string(),
        "row": pa.string(),
        "replayed": pa.string(),
    }
)


@dataclass(frozen=True)
class Reject:
    """A row that was not taken in.

    `reject` numbers it within the workspace, `load` is the snapshot of the load that rejected it,
    `reason` a code with the column it is about (`missing:setl_id`, `unreadable:medfee_sumamt`, `fields`,
    `quote`, `undecodable`), `row` the row as read, `heading` its file's heading as a JSON list,
    `replayed` the snapshot that took it in later, or None while it is open.
    """

    reject: int
    load: str
    src: int
    file: str
    sheet: str | None
    line: int
    table: str
    reason: str
    heading: str
    delimiter: str
    row: str
    replayed: str | None = None

    @property
    def names(self) -> list[str]:
        """The heading of its file."""
        return [str(name) for name in json.loads(self.heading)]


def read_rejects(workspace: Path, snapshot: str, keys: Keys) -> list[Reject]:
    """All rejected rows a snapshot knows of, open and replayed, by number."""
    found: list[Reject] = []
    for file in sorted((workspace / "vault" / TABLE / snapshot).glob("*.parquet")):
        rows = read_sealed(file, TABLE, keys).to_pylist()
        found.extend(Reject(**row) for row in rows)
    return sorted(found, key=lambda reject: reject.reject)


def write_rejects(folder: Path, rejects: Sequence[Reject], keys: Keys) -> None:
    """Seal `rejects` into `folder`, the quarantine of a snapshot to be."""
    folder.mkdir(parents=True, exist_ok=True)
    if rejects:
        columns = {f.name: [getattr(r, f.name) for r in rejects] for f in fields(Reject)}
        write_sealed(folder, TABLE, pa.table(columns, schema=_SCHEMA), keys)


def list_rejects(
    workspace: Path,
    *,
    table: str | None = None,
    file: str | None = None,
    reason: str | None = None,
    replayed: bool = False,
) -> list[Reject]:
    """The open rejected rows of the live snapshot (`replayed`: the replayed ones too), in order.

    `table` and `file` must be equal, `reason` must be the beginning of the reason. Rows hold names
    and numbers in clear: callers decide who may see them. Empty before the first load.
    """
    live = live_snapshot(workspace)
    if live is None:
        return []
    keys = open_vault(workspace, live.id).keys
    return [
        reject
        for reject in read_rejects(workspace, live.id, keys)
        if (replayed or reject.replayed is None)
        and table in (None, reject.table)
        and file in (None, reject.file)
        and reject.reason.startswith(reason or "")
    ]


_EXPORTED = ("reject", "file", "sheet", "line", "table", "reason", "heading", "delimiter", "row")


def export_rejects(
    workspace: Path,
    target: Path,
    *,
    table: str | None = None,
    file: str | None = None,
    reason: str | None = None,
) -> int:
    """Write the open rejected rows as CSV (UTF-8 with byte order mark, for Excel); returns how many.

    The column `row` is the row as read; correct it there and hand the file to `replay_rejects`.
    """
    rejects = list_rejects(workspace, table=table, file=file, reason=reason)
    with target.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, _EXPORTED, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(asdict(reject) for reject in rejects)
    return len(rejects)


def corrected_rejects(rejects: Iterable[Reject], corrected: Path) -> list[Reject]:
    """The open `rejects` named in a corrected export, with their rows as corrected there.

    Raises `BadCorrection` when the file is no such export or names a row that is not open.
    """
    by_number = {reject.reject: reject for reject in rejects}
    try:
        with corrected.open(encoding="utf-8-sig", newline="") as text:
            lines = list(csv.DictReader(text))
    except (OSError, UnicodeDecodeError, csv.Error) as broken:
        raise BadCorrection(corrected, str(broken)) from broken
    found = []
    for line in lines:
        number, row = line.get("reject"), line.get("row")
        if number is None or row is None or not number.strip().isdigit():
            raise BadCorrection(corrected, "its columns reject and row are not there")
        if int(number) not in by_number:
            raise BadCorrection(corrected, f"row {number} is not open in the quarantine")
        found.append(replace(by_number[int(number)], row=row))
    return found
