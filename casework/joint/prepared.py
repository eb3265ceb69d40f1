"""What tells of people is prepared by one person, read and let go by another, and leaves exactly as it was read."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework import approval
from casework.approval import Proposal
from casework.bundles import SealKeys
from casework.joint.errors import NothingPrepared
from casework.joint.parcels import Logged, post
from casework.joint.reviews import active
from casework.joint.wrapping import canonical, keep, kept
from casework.people import Actor
from casework.sql import insert, select
from casework.store import Tx
from casework.store.joint_tables import JOINT_PARCELS, JOINT_PREPARED


@dataclass(frozen=True)
class Prepared:
    """What waits for a second person, or was sent: the proposal, and `content` exactly as it leaves."""

    proposal: Proposal
    review: str
    kind: str
    digest: str
    content: Mapping[str, Any]
    sent: bool


def prepare(
    tx: Tx, keys: SealKeys, actor: Actor, review_id: str, kind: str, content: Mapping[str, Any],
    why: str, now: datetime, to: tuple[str, ...] = (),
) -> Prepared:  # fmt: skip
    """Lay `content` down for a second person; `to` names the sides it is for, none: all others."""
    found = active(tx, actor, review_id)
    text = canonical(content)
    digest = hashlib.sha256(text).hexdigest()
    facts = {"sha256": digest, "bytes": len(text), "to": list(to)}
    made = approval.propose(
        tx,
        actor,
        f"joint.{kind}",
        review_id,
        found.side,
        facts,
        why,
        now,
        found.invitation.terms.law,
    )
    row = {"no": made.no, "review": review_id, "kind": kind, "digest": digest}
    tx.execute(insert(JOINT_PREPARED).values(row | {"content": keep(keys, text)}))
    return prepared(tx, keys, made.no)


def decide_prepared(
    tx: Tx, keys: SealKeys, actor: Actor, no: int, why: str, now: datetime, *, approve: bool
) -> Prepared:
    """Decide on what was prepared under `no`; raises `SamePerson` for its maker, `NothingPrepared`."""
    found = prepared(tx, keys, no)
    approval.decide(tx, actor, no, f"joint.{found.kind}", why, now, approve=approve)
    return prepared(tx, keys, no)


def send_prepared(
    tx: Tx, keys: SealKeys, actor: Actor, no: int, now: datetime
) -> tuple[Logged, ...]:
    """Put what was prepared and approved under `no` in the post, once; raises `NothingPrepared`."""
    found = prepared(tx, keys, no)
    if not found.proposal.approved or found.sent:
        raise NothingPrepared(no)
    review = active(tx, actor, found.review)
    to = found.proposal.content["to"] or None
    return post(tx, keys, actor, review, found.kind, found.content, now, to, prepared=no)


def prepared(tx: Tx, keys: SealKeys, no: int) -> Prepared:
    """What was prepared under `no`; raises `NothingPrepared`."""
    row = tx.execute(select(JOINT_PREPARED).where(JOINT_PREPARED.c.no == no)).mappings().first()
    if row is None:
        raise NothingPrepared(no)
    sent = tx.execute(select(JOINT_PARCELS.c.no).where(JOINT_PARCELS.c.prepared == no)).first()
    content = json.loads(kept(keys, bytes(row["content"])))
    return Prepared(
        approval.proposal(tx, no),
        row["review"],
        row["kind"],
        row["digest"],
        content,
        sent is not None,
    )


def ready(tx: Tx, review_id: str) -> tuple[int, ...]:
    """The numbers of what was prepared in a review, approved and not sent yet."""
    sent = select(JOINT_PARCELS.c.prepared).where(JOINT_PARCELS.c.prepared.is_not(None))
    held = select(JOINT_PREPARED.c.no).where(
        JOINT_PREPARED.c.review == review_id, JOINT_PREPARED.c.no.not_in(sent)
    )
    numbers = tx.execute(held.order_by(JOINT_PREPARED.c.no)).scalars().all()
    return tuple(no for no in numbers if approval.proposal(tx, no).approved)
