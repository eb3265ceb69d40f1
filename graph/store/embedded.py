"""The store that needs no server: DuckDB in memory over the workspace's Parquet files."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from graph.errors import UnknownNodes, UnknownRegistrations
from graph.model import Counts, Edge, EdgeKind, Node, NodeKind, Record, SharedToken, Shown
from graph.model import Path as Way
from graph.results import Scan, scans
from graph.schema import TokenKind
from graph.snapshot import current_snapshot
from graph.store import by_hand
from graph.store.base import EVERY_KIND, HUB, Store, View, Writer
from graph.store.decisions import Decisions
from graph.store.edges import scan_edges
from graph.store.ground import Footing, Ground
from graph.store.heaviest import between, by_hand_between, edges, heaviest
from graph.store.index import Array
from graph.store.nodes import nodes
from graph.store.records import records
from graph.store.walk import Network, walk

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
        asked = np.array(list(numbers.values()), np.int64)
        for kind in self._present(kinds):
            network = self._network([kind])
            counts = network.degrees(network.spans.codes(asked)).tolist()
            for id_, number in zip(numbers, counts, strict=True):
                if number:
                    found[id_][kind] = number
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

    def _network(self, kinds: Iterable[EdgeKind]) -> Network:
        """The edges of these kinds."""
        ground = self._footing.ground
        wanted = set(kinds)
        ways = [adjacency for (kind, _), adjacency in ground.ways.items() if kind in wanted]
        hand = [(src, dst) for kind, src, dst in ground.fresh if kind in wanted]
        spans = ground.spans
        ends = spans.codes(np.array(hand, np.int64).reshape(-1))
        return Network(spans, ways, ends.reshape(-1, 2))

    def paths(
        self,
        a: str,
        b: str,
        max_hops: int = 4,
        *,
        kinds: Iterable[EdgeKind] = EVERY_KIND,
        hub: int = HUB,
        limit: int = 10,
    ) -> Shown[Way]:
        numbers = self._footing.numbers([a, b])
        if len(numbers) < len({a, b}):
            return Shown((), 0)
        network = self._network(kinds)
        ends = network.spans.codes(np.array([numbers[a], numbers[b]]))

        def ids(codes: Array) -> list[str]:
            found = network.spans.numbers(codes).tolist()
            by_number = self._footing.ids(found)
            return [by_number[number] for number in found]

        return walk(network, int(ends[0]), int(ends[1]), max_hops, limit, hub, ids)

    def _heaviest(
        self, ids: Sequence[str], kind: EdgeKind, limit: int
    ) -> tuple[Sequence[Edge], int]:
        return heaviest(self._footing, ids, kind, limit) if self._present([kind]) else ((), 0)

    def _links(self, ids: Iterable[str], kinds: Sequence[EdgeKind]) -> Iterable[tuple[str, str]]:
        network = self._network(kinds)
        asked = np.array(list(self._footing.numbers(ids).values()), np.int64)
        near, far = map(network.spans.numbers, network.links(network.spans.codes(asked)))
        names = self._footing.ids([*near.tolist(), *far.tolist()])
        return {(names[a], names[b]) for a, b in zip(near.tolist(), far.tolist(), strict=True)}

    def _between(self, ids: Sequence[str], kinds: Sequence[EdgeKind]) -> Iterable[Edge]:
        ground = self._footing.ground
        asked = np.array(sorted(self._footing.numbers(ids).values()), np.int64)
        for kind in self._present(kinds) if len(asked) else ():
            parts = [by_hand_between(ground, kind, asked)]
            if (kind, "out") in ground.ways:
                parts.append(between(ground, kind, asked))
            yield from edges(self._footing, kind, parts)


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
