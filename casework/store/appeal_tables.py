"""The tables of served notices and of appeals; all append-only."""

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
)
from casework.store.tables import METADATA


def _about(table: str, *, once: bool) -> tuple[Column[int], Column[int], CheckConstraint]:
    """What a row is about: a line of the points ledger or a sanction, each `once` or more often."""
    return (
        Column("line", Integer, ForeignKey("points.no"), index=True, unique=once),
        Column("sanction", Integer, ForeignKey("sanctions.no"), index=True, unique=once),
        CheckConstraint("(line IS NULL) <> (sanction IS NULL)", name=f"{table}_are_about_one"),
    )


NOTICES = Table(
    "notices",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    *_about("notices", once=False),
    Column("number", Text, nullable=False),
    Column("served_on", Date, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    CheckConstraint("trim(number) <> '' AND length(sha256) = 64", name="notices_are_documents"),
)
"""A notice that was served or made public on a day; `sha256` is that of its file."""

APPEALS = Table(
    "appeals",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("notice", Integer, ForeignKey("notices.no"), nullable=False),
    *_about("appeals", once=True),
    Column("filed_on", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("grounds", Text, nullable=False),
    Column("letter", Text, nullable=False),
    Column("law", Text, nullable=False),
    Column("filer", Text, nullable=False),
    Column("filed_at", DateTime, nullable=False),
    CheckConstraint("late = (filed_on > due)", name="appeals_are_late_after_their_day"),
    CheckConstraint("trim(grounds) <> '' AND length(letter) = 64", name="appeals_are_in_writing"),
)
"""An objection in writing; `letter` is the SHA-256 of the letter, `due` the last day of the law."""

ADMISSIONS = Table(
    "appeal_admissions",
    METADATA,
    Column("appeal", Integer, ForeignKey("appeals.no"), primary_key=True, autoincrement=False),
    Column("admitted", Boolean, nullable=False),
    Column("decider", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("why", Text, nullable=False),
    CheckConstraint("trim(decider) <> '' AND trim(why) <> ''", name="admissions_say_who_and_why"),
)
"""Whether a late appeal is looked at all the same."""

EXPERTS = Table(
    "appeal_experts",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("appeal", Integer, ForeignKey("appeals.no"), nullable=False, index=True),
    Column("expert", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("asker", Text, nullable=False),
    Column("asked_at", DateTime, nullable=False),
    CheckConstraint(
        "trim(expert) <> '' AND trim(body) <> '' AND trim(question) <> ''",
        name="experts_are_named_and_asked",
    ),
)

OPINIONS = Table(
    "appeal_opinions",
    METADATA,
    Column("no", Integer, ForeignKey("appeal_experts.no"), primary_key=True, autoincrement=False),
    Column("recusal", Text, nullable=False),
    Column("opinion", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("given_at", DateTime, nullable=False),
    CheckConstraint(
        "trim(recusal) <> '' AND trim(opinion) <> '' AND length(sha256) = 64",
        name="opinions_are_signed_papers",
    ),
)
"""What an expert answered; `recusal` says that nothing binds them to either side, `sha256` is of the paper."""

DECISIONS = Table(
    "appeal_decisions",
    METADATA,
    Column("no", Integer, ForeignKey("proposals.no"), primary_key=True, autoincrement=False),
    Column("appeal", Integer, ForeignKey("appeals.no"), nullable=False, index=True),
    Column("outcome", Text, nullable=False),
    CheckConstraint(
        "outcome IN ('upheld', 'partly', 'rejected')", name="decisions_have_an_outcome"
    ),
)

LIFTED = Table(
    "appeal_lifts",
    METADATA,
    Column("lift", Integer, ForeignKey("sanction_lifts.no"), primary_key=True, autoincrement=False),
    Column("decision", Integer, ForeignKey("appeal_decisions.no"), nullable=False, index=True),
)

LINES = Table(
    "appeal_lines",
    METADATA,
    Column("line", Integer, ForeignKey("points.no"), primary_key=True, autoincrement=False),
    Column("decision", Integer, ForeignKey("appeal_decisions.no"), nullable=False, index=True),
)
"""With `LIFTED`: what a decision does once it is approved, and not before."""
