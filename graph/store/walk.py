"""Shortest ways over arrays: the same answer as `paths.shortest_paths`, a level of the search at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from graph.errors import TooWide
from graph.model import Path, Shown
from graph.store.index import Adjacency, Array, Spans, spread

MOST_NODES = 1_500_000
MOST_EDGES = 1 << 21

Ids = Callable[[Array], list[str]]
"""From nodes, as codes of the network's spans, to their ids."""


class Network:
    """Edges walked either way between nodes given as codes of `spans`.

    `by_hand` int64[edges, 2] are further edges, each once.
    """

    def __init__(self, spans: Spans, ways: Sequence[Adjacency], by_hand: Array) -> None:
        self.spans = spans
        self._ways = ways
        near, far = np.concatenate([by_hand, by_hand[:, ::-1]]).T
        order = np.argsort(near, kind="stable")
        self._near, self._far = near[order], far[order]

    def degrees(self, nodes: Array) -> Array:
        """How many edges touch each node."""
        numbers = self.spans.numbers(nodes)
        found = np.zeros(len(nodes), np.int64)
        for way in self._ways:
            first, last = way.rows(numbers)
            found += last - first
        first, last = (np.searchsorted(self._near, nodes, side) for side in ("left", "right"))
        return found + (last - first)

    def links(self, nodes: Array) -> tuple[Array, Array]:
        """(node, neighbour) for every edge of `nodes`; may repeat."""
        numbers = self.spans.numbers(nodes)
        near, far = [nodes[:0]], [nodes[:0]]
        for way in self._ways:
            which, rows = spread(*way.rows(numbers))
            if len(rows):
                near.append(nodes[which])
                far.append(self.spans.codes(way.ends(rows)))
        first, last = (np.searchsorted(self._near, nodes, side) for side in ("left", "right"))
        which, rows = spread(first, last)
        near.append(nodes[which])
        far.append(self._far[rows])
        return np.concatenate(near), np.concatenate(far)

    def in_parts(self, nodes: Array) -> Iterator[tuple[Array, Array]]:
        """The links of `nodes`, about `MOST_EDGES` at a time."""
        ends = np.cumsum(self.degrees(nodes)) // MOST_EDGES
        for part in np.split(nodes, np.flatnonzero(np.diff(ends)) + 1):
            yield self.links(part)


class _Side:
    """What one end has reached: the depth of each node plus one, and which of them may not be passed."""

    def __init__(self, start: int, size: int) -> None:
        self.start = start
        self.level = np.array([start], np.int64)
        self.seen = np.zeros(size, np.int16)
        self.seen[start] = 1
        self.hubs = np.zeros(size, np.bool_)
        self.depth = 0
        self.reached = 1

    def step(self, network: Network, hub: int) -> None:
        """Walk one edge further from those of the level that may be passed."""
        passable = self.level
        if self.depth:
            closed = network.degrees(passable) > hub
            self.hubs[passable[closed]] = True
            passable = passable[~closed]
        self.depth += 1
        found = []
        for _, far in network.in_parts(passable):
            new = np.unique(far[self.seen[far] == 0])
            self.seen[new] = self.depth + 1
            self.reached += len(new)
            found.append(new)
            if self.reached > MOST_NODES:
                raise TooWide(self.reached, MOST_NODES)
        self.level = np.concatenate(found)

    def back(self, network: Network, nodes: Array, depth: int) -> tuple[Array, Array]:
        """(node, node before it), each pair once, for `nodes` reached at `depth`."""
        near, far = network.links(nodes)
        before = (self.seen[far] == depth) & ~self.hubs[far]
        pairs = np.unique(near[before] * len(self.seen) + far[before])
        return pairs // len(self.seen), pairs % len(self.seen)


@dataclass(frozen=True)
class _Steps:
    """Steps of one level towards the goal: (node, next node), sorted by node, with the ways on."""

    nodes: Array
    following: Array

    def of(self, node: int) -> Array:
        """Where `node` leads."""
        first, last = np.searchsorted(self.nodes, [node, node + 1])
        return self.following[first:last]


def walk(
    network: Network, a: int, b: int, max_hops: int, limit: int, hub: int, ids: Ids
) -> Shown[Path]:
    """All shortest paths of at most `max_hops` edges, the first `limit` in the order of their ids.

    A node with more than `hub` edges is never passed through; `a` and `b` themselves may be hubs.
    Raises `TooWide` rather than reach more than `MOST_NODES` nodes from one end.
    """
    if a == b:
        return Shown((Path(tuple(ids(np.array([a])))),)[:limit], 1)
    left, right = _Side(a, network.spans.size), _Side(b, network.spans.size)
    while left.depth + right.depth < max_hops and len(left.level) and len(right.level):
        near, far = (left, right) if len(left.level) <= len(right.level) else (right, left)
        near.step(network, hub)
        met = near.level[far.seen[near.level] == far.depth + 1]
        ends = (met == a) | (met == b)
        met = met[ends | (network.degrees(met) <= hub)]
        if len(met):
            steps, total = _steps(network, left, right, np.sort(met))
            found = _first(steps, 0, a, limit, ids) if limit > 0 else []
            return Shown(tuple(Path(nodes) for nodes in found), total)
    return Shown((), 0)


def _steps(network: Network, left: _Side, right: _Side, met: Array) -> tuple[list[_Steps], int]:
    """The steps of every level from left to right, and how many ways they make.

    Each shortest path passes exactly one node of `met`.
    """
    after: list[_Steps] = []
    nodes = met
    for depth in range(right.depth, 0, -1):
        near, far = right.back(network, nodes, depth)
        after.append(_Steps(near, far))
        nodes = np.unique(far)
    before: list[_Steps] = []
    nodes = met
    for depth in range(left.depth, 0, -1):
        near, far = left.back(network, nodes, depth)
        order = np.argsort(far, kind="stable")
        before.append(_Steps(far[order], near[order]))
        nodes = np.unique(far)
    steps = [*before[::-1], *after]
    return steps, _count(steps, right.start)


def _count(steps: Sequence[_Steps], goal: int) -> int:
    """How many ways lead to `goal`: sums of whole numbers, from the last level back."""
    nodes, ways = np.array([goal], np.int64), np.ones(1, np.int64)
    for step in reversed(steps):
        here = ways[np.searchsorted(nodes, step.following)]
        nodes, which = np.unique(step.nodes, return_inverse=True)
        ways = np.zeros(len(nodes), np.int64)
        np.add.at(ways, which, here)
    return int(ways.sum())


def _first(
    steps: Sequence[_Steps], depth: int, node: int, limit: int, ids: Ids
) -> list[tuple[str, ...]]:
    """The first `limit` ways from `node`, in the order of ids."""
    [name] = ids(np.array([node]))
    if depth == len(steps):
        return [(name,)]
    following = steps[depth].of(node)
    found: list[tuple[str, ...]] = []
    for _, onward in sorted(zip(ids(following), following.tolist(), strict=True)):
        if len(found) >= limit:
            break
        more = _first(steps, depth + 1, onward, limit - len(found), ids)
        found += [(name, *rest) for rest in more]
    return found
