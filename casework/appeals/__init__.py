"""Appeals (申诉) against points and sanctions, third parties' opinions, and decisions that undo what was wrong."""

from casework.appeals.effects import suggested
from casework.appeals.ledger import (
    admit,
    appeal,
    appeals,
    appeals_against,
    ask_expert,
    decide,
    decided_before,
    file_appeal,
    give_opinion,
    last_day,
    propose_decision,
)
from casework.appeals.rules import (
    ENDED,
    NOTHING,
    Appeal,
    Decision,
    Effects,
    Opinion,
    Outcome,
    State,
)

__all__ = [
    "ENDED", "NOTHING", "Appeal", "Decision", "Effects", "Opinion", "Outcome", "State",
    "admit", "appeal", "appeals", "appeals_against", "ask_expert", "decide", "decided_before", "file_appeal",
    "give_opinion", "last_day", "propose_decision", "suggested",
]  # fmt: skip
