"""Sanctions of one side of a joint review told to the others, each of which decides for itself."""

from casework.announcements.ledger import (
    DECLINE,
    Announced,
    Announcement,
    Answer,
    announce,
    announcement,
    announcements,
    decide_decline,
    draft,
    hear,
    propose,
    propose_decline,
    spoken,
)

__all__ = [
    "DECLINE", "Announced", "Announcement", "Answer", "announce", "announcement", "announcements",
    "decide_decline", "draft", "hear", "propose", "propose_decline", "spoken",
]  # fmt: skip
