"""A snapshot onto a Neo4j server: in batches, resumed where it stopped, checked at the end."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from uuid import uuid4

from graph.errors import LoadedElsewhere, NotLoaded, NotOurGraph, NotTheSame
from graph.snapshot import Snapshot
from graph.store import neo4j_hand
from graph.store.by_hand import ByHand
from graph.store.ground import Ground
from graph.store.neo4j_ import Connection, Server, Transaction
from graph.store.neo4j_batches import Batch, create, steps, table_batches
from graph.store.neo4j_parity import check_counts, check_sample
from graph.store.neo4j_rows import NODES, Position
from graph.store.neo4j_schema import (
    AFTER_NODES,
    BEFORE_LOAD,
    IMPORTED,
    LAYOUT,
    Marker,
    lay,
    read_marker,
)
from graph.store.neo4j_turns import PATIENCE, Turns, in_turn

WIPED_AT_ONCE = 20_000


class Progress(Protocol):
    """Called as a load goes on: `nodes` or a kind of edge, how many are there, how many there will be."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


@dataclass(frozen=True)
class GraphLoad:
    """What a load did: nodes and edges on the server, and how many of them it sent itself."""

    snapshot: str
    version: str
    nodes: int
    edges: int
    sent: int


def load_graph(
    snapshot: Snapshot, server: Server, *, progress: Progress | None = None, memory: str = "1GB"
) -> GraphLoad:
    """Make the server hold `snapshot`: what the tables say is replaced, what people wrote stays.

    A load that was interrupted goes on after its last batch; one that is complete sends nothing and
    is checked. The rings of a scan are gone after another snapshot: show them by `Writer.rings`.
    While a load runs the server shows no graph. Raises a `ServerFault`: `NotOurGraph` where the
    database holds something else, `LoadedElsewhere` where two load at once, `NotTheSame` where the
    check at the end fails, or the server's own fault.
    """
    connection = Connection(server)
    try:
        version = connection.check()
        ground = Ground(snapshot, None, ByHand(), memory=memory)
        sent = _Load(connection, ground, progress).run()
        counts = ground.counts()
        nodes, edges = sum(counts.nodes.values()), sum(counts.edges.values())
        return GraphLoad(snapshot.id, version, nodes, edges, sent)
    finally:
        connection.close()


class _There(Exception):
    """A batch was put down by an earlier try whose answer was lost: this try must leave nothing."""


class _Load:
    """One load of one snapshot; `mine` tells it from another that runs at the same time."""

    def __init__(self, connection: Connection, ground: Ground, progress: Progress | None) -> None:
        self._connection = connection
        self._ground = ground
        self._progress = progress
        self._mine = uuid4().hex
        self._sent = 0

    @property
    def _address(self) -> str:
        return self._connection.server.address

    def run(self) -> int:
        """Load, check, open for reading; how many nodes and edges were sent."""
        before = self._connection.read(read_marker)
        if before is None:
            self._require_empty()
        lay(self._connection, BEFORE_LOAD)
        if before is not None and before.whole and before.snapshot == self._ground.snapshot.id:
            self._check()
            return 0
        marker = self._begin(before)
        if marker.step == "wipe":
            wipe(self._connection)
            marker = self._step_on(NODES)
        self._send(marker)
        lay(self._connection, AFTER_NODES)
        try:
            self._check()
        except NotTheSame:
            self._step_on("wipe")  # what is wrong there cannot be gone on with
            raise
        self._connection.write(self._open)
        return self._sent

    def _require_empty(self) -> None:
        nodes = self._connection.read(lambda tx: tx.one("MATCH (n) RETURN count(n)"))
        if nodes:
            raise NotOurGraph(self._address, nodes)

    def _begin(self, before: Marker | None) -> Marker:
        """Take the server over; go on where a load of the same snapshot stopped."""
        snapshot = self._ground.snapshot.id
        goes_on = before is not None and not before.whole and before.snapshot == snapshot
        if before is not None and before.step == "whole":
            goes_on = False
        fresh = (
            ""
            if goes_on
            else ", g.step = 'wipe', g.position = [], g.scan = null, g.hidden = [], g.staging = null"
        )

        def begin(tx: Transaction) -> Marker:
            tx.rows(
                "MERGE (g:HuanchaGraph {id: 'graph'})"
                " ON CREATE SET g.generation = 0, g.revision = 0, g.batches = 0,"
                " g.step = 'wipe', g.position = []"
                " SET g.snapshot = $snapshot, g.whole = false, g.layout = $layout,"
                f" g.loader = $mine, g.generation = g.generation + 1{fresh}",
                snapshot=snapshot,
                layout=LAYOUT,
                mine=self._mine,
            )
            marker = read_marker(tx)
            assert marker is not None
            return marker

        return self._connection.write(begin)

    def _step_on(self, step: str) -> Marker:
        def step_on(tx: Transaction) -> Marker:
            marker = self._take(tx)
            query = "MATCH (g:HuanchaGraph {id: 'graph'}) SET g.step = $step, g.position = []"
            tx.rows(query, step=step)
            return Marker(marker.snapshot, False, step, (), marker.batches, *_rest(marker))

        return self._connection.write(step_on)

    def _take(self, tx: Transaction) -> Marker:
        """The marker, locked until the transaction ends; it must still be this load's."""
        tx.rows("MATCH (g:HuanchaGraph {id: 'graph'}) SET g.locked = $mine", mine=self._mine)
        marker = read_marker(tx)
        if marker is None or marker.loader != self._mine:
            raise LoadedElsewhere(self._address)
        return marker

    def _send(self, marker: Marker) -> None:
        """Step by step: edges need the nodes they join."""
        totals = {NODES: sum(self._ground.folders[0].nodes.values())}
        totals |= {str(kind): rows for kind, rows in self._ground.folders[0].edges.items()}
        number = marker.batches
        order = steps(self._ground)
        rest = order[order.index(marker.step) :] if marker.step != IMPORTED else []
        for step in rest:
            goes_on = step == marker.step
            done = self._before(marker) if goes_on else 0

            def told(batch: Batch) -> None:
                nonlocal done, number
                done, number = done + len(batch), number + 1
                self._sent += len(batch)
                if self._progress:
                    self._progress(batch.step, done, totals[batch.step])

            batches = table_batches(self._ground, step, marker.position if goes_on else ())
            in_turn(batches, number + 1, self._put, told)

    def _before(self, marker: Marker) -> int:
        """How many rows of the marker's step were there before this load."""
        if not marker.position:
            return 0
        footing = self._ground.footing()
        if marker.step == NODES:
            sql, values = "SELECT count(*) FROM by_number WHERE number <= ?", marker.position
        else:
            src, dst = marker.position
            sql = (
                f'SELECT count(*) FROM "{marker.step}_out" WHERE src < ? OR (src = ? AND dst <= ?)'
            )
            values = (src, src, dst)
        return int(footing.rows(sql, *values)[0][0])

    def _put(self, batch: Batch, number: int, turns: Turns) -> None:
        """One batch and the word that it is there, together; a repeat finds it there."""

        def put(tx: Transaction) -> None:
            marker = read_marker(tx)
            if marker is not None and marker.batches >= number:
                return
            made = create(tx, batch)
            if made != len(batch):
                what = f"{batch.step} (batch {number})"
                raise NotTheSame(self._address, what, str(len(batch)), str(made))
            turns.wait(number, PATIENCE)
            if self._take(tx).batches >= number:
                raise _There
            tx.rows(
                "MATCH (g:HuanchaGraph {id: 'graph'})"
                " SET g.step = $step, g.position = $position, g.batches = $number",
                step=str(batch.step),
                position=list(batch.position),
                number=number,
            )

        with suppress(_There):
            self._connection.write(put)

    def _check(self) -> None:
        check_counts(self._connection, self._ground)
        check_sample(self._connection, self._ground)

    def _open(self, tx: Transaction) -> None:
        """Put back what people wrote and let readers in."""
        self._take(tx)
        neo4j_hand.withdraw(tx)
        neo4j_hand.mirror(tx)
        tx.rows(
            "MATCH (g:HuanchaGraph {id: 'graph'})"
            " SET g.whole = true, g.generation = g.generation + 1, g.step = 'whole'"
        )


def _rest(marker: Marker) -> tuple[int, int, str | None, str]:
    return marker.generation, marker.revision, marker.scan, marker.loader


def wipe(connection: Connection) -> None:
    """Take all nodes and edges away, in pieces; the ledger and the marker stay."""
    edges = f"MATCH ()-[r]->() WITH r LIMIT {WIPED_AT_ONCE} DELETE r RETURN count(*)"
    nodes = f"MATCH (n:Entity) WITH n LIMIT {WIPED_AT_ONCE} DETACH DELETE n RETURN count(*)"
    aside = nodes.replace("Entity", "RingAside")
    for query in (edges, nodes, aside):
        while connection.write(partial(Transaction.one, query=query)):
            pass


def loaded_snapshot(connection: Connection) -> str:
    """The id of the snapshot the server holds whole; raises `NotLoaded`."""
    marker = connection.read(read_marker)
    if marker is None or not marker.whole:
        raise NotLoaded(connection.server.address, marker.snapshot if marker else None)
    return marker.snapshot


__all__ = ["GraphLoad", "Position", "Progress", "load_graph", "loaded_snapshot", "wipe"]
