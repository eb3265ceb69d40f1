"""What waits for a decision, orders that are not acknowledged, and what is seen after the sanctions."""

from collections.abc import Sequence

import streamlit as st

from casework.orders.ledger import State
from casework.watch import Sign, Watched
from dashboards import state
from dashboards.blocks.sanction_words import HEIGHT, STATE_TONES, standing_of, term_of
from dashboards.clock import now
from dashboards.formats import DASH, count, days, pseudonym, yuan
from dashboards.frame import card
from dashboards.navigation import page_file
from dashboards.reading.sanctioning import Desk, place_names
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term
from graph.snapshot import Snapshot


def sanctions_waiting(snapshot: Snapshot, found: Desk) -> None:
    """One table; a row opens the sanction or the practitioner it is about."""
    today = now().date()
    names = place_names(snapshot, [one.place for one in found.orders])
    rows = [
        _row(
            f"sanction={one.no}", term("sanction_kind", one.kind), one.target, term_of(one),
            standing_of(one, today),
        )
        for one in found.sanctions
    ]  # fmt: skip
    rows += [
        _row(
            f"sanction={one.no}", term("sanction_kind", one.kind), one.target, term_of(one),
            Tag(t("sanctioning.lift.waiting"), "orange"),
        )
        for one in found.lifts.values()
    ]  # fmt: skip
    rows += [
        _row(
            f"who={one.practitioner}", t("sanctioning.points.waiting", points=one.points),
            one.practitioner, one.document, Tag(t("sanctioning.waiting"), "orange"),
        )
        for one in found.lines
    ]  # fmt: skip
    for state_ in (State.REJECTED, State.EXPIRED, State.SENT, State.PENDING):
        rows += [
            _row(
                f"sanction={one.sanction}", term("order_kind", one.order.kind), one.practitioner,
                names.get(one.place, one.order.place_code),
                Tag(term("order_state", state_), STATE_TONES.get(state_, "")),
            )
            for one in found.orders if one.state is state_
        ]  # fmt: skip
    with card("sanctions_waiting", t("sanctioning.waits")):
        if not rows:
            st.text(t("sanctioning.waits.none"))
            return
        st.caption(t("sanctioning.waits.n", n=count(len(rows))))
        columns = [
            Column(t("sanctioning.what"), kind="nowrap"),
            Column(t("sanctioning.subject"), kind="nowrap"),
            Column(t("sanctioning.about"), kind="name"),
            Column(t("sanctioning.state"), kind="nowrap"),
        ]
        opened = show_table(Table(t("sanctioning.waits"), columns, rows, height=HEIGHT), "waiting")
        if opened:
            what, value = opened.split("=")
            st.switch_page(page_file("sanctions"), query_params={what: value})


def _row(address: str, what: str, subject: str, about: str, tag: Tag) -> Row:
    cells: list[Cell | str] = [what, pseudonym(subject), about, Cell(tags=[tag])]
    return Row(cells, id=address, href=f"sanctions?{address}&lang={state.language()}")


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
        if opened:
            st.switch_page(page_file("profile"), query_params={"entity": opened})
