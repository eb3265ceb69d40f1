"""Parcels sent and taken: numbered, signed, for one side each, and kept for good on both sides."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework import audit
from casework.bundles import Card, SealKeys
from casework.joint.errors import BadInvitation, BadParcel, Fault, NotOpen
from casework.joint.invitation import Invitation, invitation_from
from casework.joint.office import Side
from casework.joint.reviews import (
    ACCEPTANCE,
    CLOSING,
    INVITATION,
    Review,
    State,
    active,
    enter,
    review,
)
from casework.joint.wire import Parcel, Unsealed, parcel_in, seal, unseal
from casework.joint.wrapping import keep, kept
from casework.people import Actor, Role, require
from casework.sql import ColumnElement, func, insert, select
from casework.store import Tx
from casework.store.joint_tables import JOINT_PARCELS, JOINT_REVIEWS

PART, RELEASE = "part", "release"
OWN_KINDS = frozenset({INVITATION, ACCEPTANCE, CLOSING, PART, RELEASE})
"""Kinds with a door of their own; `send` takes any other."""


@dataclass(frozen=True)
class Logged:
    """A parcel sent (`direction` out) or taken (in), what it said included; `at` is when that was here."""

    no: int
    direction: str
    peer: str
    number: int
    kind: str
    at: datetime
    actor: str
    digest: str
    content: Mapping[str, Any]


def send(
    tx: Tx, keys: SealKeys, actor: Actor, review_id: str, kind: str, content: Mapping[str, Any],
    now: datetime, to: Iterable[str] | None = None,
) -> tuple[Logged, ...]:  # fmt: skip
    """Put a parcel of `kind` (small letters, dots, underscores) with `content` (JSON) in the post to each other side,
    or to those named.

    Parts and releases go by `prepare`. Raises `NotOpen`, also where a side has not accepted yet.
    """
    if kind in OWN_KINDS:
        raise NotOpen(review_id, f"a parcel of kind {kind} goes its own way")
    return post(tx, keys, actor, active(tx, actor, review_id), kind, content, now, to)


def post(
    tx: Tx, keys: SealKeys, actor: Actor, found: Review, kind: str, content: Mapping[str, Any],
    now: datetime, to: Iterable[str] | None = None, prepared: int | None = None,
) -> tuple[Logged, ...]:  # fmt: skip
    """Write and log the parcels, whatever their kind; who may have it sent was asked before."""
    if now.date() > found.invitation.terms.until:
        raise NotOpen(found.id, "its days are over")
    sent = []
    for side in _recipients(found, kind, to):
        parcel = Parcel(
            found.id, found.side, side.code, _last(tx, found.id, "out", side.code) + 1, kind, now,
            content,
        )  # fmt: skip
        file, signed = seal(keys, side.keys, parcel)
        sent.append(_log(tx, keys, actor, parcel, signed, now, file=file, prepared=prepared))
    return tuple(sent)


def receive(tx: Tx, keys: SealKeys, actor: Actor, file: bytes, now: datetime) -> Logged:
    """Take a parcel that came; an invitation enters its review. Raises `BadParcel`, and keeps nothing of that one."""
    require(actor, Role.LIAISON)
    came = unseal(keys, file)
    parcel = came.parcel
    known = tx.execute(
        select(JOINT_REVIEWS.c.id).where(JOINT_REVIEWS.c.id == parcel.review)
    ).first()
    if known is not None:
        found = review(tx, parcel.review)
        require(actor, Role.LIAISON, found.side)
        _belongs(keys, found.invitation, came)
        _fits(tx, keys, found, came, now)
    elif parcel.kind == INVITATION and parcel.number == 1:
        _invited(tx, keys, actor, came, now)
    else:
        raise BadParcel(Fault.UNKNOWN, parcel.review)
    return _log(tx, keys, actor, parcel, came.signed, now, digest=_digest(file))


def received(tx: Tx, keys: SealKeys, review_id: str, kind: str) -> tuple[Logged, ...]:
    """The parcels of `kind` that came in a review, oldest first."""
    return _logged(
        tx, keys, review_id, JOINT_PARCELS.c.kind == kind, JOINT_PARCELS.c.direction == "in"
    )


def sent(tx: Tx, keys: SealKeys, review_id: str, kind: str) -> tuple[Logged, ...]:
    """The parcels of `kind` this office sent in a review, oldest first."""
    return _logged(
        tx, keys, review_id, JOINT_PARCELS.c.kind == kind, JOINT_PARCELS.c.direction == "out"
    )


def exchanged(tx: Tx, keys: SealKeys, review_id: str) -> tuple[Logged, ...]:
    """Every parcel of a review, both ways, oldest first."""
    return _logged(tx, keys, review_id)


def files(tx: Tx, review_id: str) -> Mapping[str, bytes]:
    """The parcels this office ever sent in a review, as files by name; sent again they are known as taken already."""
    columns = JOINT_PARCELS.c
    rows = tx.execute(
        select(columns.peer, columns.number, columns.digest, columns.file)
        .where(columns.review == review_id, columns.direction == "out")
        .order_by(columns.no)
    )
    return {f"{peer}-{number:06}-{digest[:16]}": bytes(file) for peer, number, digest, file in rows}


def _recipients(found: Review, kind: str, to: Iterable[str] | None) -> tuple[Side, ...]:
    wanted = {side.code for side in found.others} if to is None else set(to)
    unknown = wanted - {side.code for side in found.others}
    if unknown:
        raise NotOpen(found.id, f"{', '.join(sorted(unknown))} takes no part")
    if kind not in (INVITATION, ACCEPTANCE, CLOSING):
        late = wanted - found.accepted
        if late:
            raise NotOpen(found.id, f"{', '.join(sorted(late))} has not accepted yet")
    return tuple(side for side in found.others if side.code in wanted - found.closed)


def _invited(tx: Tx, keys: SealKeys, actor: Actor, came: Unsealed, now: datetime) -> None:
    parcel = came.parcel
    try:
        invitation = invitation_from(str(parcel.content.get("invitation")).encode())
    except BadInvitation as bad:
        raise BadParcel(Fault.UNREADABLE, bad.why) from None
    if invitation.id != parcel.review or invitation.opener != parcel.sender:
        raise BadParcel(Fault.FOREIGN)
    _belongs(keys, invitation, came)
    if now.date() > invitation.terms.until:
        raise BadParcel(Fault.OVER)
    enter(tx, actor, invitation, parcel.recipient, now)


def _belongs(keys: SealKeys, invitation: Invitation, came: Unsealed) -> None:
    """Raise `BadParcel` unless one side of the invitation signed it for us, another."""
    own: Card = keys.card()
    sender, recipient = (
        invitation.side(code) for code in (came.parcel.sender, came.parcel.recipient)
    )
    if sender is None or recipient is None or sender == recipient:
        raise BadParcel(Fault.FOREIGN)
    if recipient.keys != own:
        raise BadParcel(Fault.NOT_FOR_US)
    came.prove(sender.keys, own)


def _fits(tx: Tx, keys: SealKeys, found: Review, came: Unsealed, now: datetime) -> None:
    """Raise `BadParcel` where a proved parcel is not the next of its sender, or too early or late for the review."""
    parcel = came.parcel
    last = _last(tx, found.id, "in", parcel.sender)
    if parcel.number <= last:
        columns = JOINT_PARCELS.c
        held = tx.execute(
            select(columns.kept).where(
                columns.review == found.id, columns.direction == "in",
                columns.peer == parcel.sender, columns.number == parcel.number,
            )
        ).scalar_one()  # fmt: skip
        same = kept(keys, bytes(held)) == came.signed
        raise BadParcel(Fault.REPLAYED if same else Fault.OLD)
    ended = found.state is State.CLOSED and parcel.kind != CLOSING
    if ended or now.date() > found.invitation.terms.until:
        raise BadParcel(Fault.OVER)
    if parcel.number > last + 1:
        raise BadParcel(Fault.OUT_OF_ORDER, f"number {last + 1} of {parcel.sender}")
    early = found.state in (State.INVITED, State.ACCEPTING, State.PROPOSED, State.REFUSED)
    if early and parcel.kind != ACCEPTANCE:
        raise BadParcel(Fault.NOT_ACCEPTED, found.state)


def _last(tx: Tx, review_id: str, direction: str, peer: str) -> int:
    columns = JOINT_PARCELS.c
    last = select(func.max(columns.number)).where(
        columns.review == review_id, columns.direction == direction, columns.peer == peer
    )
    return tx.execute(last).scalar() or 0


def _log(
    tx: Tx, keys: SealKeys, actor: Actor, parcel: Parcel, signed: bytes, now: datetime, *,
    file: bytes | None = None, prepared: int | None = None, digest: str | None = None,
) -> Logged:  # fmt: skip
    direction, peer = ("in", parcel.sender) if file is None else ("out", parcel.recipient)
    row = {
        "no": (tx.execute(select(func.max(JOINT_PARCELS.c.no))).scalar() or 0) + 1,
        "review": parcel.review, "direction": direction, "peer": peer, "number": parcel.number,
        "kind": parcel.kind, "at": now, "actor": actor.name, "prepared": prepared,
        "digest": digest or _digest(file or b""), "kept": keep(keys, signed), "file": file,
    }  # fmt: skip
    tx.execute(insert(JOINT_PARCELS).values(row))
    action, said = ("joint.receive", "from") if file is None else ("joint.send", "to")
    facts = {name: row[name] for name in ("kind", "peer", "number", "digest", "prepared")}
    why = f"{parcel.kind} {said} {peer}"
    audit.append(tx, actor, action, parcel.review, why, now, facts=facts)
    return _of(row, parcel)


def _logged(
    tx: Tx, keys: SealKeys, review_id: str, *wanted: ColumnElement[bool]
) -> tuple[Logged, ...]:
    rows = tx.execute(
        select(JOINT_PARCELS)
        .where(JOINT_PARCELS.c.review == review_id, *wanted)
        .order_by(JOINT_PARCELS.c.no)
    ).mappings()
    return tuple(_of(row, parcel_in(kept(keys, bytes(row["kept"])))) for row in rows)


def _of(row: Mapping[Any, Any], parcel: Parcel) -> Logged:
    names = ("no", "direction", "peer", "number", "kind", "at", "actor", "digest")
    return Logged(**{name: row[name] for name in names}, content=parcel.content)


def _digest(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()
