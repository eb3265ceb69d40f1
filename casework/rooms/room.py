"""The room of a review as it follows from what was said there; the same entries give the same room on every side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from casework.rooms.entries import Entry, Kind, ordered


class Finding(StrEnum):
    """What a side holds of a ring: confirmed 属实, refuted 不属实, more 待补充核查."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    MORE = "more"


class Dispute(StrEnum):
    """What sides do not agree on: what was found, or whose case it is (条例 第二十六条)."""

    FINDING = "finding"
    JURISDICTION = "jurisdiction"


@dataclass(frozen=True)
class Opinion:
    """What somebody of a side says of a ring; `lead` is the side that should handle it, empty where left open."""

    id: str
    side: str
    author: str
    at: datetime
    finding: Finding
    lead: str
    text: str


@dataclass(frozen=True)
class Signature:
    """A side's sign-off of a ring, and the ids of the opinions and rulings that were known then."""

    side: str
    author: str
    at: datetime
    covers: frozenset[str]


@dataclass(frozen=True)
class Ruling:
    """What the common superior answered: the document, the side that handles the ring, the opinions it knew."""

    id: str
    side: str
    author: str
    at: datetime
    document: str
    lead: str
    text: str
    covers: frozenset[str]


@dataclass(frozen=True)
class Task:
    """Something a side has to do until a day; `ended_at` once it said what came of it."""

    id: str
    by: str
    side: str
    ring: str
    what: str
    due: date
    author: str
    ended_at: datetime | None
    result: str


@dataclass(frozen=True)
class Meeting:
    """A joint meeting (联席会议) that was held."""

    side: str
    held_on: date
    place: str
    text: str


@dataclass(frozen=True)
class RingRoom:
    """One ring: opinions oldest first, valid sign-offs by side, disputes nobody has settled, to whom they were taken.

    `holders`: the sides that hold somebody in it, as far as this side knows of it.
    """

    ring: str
    holders: tuple[str, ...]
    opinions: tuple[Opinion, ...]
    signatures: Mapping[str, Signature]
    disputes: frozenset[Dispute]
    escalated: str
    rulings: tuple[Ruling, ...]
    settled: bool

    @property
    def latest(self) -> Mapping[str, Opinion]:
        """The last opinion of each side."""
        return {one.side: one for one in self.opinions}

    @property
    def known(self) -> frozenset[str]:
        """What a sign-off has to cover."""
        return _known(self.opinions, self.rulings)


@dataclass(frozen=True)
class Room:
    """The room: who takes part by side, its rings, tasks and meetings."""

    review: str
    sides: tuple[str, ...]
    holders: Mapping[str, frozenset[str]]
    participants: Mapping[str, tuple[str, ...]]
    rings: tuple[RingRoom, ...]
    tasks: tuple[Task, ...]
    meetings: tuple[Meeting, ...]

    def ring(self, id_: str) -> RingRoom:
        """The ring, empty where nobody has said anything about it."""
        holders = tuple(sorted(self.holders.get(id_, ())))
        blank = RingRoom(id_, holders, (), {}, frozenset(), "", (), settled=False)
        return next((one for one in self.rings if one.ring == id_), blank)


def room(
    review: str, sides: Sequence[str], holders: Mapping[str, frozenset[str]], said: Sequence[Entry]
) -> Room:
    """What `said` amounts to, whatever its order; `holders` by ring as in a `Seat`."""
    found = ordered(one for one in said if one.side in sides)
    of = {kind: [one for one in found if one.kind is kind] for kind in Kind}
    rings = sorted({one.ring for one in found if one.ring})
    return Room(
        review, tuple(sides), holders, {side: _present(found, side) for side in sides},
        tuple(_ring(id_, holders.get(id_, frozenset()), of) for id_ in rings),
        _tasks(of[Kind.TASK], of[Kind.END]),
        tuple(_meeting(one) for one in of[Kind.MEETING]),
    )  # fmt: skip


def _ring(id_: str, holders: frozenset[str], of: Mapping[Kind, Sequence[Entry]]) -> RingRoom:
    opinions = tuple(_opinion(one) for one in of[Kind.OPINION] if one.ring == id_)
    rulings = tuple(_ruling(one) for one in of[Kind.RULING] if one.ring == id_)
    known = _known(opinions, rulings)
    wrote = {(one.side, one.author) for one in opinions}
    signatures = {}
    for one in of[Kind.SIGN]:
        signed = Signature(one.side, one.author, one.at, _ids(one.content.get("covers")))
        if one.ring == id_ and (one.side, one.author) not in wrote and known <= signed.covers:
            signatures[one.side] = signed
    disputes = _disputes(opinions, rulings)
    taken = [str(one.content.get("superior", "")) for one in of[Kind.ESCALATE] if one.ring == id_]
    agreed = bool(holders) and holders <= set(signatures) and not disputes and bool(opinions)
    whole = all(signed.covers == known for signed in signatures.values())
    return RingRoom(
        id_, tuple(sorted(holders)), opinions, signatures, disputes, taken[-1] if taken else "", rulings,
        settled=agreed and whole,
    )  # fmt: skip


def _known(opinions: Sequence[Opinion], rulings: Sequence[Ruling]) -> frozenset[str]:
    return frozenset({one.id for one in opinions} | {one.id for one in rulings})


def _disputes(opinions: Sequence[Opinion], rulings: Sequence[Ruling]) -> frozenset[Dispute]:
    latest = {one.side: one for one in opinions}
    if any({one.id for one in latest.values()} <= ruling.covers for ruling in rulings):
        return frozenset()
    held = {one.finding for one in latest.values()} - {Finding.MORE}
    leads = {one.lead for one in latest.values()} - {""}
    found = {Dispute.FINDING} if len(held) > 1 else set()
    return frozenset(found | ({Dispute.JURISDICTION} if len(leads) > 1 else set()))


def _present(found: Sequence[Entry], side: str) -> tuple[str, ...]:
    here: dict[str, None] = {}
    for one in found:
        if one.side == side and one.kind is Kind.JOIN:
            here[one.author] = None
        elif one.side == side and one.kind is Kind.LEAVE:
            here.pop(one.author, None)
    return tuple(here)


def _opinion(one: Entry) -> Opinion:
    said = _texts(one, "lead", "text")
    finding = str(one.content.get("finding"))
    held = Finding(finding) if finding in set(Finding) else Finding.MORE
    return Opinion(one.id, one.side, one.author, one.at, held, **said)


def _ruling(one: Entry) -> Ruling:
    said = _texts(one, "document", "lead", "text")
    covers = _ids(one.content.get("covers"))
    return Ruling(one.id, one.side, one.author, one.at, **said, covers=covers)


def _tasks(given: Sequence[Entry], ended: Sequence[Entry]) -> tuple[Task, ...]:
    ends = {(one.content.get("task"), one.side): one for one in reversed(ended)}
    found = []
    for one in given:
        said = _texts(one, "side", "what")
        end = ends.get((one.id, said["side"]))
        result = _texts(end, "result")["result"] if end else ""
        due = _day(one.content.get("due"), one.at)
        found.append(
            Task(
                one.id, one.side, said["side"], one.ring, said["what"], due, one.author,
                end.at if end else None, result,
            )
        )  # fmt: skip
    return tuple(found)


def _meeting(one: Entry) -> Meeting:
    held = _day(one.content.get("held_on"), one.at)
    return Meeting(one.side, held, **_texts(one, "place", "text"))


def _texts(one: Entry, *names: str) -> dict[str, str]:
    return {name: str(one.content.get(name, "")) for name in names}


def _day(value: Any, otherwise: datetime) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return otherwise.date()


def _ids(value: Any) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()
