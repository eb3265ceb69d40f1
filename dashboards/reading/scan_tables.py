"""A snapshot and a scan open side by side for SQL."""

from graph.duck import Connection, quoted
from graph.results import Scan
from graph.snapshot import Snapshot

TABLES = ("rings", "members", "evidence")


def connect(snapshot: Snapshot, scan: Scan) -> Connection:
    """A DuckDB with the snapshot's tables and the scan's `TABLES` as views; the caller closes it."""
    con = snapshot.connect()
    for table in TABLES:
        con.execute(f"CREATE VIEW {table} AS FROM read_parquet({quoted(scan.file(table))})")
    return con
