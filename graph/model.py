"""The words of the graph: what a node, an edge and a cut answer are. No input or output."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from graph.ids import Prefix

Value = str | int | float | bool | date | datetime | Sequence[str] | None
Properties = Mapping[str, Value]

T = TypeVar("T")


class NodeKind(StrEnum):
    """What a node stands for; a practitioner's profession is a property of it."""

    PATIENT = "patient"
    PRACTITIONER = "practitioner"
    FACILITY = "facility"
    PHARMACY = "pharmacy"
    TOKEN = "token"  # noqa: S105
    RING = "ring"

    @classmethod
    def of(cls, node: str) -> "NodeKind | None":
        """The kind an id's prefix names, or None if `node` is no id of ours."""
        return _BY_PREFIX.get(node.partition("_")[0])


_BY_PREFIX = {str(prefix): NodeKind(prefix.name.lower()) for prefix in Prefix}


class EdgeKind(StrEnum):
    """What an edge says; each pair of nodes has at most one edge of a kind in one direction."""

    VISITED = "VISITED"
    TREATED_BY = "TREATED_BY"
    REGISTERED_AT = "REGISTERED_AT"
    PRESCRIBED_TO = "PRESCRIBED_TO"
    HOLDS = "HOLDS"
    KIN_OF = "KIN_OF"
    CO_VISITED = "CO_VISITED"
    MEMBER_OF = "MEMBER_OF"

    @property
    def weighed_by(self) -> str | None:
        """The property that says how heavy an edge is; None where each edge weighs 1."""
        return _WEIGHED_BY.get(self)


_WEIGHED_BY = {
    EdgeKind.VISITED: "visits",
    EdgeKind.TREATED_BY: "visits",
    EdgeKind.PRESCRIBED_TO: "prescriptions",
    EdgeKind.CO_VISITED: "observed",
    EdgeKind.MEMBER_OF: "visits",
}

SCAN_KINDS = (EdgeKind.CO_VISITED, EdgeKind.MEMBER_OF)
"""Edges a scan found; all others come from the tables."""

EdgeKey = tuple[EdgeKind, str, str]


@dataclass(frozen=True)
class Node:
    """One entity or ring.

    `label` is a place's public name; people, tokens and rings show the last six characters of their
    id, never a name or a number.
    """

    id: str
    kind: NodeKind
    label: str
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True)
class Edge:
    """One aggregate from `source` to `target` (ids). Money in fen, times local Beijing."""

    kind: EdgeKind
    source: str
    target: str
    properties: Properties = field(default_factory=dict)

    @property
    def key(self) -> EdgeKey:
        """What makes an edge the same edge."""
        return (self.kind, self.source, self.target)

    @property
    def weight(self) -> int:
        """How heavy the edge is among those of its kind; at least 0."""
        name = self.kind.weighed_by
        value = self.properties.get(name) if name else 1
        return value if isinstance(value, int) else 0


@dataclass(frozen=True)
class Shown(Generic[T]):
    """An answer that may have been cut: `items` are shown, of `total` in all."""

    items: tuple[T, ...]
    total: int

    @property
    def cut(self) -> bool:
        """Whether there is more than is shown."""
        return len(self.items) < self.total

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Path:
    """A shortest way between two nodes: the ids in order, both ends included."""

    nodes: tuple[str, ...]

    @property
    def hops(self) -> int:
        """How many edges are walked."""
        return len(self.nodes) - 1


@dataclass(frozen=True)
class Record:
    """A source row behind an edge.

    `row` is `table:key` (for a table without a key, its file and line); `values` are its columns,
    ids in place of keys; `source` is the exported file's name, or None for a row we derived.
    """

    table: str
    row: str
    values: Properties
    source: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class SharedToken:
    """A token held by several, with how many hold it by kind of holder."""

    token: Node
    holders: Mapping[NodeKind, int]

    @property
    def total(self) -> int:
        """All who hold it."""
        return sum(self.holders.values())


@dataclass(frozen=True)
class Counts:
    """How many nodes and edges there are, by kind; a kind without any is left out."""

    nodes: Mapping[NodeKind, int]
    edges: Mapping[EdgeKind, int]


def short_label(node: str) -> str:
    """What people, tokens and rings are shown as: the last six characters of the id."""
    return node[-6:]
