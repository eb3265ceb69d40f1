"""The store on a Neo4j server: what several people read and write at once, Cypher and Bloom included."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock

from graph.model import Edge, EdgeKind, Node
from graph.results import Scan
from graph.snapshot import Snapshot
from graph.store import neo4j_hand
from graph.store.base import Store, Writer
from graph.store.by_hand import ByHand
from graph.store.ground import Footing, Ground
from graph.store.neo4j_ import Connection, Server, Transaction
from graph.store.neo4j_rows import create, edge_batches, node_batches
from graph.store.neo4j_schema import Marker, whole_marker
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

    def rings(self, scan: Scan) -> None:
        self._swap(lambda marker: marker.scan != scan.id, scan.id)

    def remove_rings(self, scan: str) -> None:
        self._swap(lambda marker: marker.scan == scan, None)

    def _swap(self, wanted: Callable[[Marker], bool], scan: str | None) -> None:
        """Replace the rings shown by those of `scan`, in one transaction."""

        def swap(tx: Transaction) -> None:
            marker = self._lock(tx)
            if not wanted(marker):
                return
            neo4j_hand.withdraw(tx)
            for kind in ("CO_VISITED", "MEMBER_OF"):
                tx.rows(f"MATCH ()-[r:{kind}]->() DELETE r")
            tx.rows("MATCH (n:Ring) DETACH DELETE n")
            if scan is not None:
                self._show(tx, self._store.ground(marker.snapshot, scan))
            neo4j_hand.mirror(tx)
            tx.rows(
                "MATCH (g:HuanchaGraph {id: 'graph'})"
                " SET g.scan = $scan, g.generation = g.generation + 1",
                scan=scan,
            )

        self._store.connection.write(swap)

    def _show(self, tx: Transaction, ground: Ground) -> None:
        for batch in node_batches(ground, rings=True):
            create(tx, batch)
        for kind in ground.folders[-1].edges:
            for batch in edge_batches(ground, EdgeKind(kind)):
                create(tx, batch)

    def _put(
        self, nodes: Sequence[Node], edges: Sequence[Edge], states: Mapping[str, str | None]
    ) -> None:
        if not (nodes or edges or states):
            return

        def put(tx: Transaction) -> None:
            self._lock(tx)
            neo4j_hand.put(tx, nodes, edges, states)

        self._store.connection.write(put)

    def _lock(self, tx: Transaction) -> Marker:
        """The marker of a whole graph, nobody else's until the transaction ends."""
        tx.rows("MATCH (g:HuanchaGraph {id: 'graph'}) SET g.locked = ''")
        return whole_marker(tx, self._store.server.address)
