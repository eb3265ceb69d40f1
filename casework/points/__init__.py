"""Points of the payment qualification: an append-only ledger under the law of the place and the day."""

from casework.points.ledger import (
    Decided,
    entry,
    history,
    propose_act,
    propose_repair,
    propose_reversal,
    review,
    standing,
    waiting,
)
from casework.points.rules import (
    Act,
    Consequence,
    Effect,
    Kind,
    Measure,
    Points,
    Repair,
    Report,
    Responsibility,
    Standing,
    consequence,
)

__all__ = [
    "Act",
    "Consequence",
    "Decided",
    "Effect",
    "Kind",
    "Measure",
    "Points",
    "Repair",
    "Report",
    "Responsibility",
    "Standing",
    "consequence",
    "entry",
    "history",
    "propose_act",
    "propose_repair",
    "propose_reversal",
    "review",
    "standing",
    "waiting",
]
