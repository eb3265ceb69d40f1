"""What a scan holds, as rows for a Neo4j server: rings, then edges, in batches; nodes written by hand.

Batches come in the order of numbers and each says where it ends, so that a load can go on after it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from graph.model import EdgeKind, Node, NodeKind
from graph.store.derive import PROPERTIES, RING, base
from graph.store.ground import Ground, columns
from graph.store.neo4j_ import Transaction
from graph.store.neo4j_labels import labels_of
from graph.store.nodes import nodes

BATCH = 20_000
NODES = "nodes"
RINGS = "rings"

Position = tuple[int, ...]


@dataclass(frozen=True)
class Batch:
    """Rows of one `step` (`RINGS` or a kind of edge) up to and with `position`."""

    step: str
    position: Position
    nodes: tuple[Node, ...] = ()
    edges: tuple[list[Any], ...] = ()

    def __len__(self) -> int:
        return len(self.nodes) or len(self.edges)


def ring_batches(ground: Ground, after: Position = ()) -> Iterator[Batch]:
    """Every ring after the number `after`."""
    cursor = ground.footing().connection
    first, last = base(RING), base(RING + 1)
    sql = "SELECT number, id FROM by_number WHERE number > ? AND number < ? ORDER BY number"
    cursor.execute(sql, [after[0] if after else first - 1, last])
    footing = ground.footing()
    while rows := cursor.fetchmany(BATCH):
        found = nodes(footing, [id_ for _, id_ in rows])
        yield Batch(RINGS, (rows[-1][0],), nodes=found)


def edge_batches(ground: Ground, kind: EdgeKind, after: Position = ()) -> Iterator[Batch]:
    """Every edge of `kind` after (source, target) `after`: [source id, target id, properties]."""
    cursor = ground.footing().connection
    sql = f"""
        SELECT src, dst, source.id, target.id, weight{columns(kind)} FROM "{kind}_out"
        JOIN by_number source ON source.number = src
        JOIN by_number target ON target.number = dst
        WHERE src > ? OR (src = ? AND dst > ?) ORDER BY src, dst
    """
    src, dst = after or (-1, -1)
    cursor.execute(sql, [src, src, dst])
    names = ("weight", *PROPERTIES[kind])
    while rows := cursor.fetchmany(BATCH):
        edges = tuple(
            [source, target, _given(zip(names, values, strict=True))]
            for _, _, source, target, *values in rows
        )
        yield Batch(kind, tuple(rows[-1][:2]), edges=edges)


def create_nodes(tx: Transaction, found: Iterable[Node], since: int | None = None) -> int:
    """Make nodes that are not there; `since` marks them as written by hand."""
    by_labels = sorted((labels_of(node.kind, node.properties), node.id, node) for node in found)
    made = 0
    for labels, group in groupby(by_labels, key=lambda row: row[0]):
        rows = [node_row(node, since) for _, _, node in group]
        query = f"UNWIND $rows AS row CREATE (n:{labels}) SET n = row RETURN count(n)"
        made += int(tx.one(query, rows=rows) or 0)
    return made


def node_row(node: Node, since: int | None = None) -> dict[str, Any]:
    """A node's properties on the server, those that serve searches included."""
    named = since is not None or node.kind in (NodeKind.FACILITY, NodeKind.PHARMACY)
    code = node.properties.get("code")
    ours = {
        "id": node.id,
        "kind": str(node.kind),
        "label": node.label,
        "since": since,
        "back": node.id.lower()[::-1],
        "name_lower": node.label.lower() if named else None,
        "code_lower": str(code).lower() if code and since is None else None,
    }
    return _given({**node.properties, **ours}.items())


def _given(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in items
        if value is not None
    }
