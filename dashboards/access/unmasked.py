"""Showing one value of the vault: by right, with a reason, audited before it is read, so many a day."""

from datetime import datetime

from casework import audit
from casework.people import Actor
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
    if not may(who, Action.UNMASK):
        raise NotAllowed(who.name, Action.UNMASK)
    if len(why.strip()) < LEAST_REASON:
        raise NoUnmaskReason(LEAST_REASON)
    if entity not in visible(key, (entity,)):
        raise OutsideRegions(who.name, entity)
    today = now.date()
    with workspace.casework() as store, store.write() as tx:
        seen = audit.entries(
            store, actor=who.name, action=UNMASKED, first=today, last=today, limit=1
        )
        if seen.total >= most:
            raise TooManyUnmasked(who.name, most)
        audit.append(tx, who, UNMASKED, entity, why, now, facts={"field": field})
    return workspace.in_clear(entity, field)
