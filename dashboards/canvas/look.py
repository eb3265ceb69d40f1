"""The colours of the canvas, light and dark, and what the browser gets of each kind: `casework.exports.look` in words."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from casework.exports.look import EDGES, NODES

Say = Callable[[str], str]


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
