"""The network of one ring as a picture: who is tied to whom by what, masked and cut to size."""

from collections.abc import Mapping
from typing import Any

import networkx as nx
import streamlit as st

from dashboards import state
from dashboards.blocks.ring_members import use_of
from dashboards.document import TAGS
from dashboards.formats import count, money, pseudonym
from dashboards.frame import card, why_away
from dashboards.network import MOST_NODES, Line, LineLook, Look, Picture, Spot, draw
from dashboards.opened import Web
from dashboards.reading.dossier import PLACE_KINDS, Dossier
from dashboards.texts import t, term
from graph.model import EdgeKind, NodeKind
from graph.results import MemberRow

HEIGHT = 560
LABEL = 11
BILLED = "BILLED"
SHAPES = {
    NodeKind.PATIENT: ("dot", "#1b5e9b"),
    NodeKind.PRACTITIONER: ("triangle", "#2c7a4b"),
    NodeKind.FACILITY: ("square", "#b8610e"),
    NodeKind.PHARMACY: ("hexagon", "#6a4a9c"),
    NodeKind.TOKEN: ("diamond", "#a8323e"),
}
LINES: dict[str, tuple[str, bool]] = {
    EdgeKind.CO_VISITED: ("#d98324", False),
    EdgeKind.VISITED: ("#8fa6bd", False),
    EdgeKind.TREATED_BY: ("#7fb394", False),
    BILLED: ("#5b9c77", False),
    EdgeKind.PRESCRIBED_TO: ("#6a4a9c", False),
    EdgeKind.HOLDS: ("#c46a73", True),
    EdgeKind.KIN_OF: ("#3f9a9a", True),
    EdgeKind.REGISTERED_AT: ("#a9b39a", True),
}


def network_picture(found: Dossier, web: Web) -> None:
    """Draw the ring's graph with n of N and a note on how to read it, and say where it comes from if
    not from the office's server."""
    spots = _spots(found)
    shown = spots[:MOST_NODES]
    ids = {spot.id for spot in shown}
    links = [*_links(web.graph, ids), *_billings(found, ids)]
    with card("network", t("ring.network")):
        if web.fault:
            st.caption(t("graph.instead", why=why_away(web.fault)))
        if not links:
            st.text(t("ring.network.empty"))
            return
        st.caption(t("ring.network.shown", n=len(shown), total=len(spots), edges=count(len(links))))
        picture = Picture(
            spots=shown,
            links=links,
            looks={kind: Look(*look, term("kind", kind)) for kind, look in SHAPES.items()},
            lines={kind: LineLook(*look, term("edge", kind)) for kind, look in LINES.items()},
            title=t("ring.network"),
            lang=TAGS[state.language()],
            pale=t("core.no"),
        )
        st.iframe(draw(picture, HEIGHT), height=HEIGHT, alt=t("ring.network.alt"))
        st.caption(t("ring.network.note"))


def _spots(found: Dossier) -> list[Spot]:
    """Members first (core before periphery, as the scan orders them), then shared tokens."""
    spots = {member.id: _member(found, member) for member in reversed(found.members)}
    spots = dict(reversed(spots.items()))
    for token in found.tokens:
        word = term("token", token.kind)
        hint = f"{word} · {pseudonym(token.id)}\n{t('ring.token.members', n=len(token.members))}"
        letter = term("letter", token.kind)
        spots.setdefault(token.id, Spot(token.id, NodeKind.TOKEN, letter, word, hint, size=14))
    return list(spots.values())


def _member(found: Dossier, member: MemberRow) -> Spot:
    place = found.places.get(member.key) if member.kind in PLACE_KINDS else None
    name = place.name if place else pseudonym(member.id)
    use, core = use_of(found, member), member.core or member.kind != NodeKind.PATIENT
    facts = [
        term("role", member.role),
        t("ring.hint.visits", n=count(use.visits), fund=money(use.fund, state.language())),
    ]
    if member.kind == NodeKind.PATIENT:
        facts[0] += f" · {t('core.yes' if member.core else 'core.no')}"
    code = place.code if place else member.id
    role = member.role if member.kind == NodeKind.PRACTITIONER else member.kind
    kind = member.kind if member.kind in SHAPES else NodeKind.TOKEN
    size = 22 if place else 16
    hint = "\n".join([name, code, *facts])
    return Spot(member.id, kind, term("letter", role), _folded(name), hint, core, size)


def _folded(name: str) -> str:
    """A long name on two lines of like length, cut with an ellipsis beyond that."""
    if len(name) <= LABEL:
        return name
    kept = name if len(name) <= 2 * LABEL else f"{name[: 2 * LABEL - 1]}…"
    middle = (len(kept) + 1) // 2
    return f"{kept[:middle]}\n{kept[middle:]}"


def _links(graph: "nx.MultiDiGraph[str]", shown: set[str]) -> list[Line]:
    """One line per pair of nodes: the most telling edge gives its colour, all give the hint."""
    pairs: dict[tuple[str, str], list[tuple[EdgeKind, Mapping[str, Any]]]] = {}
    for a, b, kind, facts in graph.edges(keys=True, data=True):
        if a in shown and b in shown and a != b and kind in LINES:
            pairs.setdefault((min(a, b), max(a, b)), []).append((EdgeKind(kind), facts))
    order = list(LINES)
    lines = []
    for (a, b), edges in sorted(pairs.items()):
        edges.sort(key=lambda edge: order.index(edge[0]))
        weight = max((_weight(kind, facts) for kind, facts in edges), default=1)
        hint = "\n".join(_hint(kind, facts) for kind, facts in edges)
        lines.append(Line(a, b, edges[0][0], hint, width=_width(weight)))
    return lines


def _billings(found: Dossier, shown: set[str]) -> list[Line]:
    """Where the member practitioners billed the ring's visits, among the places shown."""
    staff = {m.key: m.id for m in found.members if m.kind == NodeKind.PRACTITIONER}
    places = {m.key: m.id for m in found.members if m.kind in PLACE_KINDS}
    lines = []
    for (who, place), use in sorted(found.billed.items()):
        a, b = staff.get(who, ""), places.get(place, "")
        if a in shown and b in shown:
            fund = money(use.fund, state.language())
            hint = t("ring.hint.edge", word=term("edge", BILLED), n=count(use.visits), fund=fund)
            lines.append(Line(a, b, BILLED, hint, width=_width(use.visits)))
    return lines


def _width(weight: int) -> float:
    return min(1 + weight / 8, 5)


def _weight(kind: EdgeKind, facts: Mapping[str, Any]) -> int:
    value = facts.get(kind.weighed_by) if kind.weighed_by else 1
    return value if isinstance(value, int) else 1


def _hint(kind: EdgeKind, facts: Mapping[str, Any]) -> str:
    word = term("edge", kind)
    if kind is EdgeKind.CO_VISITED and "observed" in facts:
        expected = f"{float(facts.get('expected') or 0):.2g}"
        return t("ring.hint.covisit", word=word, n=facts["observed"], expected=expected)
    if isinstance(facts.get("fund"), int):
        fund = money(facts["fund"], state.language())
        return t("ring.hint.edge", word=word, n=count(_weight(kind, facts)), fund=fund)
    return word
