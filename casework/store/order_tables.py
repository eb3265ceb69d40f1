"""The tables of orders; all append-only. The database makes the orders of a decision in the moment it is approved."""

from casework.sql import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)
from casework.store.tables import METADATA

REACH = Table(
    "sanction_reach",
    METADATA,
    Column("no", Integer, ForeignKey("sanctions.no"), primary_key=True, autoincrement=False),
    Column("practitioner", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("area", Text),
    Column("practitioner_code", Text, nullable=False),
    Column("place_code", Text, nullable=False),
    CheckConstraint(
        "trim(practitioner_code) <> '' AND trim(place_code) <> ''", name="reach_has_codes"
    ),
)
"""The registrations a proposed sanction reaches, with the platform's codes; each stands in the proposal too.

`id` becomes the order's."""

ORDERS = Table(
    "orders",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("sanction", Integer, ForeignKey("sanctions.no"), nullable=False, index=True),
    Column("decision", Integer, ForeignKey("reviews.no"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("practitioner", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("area", Text),
    Column("practitioner_code", Text, nullable=False),
    Column("place_code", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("reverses", Integer, ForeignKey("orders.no"), unique=True),
    Column("begins", Date, nullable=False),
    Column("ends", Date),
    Column("law", Text, nullable=False),
    Column("issued", DateTime, nullable=False),
    CheckConstraint("(kind = 'reinstate') = (reverses IS NOT NULL)", name="orders_reverse_one"),
    UniqueConstraint("decision", "practitioner", "place", name="orders_are_one_per_decision"),
    UniqueConstraint("sanction", "practitioner", "place", "kind", name="orders_are_never_double"),
    UniqueConstraint("practitioner", "place", "sequence", name="orders_have_a_sequence"),
)
"""What was ordered of a place: `decision` is the approved sanction, or the approved lift that reverses it."""

ORDER_EVENTS = Table(
    "order_events",
    METADATA,
    Column("order_no", Integer, ForeignKey("orders.no"), primary_key=True, autoincrement=False),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("event", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("due", DateTime),
    Column("receipt", Text),
    Column("reason", Text),
    CheckConstraint("trim(actor) <> ''", name="order_events_have_an_actor"),
    CheckConstraint(
        "event <> 'acknowledged' OR trim(receipt) <> ''", name="acknowledged_with_a_receipt"
    ),
    CheckConstraint(
        "event IN ('sent', 'acknowledged') OR trim(reason) <> ''", name="order_events_say_why"
    ),
    CheckConstraint(
        "(due IS NOT NULL) = (event IN ('sent', 'failed', 'reopened'))",
        name="open_orders_are_due_again",
    ),
    Index("order_events_by_time", "event", "at"),
)
"""What became of an order, step by step; `due` is when it may be sent again."""
