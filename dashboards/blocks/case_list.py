"""The queue of cases, and the form that opens one by hand or from a lead."""

from pathlib import Path

import streamlit as st

from casework.cases import Origin, Source, Status, open_case
from dashboards import opened as reads
from dashboards import state
from dashboards.access.permissions import Action
from dashboards.blocks.divisions import choose_division
from dashboards.blocks.step import offered, taken
from dashboards.clock import now
from dashboards.formats import count, day, pseudonym
from dashboards.frame import card
from dashboards.navigation import page_file
from dashboards.opened import Key
from dashboards.person import actor
from dashboards.reading.caseload import caseload
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import motif_title, region, t, term
from graph.results import RingRow

MOST = 100
HEIGHT = 460


def case_list(workspace: Path) -> None:
    """Those that wait for somebody, or those of one status; a row opens the case."""
    with card("case_list", t("cases.list")):
        left, right = st.columns([3, 1], vertical_alignment="center")
        status = left.segmented_control(
            t("cases.status"),
            ["", *Status],
            format_func=lambda one: term("case_status", one) if one else t("cases.waiting"),
            default="",
            required=True,
            key="cases_status",
            label_visibility="collapsed",
        )
        mine = right.toggle(t("cases.mine"), key="cases_mine")
        who, today = actor(), now().date()
        asked = Status(status) if status else None
        load = caseload(workspace, who, today, MOST, asked, who.name if mine else None)
        if not load.found.cases:
            st.text(t("cases.none"))
            return
        st.caption(t("cases.shown", n=len(load.found.cases), total=count(load.found.total)))
        columns = [
            Column(t("cases.title"), kind="wide"),
            Column(t("cases.from"), kind="nowrap"),
            Column(t("cases.area"), kind="nowrap"),
            Column(t("cases.status"), kind="nowrap"),
            Column(t("cases.assignee"), kind="nowrap"),
            Column(t("cases.due"), kind="nowrap"),
            Column(t("cases.opened"), kind="nowrap"),
            Column(t("cases.changed"), kind="nowrap"),
        ]
        rows = []
        for one in load.found.cases:
            due = load.due.get(one.id)
            late = [Tag(t("cases.overdue"), "red")] if due and due < today else None
            origin = term("case_origin", one.source.origin)
            code = pseudonym(one.source.id or "") if one.source.origin is Origin.RING else ""
            cells: list[Cell | str] = [
                Cell(one.title, sub=one.id),
                Cell(origin, sub=code),
                region(one.area),
                Cell(tags=[Tag(term("case_status", one.status), "blue")]),
                one.assignee or t("cases.nobody"),
                Cell(tags=late, sub=day(due)) if late else day(due),
                day(one.opened_at),
                day(one.changed_at),
            ]
            address = f"cases?case={one.id}&lang={state.language()}"
            rows.append(Row(cells, id=one.id, href=address))
        opened = show_table(Table(t("cases.list"), columns, rows, height=HEIGHT), "case_list")
        if opened:
            st.switch_page(page_file("cases"), query_params={"case": opened})


def new_case(workspace: Path, key: Key) -> None:
    """The form; with `?ring=…` in the address it is about that lead."""
    with card("case_new", t("cases.new")):
        if not offered(Action.CASE):
            return
        ring = _asked(key)
        if ring is not None:
            st.caption(t("cases.new.ring", code=pseudonym(ring.ring)))
        with st.form("case_new", border=False):
            title = st.text_input(
                t("cases.title"), value=_title(ring), key=f"case_title_{ring.ring if ring else ''}"
            )
            province = ring.regions[0][:2] if ring and ring.regions else ""
            area = choose_division(f"case_area_{ring.ring if ring else ''}", province)
            why = st.text_input(t("cases.why"), key="case_new_why")
            if st.form_submit_button(t("cases.new.do"), type="primary"):
                _open(workspace, title, ring, area, why)


def _open(workspace: Path, title: str, ring: RingRow | None, area: str, why: str) -> None:
    source = Source(Origin.HAND)
    if ring is not None:
        facts = {"motifs": ring.motifs, "evidence": ring.evidence, "weakened": ring.weakened}
        source = Source(Origin.RING, ring.ring, facts)
    made = taken(
        workspace,
        Action.CASE,
        lambda tx, who: open_case(tx, who, title, source, area, why, now()),
    )
    if made is not None:
        st.switch_page(page_file("cases"), query_params={"case": made.id})


def _asked(key: Key) -> RingRow | None:
    named = st.query_params.get("ring")
    found = reads.dossier(key, named) if named and key.scan else None
    return found.ring if found else None


def _title(ring: RingRow | None) -> str:
    if ring is None:
        return ""
    motifs = t("separator").join(motif_title(name) for name in ring.motifs)
    return t("cases.new.title", code=pseudonym(ring.ring), motifs=motifs)
