"""Notices about a sanction or a line of points: those that were served, one to write as a Word file, one to enter as served."""

import streamlit as st

from casework import notices
from casework.notices import Kind
from casework.notices.fields import Heading
from casework.notices.writing import write
from dashboards.access.permissions import Action
from dashboards.blocks.step import done, sent, taken
from dashboards.clock import now
from dashboards.formats import DAY_FORMAT, count, day, minute, plain
from dashboards.opened import Opened
from dashboards.person import can
from dashboards.reading.objecting import Objecting
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import t, term

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_MEGABYTES = 50


def sanction_notices(opened: Opened, found: Objecting) -> None:
    """The served notices and the two forms."""
    if not found.served:
        st.text(t("objecting.served.none"))
    else:
        st.caption(t("objecting.served.n", n=count(len(found.served))))
        columns = [
            Column(t("objecting.notice"), kind="nowrap"),
            Column(t("objecting.number"), kind="name"),
            Column(t("objecting.served_on"), kind="nowrap"),
            Column("SHA-256", kind="mono"),
            Column(t("objecting.by"), kind="nowrap"),
        ]
        rows = [
            Row(
                [
                    term("notice_kind", one.kind),
                    one.number,
                    day(one.served_on),
                    one.sha256,
                    Cell(one.author, sub=minute(one.at)),
                ]
            )
            for one in found.served
        ]
        show_table(Table(t("objecting.notices"), columns, rows, link=-1), "notices")
    if found.due is not None:
        st.caption(plain(t("objecting.due", day=day(found.due), law=found.law)))
    if not can(Action.SANCTION):
        return
    with st.expander(t("objecting.write")):
        _write(opened, found)
    with st.expander(t("objecting.serve")):
        _serve(opened, found)


def _kind(found: Objecting, key: str) -> Kind:
    """A kind to choose; nobody is reinstated after points alone."""
    words = {one: term("notice_kind", one) for one in Kind}
    if found.about.line is not None:
        del words[Kind.REINSTATEMENT]
    chosen = st.selectbox(
        t("objecting.notice"), list(words), index=list(words).index(Kind.DECISION),
        format_func=lambda one: words[one], key=key,
    )  # fmt: skip
    return Kind(str(chosen))


def _write(opened: Opened, found: Objecting) -> None:
    """The file is made when it is asked for, with the name in clear, and audited."""
    kind = _kind(found, "notice_write_kind")
    office = st.text_input(t("objecting.office"), key="notice_write_office")
    number = st.text_input(t("objecting.number"), key="notice_write_number")
    answer_by = None
    if kind is Kind.ADVANCE:
        answer_by = st.date_input(
            t("objecting.answer_by"), key="notice_write_answer", format=DAY_FORMAT
        )
    if not st.button(t("objecting.write.do"), key="notice_write"):
        return
    made = taken(
        opened.workspace.path, Action.SANCTION,
        lambda tx, who: write(
            tx, who, kind, found.about,
            Heading(office, number, opened.workspace.name_of(found.about.subject(tx)), answer_by),
            opened.workspace.path, now(),
        ),
    )  # fmt: skip
    if made is not None:
        st.download_button(
            t("objecting.take"), made, file_name=f"{term('notice_kind', kind)}.docx",
            mime=DOCX, icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def _serve(opened: Opened, found: Objecting) -> None:
    """What is typed stays until it was entered; then the form is that of the next notice."""
    at = f"{found.what.no}_{len(found.served)}"
    with st.form("notice_serve", border=False):
        kind = _kind(found, f"notice_serve_kind_{at}")
        number = st.text_input(t("objecting.number"), key=f"notice_serve_number_{at}")
        served_on = st.date_input(
            t("objecting.served_on"), value=now().date(), key=f"notice_on_{at}", format=DAY_FORMAT
        )
        paper = st.file_uploader(
            t("objecting.paper"), max_upload_size=MOST_MEGABYTES, key=f"notice_serve_paper_{at}"
        )
        asked = st.form_submit_button(t("objecting.serve.do"))
    content = sent(asked, paper)
    if content is not None and done(
        opened.workspace.path, Action.SANCTION,
        lambda tx, who: notices.serve(
            tx, who, kind, found.about, number, served_on, content, now()
        ),
    ):  # fmt: skip
        st.rerun()
