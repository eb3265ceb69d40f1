"""The tables of draws; all append-only. A draw's outcome is computed from them and kept nowhere else."""

from casework.sql import CheckConstraint, Column, Date, DateTime, ForeignKey, Integer, Table, Text
from casework.store.tables import METADATA

DRAWS = Table(
    "draws",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("pool", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("seed_from", Text, nullable=False),
    Column("seed_on", Date, nullable=False),
    Column("law", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
    CheckConstraint("trim(seed_from) <> ''", name="draws_name_their_seed"),
)

DRAW_SEEDS = Table(
    "draw_seeds",
    METADATA,
    Column("no", Integer, ForeignKey("draws.no"), primary_key=True, autoincrement=False),
    Column("seed", Text, nullable=False),
    Column("drawer", Text, nullable=False),
    Column("drawn_at", DateTime, nullable=False),
    CheckConstraint("trim(seed) <> ''", name="draw_seeds_are_some"),
)
"""One seed per pool: a pool that was drawn is not drawn again."""

DRAW_RECUSALS = Table(
    "draw_recusals",
    METADATA,
    Column("no", Integer, ForeignKey("draw_seeds.no"), primary_key=True, autoincrement=False),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("inspector", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("trim(reason) <> ''", name="draw_recusals_say_why"),
)
"""Who was drawn and turned out to be biased."""
