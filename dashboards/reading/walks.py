"""Walking the graph from what one has: search, the neighbours of a node, the ways between two."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from graph.errors import TooWide
from graph.model import Edge, EdgeKind, Node, Path, Shown
from graph.store.base import View

LOOKED_AT = 2_000
"""Of a node's edges so many, the heaviest, are looked at when days or money decide."""
BIG_HOSPITAL = 300
"""A node of more edges is passed by when big hospitals are avoided."""
NO_HUB = 1_000_000_000
MOST_HOPS = 4
MOST_WAYS = 3
FACTS = tuple(kind for kind in EdgeKind if kind is not EdgeKind.MEMBER_OF)
"""Ways go by what the tables say and who was seen together, never by being in one ring."""


@dataclass(frozen=True)
class Wanted:
    """Which neighbours: edges of `kinds` (empty: all), seen between the days, at most `limit` edges."""

    kinds: tuple[EdgeKind, ...] = ()
    limit: int = 50
    first: date | None = None
    last: date | None = None
    by_fund: bool = False

    @property
    def plain(self) -> bool:
        """Whether the store's own order is what is wanted."""
        return not (self.first or self.last or self.by_fund)


@dataclass(frozen=True)
class Reach:
    """Neighbours found: their ids, heaviest first; `edges` of `total` were taken, `looked` at so many."""

    ids: tuple[str, ...]
    edges: int
    total: int
    looked: int


@dataclass(frozen=True)
class Ways:
    """The shortest ways found, of `total`; `too_wide` when the search met too many nodes to end."""

    paths: tuple[Path, ...]
    total: int
    too_wide: bool = False


def search(view: View, text: str, known: Sequence[str] = (), limit: int = 20) -> Shown[Node]:
    """What `text` finds: first the ids it is already `known` to stand for, then places and ids."""
    first = view.nodes(known)
    found = view.search(text, limit)
    there = {node.id for node in first}
    rest = [node for node in found if node.id not in there]
    total = found.total + sum(node.id not in {n.id for n in found} for node in first)
    return Shown((*first, *rest)[:limit], total)


def neighbours(view: View, node: str, wanted: Wanted) -> Reach:
    """The neighbours of `node` that are `wanted`, heaviest (or most money) first."""
    kinds = wanted.kinds or tuple(EdgeKind)
    if wanted.plain:
        found = view.neighbours([node], kinds, wanted.limit)
        return Reach(_others(node, found), len(found), found.total, found.total)
    found = view.neighbours([node], kinds, LOOKED_AT)
    edges = [edge for edge in found if _within(edge, wanted.first, wanted.last)]
    if wanted.by_fund:
        edges.sort(key=lambda edge: (-fund_of(edge), edge.source, edge.target))
    taken = edges[: wanted.limit]
    return Reach(_others(node, taken), len(taken), len(edges), len(found))


def ways(view: View, a: str, b: str, *, avoid_hubs: bool) -> Ways:
    """Up to three shortest ways from `a` to `b` within four steps; see `BIG_HOSPITAL`."""
    hub = BIG_HOSPITAL if avoid_hubs else NO_HUB
    try:
        found = view.paths(a, b, MOST_HOPS, kinds=FACTS, hub=hub, limit=MOST_WAYS)
    except TooWide:
        return Ways((), 0, too_wide=True)
    return Ways(found.items, found.total)


def fund_of(edge: Edge) -> int:
    """The money of an edge (fen); 0 where it has none."""
    value = edge.properties.get("fund", edge.properties.get("amount"))
    return value if isinstance(value, int) else 0


def day_of(value: object) -> date | None:
    """The day of a time or a day; None for anything else."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _others(node: str, edges: Iterable[Edge]) -> tuple[str, ...]:
    ends = (edge.target if edge.source == node else edge.source for edge in edges)
    return tuple(dict.fromkeys(ends))


def _within(edge: Edge, first: date | None, last: date | None) -> bool:
    """Whether the edge lies in the days, as far as it has any."""
    begun = day_of(edge.properties.get("first", edge.properties.get("from")))
    ended = day_of(edge.properties.get("last", edge.properties.get("to")))
    if first is not None and ended is not None and ended < first:
        return False
    return not (last is not None and begun is not None and begun > last)
