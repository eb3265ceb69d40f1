"""One referral: what it says, what is missing, who decides next, the days of the law, and what happened."""

from datetime import datetime
from pathlib import Path

import streamlit as st

from casework import referral
from casework.people import Role
from casework.referral import NEXT, Event, Referral, State
from casework.referral.checklist import missing
from dashboards.access.permissions import Action
from dashboards.blocks.referral_papers import preview, seal
from dashboards.blocks.referral_write import write
from dashboards.blocks.step import done
from dashboards.clock import now
from dashboards.formats import DASH, minute, plain, yuan
from dashboards.frame import card
from dashboards.person import actor, can, looked_at
from dashboards.reading import referring
from dashboards.reading.numbers import number_of
from dashboards.reading.referring import Sheet
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term
from huancha.referring import reported

SHOWN = 24
"""Characters of a document's number or of a hash in the table; all of it shows on hovering."""


def one(workspace: Path) -> None:
    """The referral that the address names, by its number or by its case."""
    case, named = st.query_params.get("case", ""), st.query_params.get("referral", "")
    no = number_of(named)
    if case and not named:
        no = referring.of_case(workspace, actor(), case)
    found = referring.sheet(workspace, actor(), no, now()) if no is not None else None
    if found is None:
        if named:
            st.warning(plain(t("referral.unknown", no=named)))
        return
    it = found.matter.found
    looked_at(workspace, "referral", it.id)
    with card("referral_one", t("referral.one", no=it.no)):
        fund = t("referral.unstated") if it.draft.fund is None else yuan(it.draft.fund)
        facts = {"case": it.case_id, "version": it.version, "rings": len(it.draft.rings)}
        st.caption(t("referral.one.lead", fund=fund, **facts))
        _now(found)
        _checklist(found)
        _happened(it)
        if can(Action.REFER):
            _steps(workspace, it)
            seal(workspace, found)
            write(workspace, found)
        preview(found)


def _now(found: Sheet) -> None:
    """Where it is, what comes next, and until when."""
    it = found.matter.found
    due = found.due[0] if found.due else None
    ends = minute(due.ends) if due and due.ends else DASH
    cited = (due and due.law) or DASH
    unverified = Tag(t("overview.due.unverified"), "orange")
    law = Cell(tags=[unverified], sub=cited) if due and due.unverified else Cell(cited)
    columns = [
        Column(t("referral.state"), kind="nowrap"),
        Column(t("referral.next"), kind="wide"),
        Column(t("referral.due"), kind="nowrap"),
        Column(t("referral.law"), kind="name"),
    ]
    late = due is not None and due.over(now().date())
    row = Row(
        [
            Cell(tags=[Tag(term("referral_state", it.state))]),
            term("referral_next", it.state),
            Cell(tags=[Tag(t("cases.overdue"), "red")], sub=ends) if late else ends,
            law,
        ]
    )
    show_table(Table(t("referral.state"), columns, [row]), "referral_now")


def _checklist(found: Sheet) -> None:
    lacking = missing(found.checks)
    st.markdown(f"**{t('referral.check')}**")
    st.caption(t("referral.check.left", n=len(lacking)) if lacking else t("referral.check.all"))
    columns = [
        Column(t("referral.check.item"), kind="name"),
        Column(t("referral.state"), kind="nowrap"),
        Column(t("referral.check.missing"), kind="wide"),
    ]
    rows = [
        Row(
            [
                term("referral_need", check.need),
                Cell(
                    tags=[
                        Tag(t("referral.check.lacks"), "orange")
                        if check.missing
                        else Tag(t("referral.check.whole"), "green")
                    ]
                ),
                t("separator").join(check.missing) or DASH,
            ]
        )
        for check in found.checks
    ]
    show_table(Table(t("referral.check"), columns, rows), "referral_checks")


def _happened(it: Referral) -> None:
    rows = []
    for report in it.reports:
        rows.append(_row(t("referral.reported"), report.made_at, "", report.maker, report.why))
        if report.approved is not None:
            said = t("referral.approve" if report.approved else "referral.refuse")
            by = (report.reviewer or "", report.review or "")
            rows.append(_row(said, report.reviewed_at, "", *by))
    rows += [
        _row(
            term("referral_state", step.event),
            step.happened,
            step.document,
            step.actor,
            step.reason,
        )
        for step in it.events
    ]
    if not rows:
        return
    st.markdown(f"**{t('referral.steps')}**")
    columns = [
        Column(t("referral.step"), kind="nowrap"),
        Column(t("referral.at"), kind="nowrap"),
        Column(t("referral.document"), kind="name"),
        Column(t("referral.by"), kind="nowrap"),
        Column(t("referral.why"), kind="wide"),
    ]
    show_table(Table(t("referral.steps"), columns, rows), "referral_steps")


def _row(step: str, at: datetime | None, document: str, by: str, why: str) -> Row:
    short = f"{document[:SHOWN]}…" if len(document) > SHOWN else document or DASH
    return Row([step, minute(at), Cell(short, hint=document), by, why or DASH])


def _steps(workspace: Path, it: Referral) -> None:
    """What whoever is signed in may do next; the store checks it again."""
    roles = actor().roles
    if it.open and Role.INVESTIGATOR in roles:
        with st.form("referral_report", clear_on_submit=True, border=False):
            why = st.text_input(t("referral.why"), key="referral_report_why")
            if st.form_submit_button(t("referral.report.do")) and done(
                workspace,
                Action.REFER,
                lambda tx, who: reported(tx, who, workspace, it.no, why, now()),
            ):
                st.rerun()
    elif it.state is State.REPORTED and Role.APPROVER in roles:
        with st.form("referral_decide", clear_on_submit=True, border=False):
            why = st.text_input(t("referral.why"), key="referral_decide_why")
            yes, not_ = st.columns([1, 5])
            approve = yes.form_submit_button(t("referral.approve"), type="primary")
            refuse = not_.form_submit_button(t("referral.refuse"))
            if (approve or refuse) and done(
                workspace, Action.REFER,
                lambda tx, who: referral.decide(tx, who, it.no, why, now(), approve=approve),
            ):  # fmt: skip
                st.rerun()
    elif Role.INVESTIGATOR in roles:
        _note(workspace, it)


def _note(workspace: Path, it: Referral) -> None:
    events = [one for one in NEXT.get(it.state, ()) if one is not Event.SEALED]
    if not events:
        return
    with st.form("referral_note", clear_on_submit=True, border=False):
        st.markdown(f"**{t('referral.note')}**")
        left, middle = st.columns(2)
        event = left.selectbox(
            t("referral.step"), events, format_func=lambda one: term("referral_state", one)
        )
        document = middle.text_input(t("referral.document"), key="referral_note_document")
        why = st.text_input(t("referral.why"), key="referral_note_why")
        if st.form_submit_button(t("referral.note.do")) and done(
            workspace, Action.REFER,
            lambda tx, who: referral.note(tx, who, it.no, event, now(), document, why, now()),
        ):  # fmt: skip
            st.rerun()
