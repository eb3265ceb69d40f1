"""What the database itself holds about referrals: the head decides alone, and steps follow each other."""

from casework.store.guards import append_only, guard, make, no_replacing
from casework.store.referral_tables import (
    REFERRAL_EVENTS,
    REFERRAL_OFFICERS,
    REFERRAL_REPORTS,
    REFERRAL_VERSIONS,
    REFERRALS,
)
from casework.store.transaction import Tx

_STEPS = (
    "approved>sealed", "sealed>sealed", "sealed>sent", "sent>received", "received>filed",
    "received>not_filed", "not_filed>reconsideration", "not_filed>supervision",
    "reconsideration>filed", "reconsideration>upheld", "upheld>supervision", "supervision>filed",
    "supervision>ended", "filed>handed_over",
)  # fmt: skip
"""The one table of what may follow what after the head has approved."""
_UNDER_WAY = (
    "EXISTS (SELECT 1 FROM referral_reports t LEFT JOIN reviews r ON r.no = t.no "
    "WHERE t.referral = NEW.referral AND COALESCE(r.approved, TRUE))"
)
"""A report of the referral waits for the head or was approved."""


def referrals(tx: Tx) -> None:
    """Referrals, their versions and officers, reports to the head, and what became of them."""
    made = (REFERRALS, REFERRAL_VERSIONS, REFERRAL_OFFICERS, REFERRAL_REPORTS, REFERRAL_EVENTS)
    make(tx, *made)
    for one in made:
        append_only(tx, one.name)
    for table in ("referrals", "referral_reports"):
        no_replacing(tx, table, "no")
    for table, key in (
        ("referral_versions", "version"),
        ("referral_events", "step"),
    ):
        guard(
            tx, f"{table}_count_up", "INSERT", table,
            f"NEW.{key} <> 1 + (SELECT count(*) FROM {table} x WHERE x.referral = NEW.referral)",
            f"{table} count up",
        )  # fmt: skip
    _versions(tx)
    _reports(tx)
    _heads(tx)
    _events(tx)


def _versions(tx: Tx) -> None:
    for table in ("referral_versions", "referral_officers"):
        guard(
            tx, f"{table}_before_the_report", "INSERT", table, _UNDER_WAY,
            "what was reported to the head is not changed",
        )  # fmt: skip
    guard(
        tx, "referral_officers_are_never_replaced", "INSERT", "referral_officers",
        "EXISTS (SELECT 1 FROM referral_officers o WHERE o.referral = NEW.referral "
        "AND o.version = NEW.version AND o.name = NEW.name)",
        "referral_officers is never replaced",
    )  # fmt: skip


def _reports(tx: Tx) -> None:
    guard(
        tx, "referral_reports_are_proposed", "INSERT", "referral_reports",
        "EXISTS (SELECT 1 FROM reviews WHERE no = NEW.no) OR NOT EXISTS (SELECT 1 FROM proposals p "
        "WHERE p.no = NEW.no AND p.kind = 'referral' AND p.subject = 'referral_' || NEW.referral)",
        "a report is a proposal that nobody has decided",
    )  # fmt: skip
    guard(
        tx, "referral_reports_one_at_a_time", "INSERT", "referral_reports", _UNDER_WAY,
        "a referral has one report at a time and is approved once",
    )  # fmt: skip
    guard(
        tx, "referral_reports_are_of_the_last_version", "INSERT", "referral_reports",
        "NEW.version <> (SELECT max(v.version) FROM referral_versions v "
        "WHERE v.referral = NEW.referral) OR 2 > (SELECT count(*) FROM referral_officers o "
        "WHERE o.referral = NEW.referral AND o.version = NEW.version)",
        "a report is of the last version, by two officers",
    )  # fmt: skip


def _heads(tx: Tx) -> None:
    guard(
        tx, "referrals_are_decided_with_a_report", "INSERT", "reviews",
        "EXISTS (SELECT 1 FROM proposals p WHERE p.no = NEW.no AND p.kind = 'referral') "
        "AND NOT EXISTS (SELECT 1 FROM referral_reports t WHERE t.no = NEW.no)",
        "a referral is decided by its report",
    )  # fmt: skip
    guard(
        tx, "referrals_are_decided_by_the_head", "INSERT", "reviews",
        "EXISTS (SELECT 1 FROM referral_reports t WHERE t.no = NEW.no AND ("
        "EXISTS (SELECT 1 FROM referrals f WHERE f.no = t.referral AND f.maker = NEW.reviewer) OR "
        "EXISTS (SELECT 1 FROM referral_versions v "
        "WHERE v.referral = t.referral AND v.maker = NEW.reviewer) OR "
        "EXISTS (SELECT 1 FROM referral_officers o "
        "WHERE o.referral = t.referral AND o.name = NEW.reviewer)))",
        "the head who decides is none of the officers and no maker",
    )  # fmt: skip


def _events(tx: Tx) -> None:
    before = (
        "COALESCE((SELECT e.event FROM referral_events e "
        "WHERE e.referral = NEW.referral AND e.step = NEW.step - 1), 'approved')"
    )
    steps = ", ".join(f"'{step}'" for step in _STEPS)
    guard(
        tx, "referral_events_follow_each_other", "INSERT", "referral_events",
        f"{before} || '>' || NEW.event NOT IN ({steps})",
        "this cannot follow what happened to the referral before",
    )  # fmt: skip
    guard(
        tx, "referral_events_follow_the_head", "INSERT", "referral_events",
        "NOT EXISTS (SELECT 1 FROM referral_reports t JOIN reviews r ON r.no = t.no "
        "WHERE t.referral = NEW.referral AND r.approved)",
        "a referral goes out when the head has approved it",
    )  # fmt: skip
