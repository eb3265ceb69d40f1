"""The store that needs no server: DuckDB in memory over the workspace's Parquet files."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock

from graph.errors import UnknownNodes, UnknownRegistrations
from graph.model import Counts, Edge, EdgeKind, Node, NodeKind, Record, SharedToken, Shown
from graph.results import Scan, scans
from graph.schema import TokenKind
from graph.snapshot import current_snapshot
from graph.store import by_hand
from graph.store.base import EVERY_KIND, Store, View, Writer
from graph.store.decisions import Decisions
from graph.store.derive import ENDS, family_of
from graph.store.edges import scan_edges
from graph.store.ground import Footing, Ground, columns
from graph.store.nodes import nodes
from graph.store.records import records

SHORTEST_ID_PART = 6

_SEARCH = """
    WITH asked AS (SELECT lower(?) AS text),
    found AS (
        SELECT id, CASE
            WHEN lower(id) = text OR lower(name) = text OR lower(code) = text THEN 0
            WHEN starts_with(lower(name), text) OR starts_with(lower(code), text)
                OR (length(text) >= ? AND starts_with(lower(id), text)) THEN 1
            WHEN contains(lower(name), text) OR contains(lower(code), text)
                OR (length(text) >= ? AND ends_with(lower(id), text)) THEN 2 END AS place
        FROM by_number, asked
    )
    SELECT id, count(*) OVER () FROM found WHERE place IS NOT NULL ORDER BY place, id LIMIT ?
"""

_SHARED = """
    WITH held AS (SELECT dst, count(*) AS holders FROM "HOLDS_in" GROUP BY dst),
    shown AS (
        SELECT token.id, held.dst, held.holders, count(*) OVER () AS total
        FROM held JOIN by_number token ON token.number = held.dst
        WHERE held.holders >= ? AND (? IS NULL OR token.token_kind = ?)
        ORDER BY held.holders DESC, token.id LIMIT ?
    )
    SELECT shown.id, holder.kind, count(*), any_value(shown.total)
    FROM shown JOIN "HOLDS_in" edge USING (dst) JOIN by_number holder ON holder.number = edge.src
    GROUP BY shown.id, holder.kind, shown.holders ORDER BY shown.holders DESC, shown.id, holder.kind
"""


class EmbeddedView(View):
    """A view over one `Ground`."""

    def __init__(self, footing: Footing) -> None:
        self._footing = footing

    def nodes(self, ids: Iterable[str]) -> tuple[Node, ...]:
        return nodes(self._footing, ids)

    def search(self, text: str, limit: int = 20) -> Shown[Node]:
        wanted = text.strip()
        if not wanted:
            return Shown((), 0)
        part = SHORTEST_ID_PART
        found = self._footing.rows(_SEARCH, wanted, part, part, limit)
        return Shown(self.nodes(row[0] for row in found), found[0][1] if found else 0)

    def degrees(
        self, ids: Iterable[str], kinds: Iterable[EdgeKind] = EVERY_KIND
    ) -> dict[str, dict[EdgeKind, int]]:
        numbers = self._footing.numbers(ids)
        found: dict[str, dict[EdgeKind, int]] = {id_: {} for id_ in numbers}
        ends = [
            f"SELECT '{kind}' AS kind, {end} AS number FROM \"{kind}_{way}\""
            f" WHERE {end} IN (FROM asked)"
            for kind in self._present(kinds)
            for way, end, _ in self._ways(kind, numbers.values())
        ]
        if not ends:
            return found
        sql = f"""
            WITH asked AS MATERIALIZED (SELECT unnest(?) AS number), ends AS
            ({" UNION ALL ".join(ends)})
            SELECT number, kind, count(*) FROM ends GROUP BY number, kind
        """
        ids_of = {number: id_ for id_, number in numbers.items()}
        for number, kind, edges in self._footing.rows(sql, sorted(ids_of)):
            found[ids_of[number]][EdgeKind(kind)] = edges
        return found

    def shared(
        self, kind: TokenKind | None = None, limit: int = 100, least: int = 2
    ) -> Shown[SharedToken]:
        if EdgeKind.HOLDS not in self._footing.ground.kinds:
            return Shown((), 0)
        holders: dict[str, dict[NodeKind, int]] = {}
        total = 0
        for id_, who, number, all_ in self._footing.rows(_SHARED, least, kind, kind, limit):
            holders.setdefault(id_, {})[NodeKind(who)] = number
            total = all_
        found = (SharedToken(node, holders[node.id]) for node in self.nodes(holders))
        return Shown(tuple(found), total)

    def records(self, edge: Edge, limit: int = 500) -> Shown[Record]:
        return records(self._footing, edge, limit)

    def counts(self) -> Counts:
        return self._footing.ground.counts()

    def _present(self, kinds: Iterable[EdgeKind]) -> list[EdgeKind]:
        wanted = set(kinds)
        return [kind for kind in self._footing.ground.kinds if kind in wanted]

    def _ways(self, kind: EdgeKind, numbers: Iterable[int]) -> list[tuple[str, str, str]]:
        """The copies of `kind` in which the numbers can occur: (way, their end, the other end)."""
        families = set(map(family_of, numbers))
        by_hand = kind in self._footing.ground.kinds_by_hand and bool(families)
        sources, targets = ENDS[kind]
        found = [("out", "src", "dst")] if by_hand or families & sources else []
        return [*found, ("in", "dst", "src")] if by_hand or families & targets else found

    def _heaviest(
        self, ids: Sequence[str], kind: EdgeKind, limit: int
    ) -> tuple[Sequence[Edge], int]:
        numbers = list(self._footing.numbers(ids).values())
        ways = self._ways(kind, numbers) if self._present([kind]) else []
        if not ways:
            return (), 0
        once = " AND src NOT IN (FROM asked)" if len(ways) > 1 else ""
        touching = " UNION ALL ".join(
            f'SELECT src, dst, weight{columns(kind)} FROM "{kind}_{way}"'
            f" WHERE {near} IN (FROM asked){once if way == 'in' else ''}"
            for way, near, _ in ways
        )
        # Ties at the cut are broken by id: only edges as heavy as the last one shown meet the ids.
        sql = f"""
            WITH asked AS MATERIALIZED (SELECT unnest(?) AS number),
            touching AS MATERIALIZED ({touching}),
            cut AS (
                SELECT min(weight) AS least, (SELECT count(*) FROM touching) AS total
                FROM (SELECT weight FROM touching ORDER BY weight DESC LIMIT ?)
            )
            SELECT cut.total, source.id, target.id{columns(kind)}
            FROM touching JOIN cut ON weight >= cut.least
            JOIN by_number source ON source.number = src
            JOIN by_number target ON target.number = dst
            ORDER BY weight DESC, source.id, target.id LIMIT ?
        """
        found = self._footing.rows(sql, numbers, max(limit, 1), max(limit, 1))
        edges = self._footing.edges(kind, (row[1:] for row in found))
        return edges[:limit], found[0][0] if found else 0

    def _links(self, ids: Iterable[str], kinds: Sequence[EdgeKind]) -> Iterable[tuple[str, str]]:
        numbers = self._footing.numbers(ids)
        ways = [
            f'SELECT {near} AS near, {far} AS far FROM "{kind}_{way}" WHERE {near} IN (FROM asked)'
            for kind in self._present(kinds)
            for way, near, far in self._ways(kind, numbers.values())
        ]
        if not ways:
            return ()
        sql = f"""
            WITH asked AS MATERIALIZED (SELECT unnest(?) AS number), ways AS
            ({" UNION ALL ".join(ways)})
            SELECT DISTINCT near, id FROM ways JOIN by_number ON number = far
        """
        ids_of = {number: id_ for id_, number in numbers.items()}
        return [(ids_of[near], far) for near, far in self._footing.rows(sql, sorted(ids_of))]

    def _between(self, ids: Sequence[str], kinds: Sequence[EdgeKind]) -> Iterable[Edge]:
        numbers = self._footing.numbers(ids)
        ids_of = {number: id_ for id_, number in numbers.items()}
        for kind in self._present(kinds) if ids_of else ():
            sql = f"""
                WITH asked AS MATERIALIZED (SELECT unnest(?) AS number)
                SELECT src, dst{columns(kind)} FROM "{kind}_out"
                WHERE src IN (FROM asked) AND dst IN (FROM asked)
            """
            rows = self._footing.rows(sql, sorted(ids_of))
            yield from self._footing.edges(
                kind, ((ids_of[src], ids_of[dst], *rest) for src, dst, *rest in rows)
            )


class EmbeddedWriter(Writer):
    """Writes to the workspace's `graph.db`; derived edges stay as they are."""

    def __init__(self, store: "EmbeddedStore") -> None:
        super().__init__()
        self._store = store

    def rings(self, scan: Scan) -> None:
        scan_edges(scan)
        by_hand.show(self._store.file, scan.id, self._store.newest_scan())

    def remove_rings(self, scan: str) -> None:
        shown = self._store.shown_scan()
        if shown is not None and shown.id == scan:
            by_hand.show(self._store.file, None, self._store.newest_scan())

    def _put(self, nodes: Sequence[Node], edges: Sequence[Edge], decisions: Decisions) -> None:
        ends = {end for edge in edges for end in (edge.source, edge.target)} | decisions.ends()
        wanted = ends - {node.id for node in nodes}
        unknown = wanted.difference(self._store.footing().numbers(wanted)) if wanted else set()
        if unknown:
            raise UnknownNodes(tuple(sorted(unknown)))
        registered = decisions.registrations() - {edge.key[1:] for edge in edges}
        missing = registered - self._registered(registered) if registered else set()
        if missing:
            raise UnknownRegistrations(tuple(sorted(missing)))
        by_hand.put(self._store.file, nodes, edges, decisions)

    def _registered(self, asked: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of the registrations that are in the graph."""
        footing = self._store.footing()
        if EdgeKind.REGISTERED_AT not in footing.ground.kinds:
            return set()
        numbers = footing.numbers({end for pair in asked for end in pair})
        sources = sorted({numbers[pair[0]] for pair in asked if pair[0] in numbers})
        there = set(footing.pairs(EdgeKind.REGISTERED_AT, sources))
        return {pair for pair in asked if tuple(numbers.get(end) for end in pair) in there}


class EmbeddedStore(Store):
    """The graph of `workspace`: its live snapshot, one scan, and what was added by hand.

    The scan shown is the one last given to `Writer.rings`, until a newer one appears on disk; where
    none was given, the newest on disk. Derived edges are built on first use and kept.
    Raises `NoSnapshot` where nothing was loaded.
    """

    def __init__(self, workspace: Path, *, memory: str = "1GB") -> None:
        self.workspace = workspace
        self.file = workspace / "graph.db"
        self._memory = memory
        self._lock = Lock()
        self._ground: tuple[tuple[str, str | None, int], Ground] | None = None

    def view(self) -> EmbeddedView:
        """A look at what is there now; cheap while nothing changes."""
        return EmbeddedView(self.footing())

    def writer(self) -> EmbeddedWriter:
        """A writer to this workspace."""
        return EmbeddedWriter(self)

    def footing(self) -> Footing:
        """A connection to what is there now."""
        snapshot = current_snapshot(self.workspace)
        scan = self.shown_scan()
        with self._lock:
            state = (snapshot.id, scan.id if scan else None, by_hand.revision(self.file))
            if self._ground is None or self._ground[0] != state:
                written = by_hand.read(self.file)
                ground = Ground(snapshot, scan, written, memory=self._memory)
                self._ground = ((*state[:2], written.revision), ground)
            return self._ground[1].footing()

    def newest_scan(self) -> str | None:
        """The id of the newest finished scan on disk, or None."""
        return next((scan.id for scan in scans(self.workspace)), None)

    def shown_scan(self) -> Scan | None:
        """The scan whose rings are shown, or None."""
        found = {scan.id: scan for scan in scans(self.workspace)}
        newest = next(iter(found.values()), None)
        shown = by_hand.read_shown(self.file)
        if shown is None or (newest is not None and newest.id != shown[1]):
            return newest
        return found.get(shown[0]) if shown[0] else None
