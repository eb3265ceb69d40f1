"""All registrations of a practitioner, or of a place's staff, each with state, days and source."""

import streamlit as st

from dashboards import state as tab
from dashboards.blocks.sanction_words import state_word
from dashboards.formats import count, day, pseudonym, yuan
from dashboards.frame import card
from dashboards.navigation import open_entity
from dashboards.reading.entity import Entity, Registration, by_state
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import region, t
from graph.model import NodeKind

MOST = 300
HEIGHT = 420


def registrations(found: Entity) -> None:
    """The table; a row opens the place, or for a place the practitioner."""
    of_place = found.kind is not NodeKind.PRACTITIONER
    rows = found.registrations
    with card("profile_registrations", t("profile.staff" if of_place else "profile.registrations")):
        if not rows:
            st.text(t("profile.registrations.none"))
            return
        words = [
            t("profile.state.count", state=state_word(state), n=count(n))
            for state, n in by_state(rows).items()
        ]
        if of_place:
            st.caption(t("profile.staff.states", states=t("separator").join(words)))
        st.caption(t("desk.rows", n=count(min(len(rows), MOST)), total=count(len(rows))))
        columns = [
            Column(t("profile.who" if of_place else "profile.place"), kind="name"),
            Column(t("profile.state"), kind="nowrap"),
            Column(t("profile.begin"), kind="nowrap"),
            Column(t("profile.end"), kind="nowrap"),
            Column(t("profile.visits"), "right"),
            Column(t("profile.fund"), "right", unit=t("unit.yuan")),
            Column(t("desk.column.source"), kind="cite"),
        ]
        made = [_row(row, of_place) for row in rows[:MOST]]
        table = Table(t("profile.registrations"), columns, made, height=HEIGHT)
        open_entity(show_table(table, "profile_registrations"))
        st.caption(t("profile.source.registrations"))


def _row(row: Registration, of_place: bool) -> Row:
    target = row.practitioner if of_place else row.place
    if of_place:
        who = Cell(pseudonym(row.practitioner), sub=row.dept, hint=row.practitioner)
    else:
        sub = " · ".join(part for part in (row.code, region(row.admdvs), row.dept) if part)
        who = Cell(row.name, sub=sub, hint=row.place)
    tags = [Tag(state_word(row.state))] if row.state else []
    if row.main:
        tags.append(Tag(t("profile.main"), "blue"))
    source = (
        t("desk.source", file=row.source, line=row.line) if row.source else t("profile.source.none")
    )
    return Row(
        [
            who,
            Cell(tags=tags),
            day(row.begin),
            day(row.end),
            count(row.visits),
            yuan(row.fund),
            source,
        ],
        id=target,
        href=f"profile?entity={target}&lang={tab.language()}",
    )
