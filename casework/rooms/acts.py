"""What people of our side do in a review room; each act is an entry, and an audit entry with it."""

from collections.abc import Iterable
from datetime import date, datetime

from casework.assistance import Body, Directory
from casework.errors import SamePerson
from casework.people import Actor, Role
from casework.rooms.entries import Entry, Kind, Seat, entries, say
from casework.rooms.errors import NoConflict, NoRoomTask, NotASide, NotHere, NotSignable
from casework.rooms.room import Finding, Room, Task, room
from casework.sql import select
from casework.store import Tx
from casework.store.room_tables import ENTRIES

SUPERIOR = "医疗保障基金使用监督管理条例 第二十六条"
"""Where it says that the common superior names the bureau that handles a case."""
TAKES_PART = (Role.INVESTIGATOR, Role.LIAISON, Role.APPROVER)


def enter_room(tx: Tx, actor: Actor, seat: Seat, now: datetime) -> Entry:
    """Take part in a review for our side; raises `NotHere` for somebody who does already."""
    _present(tx, actor, seat, present=False)
    return say(tx, actor, _role(actor), seat, Kind.JOIN, "", {}, seat.side, now)


def leave_room(tx: Tx, actor: Actor, seat: Seat, now: datetime) -> Entry:
    """Take part no more."""
    _present(tx, actor, seat)
    return say(tx, actor, _role(actor), seat, Kind.LEAVE, "", {}, seat.side, now)


def give_opinion(
    tx: Tx, actor: Actor, seat: Seat, ring: str, finding: Finding, lead: str, text: str, now: datetime
) -> Entry:  # fmt: skip
    """Say what our side holds of a ring, and which side should handle it (`lead` may be empty).

    Raises `NotHere`, `NotASide`, and `SamePerson` for who signed the ring off.
    """
    found = _present(tx, actor, seat).ring(ring)
    signed = found.signatures.get(seat.side)
    if signed is not None and signed.author == actor.name:
        raise SamePerson(actor.name, f"the sign-off of {ring}")
    if lead:
        _side(seat, lead)
    content = {"finding": finding, "lead": lead, "text": text}
    return say(tx, actor, Role.INVESTIGATOR, seat, Kind.OPINION, ring, content, text, now)


def sign_off(tx: Tx, actor: Actor, seat: Seat, ring: str, why: str, now: datetime) -> Entry:
    """Sign a ring off for our side, with every opinion known here; a later opinion makes it void.

    Raises `NotHere`, `SamePerson` for who wrote an opinion on it, and `NotSignable` without an opinion of our
    side or while something is disputed.
    """
    found = _present(tx, actor, seat).ring(ring)
    if any((one.side, one.author) == (seat.side, actor.name) for one in found.opinions):
        raise SamePerson(actor.name, f"an opinion on {ring}")
    if seat.side not in found.latest:
        raise NotSignable(ring, "our side has no opinion on it")
    if found.disputes:
        raise NotSignable(ring, f"the sides differ on {', '.join(sorted(found.disputes))}")
    content = {"covers": sorted(found.known), "text": why}
    return say(tx, actor, Role.APPROVER, seat, Kind.SIGN, ring, content, why, now)


def give_room_task(
    tx: Tx, actor: Actor, seat: Seat, side: str, ring: str, what: str, due: date, now: datetime
) -> Entry:  # fmt: skip
    """Ask a side to do something until a day."""
    _present(tx, actor, seat)
    _side(seat, side)
    content = {"side": side, "what": what, "due": due.isoformat()}
    return say(tx, actor, _role(actor), seat, Kind.TASK, ring, content, what, now)


def end_room_task(tx: Tx, actor: Actor, seat: Seat, task: str, result: str, now: datetime) -> Entry:
    """Say what came of a task of our side; raises `NoRoomTask`."""
    for one in _present(tx, actor, seat).tasks:
        if one.id == task and one.side == seat.side and one.ended_at is None:
            content = {"task": task, "result": result}
            return say(tx, actor, _role(actor), seat, Kind.END, one.ring, content, result, now)
    raise NoRoomTask(task)


def escalate(
    tx: Tx, actor: Actor, seat: Seat, directory: Directory, ring: str, text: str, now: datetime
) -> Entry:
    """Take what the sides dispute to their common superior; raises `NoConflict`, `NoBody`, `NoSuperior`."""
    if not _present(tx, actor, seat).ring(ring).disputes:
        raise NoConflict(ring)
    content = {"superior": superior(directory, seat.sides).code, "text": text}
    return say(tx, actor, Role.LIAISON, seat, Kind.ESCALATE, ring, content, text, now, SUPERIOR)


def enter_ruling(
    tx: Tx, actor: Actor, seat: Seat, ring: str, document: str, lead: str, text: str, now: datetime
) -> Entry:  # fmt: skip
    """Enter what the common superior decided by `document`: which side handles the ring.

    Raises `NoConflict` unless it was taken there, `NotASide`.
    """
    found = _present(tx, actor, seat).ring(ring)
    if not (found.disputes and found.escalated):
        raise NoConflict(ring)
    _side(seat, lead)
    covers = sorted(one.id for one in found.opinions)
    content = {"document": document, "lead": lead, "text": text, "covers": covers}
    return say(tx, actor, Role.LIAISON, seat, Kind.RULING, ring, content, document, now, SUPERIOR)


def hold_meeting(
    tx: Tx, actor: Actor, seat: Seat, held_on: date, place: str, text: str, now: datetime
) -> Entry:
    """Note that a joint meeting was held, and what it came to."""
    _present(tx, actor, seat)
    content = {"held_on": held_on.isoformat(), "place": place, "text": text}
    return say(tx, actor, _role(actor), seat, Kind.MEETING, "", content, text, now)


def room_of(tx: Tx, seat: Seat) -> Room:
    """The room as it stands here."""
    return room(seat.review, seat.sides, seat.holders, entries(tx, seat.review))


def own_tasks(tx: Tx) -> tuple[tuple[str, Task], ...]:
    """The open tasks of our side in every room we said something in, with the review."""
    wanted = select(ENTRIES.c.review, ENTRIES.c.side).where(ENTRIES.c.own).distinct()
    found = []
    for review, side in tx.execute(wanted.order_by(ENTRIES.c.review)).all():
        said = entries(tx, review)
        held = room(review, tuple({one.side for one in said}), {}, said)
        found += [(review, one) for one in held.tasks if one.side == side and not one.ended_at]
    return tuple(found)


def superior(directory: Directory, sides: Iterable[str]) -> Body:
    """The common superior of the sides."""
    return directory.common_superior(sides)


def _present(tx: Tx, actor: Actor, seat: Seat, *, present: bool = True) -> Room:
    found = room_of(tx, seat)
    if (actor.name in found.participants[seat.side]) is not present:
        raise NotHere(actor.name, seat.review)
    return found


def _side(seat: Seat, side: str) -> None:
    if side not in seat.sides:
        raise NotASide(seat.review, side)


def _role(actor: Actor) -> Role:
    """One of the person's roles that takes part in reviews; the first of them where they have none."""
    return next((role for role in TAKES_PART if role in actor.roles), TAKES_PART[0])
