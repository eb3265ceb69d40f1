"""The members of a ring by role, core first. People by the end of their id, places by name."""

from collections.abc import Sequence

import streamlit as st

from dashboards import state
from dashboards.formats import count, pseudonym, yuan
from dashboards.frame import card
from dashboards.navigation import open_entity
from dashboards.reading.dossier import PLACE_KINDS, Dossier
from dashboards.reading.ring_parts import Use
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term
from graph.model import NodeKind
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
        open_entity(
            show_table(Table(t("ring.members"), columns, rows, height=HEIGHT), "ring_members")
        )


def _rows(found: Dossier, shown: Sequence[MemberRow]) -> list[Row]:
    return [
        Row(
            [
                _who(found, member),
                _position(member),
                count(use.visits),
                yuan(use.fund),
            ],
            id=member.id,
            href=f"profile?entity={member.id}&lang={state.language()}",
        )
        for member, use in ((member, use_of(found, member)) for member in shown)
    ]


def use_of(found: Dossier, member: MemberRow) -> Use:
    """A member's visits and money: a place's and a practitioner's are those of the ring there."""
    if member.kind in PLACE_KINDS:
        mine = [use.use for use in found.uses if use.place.key == member.key]
        return mine[0] if mine else Use(0, 0, 0)
    if member.kind == NodeKind.PRACTITIONER:
        return found.work.get(member.key, Use(0, 0, 0))
    return Use(member.visits, 1, member.fund)


def _who(found: Dossier, member: MemberRow) -> Cell:
    role, note = term("role", member.role), member.note or ""
    place = found.places.get(member.key) if member.kind in PLACE_KINDS else None
    if place is not None:
        return Cell(
            place.name, sub=" · ".join(filter(None, (role, place.code, note))), hint=member.id
        )
    return Cell(pseudonym(member.id), sub=" · ".join(filter(None, (role, note))), hint=member.id)


def _position(member: MemberRow) -> Cell:
    """Core or periphery is said of patients; places and staff are there by their part in it."""
    if member.kind != NodeKind.PATIENT:
        return Cell(tags=[Tag(t("core.attached"))])
    return Cell(tags=[Tag(t("core.yes"), "blue") if member.core else Tag(t("core.no"), "hollow")])
