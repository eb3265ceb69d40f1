"""What the canvas is given: nodes, edges, how many of how many, and how it was left last time.

Everything here goes to the browser as it is. Labels and hints arrive masked; what a user may not see
is not in the canvas at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from dashboards.canvas.strict import (
    CanvasError,
    a_count,
    a_day,
    a_list,
    a_mapping,
    a_number,
    a_point,
    a_switch,
    a_text,
    an_object,
)

MOST_NODES = 5_000
MOST_EDGES = 20_000
FLOOD = 50
"""An expansion of more neighbours than this asks for kinds, period and how many first."""


class Grouping(StrEnum):
    """What nodes are put together by."""

    NONE = ""
    COMMUNITY = "community"
    PLACE = "place"


@dataclass(frozen=True)
class CanvasNode:
    """A node. `x`, `y` in picture units; without them it goes on a ring round `parent` or a neighbour.

    `letter` stands inside the shape of its `kind`; `label` and `sub` below it; `hint` (lines) shows on
    hovering. `grade` is A, B, C or empty; `core` false draws it pale. `community` and `place` name the
    groups it can be put into. `badge` is the number of notes. `degrees` says how many edges of each
    kind it has in the whole graph, so that expanding can warn; empty when unknown.
    """

    id: str
    kind: str
    label: str
    sub: str = ""
    letter: str = ""
    hint: str = ""
    grade: str = ""
    core: bool = True
    community: str = ""
    place: str = ""
    parent: str = ""
    x: float | None = None
    y: float | None = None
    size: int = 32
    pinned: bool = False
    badge: int = 0
    degrees: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class CanvasEdge:
    """An edge: `count` of visits (or meetings), `fund` in fen or None, its first and last day.

    `weight` sets its width (1 is thin). `badge` is the number of notes.
    """

    id: str
    source: str
    target: str
    kind: str
    weight: float = 1.0
    count: int = 0
    fund: int | None = None
    first: date | None = None
    last: date | None = None
    hint: str = ""
    badge: int = 0


@dataclass(frozen=True)
class Filters:
    """Kinds switched off in the legend, and the days the timeline is brushed to."""

    off_nodes: tuple[str, ...] = ()
    off_edges: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    def to_json(self) -> dict[str, Any]:
        """As the browser holds it."""
        return {
            "off_nodes": list(self.off_nodes),
            "off_edges": list(self.off_edges),
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
        }

    @classmethod
    def from_json(cls, value: object, where: str = "filters") -> "Filters":
        """Read what `to_json` wrote. Raises `CanvasError`."""
        given = an_object(value, where, frozenset({"off_nodes", "off_edges", "first", "last"}))
        return cls(
            a_list(given.get("off_nodes", []), where, a_text),
            a_list(given.get("off_edges", []), where, a_text),
            a_day(given.get("first"), where),
            a_day(given.get("last"), where),
        )


_VIEW = frozenset(
    {
        "positions",
        "pins",
        "hidden",
        "grouping",
        "opened",
        "merged",
        "filters",
        "zoom",
        "pan",
        "undo",
    }
)


@dataclass(frozen=True)
class CanvasView:
    """How a canvas was left: enough to come back to it. `undo` is the depth of what can be undone.

    `positions` holds every node's point, `opened` the groups standing open. Ids that are no longer
    in the canvas are passed over on restoring.
    """

    positions: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    pins: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    grouping: Grouping = Grouping.NONE
    opened: tuple[str, ...] = ()
    merged: bool = False
    filters: Filters = Filters()
    zoom: float | None = None
    pan: tuple[float, float] | None = None
    undo: int = 0

    def to_json(self) -> dict[str, Any]:
        """As the browser holds it and as it may be kept in a file or a database."""
        return {
            "positions": {id_: list(point) for id_, point in self.positions.items()},
            "pins": list(self.pins),
            "hidden": list(self.hidden),
            "grouping": str(self.grouping),
            "opened": list(self.opened),
            "merged": self.merged,
            "filters": self.filters.to_json(),
            "zoom": self.zoom,
            "pan": list(self.pan) if self.pan else None,
            "undo": self.undo,
        }

    @classmethod
    def from_json(cls, value: object) -> "CanvasView":
        """Read what `to_json` or the browser wrote. Raises `CanvasError`."""
        given = an_object(value, "view", _VIEW)
        zoom, pan = given.get("zoom"), given.get("pan")
        return cls(
            positions=a_mapping(given.get("positions", {}), "view.positions", a_point),
            pins=a_list(given.get("pins", []), "view.pins", a_text),
            hidden=a_list(given.get("hidden", []), "view.hidden", a_text),
            grouping=_grouping(given.get("grouping", "")),
            opened=a_list(given.get("opened", []), "view.opened", a_text),
            merged=a_switch(given.get("merged", False), "view.merged"),
            filters=Filters.from_json(given.get("filters", {}), "view.filters"),
            zoom=None if zoom is None else a_number(zoom, "view.zoom"),
            pan=None if pan is None else a_point(pan, "view.pan"),
            undo=a_count(given.get("undo", 0), "view.undo"),
        )


def _grouping(value: object) -> Grouping:
    try:
        return Grouping(a_text(value, "view.grouping"))
    except ValueError:
        raise CanvasError("view.grouping", "unknown way of grouping") from None


@dataclass(frozen=True)
class Canvas:
    """One picture. `total` is how many nodes there are of which these are shown.

    `view` is put back when the canvas opens, and again whenever `restore` (the name and version of a
    saved view) changes. `focus` is selected and brought to the middle when it changes; `paths` (node
    ids in order) are highlighted. `said` stands over the foot of the picture and moves nothing. `title` and `date` go under a saved picture. `actions` are the
    entries of the menu that the page carries out (see `Menu`); `may_expand`, `may_find_paths` and
    `may_export` switch off what the page or the user's role does not have.

    Raises `CanvasError` when ids repeat, an edge's end is missing or there are too many nodes.
    """

    nodes: Sequence[CanvasNode]
    edges: Sequence[CanvasEdge]
    total: int
    title: str
    date: str
    focus: Sequence[str] = ()
    paths: Sequence[Sequence[str]] = ()
    view: CanvasView | None = None
    restore: str = ""
    actions: Sequence[str] = ()
    said: str = ""
    may_expand: bool = True
    may_find_paths: bool = True
    may_export: bool = True

    def __post_init__(self) -> None:
        if len(self.nodes) > MOST_NODES or len(self.edges) > MOST_EDGES:
            raise CanvasError(
                "canvas", f"at most {MOST_NODES} nodes and {MOST_EDGES} edges; cut and say n of N"
            )
        if self.total < len(self.nodes):
            raise CanvasError("total", f"{self.total} is fewer than the {len(self.nodes)} shown")
        ids = {node.id for node in self.nodes}
        if len(ids) < len(self.nodes):
            raise CanvasError("nodes", "an id occurs twice")
        if len({edge.id for edge in self.edges} | ids) < len(self.edges) + len(ids):
            raise CanvasError("edges", "an id occurs twice")
        for edge in self.edges:
            if edge.source not in ids or edge.target not in ids:
                raise CanvasError(f"edge {edge.id}", "one of its ends is not in the canvas")

    def to_json(self) -> dict[str, Any]:
        """As the browser gets it: days as ISO text, defaults left out of nodes and edges."""
        return {
            "nodes": [_spare(node, _NODE_DEFAULTS) for node in self.nodes],
            "edges": [_spare(edge, _EDGE_DEFAULTS) for edge in self.edges],
            "total": self.total,
            "title": self.title,
            "date": self.date,
            "focus": list(self.focus),
            "paths": [list(path) for path in self.paths],
            "view": self.view.to_json() if self.view else None,
            "restore": self.restore,
            "actions": list(self.actions),
            "said": self.said,
            "may_expand": self.may_expand,
            "may_find_paths": self.may_find_paths,
            "may_export": self.may_export,
        }


def _spare(item: object, defaults: Mapping[str, object]) -> dict[str, Any]:
    found = {}
    for name, value in vars(item).items():
        if name in defaults and value == defaults[name]:
            continue
        found[name] = value.isoformat() if isinstance(value, date) else value
    return found


_NODE_DEFAULTS = {
    name: value
    for name, value in vars(CanvasNode("", "", "")).items()
    if name not in ("id", "kind", "label")
}
_EDGE_DEFAULTS = {
    name: value
    for name, value in vars(CanvasEdge("", "", "", "")).items()
    if name not in ("id", "source", "target", "kind")
}
