"""What orders make of a practitioner on a day: the same, in whatever order they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casework.orders.wire import Order, OrderKind

_DAY = timedelta(days=1)


class State(StrEnum):
    """Whether a practitioner's work may be settled; mildest first."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


@dataclass(frozen=True)
class Qualification:
    """A practitioner at a place on the day `on`, and the order that decides it.

    Unless active it is so from `since` to `until`, both included; no `until`: no end is known. What holds on the
    day after has to be asked for that day.
    """

    practitioner_code: str
    place_code: str
    on: date
    state: State
    since: date | None
    until: date | None
    order: str | None
    law: str | None


_HOLDS = {OrderKind.SUSPEND: State.SUSPENDED, OrderKind.TERMINATE: State.TERMINATED}


def qualification(
    place: str, practitioner: str, orders: Sequence[Order], on: date
) -> Qualification:
    """What `orders`, all to that place on that practitioner, say of the day `on`.

    A suspension or termination holds in its days until an order that reverses it begins, or a later reinstatement
    that names no order. Of several the strictest decides, then the one that ends last.
    """
    holding = [
        (list(State).index(_HOLDS[one.kind]), last or date.max, one.sequence, one, last)
        for one in orders
        if one.kind in _HOLDS and one.begins <= on
        for last in [_last(one, orders, on)]
        if last is None or on <= last
    ]
    if not holding:
        return Qualification(practitioner, place, on, State.ACTIVE, None, None, None, None)
    *_, one, last = max(holding, key=lambda held: held[:3])
    return Qualification(
        practitioner, place, on, _HOLDS[one.kind], one.begins, last, one.order, one.law
    )


def _last(order: Order, orders: Sequence[Order], on: date) -> date | None:
    """The last day of an order that began by `on`; a day before `on` wherever it no longer holds then."""
    ends = [order.ends] if order.ends else []
    ends += [max(one.begins, order.begins) - _DAY for one in orders if _undoes(one, order)]
    return min(ends, default=None)


def _undoes(one: Order, order: Order) -> bool:
    if one.reverses is None:
        return one.kind is OrderKind.REINSTATE and one.sequence > order.sequence
    return one.reverses == order.order
