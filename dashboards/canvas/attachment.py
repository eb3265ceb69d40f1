"""The network as a light attachment to a report: one HTML page by pyvis that asks nothing of anyone.

The only importer of pyvis. Positions are given and physics is off: pyvis needs minutes to settle what
the server lays out at once. Larger pictures are for `standalone`.
"""

import html
import json
import re
from pathlib import Path
from typing import Any

from pyvis.network import Network

from casework.exports.look import EDGES, NODES
from dashboards.canvas.contract import Canvas, CanvasEdge, CanvasNode
from dashboards.canvas.look import LIGHT, looks
from dashboards.canvas.of_graph import placed
from dashboards.document import TAGS
from dashboards.formats import Language
from dashboards.texts import say

MOST_NODES = 500
HEIGHT = 640
_UNTYPED: Any = Network
ASSETS = Path(__file__).parents[1] / "assets"
FONT = (
    "'Source Sans 3', 'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', "
    "'Microsoft YaHei', 'PingFang SC', sans-serif"
)
SHAPES = {
    "ellipse": "dot",
    "triangle": "triangle",
    "rectangle": "square",
    "hexagon": "hexagon",
    "diamond": "diamond",
    "octagon": "star",
}

_OUTSIDE = re.compile(
    r"<link\b[^>]*?\bhref\s*=\s*[\"']https?:[^>]*?>"
    r"|<script\b[^>]*?\bsrc\s*=\s*[\"']https?:[^>]*?>\s*</script>"
    r"|<center>\s*<h1>.*?</h1>\s*</center>"
    r"|<!--(?:(?!-->).)*?node_modules.*?-->",
    re.DOTALL | re.IGNORECASE,
)
_ANGLES = str.maketrans({"<": "＜", ">": "＞", "&": "＆"})


def attachment(canvas: Canvas, language: Language, height: int = HEIGHT) -> str:
    """`canvas` as a whole HTML document of `height` px in `language`.

    ValueError when there are more than `MOST_NODES` nodes: the caller cuts and says so.
    """
    if len(canvas.nodes) > MOST_NODES:
        raise ValueError(f"{len(canvas.nodes)} nodes; attach at most {MOST_NODES} and say n of N")
    net = _UNTYPED(height="100%", width="100%", directed=True, cdn_resources="in_line")
    drawn = looks(LIGHT, lambda key: say(language, key))
    points = _points(canvas)
    for node in canvas.nodes:
        _add_node(net, node, drawn["nodes"][node.kind], points[node.id])
    for edge in canvas.edges:
        _add_edge(net, edge, drawn["edges"][edge.kind])
    net.set_options(json.dumps(_options()))
    return _own(str(net.generate_html(notebook=False)), canvas, drawn, language, height)


def _points(canvas: Canvas) -> dict[str, tuple[float, float]]:
    given = {
        node.id: (node.x, node.y)
        for node in canvas.nodes
        if node.x is not None and node.y is not None
    }
    if len(given) == len(canvas.nodes):
        return given
    return placed(list(canvas.nodes), list(canvas.edges))


def _add_node(net: Any, node: CanvasNode, look: dict[str, str], point: tuple[float, float]) -> None:
    fill = look["colour"] if node.core else _pale(look["colour"])
    active = {"background": look["colour"], "border": LIGHT.accent}
    colour = {"background": fill, "border": look["colour"], "highlight": active, "hover": active}
    net.add_node(
        node.id, label=_safe(f"{node.label}\n{node.sub}".strip()), title=_safe(node.hint),
        shape=SHAPES[look["shape"]], size=node.size / 2, color=colour, x=point[0], y=point[1],
        borderWidth=2, letter=node.letter or look["letter"], pale=not node.core,
        shapeProperties={"borderDashes": False if node.core else [4, 3]},
    )  # fmt: skip


def _add_edge(net: Any, edge: CanvasEdge, look: dict[str, Any]) -> None:
    net.add_edge(
        edge.source, edge.target, title=_safe(edge.hint), width=edge.weight,
        color={"color": look["colour"], "opacity": 0.7}, dashes=look["line"] != "solid",
        arrows="to" if look["arrow"] else "",
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


def _own(page: str, canvas: Canvas, drawn: dict[str, Any], language: Language, height: int) -> str:
    """The page pyvis wrote, without its outside links, with our language, style, letters, legend."""
    page = _OUTSIDE.sub("", page)
    page = page.replace("<html>", f'<!doctype html><html lang="{TAGS[language]}">', 1)
    style = (ASSETS / "network.css").read_text("utf-8").replace("HEIGHT", f"{height}px")
    script = (ASSETS / "network.js").read_text("utf-8").replace("FONT", json.dumps(FONT))
    shown = say(language, "canvas.shown", n=len(canvas.nodes), total=canvas.total)
    caption = html.escape(f"{canvas.title} · {shown} · {canvas.date}")
    head = f"{_POLICY}<title>{html.escape(canvas.title)}</title><style>{style}</style>"
    page = page.replace("<head>", f"<head>{head}", 1)
    tail = f'<div id="caption">{caption}</div>{_legend(canvas, drawn)}<script>{script}</script>'
    before, _, after = page.rpartition("</body>")
    return f"{before}{tail}</body>{after}"


_POLICY = (
    '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; "
    "form-action 'none'\">"
)
_OUTLINES = {
    "dot": '<circle cx="8" cy="8" r="6.5"/>',
    "triangle": '<path d="M8 1 15 14H1Z"/>',
    "square": '<rect x="2" y="2" width="12" height="12"/>',
    "hexagon": '<path d="M4.5 1.5h7L15 8l-3.5 6.5h-7L1 8Z"/>',
    "diamond": '<path d="M8 1 15 8 8 15 1 8Z"/>',
    "star": '<path d="m8 1 2 5h5l-4 3 2 6-5-4-5 4 2-6-4-3h5Z"/>',
}


def _legend(canvas: Canvas, drawn: dict[str, Any]) -> str:
    nodes = {node.kind for node in canvas.nodes}
    edges = {edge.kind for edge in canvas.edges}
    entries = [
        f'<span><svg width="16" height="16" fill="{look["colour"]}">'
        f"{_OUTLINES[SHAPES[look['shape']]]}</svg>{html.escape(look['word'])}</span>"
        for kind in NODES
        if kind in nodes
        for look in [drawn["nodes"][kind]]
    ]
    for kind in EDGES:
        if kind not in edges:
            continue
        look = drawn["edges"][kind]
        dashes = "" if look["line"] == "solid" else ' stroke-dasharray="4 3"'
        entries.append(
            f'<span><svg width="22" height="10"><path d="M0 5H22" stroke="{look["colour"]}"'
            f' stroke-width="3"{dashes}/></svg>{html.escape(look["word"])}</span>'
        )
    return f'<div id="legend">{"".join(entries)}</div>'
