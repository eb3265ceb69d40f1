"""Neighbours and ids as arrays on disk, memory-mapped: what a question at hand needs without a scan.

A folder of edges holds, beside its Parquet, for every kind and way the offsets of each node's edges,
the other ends and the weights, in the order of the Parquet file, and for the nodes their ids by number,
their order by id and their kind. Keys are dense, so that a place in an array follows from a number.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from graph.model import EdgeKind, NodeKind
from graph.store.derive import base, family_of, key_of

Array: TypeAlias = NDArray[Any]

WAYS = {"out": ("src", "dst"), "in": ("dst", "src")}
BATCH = 1 << 18
_KINDS = tuple(NodeKind)
_BITS = 32


@dataclass(frozen=True)
class Spans:
    """Numbers laid end to end, family after family: each has a code from 0 to `size`."""

    families: Array
    starts: Array

    @classmethod
    def of(cls, sizes: Mapping[int, int]) -> "Spans":
        """Spans for families of these sizes (largest key + 1)."""
        families = sorted(sizes)
        ends = np.cumsum([0, *(sizes[family] for family in families)], dtype=np.int64)
        return cls(np.array(families, np.int64), ends)

    @property
    def sizes(self) -> dict[int, int]:
        """The size of each family."""
        return dict(zip(self.families.tolist(), np.diff(self.starts).tolist(), strict=True))

    @property
    def size(self) -> int:
        """How many codes there are."""
        return int(self.starts[-1])

    def codes(self, numbers: Array) -> Array:
        """The codes of numbers; -1 for those outside."""
        if not len(self.families):
            return np.full(len(numbers), -1, np.int64)
        families, keys = family_of_each(numbers), numbers & ((1 << _BITS) - 1)
        place = np.minimum(np.searchsorted(self.families, families), len(self.families) - 1)
        codes = self.starts[place] + keys
        inside = (self.families[place] == families) & (codes < self.starts[place + 1])
        return np.where(inside, codes, -1)

    def numbers(self, codes: Array) -> Array:
        """The numbers behind codes."""
        if len(self.families) == 1:
            return np.asarray(codes, np.int64) + base(int(self.families[0]))
        place = np.searchsorted(self.starts, codes, side="right") - 1
        return (self.families[place] << _BITS) + codes - self.starts[place]


def spread(first: Array, last: Array) -> tuple[Array, Array]:
    """(which, row) for every row from first[which] to last[which], the last left out."""
    lengths = last - first
    which = np.repeat(np.arange(len(first)), lengths)
    before = np.cumsum(lengths) - lengths
    return which, np.arange(len(which)) + (first - before)[which]


def family_of_each(numbers: Array) -> Array:
    """`family_of` for an array."""
    return numbers >> _BITS


@dataclass(frozen=True)
class Adjacency:
    """The edges of one kind from one end: row `offsets[code]` on, heaviest first, then by number.

    offsets int64[near.size + 1]; others int32[edges], codes of `far`; weights int32[edges].
    """

    near: Spans
    far: Spans
    offsets: Array
    others: Array
    weights: Array

    def rows(self, numbers: Array) -> tuple[Array, Array]:
        """First row and the row after the last of each node's edges; equal where it has none."""
        codes = self.near.codes(numbers)
        known = codes >= 0
        codes = np.where(known, codes, 0)
        if not self.near.size:
            return codes, codes
        first = self.offsets[codes]
        return first, np.where(known, self.offsets[codes + 1], first)

    def ends(self, rows: Array | slice) -> Array:
        """The numbers at the other end of these rows."""
        return self.far.numbers(self.others[rows])


@dataclass(frozen=True)
class Names:
    """Ids by code, codes in the order of ids and back, and each node's kind (place in `NodeKind`)."""

    spans: Spans
    ids: Array
    order: Array
    ranks: Array
    kinds: Array

    def codes(self, asked: list[str]) -> Array:
        """The code of each id; -1 for those unknown. A binary search of all at once."""
        width = self.ids.dtype.itemsize
        plain = [id_.encode("utf-8") for id_ in asked]
        wanted = np.array([id_ if len(id_) <= width else b"" for id_ in plain], self.ids.dtype)
        low, high = np.zeros(len(asked), np.int64), np.full(len(asked), len(self.order), np.int64)
        while (low < high).any():
            middle = np.minimum((low + high) // 2, len(self.order) - 1)
            before = (self.ids[self.order[middle]] < wanted) & (low < high)
            low, high = (
                np.where(before, middle + 1, low),
                np.where(before, high, np.minimum(high, middle)),
            )
        if not len(self.order):
            return np.full(len(asked), -1, np.int64)
        found = self.order[np.minimum(low, len(self.order) - 1)].astype(np.int64)
        there = (self.ids[found] == wanted) & (wanted != b"")
        return np.where(there, found, -1)

    def kind(self, code: int) -> NodeKind:
        """What the node is."""
        return _KINDS[int(self.kinds[code])]


@dataclass(frozen=True)
class Index:
    """The arrays of one folder of edges."""

    path: Path
    facts: Mapping[str, Any]

    @cached_property
    def names(self) -> Names:
        """The nodes of the folder."""
        spans = _spans(self.facts["nodes"])
        arrays = (self._array(f"nodes.{name}") for name in ("ids", "order", "ranks", "kinds"))
        return Names(spans, *arrays)

    @cached_property
    def ways(self) -> dict[tuple[EdgeKind, str], Adjacency]:
        """By kind and way ("out", "in")."""
        found = {}
        for kind, ends in self.facts["ends"].items():
            spans = {end: _spans(sizes) for end, sizes in ends.items()}
            for way, (near, far) in WAYS.items():
                arrays = (
                    self._array(f"{kind}.{way}.{x}") for x in ("offsets", "others", "weights")
                )
                found[EdgeKind(kind), way] = Adjacency(spans[near], spans[far], *arrays)
        return found

    def _array(self, name: str) -> Array:
        return np.asarray(np.load(self.path / f"{name}.npy", mmap_mode="r"))


def open_index(folder: Path) -> Index:
    """The index `write_index` made in `folder`."""
    return Index(folder, json.loads((folder / "index.json").read_text("utf-8")))


def write_index(folder: Path, kinds: list[str]) -> None:
    """Index the Parquet files of `folder`: nodes, and edges of `kinds` in both orders.

    Reads by batches; what it holds in memory is the offsets of one kind.
    """
    facts: dict[str, Any] = {"nodes": _write_names(folder), "ends": {}}
    for kind in kinds:
        sizes: dict[str, dict[int, int]] = {"src": {}, "dst": {}}
        for batch in _batches(folder / f"{kind}.out.parquet", ["src", "dst"]):
            for end, found in sizes.items():
                _widen(found, batch[end])
        facts["ends"][kind] = sizes
        spans = {end: Spans.of(found) for end, found in sizes.items()}
        for way, (near, far) in WAYS.items():
            _write_way(folder, f"{kind}.{way}", (near, spans[near]), (far, spans[far]))
    (folder / "index.json").write_text(json.dumps(facts), "utf-8")


def _write_way(folder: Path, name: str, near: tuple[str, Spans], far: tuple[str, Spans]) -> None:
    file = folder / f"{name}.parquet"
    rows = pq.read_metadata(file).num_rows
    others = _made(folder / f"{name}.others.npy", np.int32, rows)
    weights = _made(folder / f"{name}.weights.npy", np.int32, rows)
    counts = np.zeros(near[1].size + 1, np.int64)
    at = 0
    for batch in _batches(file, [near[0], far[0], "weight"]):
        end = at + len(batch["weight"])
        counts[1:] += np.bincount(near[1].codes(batch[near[0]]), minlength=near[1].size)
        others[at:end] = far[1].codes(batch[far[0]])
        weights[at:end] = batch["weight"]
        at = end
    np.save(folder / f"{name}.offsets.npy", np.cumsum(counts))


def _write_names(folder: Path) -> dict[int, int]:
    sizes: dict[int, int] = {}
    width = 1
    for batch in _batches(folder / "nodes.parquet", ["number", "id"]):
        _widen(sizes, batch["number"])
        width = max(width, batch["id"].dtype.itemsize)
    spans = Spans.of(sizes)
    ids = _made(folder / "nodes.ids.npy", np.dtype(f"S{width}"), spans.size)
    kinds = _made(folder / "nodes.kinds.npy", np.uint8, spans.size)
    ranks = _made(folder / "nodes.ranks.npy", np.int32, spans.size)
    rows = pq.read_metadata(folder / "ids.parquet").num_rows
    order = _made(folder / "nodes.order.npy", np.int32, rows)
    at = 0
    for batch in _batches(folder / "ids.parquet", ["number", "id", "kind"]):
        codes = spans.codes(batch["number"])
        order[at : at + len(codes)] = codes
        ranks[codes] = np.arange(at, at + len(codes))
        ids[codes] = batch["id"]
        kinds[codes] = batch["kind"]
        at += len(codes)
    return sizes


def _widen(sizes: dict[int, int], numbers: Array) -> None:
    """Make each family as large as its largest key needs."""
    families = family_of_each(numbers)
    for family in np.unique(families).tolist():
        most = int(numbers[families == family].max())
        assert family_of(most) == family
        sizes[family] = max(sizes.get(family, 0), key_of(most) + 1)


def _batches(file: Path, columns: list[str]) -> Iterator[dict[str, Array]]:
    with pq.ParquetFile(file) as source:
        for batch in source.iter_batches(BATCH, columns=columns):
            yield {name: _plain(name, batch.column(name)) for name in columns}


def _plain(name: str, column: pa.Array) -> Array:
    """A column as an array: ids as bytes, kinds as their place in `NodeKind`, no weight as 0."""
    if name == "id":
        return np.array([id_.encode("utf-8") for id_ in column.to_pylist()])
    if name == "kind":
        return np.array([_KINDS.index(NodeKind(kind)) for kind in column.to_pylist()], np.uint8)
    return np.asarray(column.fill_null(0))


def _made(file: Path, dtype: Any, size: int) -> Array:
    return np.lib.format.open_memmap(file, mode="w+", dtype=dtype, shape=(size,))


def _spans(sizes: Mapping[str, int]) -> Spans:
    return Spans.of({int(family): size for family, size in sizes.items()})
