"""The network picture as one HTML page that asks nothing of any server. The only importer of pyvis."""

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx
from pyvis.network import Network

from dashboards.positions import positions

MOST_NODES = 300
_UNTYPED: Any = Network
ASSETS = Path(__file__).parent / "assets"
FONT = (
    "'Source Sans 3', 'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', "
    "'Microsoft YaHei', 'PingFang SC', sans-serif"
)

_OUTSIDE = re.compile(
    r"<link\b[^>]*?\bhref\s*=\s*[\"']https?:[^>]*?>"
    r"|<script\b[^>]*?\bsrc\s*=\s*[\"']https?:[^>]*?>\s*</script>"
    r"|<center>\s*<h1>.*?</h1>\s*</center>"
    r"|<!--(?:(?!-->).)*?node_modules.*?-->",
    re.DOTALL | re.IGNORECASE,
)
_ANGLES = str.maketrans({"<": "＜", ">": "＞", "&": "＆"})


@dataclass(frozen=True)
class Look:
    """How a kind of node is drawn: vis shape, fill, and the legend's word for it."""

    shape: str
    colour: str
    word: str


@dataclass(frozen=True)
class Spot:
    """A node: `letter` stands inside the shape, `label` below it, `hint` shows on hovering."""

    id: str
    kind: str
    letter: str
    label: str
    hint: str
    core: bool = True
    size: int = 16


@dataclass(frozen=True)
class Line:
    """A link between two spots; `kind` picks its colour from the picture's `lines`."""

    a: str
    b: str
    kind: str
    hint: str
    width: float = 1.0


@dataclass(frozen=True)
class LineLook:
    """How a kind of link is drawn: colour, dashes or not, and the legend's word for it."""

    colour: str
    dashed: bool
    word: str


@dataclass(frozen=True)
class Picture:
    """What to draw, already masked and already cut to `MOST_NODES`."""

    spots: Sequence[Spot]
    links: Sequence[Line]
    looks: dict[str, Look]
    lines: dict[str, LineLook]
    title: str
    lang: str
    pale: str


def draw(picture: Picture, height: int = 560, seed: int = 1) -> str:
    """`picture` as a whole HTML document of `height` px, links drawn once, physics off.

    ValueError when there are more than `MOST_NODES` spots: the caller cuts and says so.
    """
    if len(picture.spots) > MOST_NODES:
        raise ValueError(f"{len(picture.spots)} nodes; draw at most {MOST_NODES} and say n of N")
    net = _UNTYPED(height="100%", width="100%", directed=True, cdn_resources="in_line")
    points = _points(picture, seed)
    for spot in picture.spots:
        _add_spot(net, spot, picture.looks[spot.kind], points[spot.id])
    for line in picture.links:
        look = picture.lines[line.kind]
        net.add_edge(
            line.a, line.b, title=_safe(line.hint), color={"color": look.colour, "opacity": 0.7}, width=line.width,
            dashes=look.dashed, arrows="",
        )  # fmt: skip
    net.set_options(json.dumps(_options()))
    return _own(str(net.generate_html(notebook=False)), picture, height)


def _points(picture: Picture, seed: int) -> dict[str, tuple[float, float]]:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(spot.id for spot in picture.spots)
    graph.add_edges_from((line.a, line.b) for line in picture.links)
    return positions(graph, seed)


def _add_spot(net: Any, spot: Spot, look: Look, point: tuple[float, float]) -> None:
    fill = look.colour if spot.core else _pale(look.colour)
    colour = {
        "background": fill,
        "border": look.colour,
        "highlight": {"background": look.colour, "border": "#e8912d"},
        "hover": {"background": look.colour, "border": "#e8912d"},
    }
    net.add_node(
        spot.id, label=_safe(spot.label), title=_safe(spot.hint), shape=look.shape, size=spot.size,
        color=colour, x=point[0], y=point[1], borderWidth=2, letter=spot.letter, pale=not spot.core,
        shapeProperties={"borderDashes": False if spot.core else [4, 3]},
    )  # fmt: skip


def _pale(colour: str) -> str:
    """`colour` (#rrggbb) mixed with twice as much white."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{(part + 2 * 255) // 3:02x}" for part in parts)


def _safe(text: str) -> str:
    """No markup survives, whatever a file's names hold: vis and pyvis may show text as HTML."""
    return text.translate(_ANGLES)


def _options() -> dict[str, object]:
    return {
        "physics": {"enabled": False},
        "interaction": {
            "hover": True, "tooltipDelay": 120, "navigationButtons": False,
            "hideEdgesOnDrag": False, "keyboard": {"enabled": False},
        },
        "nodes": {"font": {"face": FONT, "size": 15, "color": "#1c2733", "strokeWidth": 3,
                           "strokeColor": "#ffffff", "vadjust": 0}},
        "edges": {"smooth": False, "selectionWidth": 2, "hoverWidth": 1},
    }  # fmt: skip


def _own(page: str, picture: Picture, height: int) -> str:
    """The page pyvis wrote, without its outside links, with our language, style, letters, legend."""
    page = _OUTSIDE.sub("", page)
    page = page.replace("<html>", f'<!doctype html><html lang="{html.escape(picture.lang)}">', 1)
    style = (ASSETS / "network.css").read_text("utf-8").replace("HEIGHT", f"{height}px")
    script = (ASSETS / "network.js").read_text("utf-8").replace("FONT", json.dumps(FONT))
    head = f"<title>{html.escape(picture.title)}</title><style>{style}</style>"
    page = page.replace("</head>", f"{head}</head>", 1)
    tail = f"{_legend(picture)}<script>{script}</script>"
    before, _, after = page.rpartition("</body>")
    return f"{before}{tail}</body>{after}"


_SHAPES = {
    "dot": '<circle cx="8" cy="8" r="6.5"/>',
    "triangle": '<path d="M8 1 15 14H1Z"/>',
    "square": '<rect x="2" y="2" width="12" height="12"/>',
    "hexagon": '<path d="M4.5 1.5h7L15 8l-3.5 6.5h-7L1 8Z"/>',
    "diamond": '<path d="M8 1 15 8 8 15 1 8Z"/>',
}


def _legend(picture: Picture) -> str:
    used = {spot.kind for spot in picture.spots}
    drawn = {line.kind for line in picture.links}
    entries = [
        f'<span><svg width="16" height="16" fill="{look.colour}">{_SHAPES[look.shape]}</svg>'
        f"{html.escape(look.word)}</span>"
        for kind, look in picture.looks.items()
        if kind in used
    ]
    if any(not spot.core for spot in picture.spots):
        entries.append(
            '<span><svg width="16" height="16" fill="#8b97a555" stroke="#8b97a5"'
            f' stroke-dasharray="3 2">{_SHAPES["dot"]}</svg>{html.escape(picture.pale)}</span>'
        )
    entries += [
        f'<span><svg width="22" height="10"><path d="M0 5H22" stroke="{look.colour}"'
        f' stroke-width="3"{" stroke-dasharray=" + chr(34) + "4 3" + chr(34) if look.dashed else ""}'
        f"/></svg>{html.escape(look.word)}</span>"
        for kind, look in picture.lines.items()
        if kind in drawn
    ]
    return f'<div id="legend">{"".join(entries)}</div>'
