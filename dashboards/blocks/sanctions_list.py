"""Practitioners of several places, those in leads first; a row shows what a suspension reaches."""

from collections.abc import Sequence

import streamlit as st

from dashboards import state
from dashboards.blocks.ring_table import GRADE_TONES
from dashboards.formats import DASH, count, pseudonym
from dashboards.frame import card
from dashboards.navigation import open_sanctions
from dashboards.reading.reach import Linked
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import region, t, term

MOST = 200
HEIGHT = 520


def sanctions_list(found: Sequence[Linked]) -> None:
    """The table, on asking only those that a lead names."""
    with card("sanctions_list", t("sanctions.list")):
        led = st.toggle(t("sanctions.led"), key="sanctions_led", persist_state="session")
        kept = [one for one in found if one.rings or not led]
        if not kept:
            st.text(t("sanctions.none"))
            return
        st.caption(t("sanctions.shown", n=min(MOST, len(kept)), total=count(len(kept))))
        columns = [
            Column(t("sanctions.who"), kind="nowrap"),
            Column(t("sanctions.places"), "right"),
            Column(t("sanctions.running"), "right"),
            Column(t("sanctions.areas"), kind="name"),
            Column(t("sanctions.rings"), kind="name"),
            Column(t("sanctions.penalties"), "right"),
        ]
        rows = [_row(one) for one in kept[:MOST]]
        table = Table(t("sanctions.list"), columns, rows, height=HEIGHT)
        opened = show_table(table, "sanctions_list")
        if opened:
            open_sanctions(who=opened)


def _row(found: Linked) -> Row:
    rings = Cell(DASH)
    if found.rank is not None:
        tags = [Tag(term("grade", found.grade), GRADE_TONES.get(found.grade, ""))]
        rings = Cell(tags=tags, sub=t("sanctions.rings.value", n=found.rings, rank=found.rank))
    return Row(
        [
            Cell(pseudonym(found.id), sub=term("role", found.profession or "practitioner")),
            count(found.places),
            count(found.running),
            t("separator").join(region(code) for code in found.provinces) or DASH,
            rings,
            count(found.penalties),
        ],
        id=found.id,
        href=f"sanctions?who={found.id}&lang={state.language()}",
    )
