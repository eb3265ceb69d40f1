"""Write docs/motifs.md from the motifs' own text: `python -m tools.motif_docs` (`--check` only compares)."""

from pathlib import Path

from graph.motifs import MOTIFS
from graph.motifs.base import Motif
from tools.pages import keep_page

PAGE = Path(__file__).parents[1] / "docs" / "motifs.md"
HEAD = """\
# Motifs 模式

What the scan looks for, what else may look like it, and where it comes from. A motif gives leads (线索), never a
finding. This page is written from the motifs' own text by `tools/motif_docs.py`.

| motif | 模式 | pattern | needs |
|---|---|---|---|
"""
SECTIONS = (
    ("含义", "含义"),
    ("误判", "误判"),
    ("Meaning", "Meaning"),
    ("Misleads", "What else it may be"),
    ("Source", "Source"),
)


def page() -> str:
    """The whole page, motifs in the order they run."""
    rows = (
        f"| [`{m.name}`](#{m.name}) | {m.text['title_zh']} | {m.text['title_en']} "
        f"| {', '.join(f'`{table}`' for table in m.needs)} |\n"
        for m in MOTIFS
    )
    return HEAD + "".join(rows) + "".join(map(_section, MOTIFS))


def _section(motif: Motif) -> str:
    text = motif.text
    body = "\n\n".join(f"**{heading}.** {text[name]}" for name, heading in SECTIONS)
    return f"\n## {motif.name}\n{text['title_zh']} · {text['title_en']}\n\n{body}\n"


if __name__ == "__main__":
    keep_page("motif_docs", PAGE, page(), __doc__)
