"""举报线索: the list with what is due, and the form that receives a tip."""

from pathlib import Path

import streamlit as st

from casework import tips
from casework.tips import Tip, TipState
from dashboards import state
from dashboards.access.permissions import Action
from dashboards.blocks.divisions import choose_division
from dashboards.blocks.overview_due import ends
from dashboards.blocks.step import offered, taken
from dashboards.clock import now
from dashboards.formats import DASH, Language, count, day, minute
from dashboards.frame import card
from dashboards.navigation import page_file
from dashboards.person import actor
from dashboards.reading.tipping import Tips, tips_seen
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import region, say, t, term

MOST = 100
HEIGHT = 420
CHANNELS = ("phone", "letter", "visit", "web", "handed")
TONES = {TipState.RECEIVED: "orange", TipState.ASSIGNED: "blue", TipState.RESULT: "blue"}


def tip_list(workspace: Path) -> None:
    """Those not answered, or those of one state; a row opens the tip."""
    with card("tip_list", t("tips.list")):
        st.caption(t("tips.lead"))
        words = {"": t("tips.waiting")} | {one: term("tip_state", one) for one in TipState}
        chosen = st.segmented_control(
            t("cases.status"),
            list(words),
            format_func=lambda one: words[one],
            default="",
            required=True,
            key="tips_state",
            label_visibility="collapsed",
        )
        load = tips_seen(workspace, actor(), TipState(chosen) if chosen else None)
        if not load.found:
            st.text(t("tips.none"))
            return
        st.caption(t("tips.shown", n=min(MOST, len(load.found)), total=count(len(load.found))))
        columns = [
            Column(t("tips.no"), kind="nowrap"),
            Column(t("tips.received"), kind="nowrap"),
            Column(t("tips.channel"), kind="nowrap"),
            Column(t("cases.area"), kind="nowrap"),
            Column(t("cases.status"), kind="nowrap"),
            Column(t("cases.assignee"), kind="nowrap"),
            Column(t("tips.due"), kind="nowrap"),
            Column(t("tips.case"), kind="nowrap"),
        ]
        rows = [_row(load, one) for one in load.found[:MOST]]
        opened = show_table(Table(t("tips.list"), columns, rows, height=HEIGHT), "tip_list")
        if opened:
            name = "case" if opened.startswith("cs_") else "tip"
            st.switch_page(page_file("cases"), query_params={name: opened})


def _row(load: Tips, one: Tip) -> Row:
    due, lang = load.due.get(one.id), state.language()
    case = Cell(DASH)
    if one.case_id:
        address = f"cases?case={one.case_id}&lang={lang}"
        case = Cell(one.case_id, href=address, opens=one.case_id)
    return Row(
        [
            str(one.no),
            Cell(minute(one.received_at), sub=one.receiver),
            one.channel,
            region(one.area),
            Cell(
                tags=[Tag(term("tip_state", one.state), TONES.get(one.state, ""))],
                sub=day(one.answered_at) if one.answered_at else "",
            ),
            one.assignee or t("cases.nobody"),
            ends(due) if due else DASH,
            case,
        ],
        id=one.id,
        href=f"cases?tip={one.id}&lang={lang}",
    )


def _kept(name: str) -> str:
    """A channel as the ledger and the audit keep it, in whatever language it was chosen."""
    return say(Language.ZH, f"tips.channel.{name}")


def receive_tip(workspace: Path) -> None:
    """The form; what it says and who gave it are sealed as soon as they are entered."""
    with card("tip_receive", t("tips.receive")):
        if offered(Action.TIP):
            _receive(workspace)


def _receive(workspace: Path) -> None:
    """What is typed stays where it is refused; beside the tip it became, the form is another one and empty."""
    beside = st.query_params.get("tip", "")
    with st.form("tip_receive", border=False):
        left, right = st.columns(2)
        with left:
            kept = {t(f"tips.channel.{name}"): _kept(name) for name in CHANNELS}
            channel = st.selectbox(
                t("tips.channel"), list(kept), accept_new_options=True, key=f"tip_channel{beside}"
            )
        with right:
            area = choose_division(f"tip_area{beside}")
        content = st.text_area(t("tips.content"), key=f"tip_content{beside}", height=90)
        given = st.text_input(
            t("tips.reporter"), placeholder=t("tips.reporter.unknown"), key=f"tip_reporter{beside}"
        )
        if not st.form_submit_button(t("tips.receive.do"), type="primary"):
            return
    if not content.strip():
        st.warning(t("tips.receive.write"))
        return
    made = taken(
        workspace, Action.TIP,
        lambda tx, who: tips.receive(
            tx, who, tips.tip_key(workspace), kept.get(str(channel), str(channel)), area,
            content.strip(), given.strip() or None, now(),
        ),
    )  # fmt: skip
    if made is not None:
        st.switch_page(page_file("cases"), query_params={"tip": made.id})
