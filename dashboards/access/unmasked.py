"""Showing one value of the vault or of a tip: by right, with a reason, audited before it is shown, so many a day."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from casework import audit, tips
from casework.people import Actor
from casework.store import Store
from dashboards.access.errors import (
    NotAllowed,
    NoUnmaskReason,
    OutsideRegions,
    TooManyUnmasked,
)
from dashboards.access.permissions import Action, may
from dashboards.opened import Key, visible
from huancha.workspace import Workspace

LEAST_REASON = 4
"""Characters of the shortest reason."""
UNMASKED = "unmask"


class TipPart(StrEnum):
    """What of a tip is sealed."""

    CONTENT = "content"
    REPORTER = "reporter"


PARTS: Final = {
    TipPart.CONTENT: (Action.TIP_READ, "tip.read", tips.read_tip),
    TipPart.REPORTER: (Action.TIP_REPORTER, "tip.reporter", tips.reporter),
}
"""The right each part asks for, what the audit calls a look at it, and how it is read."""


def unmask(
    workspace: Workspace,
    key: Key,
    who: Actor,
    entity: str,
    field: str,
    why: str,
    now: datetime,
    most: int,
) -> str | None:
    """The value of `field` of `entity`, None where the vault holds none; `who` may see `most` a day.

    Raises `AccessError`, `CaseworkError` when it cannot be audited, `LoadError` when the vault does not open.
    """
    _reasoned(who, Action.UNMASK, why)
    if entity not in visible(key, (entity,)):
        raise OutsideRegions(who.name, entity)
    with workspace.casework() as store, store.write() as tx:
        _below(store, who, UNMASKED, now, most)
        audit.append(tx, who, UNMASKED, entity, why, now, facts={"field": field})
    return workspace.in_clear(entity, field)


def unmask_tip(
    workspace: Workspace, who: Actor, no: int, part: TipPart, why: str, now: datetime, most: int
) -> str:
    """What tip `no` says or who gave it; `who` may see `most` of either a day.

    Raises `AccessError`, and `CaseworkError` where the ledger of tips refuses or it cannot be audited.
    """
    action, audited, read = PARTS[part]
    _reasoned(who, action, why)
    key = tips.tip_key(workspace.path)
    with workspace.casework() as store, store.write() as tx:
        _below(store, who, audited, now, most)
        return read(tx, who, key, no, why, now)


def _reasoned(who: Actor, action: Action, why: str) -> None:
    if not may(who, action):
        raise NotAllowed(who.name, action)
    if len(why.strip()) < LEAST_REASON:
        raise NoUnmaskReason(LEAST_REASON)


def _below(store: Store, who: Actor, audited: str, now: datetime, most: int) -> None:
    today = now.date()
    seen = audit.entries(store, actor=who.name, action=audited, first=today, last=today, limit=1)
    if seen.total >= most:
        raise TooManyUnmasked(who.name, most)
