"""What the database itself holds about assistance, review rooms and announcements."""

from casework.store.assistance_tables import BILLS, CONFIRMATIONS, REQUEST_STEPS, REQUESTS, RESULTS
from casework.store.guards import append_only, guard, make, no_replacing
from casework.store.room_tables import ANNOUNCED, ANNOUNCEMENTS, ANSWERS, ENTRIES
from casework.store.transaction import Tx

_STEPS = (
    "out:made>sent", "out:made>withdrawn", "out:sent>withdrawn", "out:sent>answered",
    "in:made>taken", "in:made>withdrawn", "in:taken>withdrawn", "in:taken>answered",
)  # fmt: skip
"""The one table of what may follow what in the life of a request for assistance."""


def rooms(tx: Tx) -> None:
    """Assistance between bureaux, the rooms of joint reviews, announced sanctions."""
    keys = {
        REQUESTS: ("no", "id"), REQUEST_STEPS: (), BILLS: ("no", "id"), RESULTS: ("no",),
        CONFIRMATIONS: ("no",), ENTRIES: ("id",), ANNOUNCEMENTS: ("no", "id"), ANNOUNCED: (),
        ANSWERS: ("no",),
    }  # fmt: skip
    make(tx, *keys)
    for table, held in keys.items():
        append_only(tx, table.name)
        no_replacing(tx, table.name, *held)
    _assistance(tx)
    _rooms(tx)
    _announcements(tx)


def _assistance(tx: Tx) -> None:
    before = (
        "COALESCE((SELECT e.event FROM assistance_steps e "
        "WHERE e.no = NEW.no AND e.step = NEW.step - 1), 'made')"
    )
    direction = "(SELECT r.direction FROM assistance_requests r WHERE r.no = NEW.no)"
    steps = ", ".join(f"'{step}'" for step in _STEPS)
    guard(
        tx, "assistance_steps_follow_each_other", "INSERT", "assistance_steps",
        "NEW.step <> 1 + (SELECT count(*) FROM assistance_steps e WHERE e.no = NEW.no) "
        f"OR {direction} || ':' || {before} || '>' || NEW.event NOT IN ({steps})",
        "this cannot follow what happened to the request before",
    )  # fmt: skip
    guard(
        tx, "assistance_bills_are_asked_once", "INSERT", "assistance_bills",
        "EXISTS (SELECT 1 FROM assistance_bills b WHERE b.asker = NEW.asker AND b.asked = NEW.asked "
        "AND b.place = NEW.place AND b.stay = NEW.stay)",
        "a stay is asked about once",
    )  # fmt: skip


def _rooms(tx: Tx) -> None:
    same = "e.review = NEW.review AND e.side = NEW.side AND e.author = NEW.author"
    guard(
        tx, "room_entries_are_a_sequence", "INSERT", "room_entries",
        "EXISTS (SELECT 1 FROM room_entries e WHERE e.review = NEW.review AND e.side = NEW.side "
        "AND e.seq = NEW.seq) OR NEW.own AND NEW.seq <> 1 + (SELECT count(*) FROM room_entries e "
        "WHERE e.review = NEW.review AND e.side = NEW.side)",
        "what a side says in a room is one sequence",
    )  # fmt: skip
    guard(
        tx, "rings_are_signed_by_another", "INSERT", "room_entries",
        "NEW.own AND NEW.kind IN ('opinion', 'sign') AND EXISTS (SELECT 1 FROM room_entries e "
        f"WHERE {same} AND e.ring = NEW.ring AND e.kind IN ('opinion', 'sign') "
        "AND e.kind <> NEW.kind)",
        "who wrote an opinion on a ring does not sign it off, and the other way round",
    )  # fmt: skip
    guard(
        tx, "rings_are_for_participants", "INSERT", "room_entries",
        "NEW.own AND NEW.kind IN ('opinion', 'sign') AND COALESCE((SELECT e.kind "
        f"FROM room_entries e WHERE {same} AND e.kind IN ('join', 'leave') "
        "ORDER BY e.seq DESC LIMIT 1), 'leave') <> 'join'",
        "only who takes part in a room says or signs something there",
    )  # fmt: skip


def _announcements(tx: Tx) -> None:
    guard(
        tx, "announcements_follow_an_approval", "INSERT", "announcements",
        "NEW.direction = 'out' AND NOT EXISTS "
        "(SELECT 1 FROM reviews WHERE no = NEW.sanction AND approved)",
        "only an approved sanction is announced",
    )  # fmt: skip
    guard(
        tx, "announced_persons_are_never_replaced", "INSERT", "announced_persons",
        "EXISTS (SELECT 1 FROM announced_persons p WHERE p.no = NEW.no "
        "AND p.practitioner = NEW.practitioner)",
        "announced_persons is never replaced",
    )  # fmt: skip
    guard(
        tx, "announcement_answers_are_proposed", "INSERT", "announcement_answers",
        "NOT EXISTS (SELECT 1 FROM proposals p JOIN announced_persons a "
        "ON a.practitioner = p.subject JOIN announcements n ON n.no = a.no "
        "WHERE p.no = NEW.no AND p.kind IN ('sanction', 'announcement.decline') "
        "AND n.direction = 'in' AND n.no = NEW.announcement AND a.practitioner = NEW.practitioner) "
        "OR EXISTS (SELECT 1 FROM reviews WHERE no = NEW.no)",
        "somebody announced is answered by an open proposal about them",
    )  # fmt: skip
    guard(
        tx, "announcements_are_answered_once", "INSERT", "announcement_answers",
        "EXISTS (SELECT 1 FROM announcement_answers a LEFT JOIN reviews r ON r.no = a.no "
        "WHERE a.announcement = NEW.announcement AND a.practitioner = NEW.practitioner "
        "AND (r.no IS NULL OR r.approved))",
        "somebody announced is answered once",
    )  # fmt: skip
