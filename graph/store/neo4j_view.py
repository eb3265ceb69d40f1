"""Reading the graph on a Neo4j server.

What the tables say does not change on the server while its generation stays; what people wrote is
read with the view and laid over it, and what they add later carries a later `since` and is left out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.model import Counts, Edge, EdgeKind, Node, NodeKind, Path, Record, SharedToken, Shown
from graph.schema import TokenKind
from graph.store import neo4j_hand
from graph.store.base import EVERY_KIND, HUB, View
from graph.store.by_hand import ByHand
from graph.store.decisions import shown_of
from graph.store.derive import PROPERTIES
from graph.store.ground import Footing, labelled, settled
from graph.store.neo4j_ import Connection, Transaction
from graph.store.neo4j_cypher import (
    BETWEEN,
    DEGREES,
    HEAVIEST,
    HEAVIEST_OF_ONE,
    HOLDERS,
    LEAST,
    LINKS,
    MOST_WAYS,
    NODES,
    SEARCH,
    SHARED,
    SHARED_OF_KIND,
    Query,
    ways,
)
from graph.store.neo4j_parity import server_counts, shown_counts
from graph.store.neo4j_schema import NODE_PROPERTIES, Marker, whole_marker
from graph.store.records import records

SHORTEST_ID_PART = 6


@dataclass(frozen=True)
class Standing:
    """What a server holds at one moment: the marker, what people wrote, how much there is."""

    marker: Marker
    by_hand: ByHand
    counts: Counts


def standing(tx: Transaction, server: str) -> Standing:
    """The server's state now, read until nobody wrote in between; raises `NotLoaded`."""
    marker = whole_marker(tx, server)
    while True:
        counts = shown_counts(tx, marker.scan) if marker.hidden else server_counts(tx)
        found = Standing(marker, neo4j_hand.read(tx, marker.revision), counts)
        marker = whole_marker(tx, server)
        if marker == found.marker:
            return found


class Neo4jView(View):
    """A view of one `Standing`; where its graph is replaced it raises `GraphReplaced`."""

    def __init__(
        self, connection: Connection, state: Standing, footing: Callable[[], Footing]
    ) -> None:
        self._connection = connection
        self._state = state
        self._footing = footing
        self._moved = bool(state.marker.hidden)

    @property
    def shown(self) -> tuple[str, str | None]:
        """The snapshot and the scan that are shown, by their ids."""
        return self._state.marker.snapshot, self._state.marker.scan

    def nodes(self, ids: Iterable[str]) -> tuple[Node, ...]:
        asked = list(dict.fromkeys(ids))
        found = {row[0]: self._node(*row) for row in self._rows(NODES, ids=asked)} if asked else {}
        return tuple(found[id_] for id_ in asked if id_ in found)

    def search(self, text: str, limit: int = 20) -> Shown[Node]:
        wanted = text.strip().lower()
        if not wanted:
            return Shown((), 0)
        [[ids, total]] = self._rows(
            SEARCH,
            text=wanted,
            back=wanted[::-1],
            long=len(wanted) >= SHORTEST_ID_PART,
            limit=max(limit, 0),
        )
        return Shown(self.nodes(ids), total)

    def degrees(
        self, ids: Iterable[str], kinds: Iterable[EdgeKind] = EVERY_KIND
    ) -> dict[str, dict[EdgeKind, int]]:
        wanted, asked = set(kinds), sorted(set(ids))
        rows = self._rows(DEGREES, ids=asked) if asked else []
        return {
            id_: {
                kind: number
                for kind, number in zip(EdgeKind, numbers, strict=True)
                if number and kind in wanted
            }
            for id_, *numbers in rows
        }

    def shared(
        self, kind: TokenKind | None = None, limit: int = 100, least: int = 2
    ) -> Shown[SharedToken]:
        query = SHARED if kind is None else SHARED_OF_KIND
        bounds = {"least": max(least, 1), "limit": max(limit, 0)}
        [[total, ids]] = self._rows(query, kind=kind and str(kind), **bounds)
        holders: dict[str, dict[NodeKind, int]] = {id_: {} for id_ in ids}
        for id_, who, number in self._rows(HOLDERS, ids=ids) if ids else ():
            holders[id_][NodeKind(who)] = number
        tokens = (SharedToken(node, holders[node.id]) for node in self.nodes(ids))
        return Shown(tuple(tokens), total)

    def records(self, edge: Edge, limit: int = 500) -> Shown[Record]:
        return records(self._footing(), edge, limit)

    def counts(self) -> Counts:
        return self._state.counts

    def paths(
        self,
        a: str,
        b: str,
        max_hops: int = 4,
        *,
        kinds: Iterable[EdgeKind] = EVERY_KIND,
        hub: int = HUB,
        limit: int = 10,
    ) -> Shown[Path]:
        walked = tuple(kind for kind in EdgeKind if kind in set(kinds))
        if a != b and walked and max_hops > 0 and not self._moved:
            ends = {"a": a, "b": b, "hub": hub, "limit": max(limit, 1)}
            query = Query(text := ways(walked, max_hops), text)
            rows = self._rows(query, **ends)
            if not self._moved and not any(met > MOST_WAYS for met, *_ in rows):
                found = [Path(tuple(way)) for *_, some in rows for way in some]
                return Shown(tuple(found[: max(limit, 0)]), sum(total for _, total, _ in rows))
        return super().paths(a, b, max_hops, kinds=walked, hub=hub, limit=limit)

    def _heaviest_of_each(
        self, ids: Sequence[str], kinds: Sequence[EdgeKind], limit: int
    ) -> Sequence[tuple[Sequence[Edge], int]]:
        if len(ids) != 1 or limit < 1:
            return super()._heaviest_of_each(ids, kinds, limit)
        asked = {
            "id": ids[0],
            "kinds": list(map(str, kinds)),
            "limit": limit,
            "added": self._added(ids[0]),
        }
        edges: dict[EdgeKind, list[Edge]] = {kind: [] for kind in kinds}
        totals, unsure = dict.fromkeys(kinds, 0), {}
        for name, total, least, *row in self._rows(HEAVIEST_OF_ONE, **asked):
            kind = EdgeKind(name)
            edges[kind].append(self._edge(kind, *row))
            totals[kind] = total
            if least is not None:
                unsure[kind] = least
        for kind, least in unsure.items():
            rows = self._rows(HEAVIEST[kind], ids=list(ids), limit=limit, least=least)
            edges[kind] = [self._edge(kind, *row) for row in rows]
        return [(edges[kind], totals[kind]) for kind in kinds]

    def _added(self, id_: str) -> dict[str, list[str]]:
        """By kind, the other ends of the edges people wrote to or from a node."""
        added: dict[str, list[str]] = {str(kind): [] for kind in EdgeKind}
        for kind, source, target in self._state.by_hand.edges:
            if id_ in (source, target):
                added[kind].append(target if source == id_ else source)
        return added

    def _heaviest(
        self, ids: Sequence[str], kind: EdgeKind, limit: int
    ) -> tuple[Sequence[Edge], int]:
        if not ids or kind not in self._state.counts.edges:
            return (), 0
        values = {"ids": list(ids), "limit": max(limit, 1)}
        [[total, least]] = self._rows(LEAST[kind], **values)
        if not total or limit < 1:
            return (), total
        rows = self._rows(HEAVIEST[kind], **values, least=least)
        return [self._edge(kind, *row) for row in rows], total

    def _links(self, ids: Iterable[str], kinds: Sequence[EdgeKind]) -> Iterable[tuple[str, str]]:
        rows = self._rows(LINKS, ids=sorted(set(ids)), kinds=list(map(str, kinds)))
        return [(near, far) for near, far in rows]

    def _between(self, ids: Sequence[str], kinds: Sequence[EdgeKind]) -> Iterable[Edge]:
        rows = self._rows(BETWEEN, ids=list(ids), kinds=list(map(str, kinds))) if ids else []
        return [self._edge(EdgeKind(kind), *row) for kind, *row in rows]

    def _rows(self, query: Query, **values: Any) -> list[list[Any]]:
        """What a query finds, as it was when the view was made.

        Where nobody wrote since and no scan lies there unseen, nothing needs to be left out and counts
        come from the server's own.
        """
        made = self._state.marker

        def find(tx: Transaction) -> list[list[Any]]:
            text = query.since if self._moved else query.plain
            found = tx.rows(text, **values, revision=made.revision, scan=made.scan)
            marker = whole_marker(tx, self._connection.server.address, made.generation)
            if marker.revision != made.revision and not self._moved:
                self._moved = True
                found = tx.rows(query.since, **values, revision=made.revision, scan=made.scan)
            return found

        return self._connection.read(find)

    def _node(self, id_: str, kind: str, label: str, there: Mapping[str, Any]) -> Node:
        names = NODE_PROPERTIES[NodeKind(kind)] if "since" not in there else frozenset[str]()
        facts = settled({name: value for name, value in there.items() if name in names})
        by_hand = self._state.by_hand
        node = Node(id_, NodeKind(kind), label, facts)
        return labelled(node, by_hand.states.get(id_), by_hand.nodes.get(id_))

    def _edge(self, kind: EdgeKind, source: str, target: str, there: Mapping[str, Any]) -> Edge:
        names = PROPERTIES[kind] if "since" not in there else ()
        added = self._state.by_hand.edges.get((kind, source, target))
        facts = settled({name: there[name] for name in names if name in there})
        more = added.properties if added else {}
        decided = self._state.by_hand.states.get((kind, source, target))
        return Edge(kind, source, target, {**facts, **more, **shown_of(decided)})
