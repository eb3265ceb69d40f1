"""The settlements of every ring, kept in a file of their own: one ring's are found there without reading all that was settled."""

import os
from contextlib import suppress
from pathlib import Path

from dashboards.reading import scan_tables
from graph.duck import Connection, Failed, quoted
from graph.results import Scan
from graph.snapshot import Snapshot

FOLDER = "visits"
KEPT = 2
"""Files that stay: the newest, and the one before it, which a page may be reading."""
VISIT_ROW = "setl_d:"
_FORMAT = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192)"

_SETTLED = (
    "v.setl_id, v.patient, v.place, v.practitioner, v.setl_time AS moment, v.net_fund AS fund,"
    " v.counts"
)
_BILLS = (
    f"WITH cited AS (SELECT DISTINCT ring, substr(bill, {len(VISIT_ROW) + 1}) AS setl_id FROM"
    " (SELECT ring, unnest(rows) AS bill FROM evidence)"
    f" WHERE starts_with(bill, {quoted(VISIT_ROW)})),"
    " belong AS (SELECT DISTINCT ring, key AS patient FROM members WHERE kind = 'patient')"
    f" SELECT c.ring, {_SETTLED}, true AS named FROM cited c JOIN setl_d v USING (setl_id)"
    f" UNION ALL SELECT b.ring, {_SETTLED}, false FROM belong b JOIN setl_d v USING (patient)"
    " ANTI JOIN cited c ON c.ring = b.ring AND c.setl_id = v.setl_id WHERE v.counts"
)


def lay_bills(con: Connection, snapshot: Snapshot, scan: Scan) -> None:
    """What the evidence of rings names and what counts of their patients, beside the views of `lay`.

    View `bills`: ring, setl_id, patient, place, practitioner (keys), moment, fund (fen), counts, named.
    """
    file = _file(snapshot, scan)
    what = f"FROM read_parquet({quoted(file)})" if file.exists() else _BILLS
    con.execute(f"CREATE VIEW bills AS {what}")


def keep_bills(snapshot: Snapshot, scan: Scan) -> None:
    """Write the file if it is not there; where that cannot be, the tables go on being asked.

    It takes one processor only, so that pages have the others.
    """
    file = _file(snapshot, scan)
    if file.exists() or not snapshot.has("setl_d"):
        return
    part = file.with_name(f".{file.name}.{os.getpid()}")
    with suppress(OSError, Failed):
        file.parent.mkdir(exist_ok=True)
        with scan_tables.connect(snapshot, scan) as con:
            con.execute("SET threads = 1")
            con.execute(f"COPY ({_BILLS} ORDER BY ring, setl_id) TO {quoted(part)} {_FORMAT}")
        part.replace(file)
        for old in sorted(file.parent.glob("*.parquet"), key=_age)[:-KEPT]:
            old.unlink()


def _file(snapshot: Snapshot, scan: Scan) -> Path:
    return snapshot.workspace / FOLDER / f"{scan.id}-{snapshot.id}.parquet"


def _age(file: Path) -> float:
    return file.stat().st_mtime
