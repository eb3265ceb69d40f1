"""What left and what is to leave: the list, and the one that the address names."""

from pathlib import Path

import streamlit as st

from casework.errors import CaseworkError
from casework.register import Entry
from dashboards import state
from dashboards.blocks.exports_one import export_one
from dashboards.formats import DASH, count, minute, plain
from dashboards.frame import card
from dashboards.navigation import page_file
from dashboards.person import actor
from dashboards.reading.exporting import export, left
from dashboards.refusals import refusal
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term

MOST = 200
HEIGHT = 420
HEAD = 16
"""How much of a hash is shown; all of it on hovering."""
TONES = {"proposed": "orange", "refused": "hollow", "returned": "red"}


def exports(workspace: Path) -> None:
    """The register; a row opens its release."""
    try:
        found = left(workspace, actor())
        _one(workspace)
    except CaseworkError as error:
        st.error(plain(t("cases.away", why=refusal(error))))
        return
    with card("exports", t("exports.title")):
        st.caption(t("exports.lead"))
        if not found:
            st.text(t("exports.none"))
            return
        st.caption(t("exports.n", n=min(MOST, len(found)), total=count(len(found))))
        columns = [
            Column(t("exports.no"), "right"),
            Column(t("exports.state"), kind="nowrap"),
            Column(t("exports.subject"), kind="name"),
            Column(t("exports.recipient"), kind="name"),
            Column(t("exports.people"), kind="nowrap"),
            Column(t("exports.released"), kind="nowrap"),
            Column(t("exports.sent"), kind="nowrap"),
            Column("SHA-256", kind="mono"),
        ]
        rows = [_row(one) for one in found[:MOST]]
        opened = show_table(Table(t("exports.title"), columns, rows, height=HEIGHT), "exports")
        if opened:
            record, _, no = opened.partition("=")
            st.switch_page(page_file("referral"), query_params={record: no})


def _one(workspace: Path) -> None:
    named = st.query_params.get("export", "")
    if not named:
        return
    one = export(workspace, actor(), named)
    if one is None:
        st.warning(plain(t("exports.unknown", no=named)))
        return
    export_one(workspace, one)


def _row(one: Entry) -> Row:
    """A row leads to the record it is read from."""
    if one.referral is None:
        record, word = f"export={one.no}", term("export_state", one.state)
    else:
        record, word = f"referral={one.referral}", term("referral_state", one.state)
    return Row(
        [
            str(one.no),
            Cell(tags=[Tag(word, TONES.get(one.state, ""))]),
            Cell(term("export_subject", one.subject), sub=one.id),
            Cell(one.body, sub=one.person),
            Cell(one.maker, sub=one.reviewer or DASH),
            minute(one.released_at),
            minute(one.sent_at),
            Cell(one.sha256[:HEAD], hint=one.sha256) if one.sha256 else DASH,
        ],
        id=record,
        href=f"referral?{record}&lang={state.language()}",
    )
