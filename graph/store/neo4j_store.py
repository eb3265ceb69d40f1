"""The store on a Neo4j server: what several people read and write at once, Cypher and Bloom included."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from graph.model import Edge, Node
from graph.results import Scan
from graph.snapshot import Snapshot
from graph.store import neo4j_hand
from graph.store.base import Store, Writer
from graph.store.by_hand import ByHand
from graph.store.decisions import Decisions
from graph.store.ground import Footing, Ground
from graph.store.neo4j_ import Connection, Server, Transaction
from graph.store.neo4j_load import Progress
from graph.store.neo4j_scan import remove_scan, show_scan
from graph.store.neo4j_schema import MARKER, whole_marker
from graph.store.neo4j_view import Neo4jView, Standing, standing


class Neo4jStore(Store):
    """The graph that `load_graph` put on `server`; `workspace` holds the rows behind its edges.

    The scan shown is the one last given to `Writer.rings`. Every fault is a `ServerFault`; `NotLoaded`
    where the server holds no whole graph.
    """

    def __init__(self, workspace: Path, server: Server, *, memory: str = "1GB") -> None:
        self.workspace = workspace
        self.server = server
        self.connection = Connection(server)
        self._memory = memory
        self._lock = Lock()
        self._state: Standing | None = None
        self._ground: tuple[tuple[str, str | None], Ground] | None = None

    def view(self) -> Neo4jView:
        """A look at what is there now; cheap while nothing changes."""
        state = self._standing()
        shown = state.marker.snapshot, state.marker.scan
        return Neo4jView(self.connection, state, lambda: self._footing(*shown))

    def writer(self) -> "Neo4jWriter":
        """A writer to this server."""
        return Neo4jWriter(self)

    def close(self) -> None:
        """Let the server go."""
        self.connection.close()

    def ground(self, snapshot: str, scan: str | None) -> Ground:
        """The tables of the workspace behind a snapshot and a scan, nothing by hand."""
        with self._lock:
            if self._ground is None or self._ground[0] != (snapshot, scan):
                tables = Snapshot(self.workspace / "tables" / snapshot)
                found = Scan(self.workspace / "scans" / scan) if scan else None
                ground = Ground(tables, found, ByHand(), memory=self._memory)
                self._ground = ((snapshot, scan), ground)
            return self._ground[1]

    def _footing(self, snapshot: str, scan: str | None) -> Footing:
        return self.ground(snapshot, scan).footing()

    def _standing(self) -> Standing:
        marker = self.connection.read(lambda tx: whole_marker(tx, self.server.address))
        with self._lock:
            if self._state is None or self._state.marker != marker:
                self._state = self.connection.read(lambda tx: standing(tx, self.server.address))
            return self._state


class Neo4jWriter(Writer):
    """Writes to the server; what is derived stays as it is, but for the scan shown."""

    def __init__(self, store: Neo4jStore) -> None:
        super().__init__()
        self._store = store

    def rings(self, scan: Scan, progress: Progress | None = None) -> None:
        store = self._store
        show_scan(store.connection, scan.id, lambda live: store.ground(live, scan.id), progress)

    def remove_rings(self, scan: str) -> None:
        remove_scan(self._store.connection, scan)

    def _put(self, nodes: Sequence[Node], edges: Sequence[Edge], decisions: Decisions) -> None:
        def put(tx: Transaction) -> None:
            tx.rows(f"{MARKER} SET g.locked = ''")
            whole_marker(tx, self._store.server.address)
            neo4j_hand.put(tx, nodes, edges, decisions)

        self._store.connection.write(put)
