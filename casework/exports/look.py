"""How each kind of node and edge is drawn, on a screen and in files: shape, line and colour, never colour alone.

Letters stand on fills, and text on paper, at 4.5:1 or better; fills and lines on paper at 3:1 or better
(WCAG 2 AA; tests compute it).
"""

from dataclasses import dataclass

from graph.model import EdgeKind, NodeKind

BILLED = "BILLED"
"""Not an edge of the graph: where a practitioner's settlements were billed."""


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
