"""The tables of sanctions; all append-only, each row belongs to a proposal that a second person decides."""

from casework.sql import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)
from casework.store.tables import METADATA

SANCTIONS = Table(
    "sanctions",
    METADATA,
    Column("no", Integer, ForeignKey("proposals.no"), primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("begins", Date, nullable=False),
    Column("ends", Date),
    Column("law", Text, nullable=False),
    Column("case_id", Text, ForeignKey("cases.id")),
    CheckConstraint("ends IS NULL OR begins <= ends", name="sanctions_begin_before_they_end"),
    CheckConstraint("trim(law) <> ''", name="sanctions_need_a_law"),
    Index("sanctions_by_target", "target"),
)

PERSONS = Table(
    "sanction_persons",
    METADATA,
    Column("no", Integer, ForeignKey("sanctions.no"), primary_key=True, autoincrement=False),
    Column("practitioner", Text, primary_key=True),
    Column("responsible", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("trim(reason) <> ''", name="persons_need_a_reason"),
    Index("sanction_persons_by_practitioner", "practitioner"),
)
"""Whom a measure against a place touches as well, and whom not; both with the reason."""

LIFTS = Table(
    "sanction_lifts",
    METADATA,
    Column("no", Integer, ForeignKey("proposals.no"), primary_key=True, autoincrement=False),
    Column("sanction", Integer, ForeignKey("sanctions.no"), nullable=False, index=True),
    Column("begins", Date, nullable=False),
)
"""A sanction that ends before its time, from `begins` on."""
