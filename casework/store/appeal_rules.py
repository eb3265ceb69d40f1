"""What the database itself holds about appeals: who decided before decides nothing of them."""

from casework.store.appeal_tables import (
    ADMISSIONS,
    APPEALS,
    DECISIONS,
    EXPERTS,
    LIFTED,
    LINES,
    NOTICES,
    OPINIONS,
)
from casework.store.guards import append_only, guard, make, no_replacing
from casework.store.transaction import Tx

_DECIDED = (
    ("appeals a", "a.no", "a.line", "points", "points_review"),
    ("appeals a", "a.no", "a.sanction", "proposals", "reviews"),
    (
        "appeal_decisions d JOIN appeal_lines e ON e.decision = d.no JOIN points p ON p.no = e.line",
        "d.appeal", "p.undoes", "points", "points_review",
    ),
    (
        "appeal_decisions d JOIN appeal_lifts e ON e.decision = d.no "
        "JOIN sanction_lifts p ON p.no = e.lift",
        "d.appeal", "p.sanction", "proposals", "reviews",
    ),
)  # fmt: skip
"""Where what an appeal is against, and what its decision would undo, was made and reviewed."""


def appeals(tx: Tx) -> None:
    """Served notices, appeals, experts, decisions and what they do."""
    keys = {
        NOTICES: ("no",), APPEALS: ("no", "line", "sanction"), ADMISSIONS: ("appeal",),
        EXPERTS: ("no",), OPINIONS: ("no",), DECISIONS: ("no",), LIFTED: ("lift",),
        LINES: ("line",),
    }  # fmt: skip
    make(tx, *keys)
    for table, held in keys.items():
        append_only(tx, table.name)
        no_replacing(tx, table.name, *held)
    _deciders(tx)
    _filing(tx)
    _decisions(tx)
    _effects(tx)


def _deciders(tx: Tx) -> None:
    parts = (
        f"SELECT {appeal} AS appeal, x.{who} AS name FROM {source} JOIN {table} x ON x.no = {no}"
        for source, appeal, no, made, reviewed in _DECIDED
        for table, who in ((made, "maker"), (reviewed, "reviewer"))
    )
    tx.exec_driver_sql(f"CREATE VIEW appeal_deciders AS {' UNION '.join(parts)}")


def _filing(tx: Tx) -> None:
    guard(
        tx, "appeals_are_against_what_was_approved", "INSERT", "appeals",
        "NOT EXISTS (SELECT 1 FROM points_review WHERE no = NEW.line AND approved) AND NOT EXISTS "
        "(SELECT 1 FROM reviews r JOIN sanctions s ON s.no = r.no "
        "WHERE r.no = NEW.sanction AND r.approved)",
        "an appeal is against points or a sanction that were approved",
    )  # fmt: skip
    guard(
        tx, "appeals_follow_a_notice", "INSERT", "appeals",
        "NOT EXISTS (SELECT 1 FROM notices WHERE no = NEW.notice AND kind = 'decision' "
        "AND (line = NEW.line OR sanction = NEW.sanction))",
        "an appeal follows the notice of what it is against",
    )  # fmt: skip
    guard(
        tx, "admissions_by_another", "INSERT", "appeal_admissions",
        f"{_decided_before('NEW.decider', 'NEW.appeal')} OR NOT EXISTS "
        "(SELECT 1 FROM appeals WHERE no = NEW.appeal AND late)",
        "a late appeal is admitted by somebody who did not decide before",
    )  # fmt: skip
    guard(
        tx, "experts_are_third_parties", "INSERT", "appeal_experts",
        _decided_before("NEW.expert", "NEW.appeal"),
        "an expert is somebody who did not decide before",
    )  # fmt: skip


def _decisions(tx: Tx) -> None:
    guard(
        tx, "appeal_decisions_before_the_review", "INSERT", "appeal_decisions",
        "EXISTS (SELECT 1 FROM reviews WHERE no = NEW.no)",
        "what was decided gets nothing more",
    )  # fmt: skip
    guard(
        tx, "appeal_decisions_are_proposed", "INSERT", "appeal_decisions",
        "NOT EXISTS (SELECT 1 FROM proposals p WHERE p.no = NEW.no AND p.kind = 'appeal' "
        f"AND p.subject = 'appeal_' || NEW.appeal AND NOT {_decided_before('p.maker', 'NEW.appeal')})",
        "it needs a proposal by somebody who did not decide before",
    )  # fmt: skip
    guard(
        tx, "appeals_are_decided_once", "INSERT", "appeal_decisions",
        "EXISTS (SELECT 1 FROM appeal_decisions d JOIN reviews r ON r.no = d.no "
        "WHERE d.appeal = NEW.appeal AND r.approved) OR EXISTS (SELECT 1 FROM appeals a "
        "LEFT JOIN appeal_admissions m ON m.appeal = a.no "
        "WHERE a.no = NEW.appeal AND a.late AND NOT COALESCE(m.admitted, FALSE))",
        "an appeal is decided once, a late one after it was admitted",
    )  # fmt: skip
    barred = " OR ".join(_decided_before(who, "d.appeal") for who in ("NEW.reviewer", "p.maker"))
    guard(
        tx, "appeals_decided_by_others", "INSERT", "reviews",
        "EXISTS (SELECT 1 FROM appeal_decisions d JOIN proposals p ON p.no = d.no "
        f"WHERE d.no = NEW.no AND ({barred}))",
        "an appeal is decided by people who did not decide before",
    )  # fmt: skip
    guard(
        tx, "appeals_are_approved_once", "INSERT", "reviews",
        "NEW.approved AND EXISTS (SELECT 1 FROM appeal_decisions d "
        "JOIN appeal_decisions o ON o.appeal = d.appeal JOIN reviews r ON r.no = o.no "
        "WHERE d.no = NEW.no AND r.approved)",
        "an appeal is decided once",
    )  # fmt: skip


def _effects(tx: Tx) -> None:
    for table, held, reviewed in (
        ("appeal_lifts", "lift", "reviews"),
        ("appeal_lines", "line", "points_review"),
    ):
        guard(
            tx, f"{table}_before_the_review", "INSERT", table,
            f"EXISTS (SELECT 1 FROM reviews WHERE no = NEW.decision) "
            f"OR EXISTS (SELECT 1 FROM {reviewed} WHERE no = NEW.{held})",
            "what was decided gets nothing more",
        )  # fmt: skip
        guard(
            tx, f"{table}_go_with_their_decision", "INSERT", reviewed,
            f"EXISTS (SELECT 1 FROM {table} e WHERE e.{held} = NEW.no AND NOT EXISTS "
            "(SELECT 1 FROM reviews r WHERE r.no = e.decision AND r.approved = NEW.approved "
            "AND r.reviewer = NEW.reviewer))",
            "what an appeal undoes goes with the decision on it",
        )  # fmt: skip


def _decided_before(name: str, appeal: str) -> str:
    return f"EXISTS (SELECT 1 FROM appeal_deciders k WHERE k.appeal = {appeal} AND k.name = {name})"
