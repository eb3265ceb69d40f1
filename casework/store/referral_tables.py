"""The tables of referrals to public security; all append-only."""

from casework.sql import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
)
from casework.store.tables import METADATA

REFERRALS = Table(
    "referrals",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False, index=True),
    Column("area", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
)

REFERRAL_VERSIONS = Table(
    "referral_versions",
    METADATA,
    Column("referral", Integer, ForeignKey("referrals.no"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
    CheckConstraint("trim(maker) <> ''", name="referral_versions_have_a_maker"),
)
"""What a referral says, whole each time it is changed; `content` is JSON."""

REFERRAL_OFFICERS = Table(
    "referral_officers",
    METADATA,
    Column("referral", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("certificate", Text, nullable=False),
    ForeignKeyConstraint(
        ("referral", "version"), ("referral_versions.referral", "referral_versions.version")
    ),
    CheckConstraint(
        "trim(name) <> '' AND trim(certificate) <> ''", name="referral_officers_are_certified"
    ),
)
"""Who looked into the case; none of them decides on its referral."""

REFERRAL_REPORTS = Table(
    "referral_reports",
    METADATA,
    Column("no", Integer, ForeignKey("proposals.no"), primary_key=True, autoincrement=False),
    Column("referral", Integer, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    ForeignKeyConstraint(
        ("referral", "version"), ("referral_versions.referral", "referral_versions.version")
    ),
)
"""A written report to the head: the proposal, and the version it is about."""

REFERRAL_EVENTS = Table(
    "referral_events",
    METADATA,
    Column("referral", Integer, ForeignKey("referrals.no"), primary_key=True, autoincrement=False),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("event", Text, nullable=False),
    Column("happened", DateTime, nullable=False),
    Column("document", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    CheckConstraint("trim(document) <> ''", name="referral_events_have_a_document"),
    CheckConstraint("happened <= at", name="referral_events_are_not_ahead"),
    CheckConstraint(
        "event NOT IN ('not_filed', 'reconsideration', 'upheld', 'supervision', 'ended') "
        "OR trim(reason) <> ''",
        name="referral_events_say_why",
    ),
)
"""What became of an approved referral, step by step. `document` is a paper's number, of a package its SHA-256."""
