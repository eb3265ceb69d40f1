"""What was ordered, how far each order is, and what a person does about one that its place rejected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from casework import audit
from casework.orders.errors import NoOrder, NotReopened
from casework.orders.wire import Acknowledgement, Answer, Order, OrderKind
from casework.people import Actor, Role, require
from casework.sql import ColumnElement, FromClause, ScalarSelect, and_, func, insert, or_, select
from casework.store import Tx
from casework.store.order_tables import ORDER_EVENTS, ORDERS
from casework.store.sanction_tables import SANCTIONS


class State(StrEnum):
    """How far an order is; a rejected one needs a person, an expired one was not acknowledged in its term."""

    PENDING = "pending"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Event(StrEnum):
    """What happens to an order; the store holds which may follow which."""

    SENT = "sent"
    FAILED = "failed"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REOPENED = "reopened"


_STATES: Mapping[str | None, State] = {
    None: State.PENDING, Event.FAILED: State.PENDING, Event.REOPENED: State.PENDING,
    Event.SENT: State.SENT, Event.ACKNOWLEDGED: State.ACKNOWLEDGED,
    Event.REJECTED: State.REJECTED, Event.EXPIRED: State.EXPIRED,
}  # fmt: skip


@dataclass(frozen=True)
class Issued:
    """An order as it goes over the wire, and how far it is.

    A place keeps to its rejection, so that an order sent again by a person goes under `id` with a number.
    `practitioner` and `place` are blind ids. `step` counts what happened so far, last at `at` for `reason`;
    from `due` on it may be sent again, None: at once or never. `undone` is the first day on which an order
    that reverses it holds.
    """

    no: int
    id: str
    order: Order
    sanction: int
    practitioner: str
    place: str
    area: str | None
    state: State
    step: int
    at: datetime | None
    due: datetime | None
    receipt: str | None
    reason: str | None
    undone: date | None

    def over(self, day: date) -> bool:
        """Whether its term has passed on `day`, by itself or because it is reversed."""
        ended = self.order.ends is not None and self.order.ends < day
        return ended or (self.undone is not None and self.undone <= day)


@dataclass(frozen=True)
class News:
    """What happened to an order, and what it needs to say: a receipt, or when the order is due again."""

    event: Event
    why: str
    due: datetime | None = None
    receipt: str | None = None


def orders_of(tx: Tx, sanction: int) -> tuple[Issued, ...]:
    """The orders of a sanction and of its lift, as they were made."""
    return _orders(tx, ORDERS.c.sanction == sanction)


def order(tx: Tx, id_: str) -> Issued:
    """One order; raises `NoOrder`."""
    found = _orders(tx, ORDERS.c.id == id_)
    if not found:
        raise NoOrder(id_)
    return found[0]


def orders_in(tx: Tx, *states: State) -> tuple[Issued, ...]:
    """The orders in one of `states`, oldest first."""
    events = [event for event, state in _STATES.items() if event and state in states]
    wanted: ColumnElement[bool] = ORDER_EVENTS.c.event.in_(events)
    if State.PENDING in states:
        wanted = or_(wanted, ORDER_EVENTS.c.event.is_(None))
    return _orders(tx, wanted)


def counts(tx: Tx) -> dict[State, int]:
    """How many orders are in each state."""
    event = ORDER_EVENTS.c.event
    found = select(event, func.count()).select_from(_with_last_event()).group_by(event)
    numbers = dict.fromkeys(State, 0)
    for happened, many in tx.execute(found):
        numbers[_STATES[happened]] += many
    return numbers


def append(tx: Tx, actor: Actor, issued: Issued, news: News, now: datetime) -> None:
    """Write down what happened to an order after the step it is at, with its audit entry."""
    row = {
        "order_no": issued.no, "step": issued.step + 1, "event": news.event, "at": now,
        "actor": actor.name, "due": news.due, "receipt": news.receipt, "reason": news.why,
    }  # fmt: skip
    tx.execute(insert(ORDER_EVENTS).values(row))
    facts = {"place": issued.place, "step": issued.step + 1, "receipt": news.receipt}
    law = issued.order.law
    audit.append(tx, actor, f"order.{news.event}", issued.id, news.why, now, law, facts)


def settle(tx: Tx, actor: Actor, sent: Issued, news: News, now: datetime) -> None:
    """Write down what came of sending an order, which stood as `sent` before it was sent.

    An answer counts for whoever sent it; that a call failed counts unless the order was sent again meanwhile.
    """
    held = order(tx, sent.id)
    again = held.step != sent.step + 1 and news.event is Event.FAILED
    if held.state is State.SENT and not again:
        append(tx, actor, held, news, now)


def answered(said: Acknowledgement) -> News:
    """What an acknowledgement means for its order."""
    if said.status is Answer.ACKNOWLEDGED:
        return News(Event.ACKNOWLEDGED, "acknowledged by its place", receipt=said.receipt)
    why = said.reason or "rejected by its place, which gave no reason"
    return News(Event.REJECTED, why, receipt=said.receipt)


def reopen(tx: Tx, actor: Actor, id_: str, why: str, now: datetime) -> Issued:
    """Have a rejected order sent again, once somebody has put right why it was rejected.

    Raises `NoOrder`, `NotAllowed`, `NotReopened` unless it is rejected and the last word to its registration.
    """
    found = order(tx, id_)
    require(actor, Role.LIAISON, found.order.issuer)
    later = select(ORDERS.c.no).where(
        ORDERS.c.practitioner == found.practitioner, ORDERS.c.place == found.place,
        ORDERS.c.sequence > found.order.sequence,
    )  # fmt: skip
    if found.state is not State.REJECTED or tx.execute(later).first() is not None:
        raise NotReopened(id_, found.state)
    append(tx, actor, found, News(Event.REOPENED, why, due=now), now)
    return order(tx, id_)


def _with_last_event() -> FromClause:
    steps = func.max(ORDER_EVENTS.c.step).label("step")
    last = select(ORDER_EVENTS.c.order_no, steps).group_by(ORDER_EVENTS.c.order_no).subquery()
    of_order = ORDER_EVENTS.c.order_no == ORDERS.c.no
    return ORDERS.outerjoin(last, last.c.order_no == ORDERS.c.no).outerjoin(
        ORDER_EVENTS, and_(of_order, ORDER_EVENTS.c.step == last.c.step)
    )


def _orders(tx: Tx, *wanted: ColumnElement[bool]) -> tuple[Issued, ...]:
    reversed_, reversing = ORDERS.alias(), ORDERS.alias()
    joined = (
        _with_last_event()
        .join(SANCTIONS, SANCTIONS.c.no == ORDERS.c.sanction)
        .outerjoin(reversed_, reversed_.c.no == ORDERS.c.reverses)
        .outerjoin(reversing, reversing.c.reverses == ORDERS.c.no)
    )
    happened = [column for column in ORDER_EVENTS.c if column.name not in ("order_no", "actor")]
    columns = (
        *(column for column in ORDERS.c if column.name != "reverses"), *happened,
        SANCTIONS.c.area.label("issuer"), reversed_.c.id.label("reversed"),
        reversing.c.begins.label("undone"), _reopened(ORDERS.c.no).label("reopened"),
        _reopened(ORDERS.c.reverses).label("reversed_reopened"),
    )  # fmt: skip
    found = select(*columns).select_from(joined).where(*wanted).order_by(ORDERS.c.no)
    return tuple(_issued(dict(row)) for row in tx.execute(found).mappings())


def _reopened(no: ColumnElement[Any]) -> ScalarSelect[int]:
    """How often a person had an order sent again."""
    events = ORDER_EVENTS.alias()
    times = select(func.count()).select_from(events)
    return times.where(events.c.order_no == no, events.c.event == Event.REOPENED).scalar_subquery()


def _issued(row: Mapping[str, Any]) -> Issued:
    said = ("place_code", "practitioner_code", "begins", "ends", "law", "issued", "issuer")
    wire = {name: row[name] for name in (*said, "sequence")}
    held = (
        "no",
        "id",
        "sanction",
        "practitioner",
        "place",
        "area",
        "at",
        "due",
        "receipt",
        "reason",
    )
    return Issued(
        order=Order(
            order=_numbered(row["id"], row["reopened"]),
            kind=OrderKind(row["kind"]),
            reverses=_numbered(row["reversed"], row["reversed_reopened"]),
            **wire,
        ),
        state=_STATES[row["event"]],
        step=row["step"] or 0,
        undone=row["undone"],
        **{name: row[name] for name in held},
    )


def _numbered(id_: Any, times: int) -> Any:
    return f"{id_}_{times}" if times else id_
