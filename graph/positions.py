"""Where the nodes of a network stand: computed here, once, so that nothing moves in the browser."""

import math

import networkx as nx
import numpy as np
from scipy.spatial import cKDTree

Point = tuple[float, float]

SMALL = 60
REACH = 66.0
SPREAD = 130.0
GAP = 110.0
LANDSCAPE = 1.2
FRAME = 1.6
ROOM = np.array([116.0, 82.0])
ROUNDS = 80
MANY = 800
ROUNDS_OF_MANY = 25
STEPS = 40
GOLDEN = math.pi * (3 - math.sqrt(5))


def positions(graph: "nx.Graph[str]", seed: int = 1) -> dict[str, Point]:
    """A point per node in picture units; the same graph and seed give the same points.

    Each connected part is laid out on its own: up to 60 nodes by their distances, more in two levels
    (Louvain groups by a spring layout, then each group inside its own circle). The parts stand side
    by side in rows.
    """
    names = sorted(graph)
    number = {name: at for at, name in enumerate(names)}
    links = ((number[a], number[b]) for a, b in graph.edges if a != b)
    # Numbers, because the order of a set of texts differs from process to process, and libraries use sets.
    ordered: nx.Graph[int] = nx.Graph()
    ordered.add_nodes_from(range(len(names)))
    ordered.add_edges_from(sorted((min(link), max(link)) for link in links))
    parts = [sorted(part) for part in nx.connected_components(ordered)]
    parts.sort(key=lambda part: (-len(part), part[0]))
    stacked = _stacked([_part(ordered.subgraph(part).copy(), seed) for part in parts])
    return {names[at]: point for at, point in stacked.items()}


def _part(graph: "nx.Graph[int]", seed: int) -> dict[int, Point]:
    if len(graph) > SMALL:
        return _apart(_two_level(graph, seed))
    return _apart(_scaled(_whole(graph, seed), REACH * math.sqrt(len(graph))))


def _apart(points: dict[int, Point]) -> dict[int, Point]:
    """Push nodes apart until each has room for itself and its label, as far as 80 rounds bring it."""
    at = np.array(list(points.values())) / ROOM
    turn = np.arange(len(at)) * GOLDEN
    at += 0.01 * np.column_stack((np.cos(turn), np.sin(turn)))
    for _ in range(ROUNDS if len(at) <= MANY else ROUNDS_OF_MANY):
        pairs = cKDTree(at).query_pairs(1.0, output_type="ndarray")
        if not len(pairs):
            break
        one, other = pairs[:, 0], pairs[:, 1]
        between = at[one] - at[other]
        distance = np.maximum(np.hypot(between[:, 0], between[:, 1]), 1e-9)
        push = between * ((1.0 - distance) / distance / 2)[:, None]
        for axis in (0, 1):
            at[:, axis] += np.bincount(one, push[:, axis], len(at))
            at[:, axis] -= np.bincount(other, push[:, axis], len(at))
    at *= ROOM
    return {
        node: (round(float(x), 1), round(float(y), 1))
        for node, (x, y) in zip(points, at, strict=True)
    }


def _stacked(parts: list[dict[int, Point]]) -> dict[int, Point]:
    """The parts side by side in rows, largest first, in a frame somewhat wider than high."""
    boxes = [(2 * _reach(part, 0) + GAP, 2 * _reach(part, 1) + GAP) for part in parts]
    area = sum(wide * deep for wide, deep in boxes)
    width = max(max((wide for wide, _ in boxes), default=0.0), FRAME * math.sqrt(area))
    found: dict[int, Point] = {}
    left, top, deepest = 0.0, 0.0, 0.0
    for part, (wide, deep) in zip(parts, boxes, strict=True):
        if left and left + wide > width:
            left, top, deepest = 0.0, top + deepest, 0.0
        deepest = max(deepest, deep)
        for node, (x, y) in part.items():
            found[node] = (round(left + wide / 2 + x, 1), round(top + deepest / 2 + y, 1))
        left += wide
    return found


def _reach(points: dict[int, Point], axis: int) -> float:
    return max((abs(point[axis]) for point in points.values()), default=0.0)


def _whole(graph: "nx.Graph[int]", seed: int) -> dict[int, Point]:
    if len(graph) == 1:
        return dict.fromkeys(graph, (0.0, 0.0))
    start = nx.circular_layout(graph)
    if nx.is_connected(graph):
        found = nx.kamada_kawai_layout(graph, pos=start)
    else:
        found = nx.spring_layout(graph, pos=start, seed=seed)
    return {node: (float(x), float(y)) for node, (x, y) in found.items()}


def _two_level(graph: "nx.Graph[int]", seed: int) -> dict[int, Point]:
    groups = [sorted(group) for group in nx.community.louvain_communities(graph, seed=seed)]
    groups.sort(key=lambda group: (-len(group), group[0]))
    home = {node: number for number, group in enumerate(groups) for node in group}
    between: nx.Graph[int] = nx.Graph()
    between.add_nodes_from(range(len(groups)))
    between.add_edges_from({(home[a], home[b]) for a, b in graph.edges if home[a] != home[b]})
    centres = nx.spring_layout(
        between, seed=seed, k=3.2 / math.sqrt(len(groups)), scale=SPREAD * math.sqrt(len(graph))
    )
    found: dict[int, Point] = {}
    for number, group in enumerate(groups):
        part = graph.subgraph(group).copy()
        drawn = nx.spring_layout(part, pos=nx.circular_layout(part), seed=seed, iterations=STEPS)
        points = {node: (float(x), float(y)) for node, (x, y) in drawn.items()}
        inner = _scaled(points, REACH * math.sqrt(len(group)))
        left, top = centres[number]
        for node, (x, y) in inner.items():
            found[node] = (float(left) * LANDSCAPE + x, float(top) + y)
    return found


def _scaled(points: dict[int, Point], scale: float) -> dict[int, Point]:
    reach = max((max(abs(x), abs(y)) for x, y in points.values()), default=0.0) or 1.0
    return {
        node: (round(x / reach * scale * LANDSCAPE, 1), round(y / reach * scale, 1))
        for node, (x, y) in points.items()
    }
