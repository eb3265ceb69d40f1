"""The referrals there are, and beginning one."""

from pathlib import Path

import streamlit as st

from casework import referral
from casework.people import Role
from casework.referral import Draft
from dashboards import state
from dashboards.access.permissions import Action
from dashboards.blocks.step import done
from dashboards.clock import now
from dashboards.frame import card
from dashboards.navigation import page_file
from dashboards.person import actor, can
from dashboards.reading import referring
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term
from huancha.referring import stated


def listed(workspace: Path) -> None:
    """A table; a row opens the referral."""
    found = referring.seen(workspace, actor())
    with card("referral_records", t("referral.records")):
        if not found:
            st.text(t("referral.records.none"))
            return
        columns = [
            Column(t("referral.number"), kind="name"),
            Column(t("referral.case"), kind="nowrap"),
            Column(t("referral.state"), kind="nowrap"),
            Column(t("referral.next"), kind="wide"),
        ]
        rows = [
            Row(
                [
                    Cell(one.draft.number or one.id, sub=one.draft.police),
                    one.case_id,
                    Cell(tags=[Tag(term("referral_state", one.state))]),
                    term("referral_next", one.state),
                ],
                id=str(one.no),
                href=f"referral?referral={one.no}&lang={state.language()}",
            )
            for one in found
        ]
        opened = show_table(Table(t("referral.records"), columns, rows), "referral_records")
        if opened:
            st.switch_page(page_file("referral"), query_params={"referral": opened})


def begin(workspace: Path, scan: str, ring: str) -> None:
    """A form that begins the referral of a case, resting on the lead being looked at."""
    if not can(Action.REFER) or Role.INVESTIGATOR not in actor().roles:
        return
    cases = {one.id: one for one in referring.open_cases(workspace, actor(), now())}
    with card("referral_begin", t("referral.begin")):
        if not cases:
            st.text(t("referral.begin.none"))
            return
        st.caption(t("referral.begin.lead"))
        with st.form("referral_begin", border=False):
            of = [one.id for one in cases.values() if one.source.id == ring]
            chosen = st.selectbox(
                t("referral.case"),
                list(cases),
                index=list(cases).index(of[0]) if of else 0,
                format_func=lambda id_: f"{id_} {cases[id_].title}",
                key="referral_case",
            )
            if not st.form_submit_button(t("referral.begin.do")):
                return
            said = Draft(scan=scan, rings=(ring,), fund=stated(workspace, scan, (ring,)))
            if done(
                workspace,
                Action.REFER,
                lambda tx, who: referral.draft(tx, who, chosen, said, now()),
            ):
                no = referring.seen(workspace, actor())[0].no
                st.switch_page(page_file("referral"), query_params={"referral": str(no)})
