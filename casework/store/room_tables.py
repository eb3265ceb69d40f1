"""The tables of review rooms and of sanctions announced between bureaux; all append-only."""

from casework.sql import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)
from casework.store.tables import METADATA

KINDS = ("join", "leave", "opinion", "sign", "task", "end", "escalate", "ruling", "meeting")

ENTRIES = Table(
    "room_entries",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("review", Text, nullable=False, index=True),
    Column("side", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("ring", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("content", Text, nullable=False),
    Column("own", Boolean, nullable=False),
    Column("arrived_at", DateTime, nullable=False),
    CheckConstraint(f"kind IN {KINDS}", name="entries_are_of_a_kind"),
    CheckConstraint("trim(author) <> '' AND seq > 0", name="entries_have_an_author"),
    UniqueConstraint("review", "side", "seq", name="entries_of_a_side_are_a_sequence"),
)
"""What one person of one side said in the room of a review; `id` is the SHA-256 of it, `ring` may be empty.

`own`: written here; the others came in parcels of their sides."""

ANNOUNCEMENTS = Table(
    "announcements",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("direction", Text, nullable=False),
    Column("review", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("sanction", Integer, ForeignKey("sanctions.no")),
    Column("persons", Integer, nullable=False),
    Column("law", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("entered_at", DateTime, nullable=False),
    CheckConstraint(
        "direction IN ('out', 'in') AND (direction = 'out') = (sanction IS NOT NULL)",
        name="announcements_go_out_or_come_in",
    ),
)
"""A sanction of `side` told to the other sides of a review; `persons` is how many it touches."""

ANNOUNCED = Table(
    "announced_persons",
    METADATA,
    Column("no", Integer, ForeignKey("announcements.no"), primary_key=True, autoincrement=False),
    Column("practitioner", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("begins", Date, nullable=False),
    Column("ends", Date),
    Column("lifted", Date),
    CheckConstraint("kind IN ('suspension', 'termination')", name="announced_are_persons"),
)
"""Those of an announcement who are known here, by this side's own blind ids; nobody else is kept."""

ANSWERS = Table(
    "announcement_answers",
    METADATA,
    Column("no", Integer, ForeignKey("proposals.no"), primary_key=True, autoincrement=False),
    Column("announcement", Integer, ForeignKey("announcements.no"), nullable=False, index=True),
    Column("practitioner", Text, nullable=False),
)
"""What was proposed here about somebody announced: a sanction of our own, or to leave it."""
