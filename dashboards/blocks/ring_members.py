"""The members of a ring by role, core first. People by the end of their id, places by name."""

from collections.abc import Sequence

import streamlit as st

from dashboards.formats import count, pseudonym, yuan
from dashboards.frame import card
from dashboards.reading.dossier import PLACE_KINDS, Dossier
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term
from graph.results import MemberRow

MOST = 200
HEIGHT = 596


def members(found: Dossier) -> None:
    """All members, at most 200, with role, position, visits and money."""
    shown = found.members[:MOST]
    columns = [
        Column(t("ring.member.who"), kind="name"),
        Column(t("ring.member.core"), kind="nowrap"),
        Column(t("ring.member.visits"), "right"),
        Column(t("ring.member.fund"), "right", unit=t("unit.yuan")),
    ]
    with card("members", t("ring.members")):
        st.caption(t("ring.members.shown", n=len(shown), total=len(found.members)))
        rows = _rows(found, shown)
        show_table(Table(t("ring.members"), columns, rows, height=HEIGHT), "ring_members")


def _rows(found: Dossier, shown: Sequence[MemberRow]) -> list[Row]:
    return [
        Row(
            [
                _who(found, member),
                Cell(tags=[_position(member.core)]),
                count(member.visits),
                yuan(member.fund),
            ]
        )
        for member in shown
    ]


def _who(found: Dossier, member: MemberRow) -> Cell:
    role, note = term("role", member.role), member.note or ""
    place = found.places.get(member.key) if member.kind in PLACE_KINDS else None
    if place is not None:
        return Cell(
            place.name, sub=" · ".join(filter(None, (role, place.code, note))), hint=member.id
        )
    return Cell(pseudonym(member.id), sub=" · ".join(filter(None, (role, note))), hint=member.id)


def _position(core: bool) -> Tag:
    return Tag(t("core.yes"), "blue") if core else Tag(t("core.no"), "hollow")
