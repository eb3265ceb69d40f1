"""What the desk asks the graph, cached for a while by what lies on it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import networkx as nx
import streamlit as st

from dashboards import opened as reads
from dashboards.kept import notes
from dashboards.opened import Key
from dashboards.reading import walks
from dashboards.reading.dossier import PLACE_KINDS
from dashboards.reading.walks import Reach, Wanted, Ways
from graph.communities import overview
from graph.model import Edge, EdgeKind, Node, NodeKind, Record, Shown
from graph.positions import Point, positions
from graph.store.base import View

STALE = 300.0
"""Seconds after which the graph is asked again: people decide and write while we look."""
MOST_CACHED = 32
MOST_RECORDS = 200
MOST_SEARCHED = 500
MOST_LINKS = 30
SEED = 1


@dataclass(frozen=True)
class OnDesk:
    """The graph of what lies on a desk, where it stands, and what it is part of.

    `total` nodes in the whole graph; `points` for what the desk was opened with; `degrees` in the whole
    graph.
    """

    key: Key
    graph: "nx.MultiDiGraph[str]"
    total: int
    points: Mapping[str, Point] = field(default_factory=dict)
    communities: Mapping[str, int] = field(default_factory=dict)
    degrees: Mapping[str, Mapping[EdgeKind, int]] = field(default_factory=dict)
    periphery: frozenset[str] = frozenset()


@st.cache_resource(max_entries=MOST_CACHED, ttl=STALE, show_spinner=False)
def on_desk(key: Key, ids: tuple[str, ...], start: tuple[str, ...], ring: str) -> OnDesk:
    """The graph among `ids`, laid out for those the desk was opened with. To be read, never changed."""
    opened = on_desk(key, start, start, ring).points if ids != start else None
    ids = _seen(key, ids)

    def ask(
        view: View,
    ) -> tuple["nx.MultiDiGraph[str]", int, dict[str, dict[EdgeKind, int]]]:
        return view.subgraph(ids), sum(view.counts().nodes.values()), view.degrees(ids)

    graph, total, degrees = reads.ask_graph(key, ask).found
    plain = _plain(graph)
    found = reads.dossier(key, ring) if ring and key.scan else None
    members = found.members if found else ()
    pale = {m.id for m in members if m.kind == NodeKind.PATIENT and not m.core}
    return OnDesk(
        key=key,
        graph=graph,
        total=total,
        points=positions(plain, SEED) if opened is None else opened,
        communities=overview(plain, SEED, "leiden"),
        degrees=degrees,
        periphery=frozenset(pale),
    )


def _seen(key: Key, ids: tuple[str, ...]) -> tuple[str, ...]:
    """`ids` without those that whoever asked may not see."""
    if not key.regions:
        return ids
    allowed = reads.visible(key, ids)
    return tuple(id_ for id_ in ids if id_ in allowed)


def _plain(graph: "nx.MultiDiGraph[str]") -> "nx.Graph[str]":
    """One edge per pair, for layout and groups; ten visits do not weigh ten times one."""
    plain: nx.Graph[str] = nx.Graph()
    plain.add_nodes_from(graph)
    for a, b, weight in graph.edges(data="weight", default=0):
        before = plain.get_edge_data(a, b, {"weight": 0.0})["weight"]
        plain.add_edge(a, b, weight=before + 1.0 + math.log1p(max(int(weight), 0)))
    return plain


def note_numbers(found: OnDesk) -> dict[str, int]:
    """How many notes there are about each node and edge of the desk."""
    edges = (f"{kind}|{a}|{b}" for a, b, kind in found.graph.edges(keys=True))
    return notes.numbers(Path(found.key.workspace), [*found.graph, *edges])


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def ring_ids(key: Key, ring: str) -> tuple[str, ...]:
    """The members of a ring, core first, and the tokens they share; empty for an unknown ring."""
    found = reads.dossier(key, ring)
    if found is None:
        return ()
    people = [m.id for m in found.members if m.kind not in PLACE_KINDS]
    places = [m.id for m in found.members if m.kind in PLACE_KINDS]
    return tuple(dict.fromkeys([*people, *places, *(token.id for token in found.tokens)]))


@st.cache_data(max_entries=MOST_CACHED, ttl=STALE, show_spinner=False)
def search(key: Key, text: str, limit: int) -> Shown[Node]:
    """Who and what `text` finds; a whole platform code finds people too.

    Whoever is limited to some regions finds what they may see of the first hundreds.
    """
    known = reads.people_with_code(key, text) if text.isalnum() and len(text) >= 3 else ()
    most = MOST_SEARCHED if key.regions else limit
    found = reads.ask_graph(key, lambda view: walks.search(view, text, known, most)).found
    if not key.regions:
        return found
    allowed = set(_seen(key, tuple(node.id for node in found)))
    mine = tuple(node for node in found if node.id in allowed)
    return Shown(mine[:limit], len(mine))


@st.cache_data(max_entries=MOST_CACHED, ttl=STALE, show_spinner=False)
def neighbours(key: Key, node: str, wanted: Wanted) -> Reach:
    """The neighbours of a node that are wanted."""
    found = reads.ask_graph(key, lambda view: walks.neighbours(view, node, wanted)).found
    return replace(found, ids=_seen(key, found.ids))


@st.cache_data(max_entries=MOST_CACHED, ttl=STALE, show_spinner=False)
def ways(key: Key, a: str, b: str, avoid_hubs: bool) -> Ways:
    """The shortest ways between two nodes."""
    found = reads.ask_graph(key, lambda view: walks.ways(view, a, b, avoid_hubs=avoid_hubs)).found
    paths = tuple(p for p in found.paths if len(_seen(key, p.nodes)) == len(p.nodes))
    return found if len(paths) == len(found.paths) else Ways(paths, len(paths), found.too_wide)


@st.cache_data(max_entries=MOST_CACHED, ttl=STALE, show_spinner=False)
def records(key: Key, kind: str, source: str, target: str) -> Shown[Record]:
    """The rows behind an edge."""
    if len(_seen(key, (source, target))) < 2:
        return Shown((), 0)
    edge = Edge(EdgeKind(kind), source, target)
    return reads.ask_graph(key, lambda view: view.records(edge, MOST_RECORDS)).found


@dataclass(frozen=True)
class Links:
    """A node's links: how many of each kind, the heaviest of each, what is known of their other ends."""

    degrees: Mapping[EdgeKind, int]
    edges: Mapping[EdgeKind, tuple[Edge, ...]]
    nodes: Mapping[str, Mapping[str, Any]]


@st.cache_data(max_entries=MOST_CACHED, ttl=STALE, show_spinner=False)
def links(key: Key, id_: str) -> Links:
    """The links of a node by kind, at most `MOST_LINKS` of each."""

    def ask(view: View) -> Links:
        degrees = view.degrees([id_]).get(id_, {})
        edges = {kind: view.neighbours([id_], [kind], MOST_LINKS).items for kind in degrees}
        ends = {end for found in edges.values() for edge in found for end in edge.key[1:]}
        allowed = set(_seen(key, tuple(sorted(ends))))
        edges = {
            kind: tuple(edge for edge in found if allowed.issuperset(edge.key[1:]))
            for kind, found in edges.items()
        }
        ends &= allowed
        nodes = {
            node.id: {**node.properties, "kind": node.kind, "label": node.label}
            for node in view.nodes(sorted(ends - {id_}))
        }
        return Links(degrees, edges, nodes)

    return reads.ask_graph(key, ask).found


@st.cache_data(max_entries=MOST_CACHED, ttl=STALE, show_spinner=False)
def node(key: Key, id_: str) -> Node | None:
    """One node, or None if nobody knows it or whoever asked may not see it."""
    if not _seen(key, (id_,)):
        return None
    found = reads.ask_graph(key, lambda view: view.nodes([id_])).found
    return found[0] if found else None
