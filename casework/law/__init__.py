"""The law as dated packs with sources: one for the country, one per province that has rules of its own."""

from casework.law.holidays import Calendar, read_calendar
from casework.law.pack import STRICT, Band, Document, Law, Pack, Provision, Rule, Unit
from casework.law.read import law_on, packs

__all__ = [
    "STRICT",
    "Band",
    "Calendar",
    "Document",
    "Law",
    "Pack",
    "Provision",
    "Rule",
    "Unit",
    "law_on",
    "packs",
    "read_calendar",
]
