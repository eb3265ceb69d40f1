"""The scan's own notes on its evidence: answers to explanations, robustness, counter-evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from graph.results import EvidenceRow


class Note(StrEnum):
    """The kinds of evidence rows that are written `name|outcome|figure=value, …`."""

    EXPLANATION = "explanation"
    ROBUSTNESS = "robustness"
    COUNTER = "counter"
    MINIMAL = "minimal"


@dataclass(frozen=True)
class Answered:
    """One note: what was tried, the answer, the figures behind it as text."""

    motif: str
    name: str
    outcome: str
    figures: tuple[tuple[str, str], ...]

    def figure(self, name: str) -> str:
        """The figure called `name`; empty if the note has none."""
        return dict(self.figures).get(name, "")


def answered(evidence: Iterable[EvidenceRow], kind: Note) -> tuple[Answered, ...]:
    """The notes of `kind` among `evidence`, in their order, each once."""
    found: dict[Answered, None] = {}
    for entry in evidence:
        if entry.kind != kind:
            continue
        name, outcome, figures = (*entry.note_zh.split("|", 2), "", "")[:3]
        pairs = (figure.partition("=") for figure in figures.split(", ") if "=" in figure)
        kept = tuple((key, value) for key, _, value in pairs)
        found[Answered(entry.motif, name, outcome, kept)] = None
    return tuple(found)
