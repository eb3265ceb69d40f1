"""What lies in a case besides words: attachments with their hashes, taken along by right, and links with other cases."""

from pathlib import Path

import streamlit as st

from casework.cases import Attachment, attach, link
from dashboards import state
from dashboards.access.permissions import Action
from dashboards.access.recorded import exported
from dashboards.blocks.step import done, offered, sent
from dashboards.clock import now
from dashboards.formats import count, minute, size
from dashboards.navigation import page_file
from dashboards.person import actor, can
from dashboards.reading.caseload import CaseFile, attached
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term

HEIGHT = 360
MOST_MEGABYTES = 50
ANY_KIND = "application/octet-stream"


def case_attachments(workspace: Path, file: CaseFile) -> None:
    """The attachments, one of them to take along, and a form for another."""
    if not file.attachments:
        st.text(t("cases.attachments.none"))
    else:
        st.caption(t("cases.attachments.n", n=count(len(file.attachments))))
        columns = [
            Column(t("cases.attachment"), kind="name"),
            Column(t("cases.attachment.size"), "right", kind="nowrap"),
            Column("SHA-256", kind="mono"),
            Column(t("cases.attachment.by"), kind="nowrap"),
        ]
        rows = [
            Row([one.name, size(one.size), one.sha256, Cell(one.author, sub=minute(one.at))])
            for one in file.attachments
        ]
        table = Table(t("cases.attachments"), columns, rows, height=HEIGHT, link=-1)
        show_table(table, "case_attachments")
        _take_along(workspace, file)
    _attach(workspace, file)


def _take_along(workspace: Path, file: CaseFile) -> None:
    if not can(Action.EXPORT):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen: Attachment = st.selectbox(
            t("cases.attachment.which"),
            file.attachments,
            format_func=lambda one: f"{one.no} · {one.name}",
            key="case_attachment",
        )
        st.download_button(
            t("cases.attachment.take"),
            data=exported(
                workspace, actor(), file.case.id, f"{chosen.name} {chosen.sha256}",
                lambda: attached(workspace, chosen),
            ),
            file_name=chosen.name,
            mime=ANY_KIND,
            icon=":material/download:",
            on_click="ignore",
        )  # fmt: skip


def _attach(workspace: Path, file: CaseFile) -> None:
    """What is typed stays until it was attached; then the form is that of the next attachment."""
    if not offered(Action.CASE):
        return
    at = f"{file.case.id}_{len(file.attachments)}"
    with st.form("case_attach", border=False):
        paper = st.file_uploader(
            t("cases.attach"), max_upload_size=MOST_MEGABYTES, key=f"case_attach_file_{at}"
        )
        why = st.text_input(t("cases.why"), key=f"case_attach_why_{at}")
        asked = st.form_submit_button(t("cases.attach.do"))
    content = sent(asked, paper)
    if content is not None and paper is not None and done(
        workspace, Action.CASE,
        lambda tx, who: attach(tx, who, file.case.id, paper.name, content, why, now()),
    ):  # fmt: skip
        st.rerun()


def case_links(workspace: Path, file: CaseFile) -> None:
    """The cases this one has to do with, as far as the person may see them, and a form for another."""
    if not file.linked:
        st.text(t("cases.links.none"))
    else:
        st.caption(t("cases.links.n", n=count(len(file.linked))))
        columns = [
            Column(t("cases.title"), kind="wide"),
            Column(t("cases.status"), kind="nowrap"),
            Column(t("cases.assignee"), kind="nowrap"),
        ]
        rows = [
            Row(
                [
                    Cell(one.title, sub=one.id),
                    Cell(tags=[Tag(term("case_status", one.status), "blue")]),
                    one.assignee or t("cases.nobody"),
                ],
                id=one.id,
                href=f"cases?case={one.id}&lang={state.language()}",
            )
            for one in file.linked
        ]
        opened = show_table(Table(t("cases.links"), columns, rows, height=HEIGHT), "case_links")
        if opened:
            st.switch_page(page_file("cases"), query_params={"case": opened})
    if file.linked_elsewhere:
        st.caption(t("cases.links.elsewhere", n=count(file.linked_elsewhere)))
    _link(workspace, file)


def _link(workspace: Path, file: CaseFile) -> None:
    if not offered(Action.CASE):
        return
    with st.form("case_link", clear_on_submit=True, border=False):
        other = st.text_input(t("cases.link.other"), key="case_link_other", placeholder="cs_12")
        why = st.text_input(t("cases.why"), key="case_link_why")
        if st.form_submit_button(t("cases.link.do")) and done(
            workspace, Action.CASE,
            lambda tx, who: link(tx, who, file.case.id, other.strip(), why, now()),
        ):  # fmt: skip
            st.rerun()
