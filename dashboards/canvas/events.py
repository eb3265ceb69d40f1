"""What comes back from the canvas: read strictly, and only about what the canvas was given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from dashboards.canvas.contract import Canvas, CanvasView
from dashboards.canvas.strict import (
    CanvasError,
    a_count,
    a_day,
    a_list,
    a_switch,
    a_text,
    an_object,
)

Event = TypeVar("Event")

MOST_EXPANDED = 500


@dataclass(frozen=True)
class Selection:
    """Ids of the selected nodes and edges, in the order they were selected."""

    nodes: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expand:
    """Bring in neighbours of `id`: edges of `kinds` (empty: all), at most `limit`, heaviest first.

    `first` and `last` bound the days; `by_fund` asks for the most money instead of the most visits.
    """

    id: str
    kinds: tuple[str, ...] = ()
    limit: int = 50
    first: date | None = None
    last: date | None = None
    by_fund: bool = False


@dataclass(frozen=True)
class Menu:
    """An entry of the menu that Python carries out, about these nodes and edges.

    Actions: open (the profile), records (behind an edge), note, case (add to a case).
    """

    action: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class PathAsk:
    """Find ways from `a` to `b`; `avoid_hubs` keeps out of big hospitals."""

    a: str
    b: str
    avoid_hubs: bool = True


@dataclass(frozen=True)
class Saved:
    """A picture left the canvas: the SHA-256 (hex) of what it showed, and n of N."""

    hash: str
    shown: int
    total: int


@dataclass(frozen=True)
class Events:
    """What the user did. `selected` lasts; the others are there in one run only."""

    selected: Selection = field(default_factory=Selection)
    expand: Expand | None = None
    menu: Menu | None = None
    path: PathAsk | None = None
    saved: Saved | None = None
    view: CanvasView | None = None


ACTIONS = frozenset({"open", "records", "note", "case"})
_EXPAND = frozenset({"id", "kinds", "limit", "first", "last", "by_fund"})


def events_of(canvas: Canvas, **sent: object) -> Events:
    """The events in what the browser `sent` by name (see `Events`).

    Ids that are not in `canvas` are left out, as when a late click meets a new picture. What breaks
    the contract counts as not sent: a browser cannot make the page fail.
    """
    nodes = {node.id for node in canvas.nodes}
    edges = {edge.id for edge in canvas.edges}
    expand = _read(sent.get("expand"), _expand)
    menu = _read(sent.get("menu"), _menu)
    path = _read(sent.get("path"), _path)
    chosen = _read(sent.get("selected"), _selection) or Selection()
    return Events(
        selected=Selection(
            tuple(id_ for id_ in chosen.nodes if id_ in nodes),
            tuple(id_ for id_ in chosen.edges if id_ in edges),
        ),
        expand=expand if expand and expand.id in nodes else None,
        menu=menu if menu and set(menu.ids) <= nodes | edges else None,
        path=path if path and {path.a, path.b} <= nodes else None,
        saved=_read(sent.get("saved"), _saved),
        view=_read(sent.get("view"), CanvasView.from_json),
    )


def _read(value: object, reader: Callable[[object], Event]) -> Event | None:
    if value is None:
        return None
    try:
        return reader(value)
    except CanvasError:
        return None


def _selection(value: object) -> Selection:
    given = an_object(value, "selected", frozenset({"nodes", "edges"}))
    return Selection(
        a_list(given.get("nodes", []), "selected.nodes", a_text),
        a_list(given.get("edges", []), "selected.edges", a_text),
    )


def _expand(value: object) -> Expand:
    given = an_object(value, "expand", _EXPAND)
    return Expand(
        id=a_text(given.get("id"), "expand.id"),
        kinds=a_list(given.get("kinds", []), "expand.kinds", a_text),
        limit=min(max(a_count(given.get("limit", 50), "expand.limit"), 1), MOST_EXPANDED),
        first=a_day(given.get("first"), "expand.first"),
        last=a_day(given.get("last"), "expand.last"),
        by_fund=a_switch(given.get("by_fund", False), "expand.by_fund"),
    )


def _menu(value: object) -> Menu:
    given = an_object(value, "menu", frozenset({"action", "ids"}))
    action = a_text(given.get("action"), "menu.action")
    if action not in ACTIONS:
        raise CanvasError("menu.action", "unknown action")
    return Menu(action, a_list(given.get("ids"), "menu.ids", a_text))


def _path(value: object) -> PathAsk:
    given = an_object(value, "path", frozenset({"a", "b", "avoid_hubs"}))
    return PathAsk(
        a_text(given.get("a"), "path.a"),
        a_text(given.get("b"), "path.b"),
        a_switch(given.get("avoid_hubs", True), "path.avoid_hubs"),
    )


def _saved(value: object) -> Saved:
    given = an_object(value, "saved", frozenset({"hash", "shown", "total"}))
    digest = a_text(given.get("hash"), "saved.hash")
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise CanvasError("saved.hash", "a SHA-256 in hexadecimal is expected")
    shown = a_count(given.get("shown"), "saved.shown")
    return Saved(digest, shown, a_count(given.get("total"), "saved.total"))
