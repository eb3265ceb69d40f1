"""Joint reviews as this office holds them: opened or accepted by two people, and at which state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from casework import approval, audit
from casework.approval import Proposal
from casework.bundles import SealKeys
from casework.joint.errors import NoReview, NotOpen
from casework.joint.invitation import Invitation, Terms, invitation_from, invite
from casework.joint.office import Side
from casework.people import Actor, Role, require
from casework.sql import insert, select
from casework.store import Tx
from casework.store.joint_tables import JOINT_PARCELS, JOINT_REVIEWS

OPEN, ACCEPT, CLOSE = "joint.open", "joint.accept", "joint.close"
INVITATION, ACCEPTANCE, CLOSING = "invitation", "acceptance", "closing"


class State(StrEnum):
    """Where a review stands for this office."""

    PROPOSED = "proposed"
    """This office wants to open it; the second person has not decided."""
    INVITED = "invited"
    ACCEPTING = "accepting"
    """A liaison checked the fingerprints; the second person has not decided."""
    ACTIVE = "active"
    CLOSED = "closed"
    REFUSED = "refused"
    """The second person did not let our invitation go."""


@dataclass(frozen=True)
class Review:
    """A review as the side `side` holds it; `accepted` and `closed` are the codes of the sides that did so, as far as known."""

    invitation: Invitation
    side: str
    at: datetime
    state: State
    accepted: frozenset[str]
    closed: frozenset[str]

    @property
    def id(self) -> str:
        """The id all sides share."""
        return self.invitation.id

    @property
    def others(self) -> tuple[Side, ...]:
        """The other sides."""
        return self.invitation.others(self.side)

    def name_of(self, code: str) -> str:
        """The name of a side."""
        return next(side.name for side in self.invitation.sides if side.code == code)

    def key(self, keys: SealKeys) -> bytes:
        """The review key, for the holder of this side's own keys; raises `WrongKey`."""
        return self.invitation.key(keys, self.side)


def propose_open(
    tx: Tx, actor: Actor, terms: Terms, own: Side, others: Iterable[Side], now: datetime
) -> Proposal:
    """Lay down an invitation that another person lets go (`casework.joint.decide_open`); raises `BadInvitation`."""
    require(actor, Role.LIAISON, own.code)
    invitation = invite(own, terms, others, now)
    enter(tx, actor, invitation, own.code, now)
    content = {"sides": {side.code: side.keys.fingerprint for side in invitation.sides}}
    return approval.propose(
        tx, actor, OPEN, invitation.id, own.code, content, terms.purpose, now, terms.law
    )


def enter(tx: Tx, actor: Actor, invitation: Invitation, side: str, now: datetime) -> None:
    """Keep an invitation, our own or one that came."""
    row = {
        "id": invitation.id, "side": side, "opener": invitation.opener, "at": now,
        "invitation": invitation.content.decode(), "actor": actor.name,
    }  # fmt: skip
    tx.execute(insert(JOINT_REVIEWS).values(row))
    facts = {"opener": invitation.opener, "sides": [s.code for s in invitation.sides]}
    audit.append(
        tx, actor, "joint.enter", invitation.id, invitation.terms.purpose, now,
        invitation.terms.law, facts,
    )  # fmt: skip


def propose_close(tx: Tx, actor: Actor, review_id: str, why: str, now: datetime) -> Proposal:
    """Propose that this office's part in an active review end; another person decides."""
    found = active(tx, actor, review_id)
    law = found.invitation.terms.law
    return approval.propose(tx, actor, CLOSE, found.id, found.side, {}, why, now, law)


def active(tx: Tx, actor: Actor, review_id: str) -> Review:
    """An active review, for its liaison; raises `NoReview`, `NotOpen`, `NotAllowed`."""
    found = review(tx, review_id)
    require(actor, Role.LIAISON, found.side)
    if found.state is not State.ACTIVE:
        raise NotOpen(review_id, found.state)
    return found


def review(tx: Tx, review_id: str) -> Review:
    """One review; raises `NoReview`."""
    row = (
        tx.execute(select(JOINT_REVIEWS).where(JOINT_REVIEWS.c.id == review_id)).mappings().first()
    )
    if row is None:
        raise NoReview(review_id)
    return _review(tx, row)


def reviews(tx: Tx) -> tuple[Review, ...]:
    """Every review, newest first."""
    rows = tx.execute(select(JOINT_REVIEWS).order_by(JOINT_REVIEWS.c.at.desc(), JOINT_REVIEWS.c.id))
    return tuple(_review(tx, row) for row in rows.mappings().all())


def _review(tx: Tx, row: Mapping[Any, Any]) -> Review:
    invitation = invitation_from(row["invitation"].encode())
    came = tx.execute(
        select(JOINT_PARCELS.c.kind, JOINT_PARCELS.c.peer).where(
            JOINT_PARCELS.c.review == row["id"],
            JOINT_PARCELS.c.direction == "in",
            JOINT_PARCELS.c.kind.in_((INVITATION, ACCEPTANCE, CLOSING)),
        )
    ).all()
    state = _state(approval.proposals(tx, row["id"]))
    own = {row["side"]} if state in (State.ACTIVE, State.CLOSED) else set()
    return Review(
        invitation,
        row["side"],
        row["at"],
        state,
        frozenset(own | {peer for kind, peer in came if kind != CLOSING}),
        frozenset({peer for kind, peer in came if kind == CLOSING}),
    )


def _state(proposed: Iterable[Proposal]) -> State:
    latest = {one.kind: one.approved for one in proposed}
    if latest.get(CLOSE):
        return State.CLOSED
    if latest.get(OPEN) or latest.get(ACCEPT):
        return State.ACTIVE
    if OPEN in latest:
        return State.PROPOSED if latest[OPEN] is None else State.REFUSED
    return State.ACCEPTING if latest.get(ACCEPT, False) is None else State.INVITED
