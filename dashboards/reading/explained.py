"""What the scan answered to innocent explanations, as its evidence states it."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboards.reading.dossier import EXPLANATION
from graph.results import EvidenceRow


@dataclass(frozen=True)
class Answered:
    """An explanation the scan tried: its name, the answer, the figures behind it as text."""

    motif: str
    name: str
    outcome: str
    figures: tuple[tuple[str, str], ...]


def answered(evidence: Iterable[EvidenceRow]) -> tuple[Answered, ...]:
    """The explanations among `evidence`, written `name|outcome|figure=value, …`, each once."""
    found: dict[Answered, None] = {}
    for entry in evidence:
        if entry.kind != EXPLANATION:
            continue
        name, outcome, figures = (*entry.note_zh.split("|", 2), "", "")[:3]
        pairs = (figure.partition("=") for figure in figures.split(", ") if "=" in figure)
        kept = tuple((key, value) for key, _, value in pairs)
        found[Answered(entry.motif, name, outcome, kept)] = None
    return tuple(found)
