"""What left and what is to leave: the list, and the one that the address names."""

from pathlib import Path

import streamlit as st

from casework.errors import CaseworkError
from casework.releases import Release
from dashboards import state
from dashboards.blocks.exports_one import export_one
from dashboards.formats import DASH, count, minute, plain
from dashboards.frame import card
from dashboards.navigation import page_file
from dashboards.person import actor
from dashboards.reading.exporting import left
from dashboards.refusals import refusal
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term

MOST = 200
HEIGHT = 420
TONES = {"proposed": "orange", "refused": "hollow", "returned": "red"}


def exports(workspace: Path) -> None:
    """The register; a row opens its release."""
    try:
        found = left(workspace, actor())
    except CaseworkError as error:
        st.error(plain(t("cases.away", why=refusal(error))))
        return
    _one(workspace, found)
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
            Column(t("exports.sent"), kind="nowrap"),
            Column("SHA-256", kind="mono"),
        ]
        rows = [_row(one) for one in found[:MOST]]
        opened = show_table(Table(t("exports.title"), columns, rows, height=HEIGHT), "exports")
        if opened:
            st.switch_page(page_file("referral"), query_params={"export": opened})


def _one(workspace: Path, found: tuple[Release, ...]) -> None:
    named = st.query_params.get("export", "")
    if not named:
        return
    one = next((each for each in found if str(each.no) == named), None)
    if one is None:
        st.warning(plain(t("exports.unknown", no=named)))
        return
    export_one(workspace, one)


def _row(one: Release) -> Row:
    draft = one.draft
    return Row(
        [
            str(one.no),
            Cell(tags=[Tag(term("export_state", one.state), TONES.get(one.state, ""))]),
            Cell(term("export_subject", draft.subject), sub=draft.id),
            Cell(draft.body, sub=draft.person),
            Cell(one.maker, sub=one.reviewer or DASH),
            minute(one.left[-1].at if one.left else None),
            one.built.sha256[:16] if one.built else DASH,
        ],
        id=str(one.no),
        href=f"referral?export={one.no}&lang={state.language()}",
    )
