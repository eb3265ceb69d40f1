"""The audit as the dashboard writes it: what a person opened, took along, asked for. Fails closed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from casework import audit
from casework.people import Actor
from dashboards.access.errors import NotAllowed
from dashboards.access.permissions import Action, may
from dashboards.clock import now
from huancha.workspace import open_workspace

T = TypeVar("T")
OPENED = "open"
TAKEN = "export"


def record(workspace: Path, who: Actor, action: str, subject: str, why: str, **facts: Any) -> None:
    """Add an entry to the audit. Raises `CaseworkError`; then what it tells of must not happen."""
    with open_workspace(workspace).casework() as store, store.write() as tx:
        audit.append(tx, who, action, subject, why, now(), facts=facts)


def exported(
    workspace: Path,
    who: Actor,
    subject: str,
    what: str,
    make: Callable[[], T],
    action: Action = Action.EXPORT,
) -> Callable[[], T]:
    """`make`, to be called when `who` takes it along: refused without the right, audited before it is made.

    The call raises `NotAllowed` and `CaseworkError`.
    """

    def take() -> T:
        if not may(who, action):
            raise NotAllowed(who.name, action)
        record(workspace, who, TAKEN, subject, what)
        return make()

    return take
