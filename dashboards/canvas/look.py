"""How each kind of node and edge is drawn, light and dark: shape, line, colour and letter, never colour alone.

Letters stand on fills, and text on paper, at 4.5:1 or better; fills and lines on paper at 3:1 or better
(WCAG 2 AA; tests compute it).
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from graph.model import EdgeKind, NodeKind

BILLED = "BILLED"
"""Not an edge of the graph: where a practitioner's settlements were billed."""

Say = Callable[[str], str]


@dataclass(frozen=True)
class NodeLook:
    """Cytoscape's name of a shape and the fills on light and dark paper."""

    shape: str
    light: str
    dark: str


@dataclass(frozen=True)
class EdgeLook:
    """`line` is solid, dashed or dotted; colours on light and dark paper."""

    line: str
    light: str
    dark: str
    arrow: bool = False


@dataclass(frozen=True)
class Theme:
    """Colours of the canvas as CSS: `paper` behind, `ink` for text, `letter` inside shapes."""

    dark: bool
    paper: str
    card: str
    ink: str
    muted: str
    line: str
    accent: str
    letter: str
    danger: str


LIGHT = Theme(
    False, "#ffffff", "#f4f7fa", "#1c2733", "#4d5b69", "#c9d3dd", "#c2560c", "#ffffff", "#a8323e"
)
DARK = Theme(
    True, "#19232e", "#202c38", "#e4eaf1", "#aab7c4", "#3a4a5a", "#f0a35a", "#10202e", "#f08a95"
)

NODES: dict[str, NodeLook] = {
    NodeKind.PATIENT: NodeLook("ellipse", "#1b5e9b", "#7db7ee"),
    NodeKind.PRACTITIONER: NodeLook("triangle", "#2c7a4b", "#7cc79a"),
    NodeKind.FACILITY: NodeLook("rectangle", "#a85608", "#f0a35a"),
    NodeKind.PHARMACY: NodeLook("hexagon", "#6a4a9c", "#c3a6f0"),
    NodeKind.TOKEN: NodeLook("diamond", "#a8323e", "#f08a95"),
    NodeKind.RING: NodeLook("octagon", "#3c4856", "#c2ccd6"),
}
EDGES: dict[str, EdgeLook] = {
    EdgeKind.CO_VISITED: EdgeLook("solid", "#b8610e", "#e8a35c"),
    EdgeKind.VISITED: EdgeLook("solid", "#5f7c99", "#8fa6bd"),
    EdgeKind.TREATED_BY: EdgeLook("dashed", "#3f8a5f", "#7fb394"),
    BILLED: EdgeLook("solid", "#3f8a5f", "#7fb394", arrow=True),
    EdgeKind.PRESCRIBED_TO: EdgeLook("solid", "#6a4a9c", "#b79be8", arrow=True),
    EdgeKind.HOLDS: EdgeLook("dotted", "#b5505b", "#e08a94"),
    EdgeKind.KIN_OF: EdgeLook("dashed", "#2a7f7f", "#6cc0c0"),
    EdgeKind.REGISTERED_AT: EdgeLook("dotted", "#6d7a58", "#a9b39a", arrow=True),
    EdgeKind.MEMBER_OF: EdgeLook("dotted", "#5c6b7a", "#aab7c4"),
}
GRADES = ("A", "B", "C")


def looks(theme: Theme, say: Say) -> dict[str, Any]:
    """The looks as the browser gets them: words from the catalogue by `say`, colours of `theme`."""
    return {
        "nodes": {
            str(kind): {
                "shape": look.shape,
                "colour": look.dark if theme.dark else look.light,
                "word": say(f"kind.{kind}"),
                "letter": say(f"letter.{kind}"),
            }
            for kind, look in NODES.items()
        },
        "edges": {
            str(kind): {
                "line": look.line,
                "colour": look.dark if theme.dark else look.light,
                "arrow": look.arrow,
                "word": say(f"edge.{kind}"),
                "letter": say(f"edge_letter.{kind}"),
            }
            for kind, look in EDGES.items()
        },
        "theme": asdict(theme),
    }
