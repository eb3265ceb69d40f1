"""One ring as a canvas: its members and what they share, masked and cut to size."""

from collections import defaultdict
from dataclasses import replace

import networkx as nx
import streamlit as st

from casework.exports.look import BILLED, NODES
from dashboards import state
from dashboards.access.permissions import Action
from dashboards.blocks.ring_members import use_of
from dashboards.canvas.contract import Canvas, CanvasEdge, CanvasNode
from dashboards.canvas.of_graph import THICK, edges_of, placed
from dashboards.formats import count, long_day, money, pseudonym
from dashboards.person import can
from dashboards.reading.dossier import PLACE_KINDS, Dossier
from dashboards.texts import t, term
from graph.model import EdgeKind, NodeKind
from graph.results import MemberRow

MOST_NODES = 300
LABEL = 11
PLACE_SIZE = 44
TOKEN_SIZE = 28


@st.cache_data(max_entries=64, show_spinner=False)
def _points(
    nodes: tuple[str, ...], links: tuple[tuple[str, str], ...]
) -> dict[str, tuple[float, float]]:
    return placed(
        [CanvasNode(id_, "", "") for id_ in nodes],
        [CanvasEdge("", a, b, "") for a, b in links],
    )


def ring_canvas(found: Dossier, graph: "nx.MultiDiGraph[str]") -> Canvas:
    """The canvas of `found`: at most 300 nodes, the core first, laid out by the server."""
    nodes = _nodes(found)
    shown = nodes[:MOST_NODES]
    ids = {node.id for node in shown}
    edges = [*edges_of(graph, ids), *_billings(found, ids)]
    at = _points(
        tuple(node.id for node in shown), tuple((edge.source, edge.target) for edge in edges)
    )
    homes = _homes(edges, {node.id: node.label.replace("\n", "") for node in shown})
    return Canvas(
        nodes=[
            replace(node, x=at[node.id][0], y=at[node.id][1], place=homes.get(node.id, ""))
            for node in shown
        ],
        edges=edges,
        total=len(nodes),
        title=f"{t('ring.title', code=pseudonym(found.ring.ring))} {t('ring.network')}",
        date=long_day(found.ring.last, state.language()),
        may_export=can(Action.EXPORT),
        may_expand=False,
        may_find_paths=False,
    )


def _nodes(found: Dossier) -> list[CanvasNode]:
    """Members first (core before periphery, as the scan orders them), then shared tokens."""
    nodes = {member.id: _member(found, member) for member in reversed(found.members)}
    nodes = dict(reversed(nodes.items()))
    for token in found.tokens:
        word = term("token", token.kind)
        hint = f"{word} · {pseudonym(token.id)}\n{t('ring.token.members', n=len(token.members))}"
        letter = term("letter", token.kind)
        nodes.setdefault(
            token.id,
            CanvasNode(token.id, NodeKind.TOKEN, word, letter=letter, hint=hint, size=TOKEN_SIZE),
        )
    return list(nodes.values())


def _member(found: Dossier, member: MemberRow) -> CanvasNode:
    place = found.places.get(member.key) if member.kind in PLACE_KINDS else None
    name = place.name if place else pseudonym(member.id)
    use, core = use_of(found, member), member.core or member.kind != NodeKind.PATIENT
    position = t("core.yes" if core else "core.no") if member.kind == NodeKind.PATIENT else ""
    facts = [
        " · ".join(filter(None, [term("role", member.role), position])),
        t("ring.hint.visits", n=count(use.visits), fund=money(use.fund, state.language())),
    ]
    code = place.code if place else member.id
    role = member.role if member.kind == NodeKind.PRACTITIONER else member.kind
    return CanvasNode(
        id=member.id,
        kind=member.kind if member.kind in NODES else NodeKind.TOKEN,
        label=_folded(name),
        letter=term("letter", role),
        hint="\n".join([name, code, *facts]),
        core=core,
        community=position,
        size=PLACE_SIZE if place else 32,
    )


def _folded(name: str) -> str:
    """A long name on two lines of like length, cut with an ellipsis beyond that."""
    if len(name) <= LABEL:
        return name
    kept = name if len(name) <= 2 * LABEL else f"{name[: 2 * LABEL - 1]}…"
    middle = (len(kept) + 1) // 2
    return f"{kept[:middle]}\n{kept[middle:]}"


def _homes(edges: list[CanvasEdge], labels: dict[str, str]) -> dict[str, str]:
    """For each node the place it has most to do with, by visits, among those shown."""
    most: dict[str, tuple[int, str]] = defaultdict(lambda: (-1, ""))
    for edge in edges:
        if edge.kind in (EdgeKind.VISITED, EdgeKind.REGISTERED_AT, BILLED):
            most[edge.source] = max(most[edge.source], (edge.count, edge.target))
            most[edge.target] = max(most[edge.target], (0, edge.target))
    return {node: labels[place] for node, (_, place) in most.items()}


def _billings(found: Dossier, shown: set[str]) -> list[CanvasEdge]:
    """Where the member practitioners billed the ring's visits, among the places shown."""
    staff = {m.key: m.id for m in found.members if m.kind == NodeKind.PRACTITIONER}
    places = {m.key: m.id for m in found.members if m.kind in PLACE_KINDS}
    edges = []
    for (who, place), use in sorted(found.billed.items()):
        a, b = staff.get(who, ""), places.get(place, "")
        if a in shown and b in shown:
            fund = money(use.fund, state.language())
            hint = t("ring.hint.edge", word=term("edge", BILLED), n=count(use.visits), fund=fund)
            weight = min(1 + use.visits / 8, THICK)
            edges.append(
                CanvasEdge(
                    f"{BILLED}:{a}:{b}", a, b, BILLED, weight, use.visits, use.fund, hint=hint
                )
            )
    return edges
