"""What a joint meeting (联席会议) has to talk about: whatever is open in a room, and letters that wait between its sides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.assistance import OPEN, Direction, Request
from casework.people import inside
from casework.rooms.room import Room


class Point(StrEnum):
    """Why something is on the agenda, weightiest first."""

    DISPUTE = "dispute"
    TASK = "task"
    OPINION = "opinion"
    SIGN = "sign"
    ASSISTANCE = "assistance"


@dataclass(frozen=True)
class Item:
    """One open item: of which ring (or none), who has to do something, what it is about, by when."""

    point: Point
    ring: str
    sides: tuple[str, ...]
    about: str
    due: date | None = None


def agenda(found: Room, asked: Sequence[Request]) -> tuple[Item, ...]:
    """The open items of a room and the letters between its sides, weightiest first, then the first due."""
    items = (*_rings(found), *_tasks(found), *_letters(found, asked))
    order = list(Point)
    return tuple(
        sorted(items, key=lambda one: (order.index(one.point), one.due or date.max, one.ring))
    )


def _rings(found: Room) -> Iterator[Item]:
    for ring in found.rings:
        if ring.settled:
            continue
        if ring.disputes:
            about = "、".join(sorted(ring.disputes))
            yield Item(Point.DISPUTE, ring.ring, tuple(ring.latest), about)
        silent = tuple(side for side in ring.holders if side not in ring.latest)
        if silent:
            yield Item(Point.OPINION, ring.ring, silent, "")
        elif not ring.disputes:
            unsigned = tuple(side for side in ring.holders if side not in ring.signatures)
            yield Item(Point.SIGN, ring.ring, unsigned, "")


def _tasks(found: Room) -> Iterator[Item]:
    for one in found.tasks:
        if one.ended_at is None:
            yield Item(Point.TASK, one.ring, (one.side,), one.what, one.due)


def _letters(found: Room, asked: Sequence[Request]) -> Iterator[Item]:
    for one in asked:
        waits = one.state in OPEN and (one.direction is Direction.IN or bool(one.steps))
        side = next((side for side in found.sides if inside(frozenset({side}), one.asked)), None)
        if waits and side is not None:
            yield Item(Point.ASSISTANCE, "", (side,), one.case_no, one.reply_by)
