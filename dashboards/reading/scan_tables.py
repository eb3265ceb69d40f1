"""A snapshot and a scan open side by side for SQL, as far as a person's regions reach."""

from dashboards.reading.regions import ANYWHERE, Regions, within
from graph.duck import Connection, quoted
from graph.results import Scan
from graph.snapshot import Snapshot

OF_RING = ("members", "evidence")


def connect(snapshot: Snapshot, scan: Scan, limits: Regions = ANYWHERE) -> Connection:
    """A DuckDB with the snapshot's tables and the views of `lay`; the caller closes it."""
    con = snapshot.connect()
    lay(con, scan, limits)
    return con


def lay(con: Connection, scan: Scan, limits: Regions) -> None:
    """The scan's rings that touch `limits`, their members and evidence as views."""
    mine = f"len(list_filter(regions, lambda code: regexp_matches(code, {quoted(within(limits))}))) > 0"
    rings = f"read_parquet({quoted(scan.file('rings'))})"
    con.execute(f"CREATE VIEW rings AS FROM {rings} WHERE {mine if limits else 'true'}")
    whose = "SEMI JOIN rings USING (ring)" if limits else ""
    for table in OF_RING:
        file = f"read_parquet({quoted(scan.file(table))})"
        con.execute(f"CREATE VIEW {table} AS SELECT * FROM {file} {whose}")
