"""The table of what became of exports; append-only, each row of a release that a second person approved."""

from casework.sql import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)
from casework.store.tables import METADATA

CUSTODY = Table(
    "release_custody",
    METADATA,
    Column("release", Integer, ForeignKey("proposals.no"), primary_key=True, autoincrement=False),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("event", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", Integer),
    Column("version", Text),
    Column("who", Text),
    Column("how", Text),
    Column("note", Text),
    CheckConstraint(
        "event IN ('built', 'opened', 'sent', 'received', 'returned')", name="custody_is_known"
    ),
    CheckConstraint("trim(actor) <> '' AND length(sha256) = 64", name="custody_says_by_whom"),
    CheckConstraint(
        "(event = 'built') = (size IS NOT NULL AND version IS NOT NULL)", name="built_says_by_what"
    ),
    CheckConstraint(
        "event = 'built' OR COALESCE(trim(who), '') <> ''", name="custody_says_to_whom"
    ),
    CheckConstraint("event <> 'sent' OR COALESCE(trim(how), '') <> ''", name="sent_says_how"),
    CheckConstraint(
        "event NOT IN ('received', 'returned') OR COALESCE(trim(note), '') <> ''",
        name="received_with_a_receipt",
    ),
    Index("release_custody_by_time", "event", "at"),
)
"""Where a bundle was, step by step. `sha256` is that of the bundle, the same in every row of a release;
`who` has or had it, `note` is the receipt or the reason; `size` in bytes, `version` that of the software."""
