"""Grades and probabilities: how far a draft may be trusted, from its evidence and what speaks against it."""

from dataclasses import dataclass

from graph.scan.assemble import Draft
from graph.scan.calibration import BUILT_IN, Calibration
from graph.scan.candidates import Outcome
from graph.schema import Grade, RingState


@dataclass(frozen=True)
class Graded:
    """A draft with its grade and the probability that it is no coincidence and not innocent."""

    draft: Draft
    grade: Grade
    probability: float
    ring: str = ""
    state: RingState = RingState.NEW
    note: tuple[str, str] | None = None
    """Why people set it aside, in Chinese and English."""

    @property
    def weakened(self) -> int:
        """How many innocent explanations speak against part of it."""
        return weakened(self.draft)


A_EVIDENCE = 12.0
B_EVIDENCE = 4.0


def weakened(draft: Draft) -> int:
    """Innocent explanations that weaken the candidates nothing explains."""
    outcomes = [e.outcome for c in draft.candidates if not c.explained for e in c.explanations]
    return outcomes.count(Outcome.WEAKENS)


def grade(draft: Draft, calibration: Calibration = BUILT_IN) -> Graded:
    """A: strong, nothing weakens it. B: stands beyond chance. C: weak or explained."""
    evidence, against = draft.evidence, weakened(draft)
    probability = calibration.probability(evidence, against)
    if draft.explained:
        return Graded(draft, Grade.C, min(0.05, probability))
    if evidence >= A_EVIDENCE and not against:
        return Graded(draft, Grade.A, probability)
    if evidence >= B_EVIDENCE:
        return Graded(draft, Grade.B, probability)
    return Graded(draft, Grade.C, probability)
