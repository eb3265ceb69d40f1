"""The versions of the store, in order and forward only; each runs once, in one transaction with its number."""

from collections.abc import Callable

from casework.errors import NewerStore
from casework.sql import insert, inspect, select, update
from casework.steps import TRANSITIONS
from casework.store import case_tables, draw_tables, points_tables, sanction_tables, tables
from casework.store.appeal_rules import appeals
from casework.store.guards import after_insert, append_only, guard, keep, make, no_replacing
from casework.store.joint_rules import joint
from casework.store.order_rules import orders
from casework.store.referral_rules import referrals
from casework.store.release_rules import releases
from casework.store.room_rules import rooms
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


def _cases(tx: Tx) -> None:
    made = case_tables
    make(
        tx, made.PROPOSALS, made.REVIEWS, made.TRANSITIONS, made.CASES, made.COMMENTS,
        made.ATTACHMENTS, made.TASKS, made.LINKS, made.TIPS, made.TIP_REPORTERS,
    )  # fmt: skip
    steps = [{"source": step.source, "target": step.target} for step in TRANSITIONS]
    tx.execute(insert(made.TRANSITIONS), steps)
    append = ("proposals", "reviews", "case_comments", "case_attachments")
    for table in (*append, "case_transitions"):
        append_only(tx, table)
    for table in ("cases", "case_tasks", "tips"):
        keep(tx, table)
    for table in ("points", "points_review", *append, "case_tasks", "tips"):
        no_replacing(tx, table, "no")
    no_replacing(tx, "cases", "no", "id")
    guard(
        tx, "case_transitions_are_given", "INSERT", "case_transitions", "TRUE",
        "the table of transitions is given",
    )  # fmt: skip
    guard(
        tx, "reviews_by_another", "INSERT", "reviews",
        "EXISTS (SELECT 1 FROM proposals WHERE no = NEW.no AND maker = NEW.reviewer)",
        "a proposal is decided by another person than its maker",
    )  # fmt: skip
    guard(
        tx, "cases_begin_as_new", "INSERT", "cases", "NEW.status <> 'new'",
        "a case begins as new",
    )  # fmt: skip
    guard(
        tx, "cases_take_known_steps", "UPDATE", "cases",
        "NEW.status <> OLD.status AND NOT EXISTS (SELECT 1 FROM case_transitions "
        "WHERE source = OLD.status AND target = NEW.status)",
        "a case takes the steps of the table of transitions only",
    )  # fmt: skip
    guard(
        tx, "cases_close_by_a_second_person", "UPDATE", "cases",
        "NEW.status = 'closed' AND (OLD.status <> 'closed' OR NEW.outcome <> OLD.outcome "
        "OR NEW.closure <> OLD.closure) AND NOT EXISTS "
        "(SELECT 1 FROM proposals p JOIN reviews r ON r.no = p.no WHERE r.approved "
        "AND p.kind = 'case.closure' AND p.subject = NEW.id AND p.no = NEW.closure "
        "AND p.no > COALESCE(OLD.closure, 0) "
        """AND p.content = '{"outcome": "' || NEW.outcome || '"}')""",
        "a case is closed by an approved proposal of its own only",
    )  # fmt: skip


def _sanctions(tx: Tx) -> None:
    made = sanction_tables
    make(tx, made.SANCTIONS, made.PERSONS, made.LIFTS)
    for table in ("sanctions", "sanction_persons", "sanction_lifts"):
        append_only(tx, table)
        guard(
            tx, f"{table}_before_the_review", "INSERT", table,
            "EXISTS (SELECT 1 FROM reviews WHERE no = NEW.no)",
            "what was decided gets nothing more",
        )  # fmt: skip
    for table, proposed in (
        ("sanctions", "kind = 'sanction' AND subject = NEW.target AND area = NEW.area"),
        ("sanction_lifts", "kind = 'sanction.lift'"),
    ):
        no_replacing(tx, table, "no")
        guard(
            tx, f"{table}_are_proposed", "INSERT", table,
            f"NOT EXISTS (SELECT 1 FROM proposals WHERE no = NEW.no AND {proposed})",
            "it needs a proposal of its own",
        )  # fmt: skip


def _draws(tx: Tx) -> None:
    made = draw_tables
    make(tx, made.DRAWS, made.DRAW_SEEDS, made.DRAW_RECUSALS)
    for table in ("draws", "draw_seeds", "draw_recusals"):
        append_only(tx, table)
    for table in ("draws", "draw_seeds"):
        no_replacing(tx, table, "no")
    guard(
        tx, "draw_seeds_follow_their_pool", "INSERT", "draw_seeds",
        "NOT EXISTS (SELECT 1 FROM draws WHERE no = NEW.no AND made_at < NEW.drawn_at "
        "AND seed_on <= NEW.drawn_at)",
        "a seed is used from its day on",
    )  # fmt: skip


MIGRATIONS: tuple[Callable[[Tx], None], ...] = (
    _audit,
    _points,
    _cases,
    _sanctions,
    _draws,
    orders,
    appeals,
    joint,
    referrals,
    releases,
    rooms,
)
"""Migration n makes version n out of version n - 1. A released one is never changed: tests keep its schema."""


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
