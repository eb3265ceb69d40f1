"""What a snapshot holds, as rows for a Neo4j server: nodes, then edges, in batches.

Batches come in the order of numbers and each says where it ends, so that a load can go on after it.
Rows are lists, not maps: names of properties stand in the query, once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

from graph.model import EdgeKind
from graph.store.difference import Change
from graph.store.ground import Footing, Ground
from graph.store.neo4j_ import Transaction
from graph.store.neo4j_rows import BATCH, NODES, Position
from graph.store.neo4j_tables import edge_types, given, node_tables, wired

Rows = list[list[Any]]


@dataclass(frozen=True)
class Batch:
    """Rows of one `step` up to and with `position`: `size` of them, all of one `change`.

    `parts` are queries, which return how many rows they put down, and the rows they take.
    """

    step: str
    position: Position
    size: int
    parts: tuple[tuple[str, Rows], ...]
    change: Change = Change.ADDED

    def __len__(self) -> int:
        return self.size


class Sending(Protocol):
    """What there is to send: steps in order, each with its number of rows."""

    totals: Mapping[str, int]

    def batches(self, step: str, after: Position = ()) -> Iterator[Batch]:
        """All batches of `step`, from after `after` on."""
        ...

    def done(self, step: str, position: Position) -> int:
        """How many rows of `step` lie up to and with `position`."""
        ...


class Everything:
    """A snapshot whole, for an empty server; steps are `NODES` and the kinds of edges."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        folder = ground.folders[0]
        edges = {str(kind): rows for kind, rows in folder.edges.items()}
        self.totals: Mapping[str, int] = {NODES: sum(folder.nodes.values()), **edges}

    def batches(self, step: str, after: Position = ()) -> Iterator[Batch]:
        """All batches of `step`, from after `after` on."""
        if step == NODES:
            return node_batches(self._ground, after)
        return edge_batches(self._ground, EdgeKind(step), after)

    def done(self, step: str, position: Position) -> int:
        """How many rows of `step` lie up to and with `position`."""
        table = "by_number" if step == NODES else f"{step}_out"
        return rows_until(self._ground.footing(), f'"{table}"', position)


def rows_until(footing: Footing, table: str, position: Position, which: str = "true") -> int:
    """How many nodes or edges of `table` for which `which` holds lie up to and with `position`."""
    if not position:
        return 0
    if len(position) == 1:
        until, values = "number <= ?", [position[0]]
    else:
        src, dst = position
        until, values = "src < ? OR (src = ? AND dst <= ?)", [src, src, dst]
    sql = f"SELECT count(*) FROM {table} WHERE ({which}) AND ({until})"
    return int(footing.rows(sql, *values)[0][0])


def node_batches(ground: Ground, after: Position = ()) -> Iterator[Batch]:
    """Every entity after the number `after`."""
    cursor = ground.footing().connection
    for family in node_tables(frozenset(ground.snapshot.tables)):
        types = family.types(cursor)
        sql = f"SELECT number, labels, {', '.join(wired(types))} FROM ({family.sql})"
        cursor.execute(f"{sql} WHERE number > ? ORDER BY number", [after[0] if after else -1])
        while rows := cursor.fetchmany(BATCH):
            parts = tuple(
                (_CREATE_NODES.format(labels=labels, given=given(types, "row", 0)), some)
                for labels, some in by_labels(rows).items()
            )
            yield Batch(NODES, (rows[-1][0],), len(rows), parts)


_CREATE_NODES = "UNWIND $rows AS row CREATE (n:{labels} {{{given}}}) RETURN count(n)"


def by_labels(rows: Sequence[Sequence[Any]]) -> dict[str, Rows]:
    """Rows of number, labels, values: the values by labels."""
    found: dict[str, Rows] = {}
    for _, labels, *values in rows:
        found.setdefault(labels, []).append(values)
    return found


def edge_batches(ground: Ground, kind: EdgeKind, after: Position = ()) -> Iterator[Batch]:
    """Every edge of `kind` after (source, target) `after`, those of one source together."""
    cursor = ground.footing().connection
    types = edge_types(cursor, kind)
    sql = f"""
        SELECT src, dst, source.id, target.id, {", ".join(wired(types, "edge."))} FROM "{kind}_out" edge
        JOIN by_number source ON source.number = src
        JOIN by_number target ON target.number = dst
        WHERE src > ? OR (src = ? AND dst > ?) ORDER BY src, dst
    """
    src, dst = after or (-1, -1)
    cursor.execute(sql, [src, src, dst])
    query = _CREATE_EDGES.format(kind=kind, given=given(types, "edge", 1))
    while rows := cursor.fetchmany(BATCH):
        yield Batch(kind, tuple(rows[-1][:2]), len(rows), ((query, by_source(rows)),))


def by_source(rows: Sequence[Sequence[Any]]) -> Rows:
    """Rows of src, dst, source, target, values: the source, and each of its targets with values."""
    return [[source, [row[3:] for row in some]] for source, some in groupby(rows, itemgetter(2))]


_CREATE_EDGES = """
    UNWIND $rows AS row MATCH (a:Entity {{id: row[0]}})
    UNWIND row[1] AS edge MATCH (b:Entity {{id: edge[0]}})
    CREATE (a)-[r:{kind} {{{given}}}]->(b) RETURN count(r)
"""


def put_down(tx: Transaction, batch: Batch) -> int:
    """Put a batch down; how many rows of it."""
    return sum(int(tx.one(query, rows=rows) or 0) for query, rows in batch.parts)
