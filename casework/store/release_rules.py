"""What the database itself holds about releases: built and sent is only what a second person approved, as it was."""

from casework.store.guards import append_only, guard, make
from casework.store.release_tables import CUSTODY
from casework.store.transaction import Tx


def releases(tx: Tx) -> None:
    """What became of exports."""
    make(tx, CUSTODY)
    append_only(tx, "release_custody")
    guard(
        tx, "releases_name_a_law", "INSERT", "proposals",
        "NEW.kind = 'release' AND COALESCE(trim(NEW.law), '') = ''",
        "an export leaves under a law",
    )  # fmt: skip
    guard(
        tx, "release_custody_follows_an_approval", "INSERT", "release_custody",
        "NOT EXISTS (SELECT 1 FROM proposals p JOIN reviews r ON r.no = p.no "
        "WHERE p.no = NEW.release AND p.kind = 'release' AND r.approved "
        "AND r.reviewer <> p.maker)",
        "an export leaves after a second person released it",
    )  # fmt: skip
    guard(
        tx, "release_custody_has_no_gaps", "INSERT", "release_custody",
        "NEW.step <> 1 + (SELECT count(*) FROM release_custody c WHERE c.release = NEW.release)",
        "a step of custody follows the last one",
    )  # fmt: skip
    guard(
        tx, "release_custody_is_of_one_bundle", "INSERT", "release_custody",
        "(NEW.event <> 'built' AND NOT EXISTS (SELECT 1 FROM release_custody c "
        "WHERE c.release = NEW.release)) OR EXISTS (SELECT 1 FROM release_custody c "
        "WHERE c.release = NEW.release AND c.sha256 <> NEW.sha256)",
        "a release is one bundle, built first and the same to the byte ever after",
    )  # fmt: skip
    guard(
        tx, "what_comes_back_was_sent", "INSERT", "release_custody",
        "NEW.event IN ('received', 'returned') AND (SELECT count(*) FROM release_custody c "
        "WHERE c.release = NEW.release AND c.event = NEW.event) >= "
        "(SELECT count(*) FROM release_custody c "
        "WHERE c.release = NEW.release AND c.event = 'sent')",
        "what is received or returned was sent before",
    )  # fmt: skip
