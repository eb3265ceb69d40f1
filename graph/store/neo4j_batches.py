"""What a snapshot holds, as rows for a Neo4j server: nodes, then edges, in batches.

Batches come in the order of numbers and each says where it ends, so that a load can go on after it.
Rows are lists, not maps: names of properties stand in the query, once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from graph.model import EdgeKind
from graph.store.ground import Ground
from graph.store.neo4j_ import Transaction
from graph.store.neo4j_rows import BATCH, NODES, Position
from graph.store.neo4j_tables import edge_types, given, node_tables, wired

Rows = list[list[Any]]


@dataclass(frozen=True)
class Batch:
    """Rows of one `step` (`NODES` or a kind of edge) up to and with `position`: `size` of them.

    `parts` are queries and the rows they take.
    """

    step: str
    position: Position
    size: int
    parts: tuple[tuple[str, Rows], ...]

    def __len__(self) -> int:
        return self.size


def steps(ground: Ground) -> list[str]:
    """What there is to send, in order."""
    return [NODES, *map(str, ground.folders[0].edges)]


def table_batches(ground: Ground, step: str, after: Position = ()) -> Iterator[Batch]:
    """All batches of `step`, from after `after` on."""
    if step == NODES:
        return node_batches(ground, after)
    return edge_batches(ground, EdgeKind(step), after)


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
                for labels, some in _by_labels(rows).items()
            )
            yield Batch(NODES, (rows[-1][0],), len(rows), parts)


_CREATE_NODES = "UNWIND $rows AS row CREATE (n:{labels} {{{given}}}) RETURN count(n)"


def _by_labels(rows: Sequence[Sequence[Any]]) -> dict[str, Rows]:
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
        by_source = [
            [source, [row[3:] for row in some]] for source, some in groupby(rows, itemgetter(2))
        ]
        yield Batch(kind, tuple(rows[-1][:2]), len(rows), ((query, by_source),))


_CREATE_EDGES = """
    UNWIND $rows AS row MATCH (a:Entity {{id: row[0]}})
    UNWIND row[1] AS edge MATCH (b:Entity {{id: edge[0]}})
    CREATE (a)-[r:{kind} {{{given}}}]->(b) RETURN count(r)
"""


def create(tx: Transaction, batch: Batch) -> int:
    """Put a batch down; how many nodes or edges were made."""
    return sum(int(tx.one(query, rows=rows) or 0) for query, rows in batch.parts)
