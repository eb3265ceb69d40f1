"""The tables of proposals, cases and tips."""

from casework.sql import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)
from casework.store.tables import METADATA

PROPOSALS = Table(
    "proposals",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("law", Text),
    Column("maker", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
    CheckConstraint("trim(maker) <> '' AND trim(why) <> ''", name="proposals_say_who_and_why"),
    Index("proposals_by_subject", "subject"),
)

REVIEWS = Table(
    "reviews",
    METADATA,
    Column("no", Integer, ForeignKey("proposals.no"), primary_key=True, autoincrement=False),
    Column("approved", Boolean, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("reviewed_at", DateTime, nullable=False),
    Column("review", Text, nullable=False),
    CheckConstraint("trim(reviewer) <> '' AND trim(review) <> ''", name="reviews_say_who_and_why"),
)
"""One review per proposal, by another person than its maker: the database refuses the maker."""

TRANSITIONS = Table(
    "case_transitions",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("target", Text, primary_key=True),
)
"""Which status may follow which; the database refuses any other."""

CASES = Table(
    "cases",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("origin_id", Text),
    Column("origin_facts", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("outcome", Text),
    Column("closure", Integer, ForeignKey("proposals.no")),
    Column("assignee", Text),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    Column("snoozed_until", Date),
    Column("merged_into", Text, ForeignKey("cases.id")),
    Column("fed", Boolean, nullable=False),
    CheckConstraint("(status = 'merged') = (merged_into IS NOT NULL)", name="cases_merge_into_one"),
    CheckConstraint("(status = 'snoozed') = (snoozed_until IS NOT NULL)", name="cases_snooze_ends"),
    CheckConstraint(
        "(status = 'closed') = (outcome IS NOT NULL)", name="cases_close_with_an_outcome"
    ),
    Index("cases_by_status", "status", "changed_at"),
    Index("cases_by_origin", "origin", "origin_id"),
)

COMMENTS = Table(
    "case_comments",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False, index=True),
    Column("author", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("text", Text, nullable=False),
)

ATTACHMENTS = Table(
    "case_attachments",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", DateTime, nullable=False),
)

TASKS = Table(
    "case_tasks",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False, index=True),
    Column("what", Text, nullable=False),
    Column("assignee", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("done_at", DateTime),
    Column("result", Text),
    CheckConstraint("(done_at IS NULL) = (result IS NULL)", name="tasks_end_with_a_result"),
)

LINKS = Table(
    "case_links",
    METADATA,
    Column("one", Text, ForeignKey("cases.id"), primary_key=True),
    Column("other", Text, ForeignKey("cases.id"), primary_key=True),
    Column("author", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("why", Text, nullable=False),
    CheckConstraint("one < other", name="links_join_two_cases"),
)

TIPS = Table(
    "tips",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("received_at", DateTime, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("assignee", Text),
    Column("result", Text),
    Column("answered_at", DateTime),
    Column("case_id", Text, ForeignKey("cases.id")),
)

TIP_REPORTERS = Table(
    "tip_reporters",
    METADATA,
    Column("no", Integer, ForeignKey("tips.no"), primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""Who gave a tip, encrypted with a key that is not in the store."""
