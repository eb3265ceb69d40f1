"""What people wrote, on the server: the ledger that outlives every load, and its mirror in the graph."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.errors import UnknownNodes, UnknownRegistrations
from graph.model import Edge, EdgeKey, EdgeKind, Node, NodeKind, Properties
from graph.store.by_hand import ByHand, joined, properties_in
from graph.store.decisions import Decisions
from graph.store.neo4j_ import Transaction, in_batches
from graph.store.neo4j_decided import decide, decisions_of, mirror_decisions
from graph.store.neo4j_rows import BATCH, create_nodes
from graph.store.neo4j_schema import EDGE_PROPERTIES, MARKER, NODE_PROPERTIES, shown_beside

_NODES = "MATCH (h:HandNode) RETURN h.id, h.kind, h.label, h.properties, h.since ORDER BY h.id"
_EDGES = """
    MATCH (h:HandEdge) RETURN h.kind, h.source, h.target, h.properties, h.since
    ORDER BY h.kind, h.source, h.target
"""


@dataclass(frozen=True)
class _Written:
    """A node or an edge of the ledger, and the revision it was first written at."""

    what: Node | Edge
    since: int


def read(tx: Transaction, revision: int) -> ByHand:
    """Everything people wrote, by `revision`."""
    nodes = {found.what.id: found.what for found in _nodes(tx) if isinstance(found.what, Node)}
    edges = {found.what.key: found.what for found in _edges(tx) if isinstance(found.what, Edge)}
    return ByHand(revision, nodes, edges, decisions_of(tx))


def put(
    tx: Transaction, nodes: Sequence[Node], edges: Sequence[Edge], decisions: Decisions
) -> None:
    """Add or extend `nodes` and `edges`, take up `decisions`.

    Raises `UnknownNodes`, `UnknownRegistrations`.
    """
    bump = f"{MARKER} SET g.revision = g.revision + 1 RETURN g.revision"
    revision = tx.one(bump)
    _require(tx, nodes, edges, decisions)
    given = [
        ({"key": node.id, "kind": str(node.kind), "label": node.label}, node.properties)
        for node in nodes
    ]
    _extend(tx, "HandNode", "id", given, revision)
    given = [
        (
            {"key": _key(edge.key), "kind": str(edge.kind)}
            | {"source": edge.source, "target": edge.target},
            edge.properties,
        )
        for edge in edges
    ]
    _extend(tx, "HandEdge", "key", given, revision)
    decided = decide(tx, decisions)
    added = {node.id: node.properties for node in nodes}
    _mirror_nodes(tx, _nodes(tx, sorted(added)), added)
    more = {edge.key: edge.properties for edge in edges}
    _mirror_edges(tx, _edges(tx, sorted(map(_key, more))), more)
    mirror_decisions(tx, decided)


def _extend(
    tx: Transaction,
    label: str,
    name: str,
    given: Sequence[tuple[dict[str, Any], Properties]],
    revision: int,
) -> None:
    """Add to the ledger's entries of `label`, each found by its `key` in property `name`."""
    known = f"UNWIND $keys AS key MATCH (h:{label} {{{name}: key}}) RETURN key, h.properties"
    query = f"""
        UNWIND $rows AS row MERGE (h:{label} {{{name}: row[0].key}})
        ON CREATE SET h += row[0], h.{name} = row[0].key, h.since = $revision
        SET h.properties = row[1]
    """
    for some in in_batches(given, BATCH):
        keys = [facts["key"] for facts, _ in some]
        old = {key: (text,) for key, text in tx.rows(known, keys=keys)}
        rows = [[facts, joined(old.get(facts["key"]), new)] for facts, new in some]
        tx.rows(query, rows=rows, revision=revision)


def _require(
    tx: Transaction, nodes: Sequence[Node], edges: Sequence[Edge], decisions: Decisions
) -> None:
    ends = {end for edge in edges for end in (edge.source, edge.target)} | decisions.ends()
    wanted = ends - {node.id for node in nodes}
    known = "UNWIND $ids AS id MATCH (n:Entity {id: id}) RETURN n.id"
    unknown = wanted.difference(id_ for (id_,) in tx.rows(known, ids=sorted(wanted)))
    if unknown:
        raise UnknownNodes(tuple(sorted(unknown)))
    registered = decisions.registrations() - {edge.key[1:] for edge in edges}
    known = """
        UNWIND $pairs AS pair
        MATCH (a:Entity {id: pair[0]})-[:REGISTERED_AT]->(b:Entity {id: pair[1]}) RETURN a.id, b.id
    """
    rows = tx.rows(known, pairs=[list(pair) for pair in sorted(registered)])
    missing = registered.difference((a, b) for a, b in rows)
    if missing:
        raise UnknownRegistrations(tuple(sorted(missing)))


def kinds_of_edges(tx: Transaction) -> list[EdgeKind]:
    """The kinds of which people wrote edges, so that a query is planned for those alone."""
    rows = tx.rows("MATCH (h:HandEdge) RETURN DISTINCT h.kind ORDER BY h.kind")
    return [EdgeKind(kind) for (kind,) in rows]


def withdraw(tx: Transaction) -> None:
    """Take what only people know of out of the graph, not out of the ledger."""
    for kind in kinds_of_edges(tx):
        tx.rows(
            f"MATCH (h:HandEdge {{kind: '{kind}'}}) MATCH (a:Entity {{id: h.source}})-[r:{kind}]->"
            "(b:Entity {id: h.target}) WHERE r.since IS NOT NULL DELETE r"
        )
    tx.rows(
        "MATCH (h:HandNode) MATCH (n:Entity {id: h.id}) WHERE n.since IS NOT NULL DETACH DELETE n"
    )


def mirror(tx: Transaction) -> None:
    """Put the whole ledger into the graph; edges whose ends are not there wait in the ledger."""
    _mirror_nodes(tx, _nodes(tx), {})
    _mirror_edges(tx, _edges(tx), {})
    mirror_decisions(tx)


def _mirror_nodes(
    tx: Transaction, written: Iterable[_Written], new: Mapping[str, Properties]
) -> None:
    found = {row.what.id: row for row in written if isinstance(row.what, Node)}
    query = "UNWIND $ids AS id MATCH (n:Entity {id: id}) RETURN n.id, n.kind, n.since"
    known = {id_: (kind, since) for id_, kind, since in tx.rows(query, ids=sorted(found))}
    for row in found.values():
        assert isinstance(row.what, Node)
        if row.what.id not in known:
            create_nodes(tx, [row.what], row.since)
    rows = []
    for id_, (kind, since) in known.items():
        derived = NODE_PROPERTIES[NodeKind(kind)] if since is None else frozenset[str]()
        properties = {**dict.fromkeys(new.get(id_, ())), **found[id_].what.properties}
        rows.append([id_, _beside(properties, derived)])
    tx.rows("UNWIND $rows AS row MATCH (n:Entity {id: row[0]}) SET n += row[1]", rows=rows)


def _mirror_edges(
    tx: Transaction, written: Iterable[_Written], new: Mapping[EdgeKey, Properties]
) -> None:
    by_kind: dict[EdgeKind, list[dict[str, Any]]] = {}
    for row in written:
        assert isinstance(row.what, Edge)
        edge = row.what
        properties = {**dict.fromkeys(new.get(edge.key, ())), **edge.properties}
        by_kind.setdefault(edge.kind, []).append(
            {
                "source": edge.source,
                "target": edge.target,
                "since": row.since,
                "weight": edge.weight,
                "all": _beside(properties, frozenset()),
                "beside": _beside(properties, EDGE_PROPERTIES[edge.kind]),
            }
        )
    for kind, rows in by_kind.items():
        there = f"(a)-[r:{kind}]->(b) WHERE r.scan IS NULL OR r.scan = shown"
        query = f"""
            MATCH (g:HuanchaGraph {{id: 'graph'}}) WITH g.scan AS shown
            UNWIND $rows AS row
            MATCH (a:Entity {{id: row.source}}) MATCH (b:Entity {{id: row.target}})
            FOREACH (_ IN CASE WHEN EXISTS {{ MATCH {there} }} THEN [] ELSE [row] END |
                CREATE (a)-[:{kind} {{since: row.since}}]->(b))
            WITH a, b, row, shown MATCH {there}
            SET r += CASE WHEN r.since IS NULL THEN row.beside ELSE row.all END
            SET r.weight = CASE WHEN r.since IS NULL THEN r.weight ELSE row.weight END
        """
        for some in in_batches(rows, BATCH):
            tx.rows(query, rows=list(some))


def _beside(properties: Properties, derived: frozenset[str]) -> dict[str, Any]:
    """What to set beside the derived; None where a property was taken away."""
    gone = shown_beside({name: "" for name, value in properties.items() if value is None}, derived)
    return {**shown_beside(properties, derived), **dict.fromkeys(gone)}


def _nodes(tx: Transaction, ids: Sequence[str] | None = None) -> list[_Written]:
    some = "" if ids is None else "WHERE h.id IN $ids "
    rows = tx.rows(_NODES.replace("RETURN", f"{some}RETURN"), ids=list(ids or ()))
    return [
        _Written(Node(id_, NodeKind(kind), label, properties_in(text)), since)
        for id_, kind, label, text, since in rows
    ]


def _edges(tx: Transaction, keys: Sequence[str] | None = None) -> list[_Written]:
    some = "" if keys is None else "WHERE h.key IN $keys "
    rows = tx.rows(_EDGES.replace("RETURN", f"{some}RETURN"), keys=list(keys or ()))
    return [
        _Written(Edge(EdgeKind(kind), source, target, properties_in(text)), since)
        for kind, source, target, text, since in rows
    ]


def _key(key: EdgeKey) -> str:
    return " ".join(key)
