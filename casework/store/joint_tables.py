"""The tables of joint reviews; all append-only. What others sent and what may leave lies sealed for the office's own key."""

from casework.sql import (
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from casework.store.tables import METADATA

JOINT_REVIEWS = Table(
    "joint_reviews",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("side", Text, nullable=False),
    Column("opener", Text, nullable=False),
    Column("invitation", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("actor", Text, nullable=False),
    CheckConstraint("trim(actor) <> ''", name="joint_reviews_have_an_actor"),
)
"""The reviews this office opened or was invited to, as the side `side`; `invitation` is canonical JSON."""

JOINT_PREPARED = Table(
    "joint_prepared",
    METADATA,
    Column("no", Integer, ForeignKey("proposals.no"), primary_key=True, autoincrement=False),
    Column("review", Text, ForeignKey("joint_reviews.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""What one person prepared to be sent and another decides on; the proposal names the SHA-256 of the content."""

JOINT_PARCELS = Table(
    "joint_parcels",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("review", Text, ForeignKey("joint_reviews.id"), nullable=False),
    Column("direction", Text, nullable=False),
    Column("peer", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("prepared", Integer, ForeignKey("joint_prepared.no")),
    Column("digest", Text, nullable=False, unique=True),
    Column("kept", LargeBinary, nullable=False),
    Column("file", LargeBinary),
    CheckConstraint("direction IN ('in', 'out')", name="joint_parcels_go_in_or_out"),
    CheckConstraint("(direction = 'out') = (file IS NOT NULL)", name="joint_parcels_out_are_files"),
    CheckConstraint("trim(actor) <> ''", name="joint_parcels_have_an_actor"),
    UniqueConstraint("review", "direction", "peer", "number", name="joint_parcels_have_a_number"),
    Index("joint_parcels_by_kind", "review", "kind"),
)
"""Every parcel sent and taken. `digest` is the SHA-256 of the file, the same on both sides; `kept` what it said, signed."""

JOINT_ASSEMBLIES = Table(
    "joint_assemblies",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("review", Text, ForeignKey("joint_reviews.id"), nullable=False, index=True),
    Column("parts", Text, nullable=False),
    Column("found", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("actor", Text, nullable=False),
    CheckConstraint("trim(actor) <> ''", name="joint_assemblies_have_an_actor"),
)
"""One assembly: from which parts (their digests), how many rings of all sides, and the digest of them all."""

JOINT_RINGS = Table(
    "joint_rings",
    METADATA,
    Column(
        "assembly",
        Integer,
        ForeignKey("joint_assemblies.no"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("ring", Text, primary_key=True),
    Column("grade", Text, nullable=False),
    Column("evidence", Float, nullable=False),
    Column("content", Text, nullable=False),
)
"""The rings of an assembly that hold a subject of this side's own; `content` is canonical JSON without identities."""
