"""A snapshot onto a Neo4j server: in batches, resumed where it stopped, checked at the end.

Where the server holds another snapshot of the workspace, only what changed is sent.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol
from uuid import uuid4

from graph import duck
from graph.errors import (
    LoadedElsewhere,
    NotLoaded,
    NotOurGraph,
    NotTheSame,
    UnreadableSnapshot,
)
from graph.model import SCAN_KINDS
from graph.snapshot import Snapshot
from graph.store import neo4j_hand
from graph.store.by_hand import ByHand
from graph.store.difference import Change, Difference
from graph.store.ground import Ground
from graph.store.neo4j_ import Connection, Server, Transaction
from graph.store.neo4j_batches import Batch, Everything, Sending, put_down
from graph.store.neo4j_delta import Delta
from graph.store.neo4j_heaviest import lay_heaviest
from graph.store.neo4j_parity import check_counts, check_sample
from graph.store.neo4j_schema import (
    AFTER_NODES,
    BEFORE_LOAD,
    LAYOUT,
    MARKER,
    Marker,
    deletion,
    lay,
    read_marker,
)
from graph.store.neo4j_turns import LANES, PATIENCE, Turns, in_turn

SHARE = 0.9
"""Where more of all nodes and edges than this changed, all is sent anew. Up to it changes were measured to
cost less (benchmarks/results/2026-11-22-neo4j.md)."""

WIPE, CLEAR, WHOLE = "wipe", "clear", "whole"
"""Steps of a marker: all goes; what scans and people wrote goes, before changes are sent; all is there."""


class Progress(Protocol):
    """Called as a load goes on: what is sent, how many of it are there, how many there will be.

    What is sent is `nodes` or a kind of edge; where only changes are, `added nodes`, `changed VISITED`,
    `removed VISITED` ….
    """

    def __call__(self, step: str, done: int, total: int) -> None: ...


@dataclass(frozen=True)
class GraphLoad:
    """What a load did: nodes and edges on the server, and how many of them it sent itself.

    `before` is the snapshot whose graph it changed into this one; None where all was sent anew, which
    counts as added. `sent` is the sum of `added`, `changed` and `removed`.
    """

    snapshot: str
    version: str
    nodes: int
    edges: int
    sent: int
    before: str | None = None
    added: int = 0
    changed: int = 0
    removed: int = 0


def load_graph(
    snapshot: Snapshot, server: Server, *, progress: Progress | None = None, memory: str = "1GB"
) -> GraphLoad:
    """Make the server hold `snapshot`: what the tables say is replaced, what people wrote stays.

    Where it holds another snapshot whose tables the workspace still has, only what changed is sent,
    if that is at most `SHARE` of all. A load that was interrupted goes on after its last batch; one
    that is complete sends nothing and is checked. The rings of a scan are gone after another snapshot:
    show them by `Writer.rings`. From the first row to the end of the check the server shows no graph.
    Raises a `ServerFault`: `NotOurGraph` where the database holds something else, `LoadedElsewhere`
    where two load at once, `NotTheSame` where the check at the end fails, or the server's own fault.
    """
    connection = Connection(server)
    try:
        version = connection.check()
        ground = Ground(snapshot, None, ByHand(), memory=memory)
        lay_heaviest(ground.connection, ground.kinds)
        load = _Load(connection, ground, progress, memory)
        load.run()
        counts = ground.counts()
        nodes, edges = sum(counts.nodes.values()), sum(counts.edges.values())
        done = {str(change): load.sent[change] for change in Change}
        sent = load.sent.total()
        return GraphLoad(snapshot.id, version, nodes, edges, sent, load.before, **done)
    finally:
        connection.close()


class _There(Exception):
    """A batch was put down by an earlier try whose answer was lost: this try must leave nothing."""


class _Load:
    """One load of one snapshot; `mine` tells it from another that runs at the same time.

    `sent` counts rows by what became of them; `before` is the snapshot it went on from, if it did.
    """

    def __init__(
        self, connection: Connection, ground: Ground, progress: Progress | None, memory: str
    ) -> None:
        self._connection = connection
        self._ground = ground
        self._progress = progress
        self._memory = memory
        self._mine = uuid4().hex
        self.sent: Counter[Change] = Counter()
        self.before: str | None = None

    @property
    def _address(self) -> str:
        return self._connection.server.address

    def run(self) -> None:
        """Load, check, open for reading."""
        before = self._connection.read(read_marker)
        if before is None:
            self._require_empty()
        lay(self._connection, BEFORE_LOAD)
        if before is not None and before.whole and before.snapshot == self._ground.snapshot.id:
            self._check()
            return
        delta = self._delta(before)
        marker = self._begin(before, delta)
        try:
            self._fill(marker, delta)
        except NotTheSame:  # what is wrong there cannot be gone on with
            marker = self._step_on(WIPE)
            if delta is None:
                raise
            self._fill_anew(marker)
        self._connection.write(self._open)

    def _fill_anew(self, marker: Marker) -> None:
        """After changes that did not lead to what was wanted: somebody else wrote there."""
        self.sent.clear()
        try:
            self._fill(marker, None)
        except NotTheSame:
            self._step_on(WIPE)
            raise

    def _fill(self, marker: Marker, delta: Delta | None) -> None:
        """Send what there is to send from where `marker` stands, and check all of it."""
        self.before = delta.before if delta else None
        sending: Sending = delta or Everything(self._ground)
        first = next(iter(sending.totals), CLEAR)
        if marker.step == WIPE:
            _wipe(self._connection)
            marker = self._step_on(first)
        elif marker.step == CLEAR:
            _clear(self._connection)
            marker = self._step_on(first)
        self._send(marker, sending)
        lay(self._connection, AFTER_NODES)
        self._check()

    def _require_empty(self) -> None:
        nodes = self._connection.read(lambda tx: tx.one("MATCH (n) RETURN count(n)"))
        if nodes:
            raise NotOurGraph(self._address, nodes)

    def _delta(self, found: Marker | None) -> Delta | None:
        """The changes from what the server holds; None where all has to be sent, or is on its way."""
        if found is None or found.layout != LAYOUT:
            return None
        goes_on = not found.whole and found.snapshot == self._ground.snapshot.id
        before = found.snapshot if found.whole else found.before if goes_on else None
        if before is None:
            return None
        try:
            tables = Snapshot(self._ground.snapshot.path.with_name(before))
            delta = Delta(Difference(self._ground, tables, memory=self._memory))
        except (UnreadableSnapshot, duck.Failed):
            return None
        return delta if goes_on or delta.share <= SHARE else None

    def _begin(self, before: Marker | None, delta: Delta | None) -> Marker:
        """Take the server over; go on where a load of the same snapshot stopped."""
        snapshot, mine = self._ground.snapshot.id, self._mine
        goes_on = (
            before is not None
            and (before.whole, before.snapshot, before.layout) == (False, snapshot, LAYOUT)
            and before.step != WHOLE
            and before.before == (delta.before if delta else None)
        )
        fresh = (
            ""
            if goes_on
            else ", g.step = $step, g.position = [], g.before = $before, g.scan = null,"
            " g.hidden = [], g.staging = null"
        )

        def begin(tx: Transaction) -> Marker:
            tx.rows(
                "MERGE (g:HuanchaGraph {id: 'graph'})"
                " ON CREATE SET g.generation = 0, g.revision = 0, g.batches = 0"
                " SET g.snapshot = $snapshot, g.whole = false, g.layout = $layout,"
                f" g.loader = $mine, g.generation = g.generation + 1{fresh}",
                snapshot=snapshot,
                layout=LAYOUT,
                mine=mine,
                step=CLEAR if delta else WIPE,
                before=delta.before if delta else None,
            )
            marker = read_marker(tx)
            assert marker is not None
            return marker

        return self._connection.write(begin)

    def _step_on(self, step: str) -> Marker:
        """On to `step`; before it all is wiped there are no changes to go on with any more."""

        def step_on(tx: Transaction) -> Marker:
            marker = self._take(tx)
            before = None if step == WIPE else marker.before
            query = f"{MARKER} SET g.step = $step, g.position = [], g.before = $before"
            tx.rows(query, step=step, before=before)
            return replace(marker, whole=False, step=step, position=(), before=before)

        return self._connection.write(step_on)

    def _take(self, tx: Transaction) -> Marker:
        """The marker, locked until the transaction ends; it must still be this load's."""
        tx.rows(f"{MARKER} SET g.locked = $mine", mine=self._mine)
        marker = read_marker(tx)
        if marker is None or marker.loader != self._mine:
            raise LoadedElsewhere(self._address)
        return marker

    def _send(self, marker: Marker, sending: Sending) -> None:
        """Step by step: edges need the nodes they join.

        Changes touch nodes in any order, so that two connections would wait for each other's locks.
        """
        number = marker.batches
        order = list(sending.totals)
        for step in order[order.index(marker.step) :] if marker.step in order else []:
            after = marker.position if step == marker.step else ()
            done = sending.done(step, after)

            def told(batch: Batch) -> None:
                nonlocal done, number
                done, number = done + len(batch), number + 1
                self.sent[batch.change] += len(batch)
                if self._progress:
                    self._progress(batch.step, done, sending.totals[batch.step])

            lanes = 1 if marker.before else LANES
            in_turn(sending.batches(step, after), number + 1, self._put, told, lanes=lanes)

    def _put(self, batch: Batch, number: int, turns: Turns) -> None:
        """One batch and the word that it is there, together; a repeat finds it there."""

        def put(tx: Transaction) -> None:
            marker = read_marker(tx)
            if marker is not None and marker.batches >= number:
                return
            made = put_down(tx, batch)
            if made != len(batch):
                what = f"{batch.step} (batch {number})"
                raise NotTheSame(self._address, what, str(len(batch)), str(made))
            turns.wait(number, PATIENCE)
            if self._take(tx).batches >= number:
                raise _There
            tx.rows(
                f"{MARKER} SET g.step = $step, g.position = $position, g.batches = $number",
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
            f"{MARKER} SET g.whole = true, g.generation = g.generation + 1, g.step = $step,"
            " g.before = null",
            step=WHOLE,
        )


def _wipe(connection: Connection) -> None:
    """Take all nodes and edges away, in pieces; the ledger and the marker stay."""
    _delete(connection, "()-[x]->()", "(x:Entity)", "(x:RingAside)")


def _clear(connection: Connection) -> None:
    """Take away what does not follow from tables: scans', and what only people know of, not the ledger."""
    scans = (f"()-[x:{kind}]->()" for kind in SCAN_KINDS)
    _delete(connection, *scans, "(x:Ring)", "(x:RingAside)")
    connection.write(neo4j_hand.withdraw)


def _delete(connection: Connection, *patterns: str) -> None:
    """Delete all that match, in pieces."""
    for pattern in patterns:
        while connection.write(partial(Transaction.one, query=deletion(pattern))):
            pass


def loaded_snapshot(connection: Connection) -> str:
    """The id of the snapshot the server holds whole; raises `NotLoaded`."""
    marker = connection.read(read_marker)
    if marker is None or not marker.whole:
        raise NotLoaded(connection.server.address, marker.snapshot if marker else None)
    return marker.snapshot
