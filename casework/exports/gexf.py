"""GEXF 1.3 for Gephi: with a colour per kind, and days from when until when, so that its timeline works."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from xml.etree.ElementTree import SubElement

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter

from casework.exports.columns import about, edge_columns, node_columns
from casework.exports.content import Content
from casework.exports.look import EDGES, NODES
from graph.model import Value
from graph.store.base import Graph

OWN = (
    "id",
    "pid",
    "start",
    "end",
    "parents",
    "spells",
    "slices",
    "viz",
    "type",
    "key",
    "networkx_key",
)
"""Names that GEXF or its writer in networkx keep to themselves."""
OF_EDGES = (*OWN, "label", "weight")
VERSION = "1.3"

Span = tuple[date, date]


def write(content: Content, folder: Path) -> tuple[Path, ...]:
    """`network.gexf`. An edge has the days of its first and last visit, or from when until when it
    holds; a node those of its edges, or its own. Exact times are properties."""
    network = content.network
    graph: Graph = nx.MultiDiGraph()
    nodes, edges = node_columns(network, OWN), edge_columns(network, OF_EDGES)
    spans: dict[str, list[Span]] = {}
    for node, properties in network.graph.nodes(data=True):
        spans[node] = [*_span(properties)]
    for source, target, properties in network.graph.edges(data=True):
        for end in (source, target):
            spans[end] += _span(properties)
    for node, row in zip(network.graph, nodes.rows, strict=True):
        colour = _viz(NODES[network.graph.nodes[node]["kind"]].light)
        graph.add_node(node)
        graph.nodes[node].update({**row, **_days(spans[node]), "viz": colour})
    listed = zip(network.graph.edges(data=True), edges.rows, strict=True)
    for number, ((source, target, properties), row) in enumerate(listed):
        kind = str(properties["kind"])
        shown = {"label": kind, "weight": properties["weight"], "viz": _viz(EDGES[kind].light)}
        graph.add_edge(source, target, number)
        graph.edges[source, target, number].update({**row, **shown, **_days(_span(properties))})
    file = folder / "network.gexf"
    with file.open("wb") as out:
        _writer(graph, about(network)).write(out)
    return (file,)


def _writer(graph: Graph, said: Mapping[str, str]) -> GEXFWriter:
    """networkx's writer, with our description in place of the day on which it ran."""
    writer = GEXFWriter(graph, prettyprint=False, version=VERSION)
    meta = writer.xml.find("meta")
    del meta.attrib["lastmodifieddate"]
    meta.find("creator").text = "huancha"
    SubElement(meta, "description").text = "\n".join(
        f"{name}: {text}" for name, text in said.items()
    )
    return writer


def _span(properties: Mapping[str, Value]) -> Iterable[Span]:
    """The days between which something was so, as far as its properties say; one day where they say one."""
    first = _day(properties, ("first", "from", "begin"))
    last = _day(properties, ("last", "to", "end"))
    if first or last:
        found = [day for day in (first, last) if day]
        yield min(found), max(found)


def _day(properties: Mapping[str, Value], names: Iterable[str]) -> date | None:
    for name in names:
        value = properties.get(name)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
    return None


def _days(spans: Iterable[Span]) -> dict[str, str]:
    known = list(spans)
    if not known:
        return {}
    first, last = min(span[0] for span in known), max(span[1] for span in known)
    return {"start": first.isoformat(), "end": last.isoformat()}


def _viz(colour: str) -> dict[str, dict[str, float]]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return {"color": {"r": red, "g": green, "b": blue, "a": 1.0}}
