"""The open workspace and what is read from it, cached by workspace, snapshot and scan.

Snapshots and scans never change once published, so their ids are enough of a key.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import networkx as nx
import pandas as pd
import streamlit as st

from dashboards.person import actor
from dashboards.reading import dossier as dossiers
from dashboards.reading import entity as entities
from dashboards.reading import ground, happenings, joint, ranked, reach, regions
from dashboards.reading.compared import Compared, compared
from dashboards.reading.flows import flows as read_flows
from dashboards.reading.office_graph import OfficeGraph
from dashboards.reading.regions import ANYWHERE, Regions, touches
from dashboards.reading.ring_bills import keep_bills
from dashboards.reading.ring_visits import place_funds
from dashboards.reading.web import ring_graph
from graph.errors import ServerFault
from graph.model import Shown
from graph.results import MemberRow, ProfileRow, RingRow, Scan, scans
from graph.snapshot import Snapshot
from huancha.errors import BadSetting
from huancha.settings import Settings
from huancha.workspace import Workspace, graph_server, open_workspace
from loaders.errors import LoadError

if TYPE_CHECKING:
    from graph.store.base import Store, View
    from graph.store.neo4j_ import Server

MOST_CACHED = 64
T = TypeVar("T")


@dataclass(frozen=True)
class Opened:
    """What is live at this moment. `scan` may be missing, a snapshot is always there."""

    workspace: Workspace
    snapshot: Snapshot
    scan: Scan | None


@dataclass(frozen=True)
class Key:
    """What a cached answer hangs on: what was read, and the regions whoever asked may see.

    No read asks for a role; that is what pages and actions do.
    """

    workspace: str
    snapshot: str
    scan: str = ""
    regions: Regions = ANYWHERE


def open_settings() -> Workspace:
    """The workspace the settings name (`HUANCHA_WORKSPACE`)."""
    return open_workspace(Settings().workspace)


def key_of(opened: Opened) -> Key:
    """The cache key of what is open, for whoever is signed in."""
    return whole_key(opened.workspace.path, opened.snapshot, opened.scan, actor().regions)


def whole_key(
    workspace: Path, snapshot: Snapshot, scan: Scan | None, regions: Collection[str] = ANYWHERE
) -> Key:
    """The cache key of these for whoever is limited to `regions`."""
    return Key(str(workspace), snapshot.id, scan.id if scan else "", tuple(sorted(regions)))


def as_asked(opened: Opened, scan: str | None) -> Opened:
    """`opened` with the scan of that id in the place of the latest, if there is one."""
    found = next((s for s in scans(opened.workspace.path) if s.id == scan), None) if scan else None
    return opened if found is None else replace(opened, scan=found)


def _snapshot(key: Key) -> Snapshot:
    return Snapshot(Path(key.workspace) / "tables" / key.snapshot)


def _scan(key: Key) -> Scan:
    return Scan(Path(key.workspace) / "scans" / key.scan)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def entity(key: Key, id_: str) -> entities.Entity | None:
    """What the tables hold about one person or place."""
    return entities.entity(_snapshot(key), id_) if id_ in visible(key, (id_,)) else None


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def visible(key: Key, ids: tuple[str, ...]) -> frozenset[str]:
    """Those of `ids` that whoever asked may see."""
    scan = _scan(key) if key.scan else None
    return regions.visible(_snapshot(key), scan, ids, key.regions)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def standing(key: Key, id_: str) -> tuple[tuple[RingRow, ...], ProfileRow | None]:
    """What the scan says of one entity: its rings by rank, a practitioner's profile."""
    if not key.scan or id_ not in visible(key, (id_,)):
        return (), None
    rings = tuple(r for r in _scan(key).rings_of(id_) if touches(r.regions, key.regions))
    return rings, _scan(key).profile(id_)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def figures(key: Key) -> ground.Figures:
    """Figures of the snapshot."""
    return ground.figures(_snapshot(key), key.regions)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def months(key: Key) -> list[ground.Month]:
    """Visits and fund by month."""
    return ground.months(_snapshot(key), key.regions)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def flows(key: Key) -> pd.DataFrame:
    """Money by month, kind of place, division there and at home."""
    return read_flows(_snapshot(key), key.regions)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def gatherings(key: Key) -> pd.DataFrame:
    """Every gathering of every ring."""
    return happenings.gatherings(_snapshot(key), _scan(key), key.regions)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def clashes(key: Key, kinds: tuple[str, ...], limit: int) -> Shown[happenings.Clash]:
    """Who was in two places at once, by the rank of the ring."""
    return happenings.clashes(_snapshot(key), _scan(key), kinds, limit, key.regions)


def bills(key: Key) -> None:
    """Lay ready what dossiers read of the settlements."""
    keep_bills(_snapshot(key), _scan(key))
    place_funds(_snapshot(key).path)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def crossings(key: Key) -> tuple[joint.Crossing, ...]:
    """The rings that reach over provinces."""
    return joint.crossings(_snapshot(key), _scan(key), key.regions)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def linked(key: Key) -> tuple[reach.Linked, ...]:
    """Practitioners registered at several places."""
    found = reach.linked(_snapshot(key), _scan(key), key.regions)
    seen = visible(key, tuple(one.id for one in found))
    return tuple(one for one in found if one.id in seen)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def activity(key: Key, id_: str) -> tuple[reach.Activity, ...]:
    """Where a practitioner's code settled."""
    return reach.activity(_snapshot(key), id_)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def penalties(key: Key, id_: str) -> tuple[reach.Penalty, ...]:
    """The penalties that name a practitioner."""
    return reach.penalties(_snapshot(key), id_)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def choices(key: Key) -> ranked.Choices:
    """What the ring filters can offer."""
    return ranked.choices(_snapshot(key), _scan(key), key.regions)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def rings(key: Key, wanted: ranked.Filter, offset: int, limit: int | None) -> Shown[RingRow]:
    """One page of the ring list."""
    return ranked.find_rings(
        _snapshot(key), _scan(key), wanted, offset=offset, limit=limit, limits=key.regions
    )


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def members(key: Key, ring: str) -> tuple[MemberRow, ...]:
    """Who and which places belong to one ring; nobody where whoever asked may not see it."""
    row = _scan(key).ring(ring)
    return _scan(key).members(ring) if row and touches(row.regions, key.regions) else ()


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def dossier(key: Key, ring: str) -> dossiers.Dossier | None:
    """Everything about one ring."""
    return dossiers.dossier(_snapshot(key), _scan(key), ring, key.regions)


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What the graph answered; `fault` says why it is not the office's server that did."""

    found: T
    fault: ServerFault | BadSetting | None = None


def network(key: Key, ring: str) -> "Answer[nx.MultiDiGraph[str]]":
    """The graph among one ring's members and the tokens they share."""
    return _answer(
        key, lambda office: _office_network(key, ring, office), lambda: _own_network(key, ring)
    )


def ask_graph(key: Key, what: "Callable[[View], T]") -> Answer[T]:
    """What the graph answers."""
    return _answer(key, lambda office: office.ask(_shown(key), what), lambda: what(_own_view(key)))


def _answer(key: Key, theirs: Callable[[OfficeGraph], T], ours: Callable[[], T]) -> Answer[T]:
    """From the office's server if there is one and it answers, else from the workspace."""
    try:
        office = _office(key)
        if office is not None:
            return Answer(theirs(office))
    except (ServerFault, BadSetting) as fault:
        return Answer(ours(), fault)
    return Answer(ours())


@st.cache_resource(max_entries=4, show_spinner=False)
def _own_store(workspace: str) -> "Store":
    """One for all tabs: what is laid ready for one question serves the next."""
    return open_workspace(Path(workspace)).own_store


def _own_view(key: Key) -> "View":
    return _own_store(key.workspace).view()


def lay_graph(key: Key) -> None:
    """Open the workspace's own graph."""
    _own_view(key)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def people_with_code(key: Key, code: str) -> tuple[str, ...]:
    """The patients and practitioners behind a platform code; empty where the keys are not here."""
    try:
        return open_workspace(Path(key.workspace)).ids_of(code)
    except LoadError:
        return ()


def names_server() -> bool:
    """Whether the settings name a graph server (`HUANCHA_GRAPH`)."""
    return Settings().graph is not None


def server_fault(key: Key) -> ServerFault | BadSetting | None:
    """Why the office's graph server cannot be asked now; None if it can. Ask only if one is named."""
    return _answer(
        key, lambda office: office.ask(_shown(key), lambda view: None), lambda: None
    ).fault


def _shown(key: Key) -> tuple[str, str | None]:
    return key.snapshot, key.scan or None


def _office(key: Key) -> OfficeGraph | None:
    server = graph_server()
    return None if server is None else _office_graph(key.workspace, hash(server), server)


@st.cache_resource(max_entries=4, show_spinner=False)
def _office_graph(workspace: str, known: int, _server: "Server") -> OfficeGraph:
    """One for as long as the dashboard runs: what one tab learns of the server, all know."""
    del known
    return OfficeGraph(Path(workspace), _server)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def _office_network(key: Key, ring: str, _office: OfficeGraph) -> "nx.MultiDiGraph[str]":
    found = dossier(key, ring)
    return (
        nx.MultiDiGraph()
        if found is None
        else _office.ask(_shown(key), lambda view: ring_graph(view, found))
    )


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def _own_network(key: Key, ring: str) -> "nx.MultiDiGraph[str]":
    found = dossier(key, ring)
    if found is None:
        return nx.MultiDiGraph()
    return ring_graph(_own_view(key), found)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def members_with_code(key: Key, code: str) -> tuple[str, ...]:
    """The members, in any ring, behind a platform code.

    Empty when no one is, and in a workspace whose vault is not here or does not open.
    """
    ids = ranked.people_in_rings(_scan(key))
    try:
        codes = open_workspace(Path(key.workspace)).codes(ids)
    except LoadError:
        return ()
    return tuple(sorted(id_ for id_, known in codes.items() if known == code))


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def totals(key: Key) -> ranked.Totals:
    """What the scan's rings hold in all."""
    return ranked.totals(_scan(key), key.regions)


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def compared_scans(key: Key, earlier: str, later: str) -> Compared:
    """What became of the rings of one scan in another."""
    place = Path(key.workspace) / "scans"
    return compared(Scan(place / earlier), Scan(place / later), key.regions)
