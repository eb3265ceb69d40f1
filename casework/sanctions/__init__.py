"""Sanctions: proposed, looked at in their reach, approved by a second person, lifted or over."""

from casework.sanctions.ledger import (
    decide_lift,
    decide_sanction,
    propose_by_points,
    propose_lift,
    propose_measure,
    qualification,
    sanction,
    sanctions_of,
)
from casework.sanctions.reach import Reach, Reached, preview
from casework.sanctions.rules import Kind, Person, Sanction

__all__ = [
    "Kind",
    "Person",
    "Reach",
    "Reached",
    "Sanction",
    "decide_lift",
    "decide_sanction",
    "preview",
    "propose_by_points",
    "propose_lift",
    "propose_measure",
    "qualification",
    "sanction",
    "sanctions_of",
]
