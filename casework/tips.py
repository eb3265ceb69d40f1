"""Tips (举报线索) and their ledger: received, assigned, looked into, answered.

What a tip says and who gave it are sealed with a key outside the store, each for itself. Who gave it is opened for
the liaison alone, for a reason and with an audit entry (条例 第三十五条: the reporter is kept secret).
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from casework import audit
from casework.bundles import seal_keys
from casework.cases.desk import open_case
from casework.cases.rules import Case, Origin, Source
from casework.errors import NoReporter, NoTip
from casework.people import Actor, Role, require
from casework.sealed import seal, unseal
from casework.sql import func, insert, select, update
from casework.store import Tx
from casework.store.case_tables import TIP_REPORTERS, TIPS


class TipState(StrEnum):
    """How far a tip has come; each state follows the one before it."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    RESULT = "result"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Tip:
    """A tip without its reporter and without what it says. `case_id` is the case opened from it."""

    no: int
    received_at: datetime
    receiver: str
    channel: str
    area: str
    state: TipState
    assignee: str | None
    result: str | None
    answered_at: datetime | None
    case_id: str | None

    @property
    def id(self) -> str:
        """What the audit and addresses call it."""
        return f"tip_{self.no}"


def tip_key(workspace: Path) -> bytes:
    """What tips are sealed with in the store of `workspace`; raises `BadSealKey`."""
    return seal_keys(workspace).secret("huancha tips in the store")


def receive(
    tx: Tx, actor: Actor, key: bytes, channel: str, area: str, content: str,
    reporter: str | None, now: datetime,
) -> Tip:  # fmt: skip
    """Enter a tip that came by `channel`; `reporter` says who gave it, None where that is unknown."""
    require(actor, Role.LIAISON, area)
    no = (tx.execute(select(func.max(TIPS.c.no))).scalar() or 0) + 1
    sealed = base64.b64encode(seal(key, f"tip {no}", content)).decode()
    row = {
        "no": no, "received_at": now, "receiver": actor.name, "channel": channel, "area": area,
        "content": sealed, "state": TipState.RECEIVED,
    }  # fmt: skip
    tx.execute(insert(TIPS).values(row))
    if reporter is not None:
        hidden = seal(key, f"reporter of tip {no}", reporter)
        tx.execute(insert(TIP_REPORTERS).values(no=no, sealed=hidden))
    facts = {"channel": channel, "reporter_known": reporter is not None}
    audit.append(tx, actor, "tip.receive", f"tip_{no}", channel, now, facts=facts)
    return tip(tx, no)


def tip(tx: Tx, no: int) -> Tip:
    """One tip; raises `NoTip`."""
    found = tx.execute(select(TIPS).where(TIPS.c.no == no)).mappings().first()
    if found is None:
        raise NoTip(no)
    return _tip(found)


def tips(tx: Tx, state: TipState | None = None) -> tuple[Tip, ...]:
    """Tips in `state`, or all that are not answered, oldest first."""
    wanted = TIPS.c.state != TipState.ANSWERED if state is None else TIPS.c.state == state
    found = select(TIPS).where(wanted).order_by(TIPS.c.no)
    return tuple(_tip(row) for row in tx.execute(found).mappings())


def read_tip(tx: Tx, actor: Actor, key: bytes, no: int, why: str, now: datetime) -> str:
    """What a tip says, for investigators and the liaison; told in the audit. Raises `WrongKey`."""
    found = tip(tx, no)
    require(actor, Role.LIAISON if Role.LIAISON in actor.roles else Role.INVESTIGATOR, found.area)
    audit.append(tx, actor, "tip.read", f"tip_{no}", why, now)
    sealed = tx.execute(select(TIPS.c.content).where(TIPS.c.no == no)).scalar_one()
    return unseal(key, f"tip {no}", base64.b64decode(sealed))


def reporter(tx: Tx, actor: Actor, key: bytes, no: int, why: str, now: datetime) -> str:
    """Who gave a tip, for the liaison alone; told in the audit. Raises `NoReporter`, `WrongKey`."""
    require(actor, Role.LIAISON, tip(tx, no).area)
    audit.append(tx, actor, "tip.reporter", f"tip_{no}", why, now, "条例 第三十五条")
    held = tx.execute(select(TIP_REPORTERS.c.sealed).where(TIP_REPORTERS.c.no == no)).scalar()
    if held is None:
        raise NoReporter(no)
    return unseal(key, f"reporter of tip {no}", bytes(held))


def assign_tip(tx: Tx, actor: Actor, no: int, assignee: str, why: str, now: datetime) -> Tip:
    """Give a new tip to somebody."""
    changes = {"assignee": assignee}
    return _next(tx, actor, Role.LIAISON, no, TipState.ASSIGNED, "tip.assign", why, now, changes)


def open_from_tip(tx: Tx, actor: Actor, no: int, title: str, why: str, now: datetime) -> Case:
    """Open a case from a tip; the tip goes on by itself until it is answered."""
    found = tip(tx, no)
    opened = open_case(tx, actor, title, Source(Origin.TIP, f"tip_{no}"), found.area, why, now)
    tx.execute(update(TIPS).where(TIPS.c.no == no).values(case_id=opened.id))
    return opened


def record_result(tx: Tx, actor: Actor, no: int, result: str, now: datetime) -> Tip:
    """Say what an assigned tip came to."""
    changes = {"result": result}
    return _next(
        tx, actor, Role.INVESTIGATOR, no, TipState.RESULT, "tip.result", result, now, changes
    )


def answer_tip(tx: Tx, actor: Actor, no: int, answer: str, now: datetime) -> Tip:
    """Note that the reporter was answered, and what."""
    changes = {"answered_at": now}
    return _next(tx, actor, Role.LIAISON, no, TipState.ANSWERED, "tip.answer", answer, now, changes)


def _next(
    tx: Tx, actor: Actor, role: Role, no: int, state: TipState, action: str, why: str,
    now: datetime, changes: Mapping[str, Any],
) -> Tip:  # fmt: skip
    found = tip(tx, no)
    require(actor, role, found.area)
    states = list(TipState)
    if states.index(state) != states.index(found.state) + 1:
        raise NoTip(no)
    tx.execute(update(TIPS).where(TIPS.c.no == no).values(state=state, **changes))
    audit.append(tx, actor, action, f"tip_{no}", why, now)
    return tip(tx, no)


def _tip(row: Mapping[Any, Any]) -> Tip:
    held = dict(row)
    del held["content"]
    return Tip(**held | {"state": TipState(held["state"])})
