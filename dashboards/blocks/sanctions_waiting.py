"""What waits for a decision, orders that are not acknowledged, and what is seen after the sanctions."""

from collections.abc import Mapping, Sequence

import streamlit as st

from casework.orders.ledger import State
from casework.watch import Sign, Watched
from dashboards import state
from dashboards.blocks.sanction_words import HEIGHT, STATE_TONES, standing_of, term_of
from dashboards.clock import now
from dashboards.formats import DASH, count, days, pseudonym, yuan
from dashboards.frame import card
from dashboards.navigation import open_entity, open_sanctions
from dashboards.reading.sanctioning import Desk, place_names
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term
from graph.snapshot import Snapshot


def sanctions_waiting(snapshot: Snapshot, found: Desk) -> None:
    """One table; a row opens the sanction, the line of points or the practitioner it is about."""
    rows = _rows(snapshot, found)
    with card("sanctions_waiting", t("sanctioning.waits")):
        if not rows:
            st.text(t("sanctioning.waits.none"))
            return
        st.caption(t("sanctioning.waits.n", n=count(len(rows))))
        columns = [
            Column(t("sanctioning.what"), kind="nowrap"),
            Column(t("sanctioning.subject"), kind="name"),
            Column(t("sanctioning.about"), kind="name"),
            Column(t("sanctioning.state"), kind="nowrap"),
        ]
        opened = show_table(Table(t("sanctioning.waits"), columns, rows, height=HEIGHT), "waiting")
        if opened:
            what, value = opened.split("=")
            open_sanctions(**{what: value})


def _rows(snapshot: Snapshot, found: Desk) -> list[Row]:
    today, waits = now().date(), Tag(t("sanctioning.waiting"), "orange")
    against = [(one, standing_of(one, today)) for one in found.sanctions]
    against += [(one, Tag(t("sanctioning.lift.waiting"), "orange")) for one in found.lifts.values()]
    named = [one.place for one in found.orders] + [one.target for one, _ in against]
    names = place_names(snapshot, [*named, *(one.subject for one in found.appeals)])
    rows = []
    for one, tag in against:
        kind, subject = term("sanction_kind", one.kind), _called(one.target, names)
        rows.append(_row(f"sanction={one.no}", kind, subject, term_of(one), tag))
    for line in found.lines:
        what = t(f"sanctioning.waits.{line.kind}", points=line.points)
        subject = pseudonym(line.practitioner)
        rows.append(_row(f"who={line.practitioner}", what, subject, line.document, waits))
    for each in found.appeals:
        address = (
            f"line={each.about.line}" if each.about.line else f"sanction={each.about.sanction}"
        )
        what, tag = t("sanctioning.waits.appeal", no=each.no), Tag(term("appeal_state", each.state))
        rows.append(_row(address, what, _called(each.subject, names), each.grounds, tag))
    for state_ in (State.REJECTED, State.EXPIRED, State.SENT, State.PENDING):
        for order in (one for one in found.orders if one.state is state_):
            kind, subject = term("order_kind", order.order.kind), pseudonym(order.practitioner)
            place = names.get(order.place, order.order.place_code)
            tag = Tag(term("order_state", state_), STATE_TONES.get(state_, ""))
            rows.append(_row(f"sanction={order.sanction}", kind, subject, place, tag))
    return rows


def _row(address: str, what: str, subject: str, about: str, tag: Tag) -> Row:
    cells: list[Cell | str] = [what, subject, about, Cell(tags=[tag])]
    return Row(cells, id=address, href=f"sanctions?{address}&lang={state.language()}")


def _called(id_: str, names: Mapping[str, str]) -> str:
    return names.get(id_, pseudonym(id_))


def sanctions_watch(snapshot: Snapshot, found: Sequence[Watched]) -> None:
    """The leads after sanctions; a row opens the person or place."""
    names = place_names(snapshot, [place for one in found for place in (one.subject, one.place)])
    with card("sanctions_watch", t("sanctioning.watch")):
        st.caption(t("sanctioning.watch.lead"))
        if not found:
            st.text(t("sanctioning.watch.none"))
            return
        st.caption(t("sanctioning.waits.n", n=count(len(found))))
        columns = [
            Column(t("sanctioning.watch.sign"), kind="nowrap"),
            Column(t("sanctioning.subject"), kind="name"),
            Column(t("sanctioning.place"), kind="name"),
            Column(t("sanctioning.watch.count"), "right"),
            Column(t("profile.fund"), "right", unit=t("unit.yuan")),
            Column(t("sanctions.day"), kind="nowrap"),
        ]
        rows = [
            Row(
                [
                    Cell(term("watch_sign", one.sign), sub=one.law or ""),
                    Cell(
                        names.get(one.subject, pseudonym(one.subject)),
                        sub=pseudonym(one.other) if one.other else "",
                    ),
                    names.get(one.place, pseudonym(one.place)),
                    Cell(count(one.count), sub=t("sanctioning.watch.of", n=count(one.base))),
                    yuan(one.fund) if one.sign is not Sign.SHARE else DASH,
                    days(one.first, one.last, state.language()),
                ],
                id=one.subject,
                href=f"profile?entity={one.subject}&lang={state.language()}",
            )
            for one in found
        ]
        opened = show_table(Table(t("sanctioning.watch"), columns, rows, height=HEIGHT), "watched")
        open_entity(opened)
