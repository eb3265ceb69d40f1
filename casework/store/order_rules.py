"""What the database itself holds about orders: it makes them when a decision is approved, and nobody else does."""

from casework.store.guards import after_insert, append_only, guard, make, no_replacing
from casework.store.order_tables import ORDER_EVENTS, ORDERS, REACH
from casework.store.transaction import Tx

_KIND = (
    "CASE s.kind WHEN 'suspension' THEN 'suspend' WHEN 'suspend_agreement' THEN 'suspend' "
    "WHEN 'termination' THEN 'terminate' WHEN 'end_agreement' THEN 'terminate' END"
)
_FIELDS = (
    "(no, id, sanction, decision, kind, practitioner, place, area, practitioner_code, place_code, "
    "sequence, reverses, begins, ends, law, issued)"
)
_NO = (
    "(SELECT COALESCE(max(no), 0) FROM orders) "
    "+ row_number() OVER (ORDER BY x.practitioner, x.place)"
)
_SEQUENCE = (
    "(SELECT COALESCE(max(h.sequence), 0) + 1 FROM orders h "
    "WHERE h.practitioner = x.practitioner AND h.place = x.place)"
)
_REGISTRATION = "x.practitioner, x.place, x.area, x.practitioner_code, x.place_code"
_OF_SANCTIONS = (
    f"INSERT INTO orders {_FIELDS} SELECT {_NO}, x.id, s.no, NEW.no, {_KIND}, {_REGISTRATION}, "
    f"{_SEQUENCE}, NULL, s.begins, s.ends, s.law, NEW.reviewed_at "
    "FROM sanction_reach x JOIN sanctions s ON s.no = x.no WHERE s.no = NEW.no AND NEW.approved"
)
_OF_LIFTS = (
    f"INSERT INTO orders {_FIELDS} SELECT {_NO}, x.id || '_lift', x.sanction, NEW.no, 'reinstate', "
    f"{_REGISTRATION}, {_SEQUENCE}, x.no, l.begins, NULL, x.law, NEW.reviewed_at "
    "FROM sanction_lifts l JOIN orders x ON x.sanction = l.sanction "
    "WHERE l.no = NEW.no AND NEW.approved AND x.reverses IS NULL"
)
_STEPS = (
    "pending>sent", "pending>expired", "sent>sent", "sent>failed", "sent>acknowledged",
    "sent>rejected", "sent>expired", "failed>sent", "failed>expired", "rejected>reopened",
    "reopened>sent", "reopened>expired",
)  # fmt: skip
"""The one table of what may follow what in the life of an order."""


def orders(tx: Tx) -> None:
    """The reach of sanctions, orders and what becomes of them."""
    make(tx, REACH, ORDERS, ORDER_EVENTS)
    for table in ("sanction_reach", "orders", "order_events"):
        append_only(tx, table)
    no_replacing(tx, "sanction_reach", "id")
    no_replacing(tx, "orders", "no", "id", "reverses")
    _reach(tx)
    _orders(tx)
    _events(tx)


def _reach(tx: Tx) -> None:
    guard(
        tx, "sanction_reach_before_the_review", "INSERT", "sanction_reach",
        "EXISTS (SELECT 1 FROM reviews WHERE no = NEW.no)",
        "what was decided gets nothing more",
    )  # fmt: skip
    line = """'{"practitioner": "' || NEW.practitioner || '", "place": "' || NEW.place || '", "'"""
    guard(
        tx, "sanction_reach_is_proposed", "INSERT", "sanction_reach",
        "NOT EXISTS (SELECT 1 FROM proposals WHERE no = NEW.no "
        f"AND replace(content, {line}, '') <> content)",
        "a registration stands in the proposal first",
    )  # fmt: skip
    guard(
        tx, "sanction_reach_is_never_replaced", "INSERT", "sanction_reach",
        "EXISTS (SELECT 1 FROM sanction_reach WHERE no = NEW.no "
        "AND practitioner = NEW.practitioner AND place = NEW.place)",
        "sanction_reach is never replaced",
    )  # fmt: skip
    guard(
        tx, "sanctions_are_lifted_once", "INSERT", "reviews",
        "NEW.approved AND EXISTS (SELECT 1 FROM sanction_lifts l "
        "JOIN sanction_lifts k ON k.sanction = l.sanction JOIN reviews r ON r.no = k.no "
        "WHERE l.no = NEW.no AND r.approved)",
        "a sanction is lifted once",
    )  # fmt: skip


def _orders(tx: Tx) -> None:
    approved = (
        "EXISTS (SELECT 1 FROM reviews r JOIN proposals p ON p.no = r.no "
        "WHERE r.no = NEW.decision AND r.approved AND r.reviewer <> p.maker)"
    )
    of_sanction = (
        "NEW.reverses IS NULL AND NEW.decision = NEW.sanction AND EXISTS "
        "(SELECT 1 FROM sanction_reach x WHERE x.no = NEW.sanction AND x.id = NEW.id "
        "AND x.practitioner = NEW.practitioner AND x.place = NEW.place)"
    )
    of_lift = (
        "EXISTS (SELECT 1 FROM sanction_lifts l JOIN orders o ON o.sanction = l.sanction "
        "WHERE l.no = NEW.decision AND o.no = NEW.reverses AND o.sanction = NEW.sanction "
        "AND o.practitioner = NEW.practitioner AND o.place = NEW.place)"
    )
    guard(
        tx, "orders_follow_an_approval", "INSERT", "orders",
        f"NOT ({approved} AND ({of_sanction} OR {of_lift}))",
        "an order follows a sanction or a lift that a second person approved",
    )  # fmt: skip
    after_insert(tx, "orders_of_sanctions", "reviews", _OF_SANCTIONS)
    after_insert(tx, "orders_of_lifts", "reviews", _OF_LIFTS)


def _events(tx: Tx) -> None:
    before = (
        "COALESCE((SELECT e.event FROM order_events e "
        "WHERE e.order_no = NEW.order_no AND e.step = NEW.step - 1), 'pending')"
    )
    steps = ", ".join(f"'{step}'" for step in _STEPS)
    guard(
        tx, "order_events_follow_each_other", "INSERT", "order_events",
        "NEW.step <> 1 + (SELECT count(*) FROM order_events e WHERE e.order_no = NEW.order_no) "
        f"OR {before} || '>' || NEW.event NOT IN ({steps})",
        "this cannot follow what happened to the order before",
    )  # fmt: skip
    guard(
        tx, "orders_expire_with_their_term", "INSERT", "order_events",
        "NEW.event = 'expired' AND NOT EXISTS (SELECT 1 FROM orders o "
        "LEFT JOIN orders b ON b.reverses = o.no "
        "WHERE o.no = NEW.order_no AND (o.ends < date(NEW.at) OR b.begins <= date(NEW.at)))",
        "an order expires when its term is over",
    )  # fmt: skip
