"""Sanctions: proposed, looked at in their reach, approved by a second person, lifted or over."""

from casework.sanctions.ledger import (
    EFFECTS,
    approved,
    decide_lift,
    decide_sanction,
    draft_by_points,
    draft_measure,
    of_case,
    propose,
    propose_lift,
    qualification,
    reach_of,
    sanction,
    sanctions_of,
    waiting,
)
from casework.sanctions.reach import Reach, Reached, Registry, preview, registry
from casework.sanctions.rules import Kind, Person, Sanction, Stage

__all__ = [
    "EFFECTS",
    "Kind",
    "Person",
    "Reach",
    "Reached",
    "Registry",
    "Sanction",
    "Stage",
    "approved",
    "decide_lift",
    "decide_sanction",
    "draft_by_points",
    "draft_measure",
    "of_case",
    "preview",
    "propose",
    "propose_lift",
    "qualification",
    "reach_of",
    "registry",
    "sanction",
    "sanctions_of",
    "waiting",
]
