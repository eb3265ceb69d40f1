"""What the database itself holds about joint reviews: nothing goes out that a second person did not let go."""

from casework.store.guards import append_only, guard, make, no_replacing
from casework.store.joint_tables import (
    JOINT_ASSEMBLIES,
    JOINT_PARCELS,
    JOINT_PREPARED,
    JOINT_REVIEWS,
    JOINT_RINGS,
)
from casework.store.transaction import Tx

_CONTENT = "('part', 'release')"
"""Parcels about people: they leave as somebody prepared them and another approved."""


def joint(tx: Tx) -> None:
    """Joint reviews, what is prepared for them, their parcels, and the rings assembled."""
    keys = {
        JOINT_REVIEWS: ("id",), JOINT_PREPARED: ("no",), JOINT_PARCELS: ("no", "digest"),
        JOINT_ASSEMBLIES: ("no",), JOINT_RINGS: (),
    }  # fmt: skip
    make(tx, *keys)
    for table, held in keys.items():
        append_only(tx, table.name)
        no_replacing(tx, table.name, *held)
    guard(
        tx, "joint_rings_are_never_replaced", "INSERT", "joint_rings",
        "EXISTS (SELECT 1 FROM joint_rings WHERE assembly = NEW.assembly AND ring = NEW.ring)",
        "joint_rings is never replaced",
    )  # fmt: skip
    _prepared(tx)
    _parcels(tx)


def _prepared(tx: Tx) -> None:
    guard(
        tx, "joint_prepared_is_proposed", "INSERT", "joint_prepared",
        "NOT EXISTS (SELECT 1 FROM proposals p WHERE p.no = NEW.no AND p.subject = NEW.review "
        "AND p.kind = 'joint.' || NEW.kind AND replace(p.content, NEW.digest, '') <> p.content)",
        "what is prepared stands in a proposal of its own",
    )  # fmt: skip
    guard(
        tx, "joint_prepared_before_the_review", "INSERT", "joint_prepared",
        "EXISTS (SELECT 1 FROM reviews WHERE no = NEW.no)",
        "what was decided gets nothing more",
    )  # fmt: skip


def _parcels(tx: Tx) -> None:
    guard(
        tx, "joint_parcels_follow_each_other", "INSERT", "joint_parcels",
        "NEW.number <> 1 + (SELECT count(*) FROM joint_parcels x WHERE x.review = NEW.review "
        "AND x.direction = NEW.direction AND x.peer = NEW.peer)",
        "parcels follow each other",
    )  # fmt: skip
    accepted = _approved("p.kind IN ('joint.open', 'joint.accept')")
    guard(
        tx, "joint_parcels_need_consent", "INSERT", "joint_parcels",
        "NOT (NEW.direction = 'in' AND NEW.kind IN ('invitation', 'acceptance')) "
        f"AND NOT {accepted}",
        "parcels go in a review that two persons opened or accepted",
    )  # fmt: skip
    guard(
        tx, "joint_parcels_end_with_the_review", "INSERT", "joint_parcels",
        "NEW.kind <> 'closing' AND " + _approved("p.kind = 'joint.close'"),
        "no parcels go in a closed review",
    )  # fmt: skip
    prepared = (
        "EXISTS (SELECT 1 FROM joint_prepared m JOIN proposals p ON p.no = m.no "
        "JOIN reviews r ON r.no = m.no WHERE m.no = NEW.prepared AND m.review = NEW.review "
        "AND m.kind = NEW.kind AND r.approved AND r.reviewer <> p.maker)"
    )
    guard(
        tx, "joint_parcels_on_people_are_approved", "INSERT", "joint_parcels",
        f"NEW.direction = 'out' AND (NEW.kind IN {_CONTENT} OR NEW.prepared IS NOT NULL) "
        f"AND NOT {prepared}",
        "what tells of people leaves as a second person approved it",
    )  # fmt: skip


def _approved(kind: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM proposals p JOIN reviews r ON r.no = p.no "
        f"WHERE p.subject = NEW.review AND {kind} AND r.approved AND r.reviewer <> p.maker)"
    )
