"""The parts of a ring's evidence that are no dated events: sentences, answers, the robustness table, the minimum.

Each is a row of `evidence` whose two notes are `name|outcome|figure=value, …`, so that a screen can put it in words; the
summary is a sentence already.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from graph.scan.candidates import Candidate
from graph.scan.sentences import sentence

Row = tuple[Any, ...]
"""The values of a row of a table of scans, in the order of its columns."""
STANDS = -3.0
"""log10 p to which a cell of the robustness table must come to stand by itself."""


def notes(candidate: Candidate) -> Iterable[Row]:
    """Rows of `evidence` for one candidate, but for ring and number."""
    return (note(candidate.motif, *text) for text in _texts(candidate))


def note(motif: str, kind: str, zh: str, en: str) -> Row:
    """A row of `evidence` that is a text and nothing else, but for ring and number."""
    return motif, kind, None, None, None, (), (), 0, zh, en


def _texts(candidate: Candidate) -> Iterable[tuple[str, str, str]]:
    yield "summary", *sentence(candidate)
    for e in candidate.explanations:
        yield _row("explanation", e.name, str(e.outcome), e.numbers)
    for c in candidate.checks:
        outcome = "stands" if c.log10_p <= STANDS else "weak"
        figures: dict[str, float | int | str] = {
            "observed": c.observed,
            "expected": f"{c.expected:.2g}",
            "log10_p": round(c.log10_p, 1),
        }
        yield _row("robustness", c.name, outcome, figures)
    weak = [c.name for c in candidate.checks if c.log10_p > STANDS]
    if weak:
        yield _row("counter", "weak_cells", "weakens", {"cells": " ".join(weak)})
    for e in candidate.explanations:
        if e.outcome == "weakens":
            yield _row("counter", e.name, "weakens", e.numbers)
    if candidate.minimal:
        numbers = " ".join(str(k + 1) for k in candidate.minimal)
        yield _row("minimal", "events", "stands", {"n": len(candidate.minimal), "numbers": numbers})


def _row(
    kind: str, name: str, outcome: str, figures: Mapping[str, float | int | str]
) -> tuple[str, str, str]:
    text = f"{name}|{outcome}|{', '.join(f'{k}={v}' for k, v in figures.items())}"
    return kind, text, text
