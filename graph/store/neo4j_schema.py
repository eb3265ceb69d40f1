"""How the graph lies on a Neo4j server: labels, constraints, indexes, and the marker of a load.

Every node has the label `Entity` and one per kind (`Patient`, `Practitioner` …, practitioners also
`Doctor`, `Nurse` …); its properties are `id`, `kind`, `label`, what the tables say, and for searches
`back` (the id reversed), `name_lower`, `code_lower`. Relationships have the type of their kind, a
`weight` and what the tables say. Hubs name the other ends of their heaviest edges (`HEAVIEST`). What a scan found carries its id as `scan`; a `RingAside` is a ring not
shown. What people wrote carries `since`, the revision it was written at. `HandNode`, `HandEdge` and
`HandState` are the ledger of it, from which a reload restores it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from graph.errors import GraphReplaced, NotLoaded
from graph.model import SCAN_KINDS, EdgeKind, NodeKind, Properties
from graph.schema import SCAN_TABLES
from graph.store.derive import PROPERTIES
from graph.store.neo4j_ import Connection, Transaction
from graph.store.neo4j_labels import LABELS

MARKER = "MATCH (g:HuanchaGraph {id: 'graph'})"
"""Finds the marker as g."""
DELETED_AT_ONCE = 20_000

LAYOUT = 3
IMPORTED = "imported"
"""The step of a marker that came with import files: all is there, nothing is indexed or checked."""

_PLACE = frozenset(
    ("code", "level", "admdvs", "lnt", "lat", "beds", "parent", "uscc", "known", "warnings")
)
NODE_PROPERTIES: Mapping[NodeKind, frozenset[str]] = {
    NodeKind.PATIENT: frozenset(
        ("known", "gend", "birth_year", "insu_admdvs", "surv_stas", "die_date", "warnings")
    ),
    NodeKind.PRACTITIONER: frozenset(
        ("profession", "multi_site", "known", "codes", "basis", "confidence", "warnings")
    ),
    NodeKind.FACILITY: _PLACE,
    NodeKind.PHARMACY: _PLACE,
    NodeKind.TOKEN: frozenset(("token_kind", "holders")),
    NodeKind.RING: frozenset(SCAN_TABLES["rings"].arrow.names) - {"ring"},
}
"""What is derived for a node of each kind; all else on it was added by hand or serves searches."""

EDGE_PROPERTIES: Mapping[EdgeKind, frozenset[str]] = {
    kind: frozenset(names) for kind, names in PROPERTIES.items()
}

HEAVIEST: Mapping[EdgeKind, str] = {
    kind: f"heaviest_{kind.lower()}"
    for kind in EdgeKind
    if kind not in (EdgeKind.KIN_OF, *SCAN_KINDS)
}
"""The kinds of edges a node can be a hub of, and the property that names their other ends."""

_RESERVED = (
    frozenset(("id", "kind", "label", "since", "weight", "scan", "back", "name_lower"))
    | frozenset(("code_lower", "decided", "decided_case"))
    | frozenset(HEAVIEST.values())
)

BEFORE_LOAD = (
    "CREATE CONSTRAINT huancha_graph IF NOT EXISTS FOR (n:HuanchaGraph) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT hand_node IF NOT EXISTS FOR (n:HandNode) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT hand_edge IF NOT EXISTS FOR (n:HandEdge) REQUIRE n.key IS UNIQUE",
    "CREATE CONSTRAINT hand_state_key IF NOT EXISTS FOR (n:HandState) REQUIRE n.key IS UNIQUE",
)
AFTER_NODES = (
    *(
        f"CREATE CONSTRAINT {kind}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
        for kind, label in LABELS.items()
    ),
    "CREATE INDEX entity_back IF NOT EXISTS FOR (n:Entity) ON (n.back)",
    "CREATE INDEX token_kind IF NOT EXISTS FOR (n:Token) ON (n.token_kind)",
    "CREATE TEXT INDEX entity_name IF NOT EXISTS FOR (n:Entity) ON (n.name_lower)",
    "CREATE TEXT INDEX entity_code IF NOT EXISTS FOR (n:Entity) ON (n.code_lower)",
)


FOR_SCANS = (
    "CREATE CONSTRAINT ring_aside IF NOT EXISTS FOR (n:RingAside) REQUIRE n.key IS UNIQUE",
    "CREATE INDEX covisit_scan IF NOT EXISTS FOR ()-[r:CO_VISITED]-() ON (r.scan)",
    "CREATE INDEX member_scan IF NOT EXISTS FOR ()-[r:MEMBER_OF]-() ON (r.scan)",
)


def lay(connection: Connection, statements: tuple[str, ...]) -> None:
    """Make constraints or indexes that are not there yet, and wait until all there are answer."""
    constraints, states = connection.read(_laid)
    missing = [
        statement
        for statement in statements
        if statement.split(" IF ")[0].split()[-1] not in constraints | states.keys()
    ]
    for statement in missing:
        connection.write(partial(Transaction.rows, query=statement))
    if missing or "POPULATING" in states.values():
        connection.write(lambda tx: tx.rows("CALL db.awaitIndexes(600)"))


def _laid(tx: Transaction) -> tuple[set[str], dict[str, str]]:
    """The names of constraints, and of indexes with their state."""
    constraints = {name for (name,) in tx.rows("SHOW CONSTRAINTS YIELD name RETURN name")}
    rows = tx.rows("SHOW INDEXES YIELD name, state RETURN name, state")
    return constraints, dict(rows)


def deletion(pattern: str, such: str = "") -> str:
    """A query that deletes some of what matches `pattern` as x and returns how many: asked until there are none."""
    detached = "" if pattern.startswith("()") else "DETACH "
    limit = f"WITH x LIMIT {DELETED_AT_ONCE}"
    return f"MATCH {pattern} {such} {limit} {detached}DELETE x RETURN count(*)"


@dataclass(frozen=True)
class Marker:
    """The node that says what the server holds and how far a load has come.

    `step` and `position` name the last batch put down, `batches` counts them; `generation` moves
    with every change of what is derived, `revision` with every writing by hand and whenever `hidden`
    changes: the scans of which something lies there unseen, on its way in or out. `before` is the
    snapshot a load goes on from while it sends only what changed; `layout` is whose work it is.
    """

    snapshot: str
    whole: bool
    step: str
    position: tuple[int, ...]
    batches: int
    generation: int
    revision: int
    scan: str | None
    loader: str
    hidden: tuple[str, ...] = ()
    before: str | None = None
    layout: int = LAYOUT


_MARKER = f"""
    {MARKER}
    RETURN g.snapshot, g.whole AND g.layout = $layout, g.step, g.position, g.batches,
           g.generation, g.revision, g.scan, g.loader, coalesce(g.hidden, []),
           g.before, g.layout
"""


def read_marker(tx: Transaction) -> Marker | None:
    """What the server holds; None where nothing was ever loaded."""
    rows = tx.rows(_MARKER, layout=LAYOUT)
    if not rows:
        return None
    snapshot, whole, step, position, *rest, hidden, before, layout = rows[0]
    marker = Marker(snapshot, whole, step, tuple(position), *rest)
    return replace(marker, hidden=tuple(hidden), before=before, layout=layout)


def whole_marker(tx: Transaction, server: str, generation: int | None = None) -> Marker:
    """The marker of a whole graph, of this `generation` if one is given.

    Raises `NotLoaded`, `GraphReplaced`.
    """
    marker = read_marker(tx)
    if generation is not None and (marker is None or marker.generation != generation):
        raise GraphReplaced(server)
    if marker is None or not marker.whole:
        raise NotLoaded(server, marker.snapshot if marker else None)
    return marker


def shown_beside(properties: Properties, derived: frozenset[str]) -> dict[str, Any]:
    """What was added by hand and may stand beside what is derived, as Neo4j keeps it."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in properties.items()
        if value is not None and name not in derived and name not in _RESERVED
    }
