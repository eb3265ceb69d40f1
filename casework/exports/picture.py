"""A picture of the network, SVG and PNG: nodes where the canvas has them, a legend, and what it shows of how much."""

import math
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from casework import pdf
from casework.exports.columns import said
from casework.exports.content import Content, Network
from casework.exports.look import EDGES, NODES
from casework.exports.networks import points_of
from casework.exports.values import text
from casework.exports.words import EDGE_WORDS, NODE_WORDS
from graph.model import EdgeKind, NodeKind
from graph.positions import Point

MARGIN, LINE, LEAST_WIDTH = 60.0, 32.0, 760.0
MOST_WIDTH = 2000.0
"""The legend of a wider picture is larger."""
SIZE = 13.0
"""Half a node's height; the layout leaves 116 × 82 to each."""
LONGEST = 12
APART = 14.0
PIXELS = 2000.0
INK, MUTED, PAPER = "#1c2733", "#4d5b69", "#ffffff"
FONTS = "Huancha Sans SC, Source Han Sans SC, Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
HALO = {"stroke": PAPER, "stroke-width": "3", "stroke-linejoin": "round", "paint-order": "stroke"}
DASHES = {"dashed": "7 4", "dotted": "2 4"}
CORNERS = {
    "triangle": (3, 90),
    "rectangle": (4, 45),
    "hexagon": (6, 0),
    "diamond": (4, 90),
    "octagon": (8, 22.5),
}
"""Of each shape the corners, and at how many degrees the first stands."""


def write(content: Content, folder: Path) -> tuple[Path, ...]:
    """`network.svg`, and `network.png` where there is a font with Chinese."""
    drawn = picture(content.network)
    width, height = (float(drawn.get(side, 0)) for side in ("width", "height"))
    svg, png = folder / "network.svg", folder / "network.png"
    svg.write_bytes(ElementTree.tostring(drawn, "utf-8", xml_declaration=True))
    try:
        png.write_bytes(pdf.raster(svg.read_text("utf-8"), width, PIXELS / max(width, height)))
    except pdf.NoFonts:
        return (svg,)
    return svg, png


def picture(network: Network) -> Element:
    """The picture as SVG."""
    points = points_of(network)
    left = min((x for x, _ in points.values()), default=0.0) - MARGIN
    top = min((y for _, y in points.values()), default=0.0) - MARGIN
    at = {node: (x - left, y - top) for node, (x, y) in points.items()}
    width = max([LEAST_WIDTH, *(x + MARGIN for x, _ in at.values())])
    deep = max([MARGIN, *(y + MARGIN for _, y in at.values())])
    legend = list(_legend(network))
    large = max(1.0, width / MOST_WIDTH)
    height = deep + large * LINE * ((len(legend) + 1) // 2 + 2)
    whole = Element(
        "svg", xmlns="http://www.w3.org/2000/svg", width=f"{width:.0f}", height=f"{height:.0f}",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
    )  # fmt: skip
    whole.set("font-family", FONTS)
    SubElement(whole, "title").text = text(network.title)
    SubElement(whole, "rect", width="100%", height="100%", fill=PAPER)
    _edges(SubElement(whole, "g", fill="none"), network, at)
    _nodes(SubElement(whole, "g"), network, at)
    foot = SubElement(
        whole,
        "g",
        transform=f"translate({MARGIN / 2:.0f} {deep + large * LINE / 2:.0f}) scale({large:.2f})",
    )
    for number, (row, word) in enumerate(legend):
        x, y = (number % 2) * LEAST_WIDTH / 2, (number // 2) * LINE
        row.set("transform", f"translate({x:.0f} {y:.0f})")
        foot.append(row)
        _text(row, word, 40.0, 5.0, INK)
    _text(foot, _caption(network), 0.0, LINE * ((len(legend) + 1) // 2), MUTED)
    return whole


def _caption(network: Network) -> str:
    about = said(network)
    known = (about.get(name) for name in ("title", "shown", "snapshot", "scan", "ring"))
    return " · ".join(text(value) for value in known if value)


def _edges(group: Element, network: Network, at: dict[str, Point]) -> None:
    """Edges between the same two beside each other, the first straight."""

    def ends(edge: tuple[str, str, str]) -> tuple[str, str]:
        return min(edge[:2]), max(edge[:2])

    for _, same in groupby(
        sorted(network.graph.edges(keys=True), key=lambda e: (ends(e), e[2])), ends
    ):
        for number, (source, target, kind) in enumerate(same):
            look, weight = EDGES[kind], network.graph.edges[source, target, kind]["weight"]
            line = SubElement(
                group, "path", d=_path(at[source], at[target], number), stroke=look.light
            )
            line.set("stroke-width", f"{min(1 + weight / 8, 5):.1f}")
            line.set("stroke-opacity", "0.55")
            if look.line in DASHES:
                line.set("stroke-dasharray", DASHES[look.line])
            SubElement(line, "title").text = f"{EDGE_WORDS[kind]} {weight}"


def _path(one: Point, other: Point, number: int) -> str:
    (x1, y1), (x2, y2) = one, other
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    aside = APART * 2 * ((number + 1) // 2) * (1 if number % 2 else -1)
    x = (x1 + x2) / 2 - (y2 - y1) / length * aside
    y = (y1 + y2) / 2 + (x2 - x1) / length * aside
    return f"M{x1:.1f} {y1:.1f}Q{x:.1f} {y:.1f} {x2:.1f} {y2:.1f}"


def _nodes(group: Element, network: Network, at: dict[str, Point]) -> None:
    for node, properties in network.graph.nodes(data=True):
        x, y = at[node]
        one = SubElement(group, "g", transform=f"translate({x:.1f} {y:.1f})")
        SubElement(one, "title").text = f"{NODE_WORDS[properties['kind']]} {node}"
        _shape(one, str(properties["kind"]))
        label = text(properties["label"])
        short = label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
        _text(one, short, 0.0, SIZE + 16, INK, anchor="middle")


def _shape(group: Element, kind: str) -> None:
    look = NODES[kind]
    if look.shape not in CORNERS:
        SubElement(group, "circle", r=f"{SIZE:.0f}", fill=look.light)
        return
    count, first = CORNERS[look.shape]
    angles = (math.radians(first + 360 * number / count) for number in range(count))
    corners = " ".join(f"{SIZE * math.cos(a):.1f},{-SIZE * math.sin(a):.1f}" for a in angles)
    SubElement(group, "polygon", points=corners, fill=look.light)


def _legend(network: Network) -> Iterator[tuple[Element, str]]:
    for node in NodeKind:
        count = sum(facts["kind"] == node for _, facts in network.graph.nodes(data=True))
        if count:
            row = Element("g")
            _shape(SubElement(row, "g", transform="translate(13 0)"), node)
            yield row, f"{NODE_WORDS[node]} {count}"
    for edge in EdgeKind:
        count = sum(facts["kind"] == edge for *_, facts in network.graph.edges(data=True))
        if count:
            row, look = Element("g"), EDGES[edge]
            line = SubElement(row, "path", d="M0 0H30", stroke=look.light)
            line.set("stroke-width", "3")
            if look.line in DASHES:
                line.set("stroke-dasharray", DASHES[look.line])
            yield row, f"{EDGE_WORDS[edge]} {count}"


def _text(
    group: Element, said: str, x: float, y: float, colour: str, anchor: str = "start"
) -> None:
    one = SubElement(group, "text", x=f"{x:.1f}", y=f"{y:.1f}", fill=colour)
    one.set("font-size", "13")
    one.set("text-anchor", anchor)
    for name, value in HALO.items():
        one.set(name, value)
    one.text = said
