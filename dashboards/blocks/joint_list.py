"""Leads that cross provinces, each side's part in a column of its own."""

from collections.abc import Sequence

import streamlit as st

from dashboards import state
from dashboards.blocks.ring_table import GRADE_TONES
from dashboards.blocks.space_filters import area
from dashboards.formats import DASH, count, day, pseudonym, wan
from dashboards.frame import card
from dashboards.navigation import page_file
from dashboards.reading.flows import AREAS, ELSEWHERE
from dashboards.reading.joint import Crossing, Side
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import motif_title, t, term

MOST = 200
HEIGHT = 560
SIDES = (*AREAS, ELSEWHERE)


def joint_list(found: Sequence[Crossing], all_rings: int) -> None:
    """The filters and the table; a row shows that lead below."""
    with card("joint_list", t("joint.list")):
        sides, grades = st.columns([2, 1], vertical_alignment="bottom")
        wanted = sides.pills(
            t("joint.sides"),
            list(SIDES),
            selection_mode="multi",
            format_func=area,
            key="joint_sides",
            persist_state="session",
        )
        grade = grades.pills(
            t("joint.grade"),
            sorted({one.ring.grade for one in found}),
            selection_mode="multi",
            format_func=lambda code: term("grade", code),
            key="joint_grades",
            persist_state="session",
        )
        kept = [
            one
            for one in found
            if set(wanted) <= set(one.areas) and (not grade or one.ring.grade in grade)
        ]
        if not kept:
            st.text(t("joint.none.filtered"))
            return
        st.caption(
            t("joint.shown", n=min(MOST, len(kept)), total=count(len(kept)), all=count(all_rings))
        )
        opened = show_table(_table(kept[:MOST]), "joint_list")
        st.caption(t("joint.note"))
        if opened:
            st.switch_page(page_file("joint"), query_params={"ring": opened})


def _table(found: Sequence[Crossing]) -> Table:
    reached = {code for one in found for code in one.areas}
    shown = [*AREAS, *({ELSEWHERE} & reached)]
    columns = [
        Column(t("rings.column.rank"), "right"),
        Column(t("rings.column.ring"), kind="nowrap"),
        Column(t("rings.motif"), kind="name"),
        *(Column(area(code), kind="nowrap") for code in shown),
        Column(t("rings.column.fund"), "right", unit=t("unit.wan")),
        Column(t("rings.column.span"), kind="nowrap"),
    ]
    return Table(
        t("joint.list"), columns, [_row(one, shown) for one in found], link=1, height=HEIGHT
    )


def _row(found: Crossing, shown: Sequence[str]) -> Row:
    ring = found.ring
    sides = {side.area: side for side in found.sides}
    tags = [Tag(term("grade", ring.grade), GRADE_TONES.get(ring.grade, ""))]
    return Row(
        [
            count(ring.rank),
            Cell(pseudonym(ring.ring), hint=ring.ring),
            Cell(tags=[*tags, *(Tag(motif_title(name)) for name in ring.motifs)]),
            *(_side(sides.get(code)) for code in shown),
            wan(ring.fund),
            Cell(day(ring.first), sub=day(ring.last) if ring.last else ""),
        ],
        id=ring.ring,
        href=f"joint?ring={ring.ring}&lang={state.language()}",
    )


def _side(side: Side | None) -> Cell:
    if side is None:
        return Cell(DASH)
    money = t("joint.money", settled=wan(side.settled), insured=wan(side.insured))
    people = t("joint.people", patients=count(side.patients), places=count(side.places))
    return Cell(people, sub=money if side.settled or side.insured else "")
