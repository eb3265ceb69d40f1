"""One tip: where it stands, what is sealed of it, the step that is next for whoever is signed in, who did what."""

from functools import partial
from pathlib import Path

import streamlit as st

from casework import tips
from casework.people import Actor
from casework.store import Tx
from casework.tips import Tip, TipState
from dashboards.access.permissions import Action
from dashboards.access.unmasked import PARTS, TipPart, unmask_tip
from dashboards.blocks.history import history
from dashboards.blocks.overview_due import ends_said
from dashboards.blocks.step import done, offered, taken
from dashboards.blocks.unmasking import Masked, masked_values
from dashboards.clock import now
from dashboards.formats import minute, plain
from dashboards.frame import card
from dashboards.navigation import page_file
from dashboards.person import actor
from dashboards.reading.tipping import TipFile
from dashboards.texts import region, t, term
from huancha.settings import Settings
from huancha.workspace import open_workspace


def tip_one(workspace: Path, file: TipFile) -> None:
    """Head, sealed parts, next step, the case, history."""
    one = file.tip
    with card("tip_one", t("tips.one", no=one.no)):
        _head(file)
        st.caption(t("tips.sealed", seconds=Settings().unmask_seconds))
        masked_values(
            one.id,
            {
                part: Masked(
                    t(f"tips.{part}"), PARTS[part][0], partial(_look, workspace, one, part)
                )
                for part in TipPart
            },
        )
        left, right = st.columns(2, gap="medium")
        with left:
            st.markdown(f"**{t('cases.step')}**")
            _next(workspace, one)
        with right:
            st.markdown(f"**{t('tips.case')}**")
            _case(workspace, one)
        st.markdown(f"**{t('tips.history')}**")
        history(file.told, "audit_action", "tip_history")


def _look(workspace: Path, one: Tip, part: TipPart, why: str) -> str:
    most = Settings().unmask_daily
    return unmask_tip(open_workspace(workspace), actor(), one.no, part, why, now(), most)


def _head(file: TipFile) -> None:
    one = file.tip
    st.badge(term("tip_state", one.state), color="blue")
    facts = {
        "who": one.receiver,
        "at": minute(one.received_at),
        "channel": one.channel,
        "area": region(one.area),
        "assignee": one.assignee or t("cases.nobody"),
    }
    st.caption(plain(t("tips.facts", **facts)))
    if file.due is not None:
        law = file.due.law or ""
        mark = t("overview.due.unverified") if file.due.unverified else ""
        st.caption(plain(t("tips.due.said", ends=ends_said(file.due), law=law, mark=mark)))
    if one.result is not None:
        st.text(t("tips.result.said", text=one.result))
    if one.answered_at is not None:
        st.caption(t("tips.answered", at=minute(one.answered_at)))


def _next(workspace: Path, one: Tip) -> None:
    """The form of the step that follows, for the role that takes it."""
    steps = {
        TipState.RECEIVED: (Action.TIP, "assign"),
        TipState.ASSIGNED: (Action.TIP_CHECK, "result"),
        TipState.RESULT: (Action.TIP, "answer"),
    }
    if one.state not in steps:
        st.caption(t("tips.done"))
        return
    action, step = steps[one.state]
    if not offered(action):
        return
    with st.form("tip_step", border=False):
        name = ""
        if step == "assign":
            name = st.text_input(t("cases.assignee"), key=f"{one.id}_assignee")
        text = st.text_area(t(f"tips.{step}.text"), key=f"{one.id}_{step}", height=90)

        def take(tx: Tx, who: Actor) -> object:
            if step == "assign":
                return tips.assign_tip(tx, who, one.no, name.strip(), text, now())
            note = tips.record_result if step == "result" else tips.answer_tip
            return note(tx, who, one.no, text, now())

        if st.form_submit_button(t(f"tips.{step}.do"), type="primary"):
            if step == "assign" and not name.strip():
                st.warning(t("tips.assign.name"))
            elif done(workspace, action, take):
                st.rerun()


def _case(workspace: Path, one: Tip) -> None:
    """The case opened from it, else a form that opens one."""
    if one.case_id is not None:
        if st.button(
            t("tips.case.see", case=one.case_id), key="tip_case", icon=":material/folder:"
        ):
            st.switch_page(page_file("cases"), query_params={"case": one.case_id})
        return
    st.caption(t("tips.case.none"))
    if not offered(Action.TIP_CHECK):
        return
    with st.form("tip_case", border=False):
        title = st.text_input(
            t("cases.title"), key=f"{one.id}_title", value=t("tips.one", no=one.no)
        )
        why = st.text_input(t("cases.why"), key=f"{one.id}_why")
        asked = st.form_submit_button(t("tips.case.do"))
    if asked:
        _open_case(workspace, one, title, why)


def _open_case(workspace: Path, one: Tip, title: str, why: str) -> None:
    made = taken(
        workspace,
        Action.TIP_CHECK,
        lambda tx, who: tips.open_from_tip(tx, who, one.no, title, why, now()),
    )
    if made is not None:
        st.switch_page(page_file("cases"), query_params={"case": made.id})
