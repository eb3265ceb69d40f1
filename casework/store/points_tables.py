"""The tables of the points ledger; both are append-only."""

from casework.sql import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)
from casework.store.tables import METADATA

POINTS = Table(
    "points",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("practitioner", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("points", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("law", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("place", Text),
    Column("band", Integer),
    Column("responsibility", Text),
    Column("measure", Text),
    Column("grounds", Text),
    Column("village", Boolean, nullable=False),
    Column("undoes", Integer, ForeignKey("points.no")),
    CheckConstraint("points > 0", name="points_are_some"),
    CheckConstraint("trim(document) <> ''", name="points_need_a_document"),
    CheckConstraint(
        "kind <> 'act' OR (place IS NOT NULL AND band IS NOT NULL AND responsibility IS NOT NULL "
        "AND measure IS NOT NULL AND trim(grounds) <> '')",
        name="points_need_a_measure",
    ),
    CheckConstraint("(kind = 'reversal') = (undoes IS NOT NULL)", name="points_undo_a_line"),
    Index("points_by_practitioner", "practitioner", "decided_on"),
    Index("points_by_area", "area"),
)

POINTS_REVIEW = Table(
    "points_review",
    METADATA,
    Column("no", Integer, ForeignKey("points.no"), primary_key=True, autoincrement=False),
    Column("approved", Boolean, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("reviewed_at", DateTime, nullable=False),
    Column("review", Text, nullable=False),
    CheckConstraint("trim(reviewer) <> '' AND trim(review) <> ''", name="points_review_says_why"),
)
"""One review per line, by another person than its maker: the database refuses the maker."""
