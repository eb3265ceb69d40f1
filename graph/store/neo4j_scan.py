"""The rings and pairs of a scan on a Neo4j server, in batches that no reader sees half of.

All a scan writes carries its id as `scan`. It is first put aside: ring nodes as `RingAside`, MEMBER_OF to
them and CO_VISITED beside those shown. One transaction then swaps the labels and the marker, and what the
scan before wrote is taken away. The marker's `hidden` names the scans of which something lies there unseen,
so whoever comes after a power cut goes on, or clears up first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from graph.errors import LoadedElsewhere, NotTheSame
from graph.model import SCAN_KINDS, EdgeKind
from graph.store import neo4j_hand
from graph.store.ground import Ground
from graph.store.neo4j_ import Connection, Transaction
from graph.store.neo4j_load import Progress
from graph.store.neo4j_rows import RINGS, Batch, Position, edge_batches, node_row, ring_batches
from graph.store.neo4j_schema import FOR_SCANS, MARKER, Marker, deletion, lay, whole_marker


@dataclass(frozen=True)
class _Stage:
    """How far the scan that is being put aside has come; `mover` is who does it."""

    scan: str | None
    step: str
    position: Position
    batches: int
    mover: str


def show_scan(
    connection: Connection,
    scan: str,
    ground_of: Callable[[str], Ground],
    progress: Progress | None = None,
) -> None:
    """Show `scan` in place of what is shown; `ground_of` gives its tables over a snapshot.

    Nothing is sent if it is shown already; one that was interrupted goes on after its last batch.
    Raises a `ServerFault`: `LoadedElsewhere` where another takes over, `NotTheSame` where a row does
    not arrive, `NotLoaded`, or the server's own.
    """
    lay(connection, FOR_SCANS)
    _Move(connection, progress).show(scan, ground_of)


def remove_scan(connection: Connection, scan: str) -> bool:
    """Take away all that `scan` wrote and nothing else; whether there was anything of it."""
    return _Move(connection, None).remove(scan)


class _Move:
    """One change of what is shown; `mine` tells it from another that runs at the same time."""

    def __init__(self, connection: Connection, progress: Progress | None) -> None:
        self._connection = connection
        self._progress = progress
        self._mine = uuid4().hex

    @property
    def _address(self) -> str:
        return self._connection.server.address

    def show(self, scan: str, ground_of: Callable[[str], Ground]) -> None:
        marker, stage = self._connection.write(self._begin)
        if stage.scan != scan:
            self._clear(marker.hidden)
        if marker.scan == scan:
            return
        if stage.scan != scan:
            stage = self._connection.write(partial(self._open_stage, scan=scan))
        ground = ground_of(marker.snapshot)
        done: dict[str, int] = {}
        for number, batch in enumerate(_batches(ground, stage), start=stage.batches + 1):
            self._connection.write(partial(self._put, scan=scan, batch=batch, number=number))
            done[batch.step] = done.get(batch.step, 0) + len(batch)
            if self._progress:
                self._progress(batch.step, done[batch.step], _total(ground, batch.step))
        self._swap(scan)

    def remove(self, scan: str) -> bool:
        marker, _ = self._connection.write(self._begin)
        self._clear(marker.hidden)
        if marker.scan == scan:
            self._swap(None)
        return scan in (marker.scan, *marker.hidden)

    def _begin(self, tx: Transaction) -> tuple[Marker, _Stage]:
        """Take the change over from whoever was at it."""
        tx.rows(f"{MARKER} SET g.mover = $mine", mine=self._mine)
        return whole_marker(tx, self._address), _stage(tx)

    def _take(self, tx: Transaction) -> tuple[Marker, _Stage]:
        """The marker and the stage, locked until the transaction ends; they must still be ours."""
        tx.rows(f"{MARKER} SET g.locked = $mine", mine=self._mine)
        marker, stage = whole_marker(tx, self._address), _stage(tx)
        if stage.mover != self._mine:
            raise LoadedElsewhere(self._address)
        return marker, stage

    def _open_stage(self, tx: Transaction, scan: str) -> _Stage:
        """From now on readers leave out what carries the id of `scan`."""
        self._take(tx)
        tx.rows(
            f"{MARKER} SET g.staging = $scan, g.hidden = [$scan], g.stage_step = $step,"
            " g.stage_position = [], g.stage_batches = 0, g.revision = g.revision + 1",
            scan=scan,
            step=RINGS,
        )
        return _stage(tx)

    def _put(self, tx: Transaction, scan: str, batch: Batch, number: int) -> None:
        """One batch and the word that it is there, together; a repeat finds it there."""
        _, stage = self._take(tx)
        if stage.batches >= number:
            return
        made = _create(tx, batch, scan)
        if made != len(batch):
            what = f"{batch.step} of scan {scan}"
            raise NotTheSame(self._address, what, str(len(batch)), str(made))
        tx.rows(
            f"{MARKER} SET g.stage_step = $step, g.stage_position = $position,"
            " g.stage_batches = $number",
            step=str(batch.step),
            position=list(batch.position),
            number=number,
        )

    def _swap(self, scan: str | None) -> None:
        """Show what was put aside, then clear away what was shown."""

        def swap(tx: Transaction) -> tuple[str, ...]:
            marker, _ = self._take(tx)
            if marker.scan == scan:
                return marker.hidden
            neo4j_hand.withdraw(tx)
            tx.rows(
                "MATCH (n:Ring) REMOVE n:Entity:Ring SET n:RingAside, n.key = n.scan + ' ' + n.id"
            )
            tx.rows(
                "MATCH (n:RingAside {scan: $scan}) REMOVE n:RingAside, n.key SET n:Entity:Ring",
                scan=scan,
            )
            hidden = [marker.scan] if marker.scan else []
            tx.rows(
                f"{MARKER} SET g.scan = $scan, g.staging = null, g.hidden = $hidden,"
                " g.generation = g.generation + 1, g.revision = g.revision + 1",
                scan=scan,
                hidden=hidden,
            )
            neo4j_hand.mirror(tx)
            return tuple(hidden)

        self._clear(self._connection.write(swap))

    def _clear(self, scans: tuple[str, ...]) -> None:
        """Take away all that `scans`, which are not shown, wrote."""
        if not scans:
            return
        for what in (*(f"()-[x:{kind}]->()" for kind in SCAN_KINDS), "(x:RingAside)"):
            query = deletion(what, "WHERE x.scan IN $scans")
            while self._connection.write(partial(self._delete, query=query, scans=scans)):
                pass

        def cleared(tx: Transaction) -> None:
            self._take(tx)
            tx.rows(f"{MARKER} SET g.hidden = [], g.staging = null, g.revision = g.revision + 1")

        self._connection.write(cleared)

    def _delete(self, tx: Transaction, query: str, scans: tuple[str, ...]) -> int:
        self._take(tx)
        return int(tx.one(query, scans=list(scans)) or 0)


def _stage(tx: Transaction) -> _Stage:
    [[scan, step, position, batches, mover]] = tx.rows(
        f"{MARKER} RETURN g.staging, g.stage_step, g.stage_position, g.stage_batches, g.mover"
    )
    return _Stage(scan, step or RINGS, tuple(position or ()), batches or 0, mover or "")


def _batches(ground: Ground, stage: _Stage) -> Iterator[Batch]:
    """Rings, then pairs and members, from after what is put aside already."""
    steps = [RINGS, *(kind for kind in SCAN_KINDS if kind in ground.folders[-1].edges)]
    for step in steps[steps.index(stage.step) :]:
        after = stage.position if step == stage.step else ()
        if step == RINGS:
            yield from ring_batches(ground, after)
        else:
            yield from edge_batches(ground, EdgeKind(step), after)


def _total(ground: Ground, step: str) -> int:
    folder = ground.folders[-1]
    return sum(folder.nodes.values()) if step == RINGS else folder.edges[EdgeKind(step)]


def _create(tx: Transaction, batch: Batch, scan: str) -> int:
    """Put a batch aside; how many nodes or edges were made."""
    if batch.step == RINGS:
        rows = [
            {**node_row(node), "scan": scan, "key": f"{scan} {node.id}"} for node in batch.nodes
        ]
        query = "UNWIND $rows AS row CREATE (n:RingAside) SET n = row RETURN count(n)"
        return int(tx.one(query, rows=rows) or 0)
    ring = "(b:RingAside {key: $scan + ' ' + row[1]})"
    target = ring if batch.step == EdgeKind.MEMBER_OF else "(b:Entity {id: row[1]})"
    query = f"""
        UNWIND $rows AS row MATCH (a:Entity {{id: row[0]}}) MATCH {target}
        CREATE (a)-[r:{EdgeKind(batch.step)}]->(b) SET r = row[2], r.scan = $scan RETURN count(r)
    """
    return int(tx.one(query, rows=list(batch.edges), scan=scan) or 0)
