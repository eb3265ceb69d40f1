"""The versions of the store, in order and forward only; each runs once, in one transaction with its number."""

from collections.abc import Callable

from casework.errors import NewerStore
from casework.sql import Table, insert, inspect, select, update
from casework.store import points_tables, tables
from casework.store.guards import after_insert, append_only, guard, keep
from casework.store.transaction import Tx

GENESIS = "0" * 64
"""What the first audit entry names as the hash before it."""


def _audit(tx: Tx) -> None:
    make(tx, tables.AUDIT, tables.AUDIT_HEAD)
    tx.execute(insert(tables.AUDIT_HEAD).values(entries=0, hash=GENESIS))
    append_only(tx, "audit")
    guard(
        tx, "audit_follows_its_head", "INSERT", "audit",
        "NOT EXISTS (SELECT 1 FROM audit_head WHERE entries + 1 = NEW.no AND hash = NEW.previous)",
        "an audit entry follows the last one",
    )  # fmt: skip
    after_insert(
        tx, "audit_moves_its_head", "audit",
        "UPDATE audit_head SET entries = NEW.no, hash = NEW.hash",
    )  # fmt: skip
    guard(
        tx, "audit_head_follows_audit", "UPDATE", "audit_head",
        "NEW.entries <> OLD.entries + 1 OR NOT EXISTS "
        "(SELECT 1 FROM audit WHERE no = NEW.entries AND hash = NEW.hash)",
        "the head of the audit moves with its entries only",
    )  # fmt: skip
    guard(
        tx, "audit_head_is_one", "INSERT", "audit_head", "TRUE", "the audit has one head"
    )  # fmt: skip
    keep(tx, "audit_head")


def _points(tx: Tx) -> None:
    make(tx, points_tables.POINTS, points_tables.POINTS_REVIEW)
    append_only(tx, "points")
    append_only(tx, "points_review")
    guard(
        tx, "points_review_by_another", "INSERT", "points_review",
        "EXISTS (SELECT 1 FROM points WHERE no = NEW.no AND maker = NEW.reviewer)",
        "points are reviewed by another person than their maker",
    )  # fmt: skip


MIGRATIONS: tuple[Callable[[Tx], None], ...] = (_audit, _points)
"""Migration n makes version n out of version n - 1. A released one is never changed: tests keep its schema."""


def make(tx: Tx, *made: Table) -> None:
    """Create `made` with their indexes."""
    tables.METADATA.create_all(tx, made, checkfirst=False)


def migrate(tx: Tx, store: str, upto: int = len(MIGRATIONS)) -> None:
    """Bring the database to version `upto`; raises `NewerStore` where it is beyond what we know."""
    if not inspect(tx).has_table(tables.VERSION.name):
        make(tx, tables.VERSION)
        tx.execute(insert(tables.VERSION).values(version=0))
    held = tx.execute(select(tables.VERSION.c.version)).scalar_one()
    if held > len(MIGRATIONS):
        raise NewerStore(store, held, len(MIGRATIONS))
    for number in range(held, upto):
        MIGRATIONS[number](tx)
        tx.execute(update(tables.VERSION).values(version=number + 1))
