"""The contract of a graph store: a `Store` hands out a `View` to read and a `Writer` to write.

What can be written once from a few primitives is written here; a store supplies the methods marked
abstract. `tests/graph/test_store_contract.py` runs the same cases over every store.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeAlias

import networkx as nx

from graph.model import (
    Counts,
    Edge,
    EdgeKey,
    EdgeKind,
    Node,
    Path,
    Properties,
    Record,
    SharedToken,
    Shown,
)
from graph.results import Scan
from graph.schema import TokenKind
from graph.store.decisions import Decisions, Target
from graph.store.paths import shortest_paths

EVERY_KIND = tuple(EdgeKind)
HUB = 1_000

Graph: TypeAlias = "nx.MultiDiGraph[str]"


class View(ABC):
    """A consistent look at the graph at the moment the view was made; it never writes.

    Missing properties are left out, times are naive Beijing local, money is fen. Every answer that
    can be cut is `Shown` with the full number. A view serves one thread.
    """

    @abstractmethod
    def nodes(self, ids: Iterable[str]) -> tuple[Node, ...]:
        """The nodes with these ids, in the order asked, each once; unknown ids are left out."""

    @abstractmethod
    def search(self, text: str, limit: int = 20) -> Shown[Node]:
        """Places whose name or code contains `text`; of six characters or more also any id that
        starts or ends with it. Case does not matter. Equal first, then starting with `text`, then
        the rest, each in the order of ids. People's names and numbers are not in the graph.
        """

    @abstractmethod
    def degrees(
        self, ids: Iterable[str], kinds: Iterable[EdgeKind] = EVERY_KIND
    ) -> dict[str, dict[EdgeKind, int]]:
        """How many edges of each kind touch each node; kinds without any are left out, and so are
        unknown ids. A node without edges has an empty count.
        """

    @abstractmethod
    def shared(
        self, kind: TokenKind | None = None, limit: int = 100, least: int = 2
    ) -> Shown[SharedToken]:
        """Tokens (of one `kind` or all) of `least` holders or more, most holders first, then id."""

    @abstractmethod
    def records(self, edge: Edge, limit: int = 500) -> Shown[Record]:
        """The rows behind `edge`: for VISITED and TREATED_BY the visits that count, in time order.

        Only `edge.key` matters. An edge written by hand has none.
        """

    @abstractmethod
    def counts(self) -> Counts:
        """How many nodes and edges there are."""

    @abstractmethod
    def _heaviest(
        self, ids: Sequence[str], kind: EdgeKind, limit: int
    ) -> tuple[Sequence[Edge], int]:
        """The `limit` heaviest edges of `kind` touching any of `ids`, and how many there are.

        Order: weight descending, then source, then target. An edge with both ends in `ids` counts
        once.
        """

    def _heaviest_of_each(
        self, ids: Sequence[str], kinds: Sequence[EdgeKind], limit: int
    ) -> Sequence[tuple[Sequence[Edge], int]]:
        """What `_heaviest` says for each of `kinds`, in their order."""
        return [self._heaviest(ids, kind, limit) for kind in kinds]

    @abstractmethod
    def _links(self, ids: Iterable[str], kinds: Sequence[EdgeKind]) -> Iterable[tuple[str, str]]:
        """(one of `ids`, neighbour) for every edge of `kinds`, walked either way."""

    @abstractmethod
    def _between(self, ids: Sequence[str], kinds: Sequence[EdgeKind]) -> Iterable[Edge]:
        """Every edge of `kinds` with both ends in `ids`."""

    def neighbours(
        self, ids: Iterable[str], kinds: Iterable[EdgeKind] = EVERY_KIND, limit: int = 100
    ) -> Shown[Edge]:
        """The heaviest edges touching any of `ids`, at most `limit` of them in all.

        Kinds take turns (the heaviest of each kind, then the second heaviest …), so that a few
        registrations are not drowned by a hundred thousand visits.
        """
        asked = sorted(set(ids))
        wanted = set(kinds)
        found = self._heaviest_of_each(asked, [kind for kind in EdgeKind if kind in wanted], limit)
        total = sum(number for _, number in found)
        turns = (edges[turn] for turn in range(limit) for edges, _ in found if turn < len(edges))
        return Shown(tuple(edge for edge, _ in zip(turns, range(limit), strict=False)), total)

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
        """The shortest paths from `a` to `b`, edges walked either way, in the order of their ids.

        Never passes through a node touched by more than `hub` edges of `kinds`. Empty if there is
        no way within `max_hops`, or if an end is unknown. Raises `TooWide` where the search would
        meet too many nodes.
        """
        walked = tuple(kinds)
        if len(self.nodes([a, b])) < len({a, b}):
            return Shown((), 0)

        def links(ids: Iterable[str]) -> Iterable[tuple[str, str]]:
            return self._links(ids, walked)

        def degrees(ids: Iterable[str]) -> dict[str, int]:
            return {node: sum(by.values()) for node, by in self.degrees(ids, walked).items()}

        return shortest_paths(a, b, max_hops, limit, links, degrees, hub)

    def subgraph(self, ids: Iterable[str], kinds: Iterable[EdgeKind] = EVERY_KIND) -> Graph:
        """The nodes with these ids and every edge among them.

        Node attributes: `kind`, `label` and the properties. Edge key: the kind; edge attributes:
        `kind`, `weight` and the properties.
        """
        graph: Graph = nx.MultiDiGraph()
        for node in self.nodes(ids):
            graph.add_node(node.id, **{**node.properties, "kind": node.kind, "label": node.label})
        for edge in sorted(self._between(list(graph), tuple(kinds)), key=lambda edge: edge.key):
            attributes = {**edge.properties, "kind": edge.kind, "weight": edge.weight}
            graph.add_edge(edge.source, edge.target, key=edge.kind, **attributes)
        return graph


class Writer(ABC):
    """Collects what is written and puts it down whole when its `with` block ends, or on `flush`.

    Writing the same twice changes nothing, nor does the order of writing or the size of batches;
    properties add to those already there. An exception in the block writes nothing.
    """

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._edges: dict[EdgeKey, Edge] = {}
        self._withdrawn: dict[str, None] = {}
        self._states: dict[tuple[Target, str | None], str | None] = {}

    def nodes(self, batch: Iterable[Node]) -> None:
        """Add nodes, or properties to nodes that are there (kind and label of these stay)."""
        for node in batch:
            old = self._nodes.get(node.id)
            properties = _joined(old, node.properties)
            self._nodes[node.id] = Node(node.id, node.kind, node.label, properties)

    def edges(self, batch: Iterable[Edge]) -> None:
        """Add edges, or properties to edges that are there. Both ends must be known by the flush.

        Do not restate what is derived from tables or scans (`visits`, `fund` …).
        Raises ValueError for an edge from a node to itself.
        """
        for edge in batch:
            if edge.source == edge.target:
                raise ValueError(f"{edge.source} cannot have an edge to itself")
            properties = _joined(self._edges.get(edge.key), edge.properties)
            self._edges[edge.key] = Edge(*edge.key, properties)

    def states(self, states: Mapping[str, str | None], case: str | None = None) -> None:
        """What people decided on nodes, as properties `decided` (e.g. 暂停) and `decided_case`.

        Each case has its own word on a node; the one spoken last is shown, and None lifts the case's own.
        """
        for node, state in states.items():
            self._decide(node, state, case)

    def registrations(
        self, states: Mapping[tuple[str, str], str | None], case: str | None = None
    ) -> None:
        """The same for registrations, given as (practitioner, place): on their REGISTERED_AT edges."""
        for (practitioner, place), state in states.items():
            self._decide((EdgeKind.REGISTERED_AT, practitioner, place), state, case)

    def withdraw(self, case: str) -> None:
        """Take away every state decided in `case`; what other cases decided shows again."""
        self._withdrawn[case] = None
        self._states = {key: state for key, state in self._states.items() if key[1] != case}

    def _decide(self, target: Target, state: str | None, case: str | None) -> None:
        self._states.pop((target, case), None)
        self._states[target, case] = state

    def flush(self) -> None:
        """Put down what was collected, in one transaction.

        Raises `UnknownNodes` for an edge or a state of a node nobody knows, `UnknownRegistrations` for
        a state of a registration that is not there, writing nothing.
        """
        decisions = Decisions(tuple(self._withdrawn), dict(self._states))
        if self._nodes or self._edges or decisions:
            self._put(tuple(self._nodes.values()), tuple(self._edges.values()), decisions)
        self._nodes, self._edges, self._states, self._withdrawn = {}, {}, {}, {}

    @abstractmethod
    def rings(self, scan: Scan) -> None:
        """Show `scan`: its rings as nodes, MEMBER_OF and CO_VISITED as edges, in place of those of
        the scan shown before. Takes effect at once.
        """

    @abstractmethod
    def remove_rings(self, scan: str) -> None:
        """Take the rings and edges of scan `scan` away; nothing happens if another is shown."""

    @abstractmethod
    def _put(self, nodes: Sequence[Node], edges: Sequence[Edge], decisions: Decisions) -> None:
        """Write all of it or nothing; see `flush`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.flush()


class Store(ABC):
    """Where the graph of one workspace is kept."""

    @abstractmethod
    def view(self) -> View:
        """A look at what is there now."""

    @abstractmethod
    def writer(self) -> Writer:
        """A writer; use it in a `with` block."""


def _joined(old: Node | Edge | None, new: Properties) -> Properties:
    return {**old.properties, **new} if old else dict(new)
