"""i2 Analyst's Notebook exchange (`.anx`), the one door to anxwritter."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from anxwritter import ANXChart, EntityType, Icon, Link, LinkType

from casework.exports.columns import about, columns
from casework.exports.content import Content, Network
from casework.exports.look import EDGES, NODES
from casework.exports.networks import points_of
from casework.exports.values import quoted, text
from casework.exports.words import EDGE_WORDS, MUTUAL, NODE_WORDS
from graph.model import EdgeKind, NodeKind, Value

ICONS: Mapping[str, str] = {
    NodeKind.PATIENT: "person",
    NodeKind.PRACTITIONER: "doctor",
    NodeKind.FACILITY: "hospital",
    NodeKind.PHARMACY: "shop",
    NodeKind.TOKEN: "phone",
    NodeKind.RING: "group",
}
"""Icons by the names Notebook's own icons have; where one is missing Notebook shows its plain one."""
MADE = "2000-01-01T00:00:00"
"""Written as the day of making, so that the same content gives the same bytes."""
SHOWN_ELSEWHERE = ("kind", "label")
"""What an item's type and label say is no attribute."""


def write(content: Content, folder: Path) -> tuple[Path, ...]:
    """`network.anx`: an entity per node where the canvas has it, a link per edge, with dates and attributes."""
    network = content.network
    said = [{"name": name, "value": _line(value)} for name, value in about(network).items()]
    summary = {"title": _line(text(network.title)), "created": MADE, "custom_properties": said}
    chart = ANXChart(settings={"summary": summary})
    _types(chart, network)
    nodes = [properties for _, properties in network.graph.nodes(data=True)]
    edges = [properties for *_, properties in network.graph.edges(data=True)]
    attributes = iter(_attributes([*nodes, *edges]))
    points = points_of(network)
    for node, properties in network.graph.nodes(data=True):
        x, y = points[node]
        day, time = _when(properties)
        chart.add(
            Icon(
                id=node,
                type=NODE_WORDS[properties["kind"]],
                label=_line(text(properties["label"])),
                x=round(x),
                y=round(y),
                attributes=next(attributes),
                date=day,
                time=time,
            )
        )
    for source, target, properties in network.graph.edges(data=True):
        day, time = _when(properties)
        kind = EdgeKind(properties["kind"])
        chart.add(
            Link(
                from_id=source,
                to_id=target,
                type=EDGE_WORDS[kind],
                label=f"{EDGE_WORDS[kind]} {properties['weight']}"
                if kind.weighed_by
                else EDGE_WORDS[kind],
                arrow=None if kind in MUTUAL else "head",
                attributes=next(attributes),
                date=day,
                time=time,
            )
        )
    file = folder / "network.anx"
    chart.to_anx(file)
    return (file,)


def _types(chart: Any, network: Network) -> None:
    for kind in sorted({str(kind) for _, kind in network.graph.nodes(data="kind")}):
        colour = NODES[kind].light
        chart.add_entity_type(
            EntityType(
                name=NODE_WORDS[kind], icon_file=ICONS[kind], color=colour, shade_color=colour
            )
        )
    for kind in sorted({str(facts["kind"]) for *_, facts in network.graph.edges(data=True)}):
        chart.add_link_type(LinkType(name=EDGE_WORDS[kind], color=EDGES[kind].light))


def _attributes(given: list[Mapping[str, Value]]) -> Iterable[dict[str, Any]]:
    """Attributes of all items in their order; moments as such where a name has nothing else."""
    moments = {name for properties in given for name in properties} - {
        name for properties in given for name, value in properties.items() if not _whole(value)
    }
    rest = [
        {n: v for n, v in properties.items() if n not in moments and n not in SHOWN_ELSEWHERE}
        for properties in given
    ]
    for properties, row in zip(given, columns(rest).rows, strict=True):
        found = {n: v for n, v in properties.items() if n in moments}
        yield found | {n: _line(v) if isinstance(v, str) else v for n, v in row.items()}


def _whole(value: Value) -> bool:
    return isinstance(value, datetime) and not value.microsecond


def _line(written: str) -> str:
    """XML's attributes lose breaks and tabs: a text with any is quoted as JSON."""
    return quoted(written) if "\n" in written or "\t" in written else written


def _when(properties: Mapping[str, Value]) -> tuple[str | None, str | None]:
    """The item's date and time in the chart: when it began, as far as its properties say."""
    for name in ("first", "from", "begin"):
        began = properties.get(name)
        if isinstance(began, datetime):
            return f"{began:%Y-%m-%d}", f"{began:%H:%M:%S}"
        if isinstance(began, date):
            return began.isoformat(), None
    return None, None
