"""Whether a server holds what was sent: counts of every kind, and a sum over a sample of each."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.errors import NotTheSame
from graph.model import SCAN_KINDS, Counts, EdgeKind, NodeKind
from graph.store.derive import PROPERTIES
from graph.store.ground import Ground, columns, settled
from graph.store.neo4j_ import Connection, Transaction
from graph.store.neo4j_hand import kinds_of_edges
from graph.store.neo4j_labels import LABELS
from graph.store.neo4j_schema import HEAVIEST, NODE_PROPERTIES, whole_marker
from graph.store.nodes import nodes

SAMPLE = 500


@dataclass(frozen=True)
class Held:
    """What a server holds: the snapshot, the scan shown, and how much of each kind."""

    snapshot: str
    scan: str | None
    counts: Counts


def held(connection: Connection) -> Held:
    """What the server holds now; raises `NotLoaded`."""

    def look(tx: Transaction) -> Held:
        marker = whole_marker(tx, connection.server.address)
        counts = shown_counts(tx, marker.scan) if marker.hidden else server_counts(tx)
        return Held(marker.snapshot, marker.scan, counts)

    return connection.read(look)


def server_counts(tx: Transaction) -> Counts:
    """How many nodes and edges of each kind the server holds, from its own count store."""
    parts = [
        f"MATCH (n:{label}) WITH count(n) AS n RETURN '{kind}' AS kind, n"
        for kind, label in LABELS.items()
    ]
    parts += [
        f"MATCH ()-[r:{kind}]->() WITH count(r) AS n RETURN '{kind}' AS kind, n"
        for kind in EdgeKind
    ]
    found = dict(tx.rows(" UNION ALL ".join(parts)))
    return Counts(
        {kind: found[kind] for kind in NodeKind if found[kind]},
        {kind: found[kind] for kind in EdgeKind if found[kind]},
    )


def shown_counts(tx: Transaction, scan: str | None) -> Counts:
    """The same where scans lie there unseen: of those only what `scan` found and people added."""
    found, by_people = server_counts(tx), _fresh(tx)
    edges = {kind: number for kind, number in found.edges.items() if kind not in SCAN_KINDS}
    for kind in SCAN_KINDS:
        query = f"MATCH ()-[r:{kind}]->() WHERE r.scan = $scan RETURN count(r)"
        edges[kind] = int(tx.one(query, scan=scan) or 0) + by_people.edges.get(kind, 0)
    return Counts(found.nodes, {kind: edges[kind] for kind in EdgeKind if edges.get(kind)})


_FRESH_NODES = """
    MATCH (h:HandNode) MATCH (n:Entity {id: h.id}) WHERE n.since IS NOT NULL
    RETURN n.kind, count(*)
"""


def _fresh(tx: Transaction) -> Counts:
    """How many of them only people know of."""
    found = dict(tx.rows(_FRESH_NODES))
    edges = {}
    for kind in kinds_of_edges(tx):
        query = f"""
            MATCH (h:HandEdge {{kind: '{kind}'}})
            MATCH (:Entity {{id: h.source}})-[r:{kind}]->(:Entity {{id: h.target}})
            WHERE r.since IS NOT NULL RETURN count(*)
        """
        edges[kind] = int(tx.one(query) or 0)
    return Counts({NodeKind(kind): number for kind, number in found.items()}, edges)


def check_counts(connection: Connection, ground: Ground) -> None:
    """Compare the counts of what the tables give; raises `NotTheSame` naming the first difference."""
    found, fresh = connection.read(lambda tx: (server_counts(tx), _fresh(tx)))
    expected = ground.counts()
    pairs: Iterable[tuple[Any, Mapping[Any, int], Mapping[Any, int], Mapping[Any, int]]] = (
        (tuple(NodeKind), expected.nodes, found.nodes, fresh.nodes),
        (tuple(EdgeKind), expected.edges, found.edges, fresh.edges),
    )
    for kinds, wanted, there, by_people in pairs:
        for kind in kinds:
            if kind in (NodeKind.RING, *SCAN_KINDS):
                continue
            number = there.get(kind, 0) - by_people.get(kind, 0)
            if number != wanted.get(kind, 0):
                address = connection.server.address
                raise NotTheSame(address, f"{kind}", str(wanted.get(kind, 0)), str(number))


def check_sample(connection: Connection, ground: Ground) -> None:
    """Compare sums over up to `SAMPLE` nodes of each family, edges of each kind, and marks of hubs."""
    address = connection.server.address
    footing = ground.footing()
    sql = (
        "SELECT id FROM by_number QUALIFY row_number() OVER (PARTITION BY kind ORDER BY hash(id))"
        f" <= {SAMPLE}"
    )
    ids = sorted(id_ for (id_,) in footing.rows(sql))
    wanted = _sum((node.id, node.kind, node.label, node.properties) for node in nodes(footing, ids))
    rows = connection.read(
        lambda tx: tx.rows(
            "UNWIND $ids AS id MATCH (n:Entity {id: id}) RETURN id, n.kind, n.label, properties(n)",
            ids=ids,
        )
    )
    found = _sum(
        (id_, kind, label, _only(there, NODE_PROPERTIES[NodeKind(kind)]))
        for id_, kind, label, there in rows
    )
    if wanted != found:
        raise NotTheSame(address, f"{len(ids)} sampled nodes", f"sum {wanted}", f"sum {found}")
    _check_edges(connection, ground)
    _check_hubs(connection, ground)


def _check_edges(connection: Connection, ground: Ground) -> None:
    """All kinds in one query: a server that has just started plans longer than it looks."""
    sampled = {kind: _sampled(ground, kind) for kind in ground.folders[0].edges}
    ends = [[source, str(kind), target] for kind in sampled for source, target, _ in sampled[kind]]
    query = """
        UNWIND $ends AS ends
        MATCH (a:Entity {id: ends[0]})-[r]->(b:Entity {id: ends[2]}) WHERE type(r) = ends[1]
        RETURN ends[1], a.id, b.id, properties(r)
    """
    found: dict[str, list[tuple[Any, ...]]] = {}
    for kind, a, b, there in connection.read(lambda tx: tx.rows(query, ends=ends)):
        names = frozenset(PROPERTIES[EdgeKind(kind)])
        found.setdefault(kind, []).append((a, b, _only(there, names)))
    for kind, rows in sampled.items():
        wanted, got = _sum(rows), _sum(found.get(kind, ()))
        if wanted != got:
            address = connection.server.address
            raise NotTheSame(address, f"{len(rows)} sampled {kind}", f"sum {wanted}", f"sum {got}")


def _sampled(ground: Ground, kind: EdgeKind) -> list[tuple[str, str, dict[str, Any]]]:
    """Up to `SAMPLE` edges of `kind`: source, target, properties."""
    names = PROPERTIES[kind]
    sql = f"""
        SELECT source.id, target.id{columns(kind)}
        FROM (FROM "{kind}_out" ORDER BY hash(src, dst) LIMIT {SAMPLE})
        JOIN by_number source ON source.number = src JOIN by_number target ON target.number = dst
    """
    return [
        (source, target, settled(dict(zip(names, values, strict=True))))
        for source, target, *values in ground.footing().rows(sql)
    ]


def _check_hubs(connection: Connection, ground: Ground) -> None:
    sql = f"""
        SELECT id, heaviest.kind, ends FROM heaviest JOIN by_number USING (number)
        ORDER BY hash(id) LIMIT {SAMPLE}
    """
    sampled = [
        (id_, HEAVIEST[EdgeKind(kind)], ends) for id_, kind, ends in ground.footing().rows(sql)
    ]
    query = "UNWIND $hubs AS hub MATCH (n:Entity {id: hub[0]}) RETURN hub[0], hub[1], n[hub[1]]"
    hubs = [[id_, name] for id_, name, _ in sampled]
    found = {
        (id_, name): ends
        for id_, name, ends in connection.read(lambda tx: tx.rows(query, hubs=hubs))
    }
    right = sum(found.get((id_, name)) == ends for id_, name, ends in sampled)
    if right < len(sampled):
        address = connection.server.address
        raise NotTheSame(address, "sampled marks of hubs", str(len(sampled)), str(right))


def _only(there: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return settled({name: value for name, value in there.items() if name in names})


def _sum(rows: Iterable[tuple[Any, ...]]) -> str:
    """A short sum over rows whose last value is a mapping, whatever their order."""
    lines = sorted(repr((*map(str, row[:-1]), sorted(row[-1].items()))) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
