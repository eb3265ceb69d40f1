"""Shortest ways between two nodes, searched from both ends, never through a hub."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from graph.errors import TooWide
from graph.model import Path, Shown

Links = Callable[[Iterable[str]], Iterable[tuple[str, str]]]
"""From some nodes to (one of them, a neighbour of it); repeats are allowed."""
Degrees = Callable[[Iterable[str]], Mapping[str, int]]

MOST_NODES = 300_000


class _Side:
    """What one end has reached: the nodes of each level and how each was come by."""

    def __init__(self, start: str) -> None:
        self.start = start
        self.level = {start}
        self.before: dict[str, set[str]] = {start: set()}
        self.depth = 0

    def step(self, links: Links, passable: set[str]) -> None:
        """Walk one edge further from those of the level that may be passed."""
        reached: dict[str, set[str]] = {}
        for node, neighbour in links(sorted(passable)) if passable else ():
            if neighbour not in self.before:
                reached.setdefault(neighbour, set()).add(node)
        self.before |= reached
        self.level = set(reached)
        self.depth += 1
        if len(self.before) > MOST_NODES:
            raise TooWide(len(self.before), MOST_NODES)


def shortest_paths(
    a: str, b: str, max_hops: int, limit: int, links: Links, degrees: Degrees, hub: int
) -> Shown[Path]:
    """All shortest paths of at most `max_hops` edges, the first `limit` in the order of their ids.

    A node with more than `hub` edges is never passed through; `a` and `b` themselves may be hubs.
    Raises `TooWide` rather than hold more than `MOST_NODES` nodes.
    """
    if a == b:
        return Shown((Path((a,)),)[:limit], 1)
    left, right = _Side(a), _Side(b)
    while left.depth + right.depth < max_hops and left.level and right.level:
        near, far = (left, right) if len(left.level) <= len(right.level) else (right, left)
        near.step(links, _passable(near, degrees, hub))
        met = near.level & far.level
        met -= _hubs(met - {a, b}, degrees, hub)
        if met:
            return _shown(left, right, met, limit)
    return Shown((), 0)


def _passable(side: _Side, degrees: Degrees, hub: int) -> set[str]:
    return side.level if side.depth == 0 else side.level - _hubs(side.level, degrees, hub)


def _hubs(nodes: set[str], degrees: Degrees, hub: int) -> set[str]:
    if not nodes:
        return set()
    found = degrees(sorted(nodes))
    return {node for node in nodes if found.get(node, 0) > hub}


def _shown(left: _Side, right: _Side, met: set[str], limit: int) -> Shown[Path]:
    """Join both sides where they met. Each shortest path passes exactly one node of `met`."""
    onward: dict[str, set[str]] = {}
    for node in met:
        _trace(left, node, onward, forward=False)
        _trace(right, node, onward, forward=True)
    ways: dict[str, int] = {right.start: 1}
    total = _count(left.start, onward, ways)
    found = _walk(left.start, right.start, onward)
    return Shown(tuple(Path(nodes) for nodes, _ in zip(found, range(limit), strict=False)), total)


def _trace(side: _Side, node: str, onward: dict[str, set[str]], *, forward: bool) -> None:
    """Add to `onward` (node to the next ones towards `b`) every step from `node` to the start."""
    waiting, seen = [node], {node}
    while waiting:
        here = waiting.pop()
        for before in side.before[here]:
            if forward:
                onward.setdefault(here, set()).add(before)
            else:
                onward.setdefault(before, set()).add(here)
            if before not in seen:
                seen.add(before)
                waiting.append(before)


def _count(node: str, onward: Mapping[str, set[str]], ways: dict[str, int]) -> int:
    if node not in ways:
        ways[node] = sum(_count(following, onward, ways) for following in onward[node])
    return ways[node]


def _walk(node: str, goal: str, onward: Mapping[str, set[str]]) -> Iterator[tuple[str, ...]]:
    if node == goal:
        yield (node,)
        return
    for following in sorted(onward[node]):
        for rest in _walk(following, goal, onward):
            yield (node, *rest)
