"""Letters asking for assistance, in and out, with their clocks and first responders; the bills of monthly batches."""

import streamlit as st

from casework import assistance
from casework.assistance import Bill, Direction, Request
from casework.assistance import State as Where
from casework.people import Role
from dashboards.access.permissions import Action
from dashboards.blocks.joint_words import body
from dashboards.blocks.step import done
from dashboards.clock import now
from dashboards.formats import DASH, count, day, minute, yuan
from dashboards.frame import card
from dashboards.opened import Opened
from dashboards.person import actor, can
from dashboards.reading.bureaux import Between
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term
from huancha.bureaux import sealing_key

HEIGHT = 320
TONES = {Where.ANSWERED: "green", Where.TAKEN: "blue", Where.SENT: "blue"}


def joint_assistance(opened: Opened, found: Between) -> None:
    """Both cards."""
    liaison = can(Action.JOINT) and Role.LIAISON in actor().roles
    with card("joint_assistance", t("assist.title")):
        if found.requests:
            _letters(found)
        else:
            st.text(t("assist.none"))
        waiting = [one for one in found.requests if _next(one)]
        if liaison and waiting:
            _go_on(opened, found, waiting)
    with card("joint_bills", t("bill.title")):
        if found.bills:
            _bills(found)
        else:
            st.text(t("bill.none"))
        if liaison:
            _results(opened, found)
            _confirmations(opened, found)


def _letters(found: Between) -> None:
    columns = [
        Column(t("assist.no"), "right"),
        Column(t("assist.way"), kind="nowrap"),
        Column(t("assist.partner"), kind="name"),
        Column(t("assist.case"), kind="name"),
        Column(t("assist.due"), kind="nowrap"),
        Column(t("assist.state"), kind="nowrap"),
        Column(t("assist.responder"), kind="nowrap"),
    ]
    rows = [_letter(found, one) for one in found.requests]
    show_table(Table(t("assist.title"), columns, rows, height=HEIGHT), "joint_letters")


def _letter(found: Between, one: Request) -> Row:
    late = one.state in assistance.OPEN and one.reply_by < now().date()
    tags = [Tag(t("assist.late"), "red")] if late else None
    return Row(
        [
            count(one.no),
            term("way", one.direction),
            body(found, one.partner),
            Cell(one.case_no, sub=one.law),
            Cell(day(one.reply_by), sub=day(one.reply_by) if late else "", tags=tags),
            Cell(tags=[Tag(term("request_state", one.state), TONES.get(one.state, ""))]),
            one.responder or DASH,
        ]
    )


def _next(one: Request) -> str:
    """What can be done next with a letter here."""
    steps = {
        (Direction.OUT, Where.MADE): "send",
        (Direction.IN, Where.MADE): "take",
        (Direction.IN, Where.TAKEN): "answer",
    }
    return steps.get((one.direction, one.state), "")


def _go_on(opened: Opened, found: Between, waiting: list[Request]) -> None:
    path = opened.workspace.path
    named = {each.no: each for each in waiting}
    no = st.selectbox(
        t("assist.next"), list(named), key="assist_next",
        format_func=lambda no: f"{no} · {body(found, named[no].partner)} · {named[no].case_no}",
    )  # fmt: skip
    one = named[no]
    told: dict[str, str] = {}
    if st.button(t("assist.read"), key="assist_read") and done(
        path, Action.JOINT,
        lambda tx, who: told.update(
            assistance.read_request(tx, who, sealing_key(path), one.no, now())
        ),
    ):  # fmt: skip
        for name in ("subject", "what"):
            st.text(t(f"assist.read.{name}", text=told[name]))
    step = _next(one)
    with st.form("assist_step", clear_on_submit=True, border=False):
        text = st.text_area(t("assist.answer.text"), key="assist_text") if step == "answer" else ""
        if st.form_submit_button(t(f"assist.{step}")) and done(
            path, Action.JOINT,
            lambda tx, who: assistance.answer(tx, who, sealing_key(path), one.no, text, now())
            if step == "answer"
            else (assistance.send if step == "send" else assistance.take)(tx, who, one.no, now()),
        ):  # fmt: skip
            st.rerun()


def _bills(found: Between) -> None:
    columns = [
        Column(t("bill.batch"), kind="nowrap"),
        Column(t("assist.way"), kind="nowrap"),
        Column(t("assist.partner"), kind="name"),
        Column(t("bill.place"), kind="name"),
        Column(t("bill.total"), "right", unit=t("unit.yuan")),
        Column(t("assist.due"), kind="nowrap"),
        Column(t("bill.result"), kind="name"),
    ]
    rows = [_bill(found, one) for one in found.bills]
    show_table(Table(t("bill.title"), columns, rows, height=HEIGHT), "joint_bills")


def _bill(found: Between, one: Bill) -> Row:
    rolled = t("bill.rolled", n=one.rolled) if one.rolled else ""
    confirmed = t("bill.confirmed") if one.confirmed_at else ""
    at = minute(one.result.at) if one.result else ""
    return Row(
        [
            day(one.batch),
            term("way", one.direction),
            body(found, one.partner),
            Cell(one.place, sub=one.stay),
            yuan(one.total),
            Cell(day(one.due), sub=rolled),
            Cell(_said(one), sub=confirmed or at),
        ]
    )


def _said(one: Bill) -> str:
    if one.result is None:
        return t("bill.waits")
    return t("bill.correct") if one.result.correct else t("bill.wrong", why=one.result.reason)


def _named(one: Bill) -> str:
    return f"{one.no} · {one.place} · {one.stay}"


def _results(opened: Opened, found: Between) -> None:
    open_ = [one for one in found.bills if one.direction is Direction.IN and one.result is None]
    if not open_:
        return
    named = {one.no: one for one in open_}
    number = st.selectbox(
        t("bill.answer"), list(named), key="bill_next", format_func=lambda no: _named(named[no])
    )
    one, path = named[number], opened.workspace.path
    told: list[str] = []
    if st.button(t("bill.read"), key="bill_read") and done(
        path, Action.JOINT,
        lambda tx, who: told.append(
            assistance.read_bill(tx, who, sealing_key(path), one.no, now())
        ),
    ):  # fmt: skip
        st.text(told[0])
    with st.form("bill_result", clear_on_submit=True, border=False):
        why = st.text_input(t("bill.answer.why"), key="bill_why")
        yes, no = st.columns([1, 5])
        correct = yes.form_submit_button(t("bill.answer.correct"), type="primary")
        wrong = no.form_submit_button(t("bill.answer.wrong"))
        if (correct or wrong) and done(
            path, Action.JOINT,
            lambda tx, who: assistance.answer_bill(tx, who, one.no, why, now(), correct=correct),
        ):  # fmt: skip
            st.rerun()


def _confirmations(opened: Opened, found: Between) -> None:
    open_ = [
        one for one in found.bills
        if one.direction is Direction.OUT and one.result and one.confirmed_at is None
    ]  # fmt: skip
    if not open_:
        return
    with st.form("bill_confirm", clear_on_submit=True, border=False):
        one = st.selectbox(t("bill.confirm"), open_, format_func=_named)
        if st.form_submit_button(t("bill.confirm.do")) and done(
            opened.workspace.path, Action.JOINT,
            lambda tx, who: assistance.confirm(tx, who, one.no, now()),
        ):  # fmt: skip
            st.rerun()
