"""The canvas of the desk: the graph as it is drawn, and what the user does on it carried out."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx

from dashboards import desk_reads as reads
from dashboards import desk_state as memory
from dashboards.access.permissions import Action
from dashboards.access.recorded import TAKEN
from dashboards.blocks.called import (
    PLACES,
    count_of,
    hint_of,
    letter_of,
    money_of,
    name_of,
    said_of,
)
from dashboards.blocks.desk_steps import expand, find_ways
from dashboards.canvas.component import draw
from dashboards.canvas.contract import Canvas, CanvasEdge, CanvasNode
from dashboards.canvas.events import Events
from dashboards.desk_reads import OnDesk
from dashboards.navigation import open_entity
from dashboards.opened import Key
from dashboards.person import audited, can
from dashboards.reading.walks import Wanted, day_of
from dashboards.texts import t, term
from graph.model import EdgeKind, NodeKind

HEIGHT = 680
ACTIONS = ("open", "records", "note")
STEPS = ("desk.expanded", "desk.ways", "desk.full")
"""What steps say begins with these; the canvas says it, for a sentence above would push it down."""
SIZES = {NodeKind.FACILITY: 44, NodeKind.PHARMACY: 44, NodeKind.RING: 44}
SIZE = 32


def canvas(key: Key, on_desk: OnDesk) -> None:
    """Draw the desk and carry out what the user did."""
    made = _canvas(on_desk)
    events = draw(made, memory.canvas_key(), height=HEIGHT, on_event=_taker(key))
    if events.menu and events.menu.action == "open":
        open_entity(events.menu.ids[0])


def edge_id(kind: str, source: str, target: str) -> str:
    """The id of an edge on the canvas and in notes."""
    return f"{kind}|{source}|{target}"


def _taker(key: Key) -> Callable[[Events], None]:
    def take(events: Events) -> None:
        if events.view is not None:
            memory.take_view(events.view)
        elif events.expand is not None:
            asked = events.expand
            kinds = tuple(kind for kind in EdgeKind if kind in asked.kinds)
            wanted = Wanted(kinds, asked.limit, asked.first, asked.last, asked.by_fund)
            expand(key, asked.id, wanted)
        elif events.path is not None:
            find_ways(key, events.path.a, events.path.b, avoid_hubs=events.path.avoid_hubs)
        elif events.menu is not None:
            memory.choose(events.menu.ids)
        elif events.saved is not None:
            subject = memory.desk().subject or "desk"
            audited(Path(key.workspace), TAKEN, subject, f"png {events.saved.hash}")
        else:
            memory.choose((*events.selected.nodes, *events.selected.edges))

    return take


def _canvas(on_desk: OnDesk) -> Canvas:
    graph, found = on_desk.graph, memory.desk()
    notes = reads.note_numbers(on_desk)
    drawn = _Drawn(on_desk, found.parents, notes)
    nodes = [drawn.node(id_, graph.nodes[id_]) for id_ in graph]
    edges = [
        drawn.edge(source, target, kind, facts)
        for source, target, kind, facts in graph.edges(keys=True, data=True)
    ]
    return Canvas(
        nodes=nodes,
        edges=edges,
        total=max(on_desk.total, len(nodes)),
        title=t("desk.picture", subject=found.subject or t("nav.workbench")),
        date=on_desk.key.snapshot,
        focus=[id_ for id_ in memory.focused() if id_ in graph],
        paths=memory.paths(),
        view=memory.opened_with(),
        restore=memory.canvas_key(),
        actions=ACTIONS,
        said=_said(),
        may_export=can(Action.EXPORT),
    )


def _said() -> str:
    """What the last step has to say; empty when it is nothing about a step."""
    found = next(filter(None, map(memory.said, STEPS)), None)
    return t(found.key, **dict(found.facts)) if found else ""


class _Drawn:
    """Nodes and edges as the canvas gets them."""

    def __init__(self, on_desk: OnDesk, parents: Mapping[str, str], notes: Mapping[str, int]):
        self._desk, self._parents, self._notes = on_desk, parents, notes
        self._homes = _homes(on_desk.graph)

    def node(self, id_: str, facts: Mapping[str, Any]) -> CanvasNode:
        point = self._desk.points.get(id_)
        community = self._desk.communities.get(id_)
        return CanvasNode(
            id=id_,
            kind=str(facts["kind"]),
            label=_folded(name_of(id_, facts)),
            letter=letter_of(facts),
            hint=hint_of(id_, facts),
            grade=str(facts.get("grade") or ""),
            core=id_ not in self._desk.periphery,
            community="" if community is None else t("desk.community", no=community + 1),
            place=self._homes.get(id_, ""),
            parent=self._parents.get(id_, ""),
            x=point[0] if point else None,
            y=point[1] if point else None,
            size=SIZES.get(NodeKind(facts["kind"]), SIZE),
            badge=self._notes.get(id_, 0),
            degrees={str(kind): n for kind, n in self._desk.degrees.get(id_, {}).items()},
        )

    def edge(self, source: str, target: str, kind: str, facts: Mapping[str, Any]) -> CanvasEdge:
        id_ = edge_id(kind, source, target)
        number = count_of(kind, facts)
        return CanvasEdge(
            id=id_,
            source=source,
            target=target,
            kind=str(kind),
            weight=min(1 + number / 8, 5),
            count=number,
            fund=money_of(facts),
            first=_day(facts, "first", "from"),
            last=_day(facts, "last", "to"),
            hint=f"{term('edge', kind)}\n{said_of(kind, facts)}".strip(),
            badge=self._notes.get(id_, 0),
        )


def _day(facts: Mapping[str, Any], *names: str) -> date | None:
    return next((day_of(facts[name]) for name in names if facts.get(name)), None)


def _homes(graph: "nx.MultiDiGraph[str]") -> dict[str, str]:
    """The place each node belongs to most: its own name for a place, else where its edges weigh most."""
    names = {id_: name_of(id_, f) for id_, f in graph.nodes(data=True) if f["kind"] in PLACES}
    weights: dict[str, dict[str, int]] = {}
    for source, target, facts in graph.edges(data=True):
        for node, other in ((source, target), (target, source)):
            if other in names and node not in names:
                mine = weights.setdefault(node, {})
                mine[other] = mine.get(other, 0) + int(facts.get("weight") or 0)
    homes = {
        node: names[max(sorted(mine), key=lambda place: mine[place])]
        for node, mine in weights.items()
    }
    return {**homes, **names}


def _folded(name: str, width: int = 11) -> str:
    """A long name on two lines of like length, cut with an ellipsis beyond that."""
    if len(name) <= width:
        return name
    kept = name if len(name) <= 2 * width else f"{name[: 2 * width - 1]}…"
    middle = (len(kept) + 1) // 2
    return f"{kept[:middle]}\n{kept[middle:]}"
