"""What goes along with an exported case: the attachments chosen, and what was decided, so that its approver sees both."""

from pathlib import Path

import streamlit as st

from casework.exports.content import Decided, Decision
from casework.exports.words import DECIDED
from casework.releases import Release
from dashboards.formats import DASH, day, minute, pseudonym
from dashboards.reading.exporting import attached_to
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import t, term

HEIGHT = 360


def goes_along(workspace: Path, one: Release) -> None:
    """Of a case only; raises `CaseworkError`."""
    draft = one.draft
    if draft.attachments:
        held = {each.no: each for each in attached_to(workspace, draft.id)}
        rows = [Row([held[no].name, held[no].sha256]) for no in draft.attachments]
        columns = [Column(t("cases.attachment"), kind="name"), Column("SHA-256", kind="mono")]
        st.markdown(f"**{t('exports.attachments')}**")
        show_table(Table(t("exports.attachments"), columns, rows), "export_attachments")
    if draft.decided is not None:
        _decided(draft.decided)


def _decided(decided: Decided) -> None:
    st.markdown(f"**{t('exports.decisions')}**")
    outcome = term("case_outcome", decided.outcome) if decided.outcome else ""
    status = " ".join(filter(None, (term("case_status", decided.status), outcome)))
    st.caption(t("exports.decisions.at", status=status, at=minute(decided.at)))
    if not decided.decisions:
        return
    columns = [
        Column(t("exports.decision"), kind="nowrap"),
        Column(t("exports.on"), kind="nowrap"),
        Column(t("exports.state"), kind="nowrap"),
        Column(t("exports.day"), kind="nowrap"),
        Column(t("exports.law"), kind="wide"),
    ]
    rows = [_row(each) for each in decided.decisions]
    show_table(Table(t("exports.decisions"), columns, rows, height=HEIGHT), "export_decisions")


def _row(each: Decision) -> Row:
    what, state = DECIDED[each.kind]
    word = term(what, each.what)
    if each.count is not None:
        word = f"{word} × {each.count}"
    return Row(
        [
            Cell(term("decided_kind", each.kind), sub="" if each.what == each.kind else word),
            pseudonym(each.on) if each.on else DASH,
            term(state, each.state),
            day(each.at),
            Cell(each.law or DASH, sub=" ".join(each.documents)),
        ]
    )
