"""The heaviest edges of some nodes, read from the index, and their properties, read by row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graph.model import Edge, EdgeKind
from graph.store.derive import PROPERTIES
from graph.store.ground import Footing, Ground
from graph.store.index import WAYS, Adjacency, Array, spread

BY_HAND = "by hand"


@dataclass(frozen=True)
class Found:
    """Edges met: where (a way, or `BY_HAND`), row there, both ends as numbers, weight."""

    way: str
    rows: Array
    sources: Array
    targets: Array
    weights: Array

    def only(self, some: Array) -> "Found":
        """Some of them, by place or by mask."""
        parts = (self.rows, self.sources, self.targets, self.weights)
        return Found(self.way, *(part[some] for part in parts))

    def __len__(self) -> int:
        return len(self.rows)


def heaviest(
    footing: Footing, ids: Sequence[str], kind: EdgeKind, limit: int
) -> tuple[list[Edge], int]:
    """The `limit` heaviest edges of `kind` touching any of `ids`, and how many there are.

    Order: weight descending, then source, then target.
    """
    asked = np.array(sorted(footing.numbers(ids).values()), np.int64)
    derived = [
        _touching(footing.ground, kind, way, asked, max(limit, 1))
        for way in WAYS
        if (kind, way) in footing.ground.ways
    ]
    found = [some for some, _ in derived]
    hand = _by_hand(footing.ground, kind, asked)
    total = sum(number for _, number in derived) + len(hand)
    if derived:
        total -= len(between(footing.ground, kind, asked)) if len(asked) > 1 else 0
        found[1] = found[1].only(~np.isin(found[1].sources, asked))
    return edges(footing, kind, _cut([*found, hand], limit), limit), total


def between(ground: Ground, kind: EdgeKind, asked: Array) -> Found:
    """The derived edges of `kind` with both ends among `asked`."""
    adjacency = ground.ways[kind, "out"]
    which, rows = spread(*adjacency.rows(asked))
    found = _found("out", adjacency, rows, asked[which])
    return found.only(np.isin(found.targets, asked))


def by_hand_between(ground: Ground, kind: EdgeKind, asked: Array) -> Found:
    """The same for edges by hand."""
    found = _by_hand(ground, kind, asked)
    return found.only(np.isin(found.sources, asked) & np.isin(found.targets, asked))


def edges(
    footing: Footing, kind: EdgeKind, parts: Sequence[Found], limit: int | None = None
) -> list[Edge]:
    """`parts` as edges with what the tables say and what was added: heaviest first, at most `limit`."""
    numbers = [part.sources for part in parts] + [part.targets for part in parts]
    ids = footing.ids(np.concatenate(numbers).tolist()) if parts else {}
    keyed = []
    for place, part in enumerate(parts):
        ends = zip(part.sources.tolist(), part.targets.tolist(), strict=True)
        for row, (weight, (source, target)) in enumerate(
            zip(part.weights.tolist(), ends, strict=True)
        ):
            keyed.append((-weight, ids[source], ids[target], place, row))
    shown = sorted(keyed)[:limit]
    values: dict[tuple[int, int], Sequence[Any]] = {}
    for place, part in enumerate(parts):
        mine = [row for *_, where, row in shown if where == place]
        there = _properties(footing.ground, kind, part.way, part.rows[mine])
        values |= {(place, row): some for row, some in zip(mine, there, strict=True)}
    rows = ((s, t, *values[place, row]) for _, s, t, place, row in shown)
    return footing.edges(kind, rows)


def _touching(
    ground: Ground, kind: EdgeKind, way: str, asked: Array, limit: int
) -> tuple[Found, int]:
    """The `limit` heaviest of each node, and how many there are."""
    adjacency = ground.ways[kind, way]
    first, last = adjacency.rows(asked)
    long = last - first > limit
    which, rows = spread(first[~long], last[~long])
    parts = [(asked[~long][which], rows)]
    for node, start, end in zip(asked[long], first[long], last[long], strict=True):
        some = _heavy(ground, adjacency, int(start), int(end), limit)
        parts.append((np.full(len(some), node), some))
    near = np.concatenate([nodes for nodes, _ in parts])
    found = _found(way, adjacency, np.concatenate([rows for _, rows in parts]), near)
    return found, int((last - first).sum())


def _heavy(ground: Ground, adjacency: Adjacency, start: int, end: int, limit: int) -> Array:
    """The `limit` rows that come first among [start, end): by weight, then by the other end's id."""
    weights = adjacency.weights[start:end][::-1]
    least = weights[-limit]
    heavier = len(weights) - int(np.searchsorted(weights, least, side="right"))
    as_heavy = len(weights) - int(np.searchsorted(weights, least, side="left"))
    if as_heavy == limit:
        return np.arange(start, start + limit)
    tied = np.arange(start + heavier, start + as_heavy)
    ranks = ground.ranks(adjacency.ends(slice(start + heavier, start + as_heavy)))
    first = np.argpartition(ranks, limit - heavier - 1)[: limit - heavier]
    return np.concatenate([np.arange(start, start + heavier), tied[np.sort(first)]])


def _found(way: str, adjacency: Adjacency, rows: Array, near: Array) -> Found:
    far = adjacency.ends(rows)
    source, target = (near, far) if way == "out" else (far, near)
    return Found(way, rows, source, target, adjacency.weights[rows])


def _by_hand(ground: Ground, kind: EdgeKind, asked: Array) -> Found:
    """Edges nobody derives that touch any of `asked`."""
    wanted = set(asked.tolist())
    touching = [
        (source, target, weight)
        for (of, source, target), weight in ground.fresh.items()
        if of == kind and (source in wanted or target in wanted)
    ]
    rows = np.arange(len(touching))
    return Found(BY_HAND, rows, *np.array(touching, np.int64).reshape(-1, 3).T)


def _cut(parts: Sequence[Found], limit: int) -> list[Found]:
    """Without the edges lighter than the one that comes last."""
    weights = np.concatenate([part.weights for part in parts])
    if limit < 1:
        return []
    if len(weights) <= limit:
        return list(parts)
    least = np.partition(weights, len(weights) - limit)[len(weights) - limit]
    return [part.only(part.weights >= least) for part in parts]


def _properties(ground: Ground, kind: EdgeKind, way: str, rows: Array) -> Iterable[Sequence[Any]]:
    """The properties of rows of a Parquet file, in the order asked."""
    if way == BY_HAND:
        return [[None] * len(PROPERTIES[kind]) for _ in rows]

    def read(keys: list[tuple[str, str, int]]) -> Mapping[tuple[str, str, int], Sequence[Any]]:
        new = np.array([row for *_, row in keys], np.int64)
        return dict(zip(keys, _read(ground, kind, way, new), strict=True))

    keys = [(str(kind), way, row) for row in rows.tolist()]
    found = ground.read_edges.all(keys, read)
    return [found[key] for key in keys]


def _read(ground: Ground, kind: EdgeKind, way: str, rows: Array) -> Iterable[Sequence[Any]]:
    """The same from the file: only the row groups that hold them are read."""
    names = list(PROPERTIES[kind])
    file, metadata, starts = ground.rows_of(kind, way)
    groups = np.searchsorted(starts, rows, side="right") - 1
    parts, places = [], np.empty(len(rows), np.int64)
    met = 0
    with pq.ParquetFile(file, metadata=metadata, memory_map=True) as source:
        for group in np.unique(groups).tolist():
            mine = np.flatnonzero(groups == group)
            table = source.read_row_group(group, columns=names, use_threads=False)
            parts.append(table.take(pa.array(rows[mine] - starts[group])))
            places[mine] = np.arange(met, met + len(mine))
            met += len(mine)
    columns = pa.concat_tables(parts).select(names).take(pa.array(places)).to_pydict()
    return list(zip(*(columns[name] for name in names), strict=True))
