"""Grades and probabilities: how far a draft may be trusted, from its evidence and what speaks against it."""

from dataclasses import dataclass

import numpy as np

from graph.scan.assemble import Draft
from graph.scan.candidates import Outcome
from graph.schema import Grade


@dataclass(frozen=True)
class Graded:
    """A draft with its grade and the probability that it is no coincidence and not innocent."""

    draft: Draft
    grade: Grade
    probability: float


A_EVIDENCE = 12.0
B_EVIDENCE = 4.0
HALF = 5.0
"""Evidence at which an unexplained draft is as likely true as not."""


def grade(draft: Draft) -> Graded:
    """A: strong, nothing weakens it. B: stands beyond chance. C: weak or explained."""
    outcomes = [e.outcome for c in draft.candidates if not c.explained for e in c.explanations]
    weakened = outcomes.count(Outcome.WEAKENS)
    evidence = draft.evidence
    probability = 1.0 / (1.0 + np.exp(-(evidence - HALF) / 2.0)) * 0.8**weakened
    if draft.explained:
        return Graded(draft, Grade.C, min(0.05, float(probability)))
    if evidence >= A_EVIDENCE and not weakened:
        return Graded(draft, Grade.A, float(probability))
    if evidence >= B_EVIDENCE:
        return Graded(draft, Grade.B, float(probability))
    return Graded(draft, Grade.C, float(probability))
