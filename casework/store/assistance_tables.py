"""The tables of assistance between bureaux (协查); all append-only. What names a person is sealed."""

from casework.sql import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from casework.store.tables import METADATA

REQUESTS = Table(
    "assistance_requests",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("direction", Text, nullable=False),
    Column("asker", Text, nullable=False),
    Column("asked", Text, nullable=False, index=True),
    Column("case_no", Text, nullable=False),
    Column("law", Text, nullable=False),
    Column("subject", LargeBinary, nullable=False),
    Column("what", LargeBinary, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("reply_by", Date, nullable=False),
    Column("contacts", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
    CheckConstraint(
        "direction IN ('out', 'in') AND asker <> asked", name="requests_go_out_or_come_in"
    ),
    CheckConstraint("first <= last", name="requests_have_a_period"),
    CheckConstraint(
        "trim(case_no) <> '' AND trim(law) <> '' AND trim(contacts) <> ''",
        name="requests_are_whole",
    ),
)
"""A letter asking another bureau to check something; `subject` and `what` are sealed with the workspace's key."""

REQUEST_STEPS = Table(
    "assistance_steps",
    METADATA,
    Column(
        "no", Integer, ForeignKey("assistance_requests.no"), primary_key=True, autoincrement=False
    ),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("event", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("text", LargeBinary, nullable=False),
    CheckConstraint("trim(actor) <> ''", name="steps_have_an_actor"),
)
"""What happened to a request; the text is the answer, the reason of a withdrawal, or empty. Sealed."""

BILLS = Table(
    "assistance_bills",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("direction", Text, nullable=False),
    Column("batch", Date, nullable=False, index=True),
    Column("asker", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("stay", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("certno", LargeBinary, nullable=False),
    Column("maker", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
    CheckConstraint(
        "direction IN ('out', 'in') AND asker <> asked", name="bills_go_out_or_come_in"
    ),
    CheckConstraint("total > 0 AND trim(stay) <> '' AND trim(place) <> ''", name="bills_are_whole"),
    UniqueConstraint("asker", "asked", "place", "stay", name="bills_are_asked_once"),
)
"""One inpatient stay in a monthly batch: 身份证号 (sealed), 医疗机构名称, 住院号, 费用总额 in fen."""

RESULTS = Table(
    "assistance_results",
    METADATA,
    Column("no", Integer, ForeignKey("assistance_bills.no"), primary_key=True, autoincrement=False),
    Column("correct", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    CheckConstraint("correct OR trim(reason) <> ''", name="results_say_what_is_wrong"),
    CheckConstraint("trim(author) <> ''", name="results_have_an_author"),
)
"""核查无误 or 核查有误 with the reason."""

CONFIRMATIONS = Table(
    "assistance_confirmations",
    METADATA,
    Column(
        "no", Integer, ForeignKey("assistance_results.no"), primary_key=True, autoincrement=False
    ),
    Column("author", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    CheckConstraint("trim(author) <> ''", name="confirmations_have_an_author"),
)
"""The insuring side took notice of a result."""
