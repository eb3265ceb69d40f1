"""Referral (行刑衔接) of a case to public security: its record, what it must hold, and its papers."""

from casework.referral.ledger import decide, draft, note, referral, referrals, report, revise
from casework.referral.rules import (
    DESK,
    NEXT,
    OVER,
    PROFILE,
    Answer,
    Draft,
    Event,
    Happened,
    Item,
    Officer,
    Referral,
    State,
)

__all__ = [
    "DESK",
    "NEXT",
    "OVER",
    "PROFILE",
    "Answer",
    "Draft",
    "Event",
    "Happened",
    "Item",
    "Officer",
    "Referral",
    "State",
    "decide",
    "draft",
    "note",
    "referral",
    "referrals",
    "report",
    "revise",
]
