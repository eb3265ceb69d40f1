"""Consent of this office: an invitation let go, accepted, or ended; each proposed by a liaison, decided by another person."""

from collections.abc import Iterable
from datetime import datetime

from casework import approval
from casework.approval import Proposal
from casework.bundles import SealKeys, is_fingerprint
from casework.joint.errors import NotOpen, WrongFingerprints
from casework.joint.parcels import post
from casework.joint.prepared import decide_prepared
from casework.joint.reviews import (
    ACCEPT,
    ACCEPTANCE,
    CLOSE,
    CLOSING,
    INVITATION,
    OPEN,
    Review,
    State,
    review,
)
from casework.people import Actor, Role, require
from casework.store import Tx


def decide_open(
    tx: Tx, keys: SealKeys, actor: Actor, no: int, why: str, now: datetime, *, approve: bool
) -> Review:
    """Decide on an invitation of our own; approved, it is in the post to every other side."""
    subject = approval.decide(tx, actor, no, OPEN, why, now, approve=approve).subject
    found = review(tx, subject)
    if approve:
        content = {"invitation": found.invitation.content.decode()}
        post(tx, keys, actor, found, INVITATION, content, now)
    return found


def propose_accept(
    tx: Tx, actor: Actor, review_id: str, checked: Iterable[str], why: str, now: datetime
) -> Proposal:
    """Propose to accept an invitation, having `checked` the fingerprint of each other side by another way than it came.

    Raises `WrongFingerprints` naming the sides whose own is not among them, `NotOpen`.
    """
    found = review(tx, review_id)
    require(actor, Role.LIAISON, found.side)
    if found.state is not State.INVITED:
        raise NotOpen(review_id, found.state)
    said = tuple(checked)
    prints = {side.code: side.keys.fingerprint for side in found.others}
    wrong = [
        code for code, of in prints.items() if not any(is_fingerprint(one, of) for one in said)
    ]
    if wrong:
        raise WrongFingerprints(review_id, tuple(wrong))
    law = found.invitation.terms.law
    return approval.propose(
        tx, actor, ACCEPT, review_id, found.side, {"checked": prints}, why, now, law
    )


def decide_accept(
    tx: Tx, keys: SealKeys, actor: Actor, no: int, why: str, now: datetime, *, approve: bool
) -> Review:
    """Decide on accepting; approved, every other side is told."""
    subject = approval.decide(tx, actor, no, ACCEPT, why, now, approve=approve).subject
    found = review(tx, subject)
    if approve:
        post(tx, keys, actor, found, ACCEPTANCE, {}, now)
    return found


def decide_close(
    tx: Tx, keys: SealKeys, actor: Actor, no: int, why: str, now: datetime, *, approve: bool
) -> Review:
    """Decide on ending our part; approved, every other side is told and no parcel goes or comes any more."""
    subject = approval.decide(tx, actor, no, CLOSE, why, now, approve=approve).subject
    found = review(tx, subject)
    if approve and now.date() <= found.invitation.terms.until:
        post(tx, keys, actor, found, CLOSING, {}, now)
    return found


def decide(
    tx: Tx, keys: SealKeys, actor: Actor, no: int, why: str, now: datetime, *, approve: bool
) -> str:
    """Decide on whatever was proposed under `no` in a joint review; what kind of proposal it was."""
    kind = approval.proposal(tx, no).kind
    by_kind = {OPEN: decide_open, ACCEPT: decide_accept, CLOSE: decide_close}
    by_kind.get(kind, decide_prepared)(tx, keys, actor, no, why, now, approve=approve)
    return kind
