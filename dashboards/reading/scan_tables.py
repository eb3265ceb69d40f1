"""A snapshot and a scan open side by side for SQL, as far as a person's regions reach."""

from dashboards.reading.regions import ANYWHERE, Regions, lay
from graph.duck import Connection
from graph.results import Scan
from graph.snapshot import Snapshot


def connect(snapshot: Snapshot, scan: Scan, limits: Regions = ANYWHERE) -> Connection:
    """A DuckDB with the snapshot's tables and the views of `lay`; the caller closes it."""
    con = snapshot.connect()
    lay(con, scan, limits)
    return con
