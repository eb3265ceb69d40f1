"""What goes between this installation and the other bureaux: the key for what is sealed here, seats, and parcels."""

import hmac
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from casework import announcements, assistance, joint, rooms
from casework.assistance import Entry
from casework.assistance.suspicious import suspicious
from casework.bundles import seal_keys
from casework.joint import Blinder, JointRing, Review
from casework.law import Rule, law_on
from casework.people import Actor, inside
from casework.rooms import Seat
from casework.store import Tx
from graph.results import latest_scan
from graph.snapshot import current_snapshot
from huancha.identities import VaultIdentities
from huancha.workspace import open_workspace

ROOM, ASSISTANCE, ANNOUNCEMENT = "room", "assistance", "announcement"
Said = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Practitioners:
    """Who of the live data stands behind the blind ids of a review, and the other way round.

    Both raise `NoSnapshot` and `LoadError` as soon as somebody is asked for.
    """

    workspace: Path
    blinder: Blinder

    def blind(self, ids: Collection[str]) -> dict[str, str]:
        """By our own id that of the review."""
        if not ids:
            return {}
        held = VaultIdentities(self.workspace).of(ids)
        return {
            id_: self.blinder.practitioner(fields.get("certno"), fields["code"])
            for id_, fields in held.items()
        }

    def own(self, ids: Collection[str]) -> dict[str, str]:
        """By the review's id our own."""
        if not ids:
            return {}
        with current_snapshot(self.workspace).connect() as con:
            every = [id_ for (id_,) in con.execute("SELECT id FROM practitioners").fetchall()]
        return {blind: id_ for id_, blind in self.blind(every).items() if blind in ids}


@dataclass(frozen=True)
class Exchanged:
    """How many parcels went out, and by kind how much of what came was new."""

    sent: int
    new: Mapping[str, int]


def sealing_key(workspace: Path) -> bytes:
    """What identities in letters and bills are sealed with in the store; raises `BadSealKey`."""
    private = seal_keys(workspace).receiving.private_bytes_raw()
    return hmac.digest(private, b"huancha sealed in the store", "sha256")


def seat_in(tx: Tx, review: str) -> Seat:
    """Where this installation sits in a review; raises `NoReview`."""
    return seat_of(joint.review(tx, review), joint.joint_rings(tx, review))


def seat_of(found: Review, rings: Sequence[JointRing]) -> Seat:
    """Where this installation sits, and who holds somebody in which of the `rings` it may see."""
    codes = sorted(side.code for side in found.invitation.sides)
    holders = {
        ring.id: frozenset(code for code in codes if code[:2] in ring.members.values())
        for ring in rings
    }
    return Seat(found.id, found.side, tuple(codes), holders)


def exchange(tx: Tx, workspace: Path, actor: Actor, review: str, now: datetime) -> Exchanged:
    """Take in what came in a review, and put in the post whatever a side was not told yet.

    Every parcel says all of its kind, so that the last of each side is enough. Raises `NotOpen`, `NotAllowed`, and
    what taking in raises; nothing is done then.
    """
    found, keys = joint.review(tx, review), seal_keys(workspace)
    kinds = _kinds(tx, workspace, actor, found, now)
    new = {}
    for kind, (hear, _) in kinds.items():
        last = {one.peer: one.content for one in joint.received(tx, keys, review, kind)}
        new[kind] = sum(
            hear(peer, content.get("said", ())) for peer, content in sorted(last.items())
        )
    sent = 0
    for kind, (_, speak) in kinds.items():
        told = {one.peer: one.content for one in joint.sent(tx, keys, review, kind)}
        for side in found.others:
            content = {"said": list(speak(side.code))}
            if (
                side.code in found.accepted - found.closed
                and told.get(side.code, _NOTHING) != content
            ):
                sent += len(joint.send(tx, keys, actor, review, kind, content, now, [side.code]))
    return Exchanged(sent, new)


_NOTHING: Mapping[str, Any] = {"said": []}
Kinds = Mapping[str, tuple[Callable[[str, Said], int], Callable[[str], Said]]]


def _kinds(tx: Tx, workspace: Path, actor: Actor, found: Review, now: datetime) -> Kinds:
    """How each kind is taken in from a side, and what there is to say to one.

    Announcements wait for the first load: before it nobody is known.
    """
    seat, key = seat_of(found, joint.joint_rings(tx, found.id)), sealing_key(workspace)
    ids = Practitioners(workspace, Blinder(found.key(seal_keys(workspace))))
    kinds: Kinds = {
        ROOM: (
            lambda side, said: rooms.hear(tx, actor, seat, side, said, now),
            lambda side: rooms.spoken(tx, seat, side),
        ),
        ASSISTANCE: (
            lambda side, said: assistance.receive(tx, actor, key, side, said, now),
            lambda side: assistance.letters(tx, key, side, now.date()),
        ),
    }
    if open_workspace(workspace).snapshot() is None:
        return kinds
    return {
        **kinds,
        ANNOUNCEMENT: (
            lambda side, said: announcements.hear(tx, actor, found.id, side, said, ids.own, now),
            lambda _: announcements.spoken(tx, found.id, ids.blind),
        ),
    }


def batch_entries(
    workspace: Path, home: str, there: str, first: date, last: date
) -> tuple[Entry, ...]:
    """The suspicious inpatient bills of people insured in the province of `home` at places of `there`, by the law's amount.

    Raises `NoScan`, `NoTable`, `NotInLaw`, `LoadError`; a patient without identity number is left out.
    """
    floor = law_on(last, home)[Rule.ASSISTANCE_FROM].least
    stays = suspicious(
        current_snapshot(workspace), latest_scan(workspace), home, first, last, floor
    )
    mine = [one for one in stays if inside(frozenset({there}), one.there)]
    held = VaultIdentities(workspace).of({one.patient for one in mine})
    return tuple(
        Entry(held[one.patient]["certno"], one.name, one.stay, one.total)
        for one in mine
        if held.get(one.patient, {}).get("certno")
    )
