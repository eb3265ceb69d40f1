"""How sanctions, their reach and their orders read on every block that shows them."""

from collections.abc import Mapping, Sequence
from datetime import date

from casework.orders.ledger import Issued, State
from casework.points import Points
from casework.sanctions import Reached, Sanction, Stage
from dashboards.formats import DASH, count, day, minute, pseudonym, yuan
from dashboards.table import Cell, Column, Row, Table, Tag
from dashboards.texts import region, t, term

STATE_TONES: Mapping[State, str] = {
    State.ACKNOWLEDGED: "green", State.REJECTED: "red", State.EXPIRED: "red", State.SENT: "blue",
}  # fmt: skip
HEIGHT = 420


def standing_of(one: Sanction, today: date) -> Tag:
    """Where a sanction stands on `today`."""
    if one.approved is None:
        return Tag(t("sanctioning.waiting"), "orange")
    if not one.approved:
        return Tag(t("sanctioning.refused"))
    stage = one.stage(today)
    return Tag(term("sanction_stage", stage), "red" if stage is Stage.RUNNING else "")


def reviewed(line: Points) -> Tag:
    """Whether a line of the points ledger was approved."""
    if line.approved is None:
        return Tag(t("sanctioning.waiting"), "orange")
    return Tag(t("sanctioning.approved" if line.approved else "sanctioning.refused"))


def term_of(one: Sanction) -> str:
    """First and last day; only the first where it ends with a lift."""
    if one.ends is None:
        return t("sanctioning.end.none", begins=day(one.begins))
    return f"{day(one.begins)} – {day(one.ends)}"


def state_word(state: str | None) -> str:
    """The word for the state of a registration."""
    return term("reg_state", state) if state else t("profile.state.unknown")


def reach_table(lines: Sequence[Reached], names: Mapping[str, str]) -> Table:
    """The registrations a sanction changes; `names` of places by id."""
    columns = [
        Column(t("sanctioning.place"), kind="name"),
        Column(t("sanctioning.subject"), kind="nowrap"),
        Column(t("sanctioning.change"), kind="nowrap"),
        Column(t("sanctioning.patients"), "right"),
        Column(t("sanctioning.unpayable"), "right", unit=t("unit.yuan")),
    ]
    rows = []
    for one in lines:
        place = " · ".join(filter(None, (region(one.area or ""), one.department)))
        alone = t("sanctioning.alone") if one.alone else ""
        sure = t("sanctioning.confidence", confidence=f"{one.confidence:.0%}")
        exempt = t("sanctioning.exempt", n=count(one.exempt)) if one.exempt else ""
        rows.append(
            Row(
                [
                    Cell(names.get(one.place, pseudonym(one.place)), sub=place),
                    Cell(pseudonym(one.practitioner), sub=sure),
                    Cell(f"{state_word(one.before)} → {state_word(one.after)}", sub=alone),
                    count(one.patients),
                    Cell(yuan(one.fund), sub=exempt),
                ]
            )
        )
    return Table(t("sanctioning.reach"), columns, rows, height=HEIGHT)


def order_table(orders: Sequence[Issued], names: Mapping[str, str]) -> Table:
    """Orders with how far they are; a row opens its sanction."""
    columns = [
        Column(t("sanctioning.place"), kind="name"),
        Column(t("sanctioning.order"), kind="nowrap"),
        Column(t("sanctioning.state"), kind="nowrap"),
        Column(t("sanctioning.receipt"), kind="name"),
        Column(t("sanctioning.order.at"), kind="nowrap"),
    ]
    rows = [
        Row(
            [
                Cell(names.get(one.place, pseudonym(one.place)), sub=region(one.area or "")),
                Cell(term("order_kind", one.order.kind), sub=one.order.order[:8]),
                Cell(tags=[Tag(term("order_state", one.state), STATE_TONES.get(one.state, ""))]),
                Cell(one.receipt or DASH, sub=one.reason or ""),
                minute(one.at or one.order.issued),
            ]
        )
        for one in orders
    ]
    return Table(t("sanctioning.orders"), columns, rows, height=HEIGHT)
