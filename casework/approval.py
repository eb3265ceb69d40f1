"""Four eyes: whatever needs a second person is proposed here and decided by somebody who did not make it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework import audit
from casework.errors import NoProposal, NoReason, SamePerson
from casework.people import Actor, Role, require
from casework.sql import ColumnElement, func, insert, select
from casework.store import Tx
from casework.store.case_tables import PROPOSALS, REVIEWS


@dataclass(frozen=True)
class Proposal:
    """Something one person proposed. `approved` is None until another person has decided."""

    no: int
    kind: str
    subject: str
    area: str
    content: Mapping[str, Any]
    why: str
    law: str | None
    maker: str
    made_at: datetime
    approved: bool | None = None
    reviewer: str | None = None
    reviewed_at: datetime | None = None
    review: str | None = None


def propose(
    tx: Tx,
    actor: Actor,
    kind: str,
    subject: str,
    area: str,
    content: Mapping[str, Any],
    why: str,
    now: datetime,
    law: str | None = None,
) -> Proposal:
    """Record a proposal; the caller has asked for the maker's role. Raises `NoReason`."""
    no = (tx.execute(select(func.max(PROPOSALS.c.no))).scalar() or 0) + 1
    said = audit.append(tx, actor, f"{kind}.propose", subject, why, now, law, {"no": no, **content})
    row = {
        "no": no, "kind": kind, "subject": subject, "area": area, "why": said.why, "law": law,
        "maker": actor.name, "made_at": now,
        "content": json.dumps(content, ensure_ascii=False, default=str),
    }  # fmt: skip
    tx.execute(insert(PROPOSALS).values(row))
    return proposal(tx, no)


def decide(
    tx: Tx, actor: Actor, no: int, kind: str, why: str, now: datetime, *, approve: bool
) -> Proposal:
    """Approve or refuse the open proposal `no` of `kind`; its maker may not, and the database holds that too.

    Raises `NoProposal`, `NotAllowed`, `SamePerson` and `NoReason`.
    """
    found = proposal(tx, no)
    require(actor, Role.APPROVER, found.area)
    if found.kind != kind or found.approved is not None:
        raise NoProposal(f"proposal {no}")
    if found.maker == actor.name:
        raise SamePerson(actor.name, f"proposal {no}")
    action = f"{kind}.{'approve' if approve else 'refuse'}"
    if not why.strip():
        raise NoReason(action)
    row = {"no": no, "approved": approve, "reviewer": actor.name, "reviewed_at": now, "review": why}
    tx.execute(insert(REVIEWS).values(row))
    audit.append(tx, actor, action, found.subject, why, now, found.law, {"no": no})
    return proposal(tx, no)


def proposal(tx: Tx, no: int) -> Proposal:
    """One proposal; raises `NoProposal`."""
    found = _proposals(tx, PROPOSALS.c.no == no)
    if not found:
        raise NoProposal(f"proposal {no}")
    return found[0]


def proposals(tx: Tx, subject: str) -> tuple[Proposal, ...]:
    """Everything proposed for `subject`, oldest first."""
    return _proposals(tx, PROPOSALS.c.subject == subject)


def of_kind(tx: Tx, kind: str) -> tuple[Proposal, ...]:
    """Everything proposed of `kind`, oldest first."""
    return _proposals(tx, PROPOSALS.c.kind == kind)


def waiting(tx: Tx) -> tuple[Proposal, ...]:
    """The proposals nobody has decided yet, oldest first."""
    return _proposals(tx, REVIEWS.c.no.is_(None))


def _proposals(tx: Tx, *wanted: ColumnElement[bool]) -> tuple[Proposal, ...]:
    both = PROPOSALS.outerjoin(REVIEWS, PROPOSALS.c.no == REVIEWS.c.no)
    columns = [*PROPOSALS.c, *(column for column in REVIEWS.c if column.name != "no")]
    found = select(*columns).select_from(both).where(*wanted).order_by(PROPOSALS.c.no)
    return tuple(
        Proposal(**dict(row) | {"content": json.loads(row["content"])})
        for row in tx.execute(found).mappings()
    )
