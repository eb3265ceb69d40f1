"""The tables of the store, as they are now; `migrations` makes them."""

from casework.sql import CheckConstraint, Column, Index, Integer, MetaData, Table, Text

METADATA = MetaData()

VERSION = Table("store_version", METADATA, Column("version", Integer, nullable=False))

AUDIT = Table(
    "audit",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("law", Text),
    Column("facts", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    CheckConstraint("trim(actor) <> '' AND trim(roles) <> ''", name="audit_has_an_actor"),
    CheckConstraint("trim(why) <> ''", name="audit_has_a_reason"),
    Index("audit_by_actor", "actor", "no"),
    Index("audit_by_action", "action", "no"),
    Index("audit_by_subject", "subject", "no"),
    Index("audit_by_time", "at"),
)
"""Who did what to what, when, why and under which law; `facts` is canonical JSON."""

AUDIT_HEAD = Table(
    "audit_head",
    METADATA,
    Column("entries", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)
"""One row: how many entries there are and the hash of the last. The database moves it by itself."""
