"""What is overdue and what is due next, by the law of each place; a year nobody can count is said."""

import streamlit as st

from casework.deadlines import Due, Kind
from dashboards import state
from dashboards.clock import now
from dashboards.formats import DASH, count, minute, pseudonym
from dashboards.navigation import page_file, whose
from dashboards.reading.caseload import Waiting
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term

MOST = 8
PAGES = {
    **dict.fromkeys((Kind.PUBLICITY, Kind.OBJECTION, Kind.REINSTATEMENT), "sanctions"),
    **dict.fromkeys((Kind.ASSISTANCE, Kind.BILL, Kind.CONFIRMATION, Kind.ROOM_TASK), "joint"),
    **dict.fromkeys((Kind.REFERRAL_APPROVAL, Kind.REFERRAL_SENDING), "referral"),
    **dict.fromkeys((Kind.POLICE_DECISION, Kind.RECONSIDERATION, Kind.HANDOVER), "referral"),
}
"""Where what is due is done; the rest on the page of cases."""
NAMED = {"cases": "case", "referral": "case", "joint": "about"}
"""What each page's address calls its subject; a tip has a name of its own, and so has whom a sanction is about."""


def due_list(found: Waiting) -> None:
    """The table: overdue first, then what nobody can count, then the next; n of N."""
    both = (*found.overdue, *found.due)
    if not both:
        return
    st.markdown(f"**{t('overview.due')}**")
    numbers = {"n": min(MOST, len(both)), "total": count(len(both))}
    st.caption(t("overview.due.shown", late=count(len(found.overdue)), **numbers))
    columns = [
        Column(t("cases.task.due"), kind="nowrap"),
        Column(t("cases.task"), kind="wide"),
        Column(t("overview.due.law"), kind="name"),
        Column(t("cases.assignee"), kind="nowrap"),
        Column(t("overview.due.subject"), kind="nowrap"),
    ]
    rows = [_row(one) for one in both[:MOST]]
    opened = show_table(Table(t("overview.due"), columns, rows, link=4), "overview_due")
    if opened:
        page, name, id_ = opened.split(" ")
        st.switch_page(page_file(page), query_params={name: id_})


def _row(one: Due) -> Row:
    page = PAGES.get(one.kind, "cases")
    name = "tip" if one.kind is Kind.TIP else NAMED.get(page) or whose(one.subject)
    law = Cell(one.law or DASH, tags=[Tag(t("overview.due.unverified"), "orange")])
    return Row(
        [
            ends(one),
            Cell(one.what or term("due", one.kind), sub=term("due", one.kind) if one.what else ""),
            law if one.unverified else one.law or DASH,
            one.assignee or DASH,
            pseudonym(one.subject) if page == "sanctions" else one.subject,
        ],
        id=f"{page} {name} {one.subject}",
        href=f"{page}?{name}={one.subject}&lang={state.language()}",
    )


def ends(one: Due) -> Cell:
    """When it is due, with a word where that is past or nobody can count it."""
    if one.ends is None:
        return Cell(tags=[Tag(ends_said(one), "red")])
    if one.over(now().date()):
        return Cell(tags=[Tag(t("cases.overdue"), "red")], sub=minute(one.ends))
    return Cell(minute(one.ends))


def ends_said(one: Due) -> str:
    """When it is due, or the year nobody can count."""
    return minute(one.ends) if one.ends else t("overview.due.unknown", year=one.unknown)
