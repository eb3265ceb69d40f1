"""Every way a person changes a case from the screen: asked for the right, written in one transaction."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import streamlit as st

from casework.cases import (
    TRANSITIONS,
    Case,
    Outcome,
    Status,
    assign,
    comment,
    decide_closure,
    end_task,
    give_task,
    merge,
    move,
    propose_closure,
    snooze,
)
from casework.people import Actor
from casework.store import Tx
from dashboards.access.permissions import Action
from dashboards.blocks.step import done as step_done
from dashboards.blocks.step import offered
from dashboards.clock import now
from dashboards.formats import DAY_FORMAT
from dashboards.person import actor, can
from dashboards.reading.caseload import CaseFile
from dashboards.texts import t, term

SNOOZE = timedelta(days=7)
# Offered last, so that a case is not set aside by whoever leaves the choice as it stands.
ASIDE = (Status.SNOOZED, Status.MERGED)


def done(workspace: Path, step: Callable[[Tx, Actor], object]) -> bool:
    """Write in a case as whoever is signed in."""
    return step_done(workspace, Action.CASE, step)


def next_step(workspace: Path, found: Case) -> None:
    """The steps that the status and the person's role allow; the store checks both again."""
    roles = actor().roles
    open_to = [
        one.target for one in TRANSITIONS if one.source is found.status and one.role in roles
    ]
    targets = sorted(open_to, key=ASIDE.__contains__)
    if not targets or not can(Action.CASE_STEP):
        st.caption(t("cases.step.none"))
        return
    target = st.selectbox(
        t("cases.step"),
        targets,
        format_func=lambda one: _word(found, one),
        key="case_target",
        label_visibility="collapsed",
    )
    with st.form("case_step", clear_on_submit=True, border=False):
        extra = _extra(target)
        why = st.text_input(t("cases.why"), key="case_why")
        if st.form_submit_button(t("cases.step.do")) and step_done(
            workspace, Action.CASE_STEP, lambda tx, who: _step(tx, who, found, target, extra, why)
        ):
            st.rerun()


def _word(found: Case, target: Status) -> str:
    if target is Status.INVESTIGATING and found.status is Status.CLOSING:
        return t("cases.step.refused")
    if target is Status.INVESTIGATING and found.status is Status.CLOSED:
        return t("cases.step.again")
    return t(f"cases.step.{target}")


def _extra(target: Status) -> object:
    """What a step needs besides a reason: an outcome, a day, another case."""
    if target is Status.CLOSING:
        return st.selectbox(
            t("cases.outcome"), list(Outcome), format_func=lambda one: term("case_outcome", one)
        )
    if target is Status.SNOOZED:
        return st.date_input(t("cases.step.until"), value=now().date() + SNOOZE, format=DAY_FORMAT)
    return st.text_input(t("cases.step.into")) if target is Status.MERGED else None


def _step(tx: Tx, who: Actor, found: Case, target: Status, extra: object, why: str) -> None:
    at = now()
    if target is Status.CLOSING:
        propose_closure(tx, who, found.id, Outcome(str(extra)), why, at)
    elif target is Status.SNOOZED:
        snooze(tx, who, found.id, extra, why, at)  # type: ignore[arg-type]
    elif target is Status.MERGED:
        merge(tx, who, found.id, str(extra).strip(), why, at)
    elif found.status is Status.CLOSING:
        decide_closure(tx, who, found.id, why, at, approve=target is Status.CLOSED)
    else:
        move(tx, who, found.id, target, why, at)


def assignment(workspace: Path, found: Case) -> None:
    """A form that gives the case to somebody."""
    if not offered(Action.CASE):
        return
    with st.form("case_assign", clear_on_submit=True, border=False):
        name = st.text_input(t("cases.assignee"), value=found.assignee or actor().name)
        why = st.text_input(t("cases.why"), key="case_assign_why")
        if st.form_submit_button(t("cases.assign.do")) and done(
            workspace, lambda tx, who: assign(tx, who, found.id, name.strip(), why, now())
        ):
            st.rerun()


def write_comment(workspace: Path, found: Case) -> None:
    """A field for a comment."""
    if not offered(Action.CASE):
        return
    with st.form("case_comment", clear_on_submit=True, border=False):
        text = st.text_area(t("cases.comment"), key="case_comment_text", height=90)
        if st.form_submit_button(t("cases.comment.do")) and done(
            workspace, lambda tx, who: comment(tx, who, found.id, text, now())
        ):
            st.rerun()


def write_tasks(workspace: Path, file: CaseFile) -> None:
    """Forms that give a task and that report one done."""
    if not offered(Action.CASE):
        return
    with st.form("case_task", clear_on_submit=True, border=False):
        what = st.text_input(t("cases.task"), key="case_task_what")
        left, right = st.columns(2)
        name = left.text_input(t("cases.assignee"), value=actor().name, key="case_task_who")
        due = right.date_input(
            t("cases.task.due"), value=now().date(), key="case_task_due", format=DAY_FORMAT
        )
        if st.form_submit_button(t("cases.task.do")) and done(
            workspace,
            lambda tx, who: give_task(tx, who, file.case.id, what, name.strip(), due, now()),
        ):
            st.rerun()
    pending = {task.no: task.what for task in file.tasks if task.done_at is None}
    if not pending:
        return
    with st.form("case_task_end", clear_on_submit=True, border=False):
        no = st.selectbox(
            t("cases.task.which"), list(pending), format_func=lambda one: pending[one]
        )
        result = st.text_input(t("cases.task.result"), key="case_task_result")
        if st.form_submit_button(t("cases.task.end")) and done(
            workspace, lambda tx, who: end_task(tx, who, no, result, now())
        ):
            st.rerun()
