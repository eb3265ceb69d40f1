"""One lead of a room: its members as this side may see them, what every side says of it, and who signed."""

import streamlit as st

from casework import rooms
from casework.people import Role
from casework.rooms import Finding, RingRoom, Seat
from dashboards.access.permissions import Action
from dashboards.blocks.joint_room import tags_of
from dashboards.blocks.joint_words import body, member
from dashboards.blocks.step import done
from dashboards.clock import now
from dashboards.formats import minute, plain, pseudonym
from dashboards.frame import card
from dashboards.opened import Opened
from dashboards.person import actor, can
from dashboards.reading.bureaux import Between, Reviewed, members
from dashboards.table import Cell, Column, Row, Table, show_table, show_tag
from dashboards.texts import t, term
from huancha.bureaux import seat_of

HEIGHT = 300


def joint_ring(opened: Opened, found: Between, one: Reviewed, ring: str) -> None:
    """The card of one lead."""
    held = one.room.ring(ring)
    with card("joint_ring", t("room.ring.title", code=pseudonym(ring))):
        with st.container(horizontal=True):
            for tag in tags_of(held):
                show_tag(tag)
        _members(opened, found, one, ring)
        _opinions(found, held)
        _signed(found, one, held)
        if can(Action.JOINT) and actor().name in one.room.participants[one.review.side]:
            _forms(opened, found, one, held)


def _members(opened: Opened, found: Between, one: Reviewed, ring: str) -> None:
    listed = members(opened.workspace, one.review.id, ring)
    if not listed:
        return
    columns = [
        Column(t("room.member"), kind="name"), Column(t("room.member.side"), kind="name"),
    ]  # fmt: skip
    rows = [
        Row([Cell(member(found, each), hint=each.blind), body(found, each.side)]) for each in listed
    ]
    show_table(Table(t("room.members"), columns, rows, height=HEIGHT), "joint_members")


def _opinions(found: Between, held: RingRoom) -> None:
    st.markdown(f"**{t('room.opinions')}**")
    if not held.opinions:
        st.text(t("room.opinions.none"))
        return
    columns = [
        Column(t("joint.side"), kind="name"),
        Column(t("room.author"), kind="nowrap"),
        Column(t("room.finding"), kind="nowrap"),
        Column(t("room.lead"), kind="name"),
        Column(t("room.text"), kind="wide"),
    ]
    rows = [
        Row(
            [
                body(found, each.side),
                Cell(each.author, sub=minute(each.at)),
                term("finding", each.finding),
                body(found, each.lead) if each.lead else t("room.lead.open"),
                each.text,
            ]
        )
        for each in held.opinions
    ]
    show_table(Table(t("room.opinions"), columns, rows, height=HEIGHT), "joint_opinions")


def _signed(found: Between, one: Reviewed, held: RingRoom) -> None:
    st.markdown(f"**{t('room.signed')}**")
    for side in held.holders:
        signed = held.signatures.get(side)
        if signed is None:
            st.text(t("room.unsigned", side=body(found, side)))
        else:
            facts = {"author": signed.author, "at": minute(signed.at)}
            st.text(t("room.signed.by", side=body(found, side), **facts))
    if held.escalated and held.disputes:
        st.info(plain(t("room.escalated", body=body(found, held.escalated))))
    for each in held.rulings:
        said = {"document": each.document, "side": body(found, each.lead), "text": each.text}
        st.info(plain(t("room.ruled", **said)))


def _forms(opened: Opened, found: Between, one: Reviewed, held: RingRoom) -> None:
    seat, roles = seat_of(one.review, one.rings), actor().roles
    if Role.INVESTIGATOR in roles:
        _opine(opened, found, seat, held)
    if Role.APPROVER in roles and seat.side in held.latest and not held.disputes:
        _sign(opened, seat, held)
    if Role.LIAISON in roles and held.disputes:
        _escalate(opened, found, seat, held)


def _opine(opened: Opened, found: Between, seat: Seat, held: RingRoom) -> None:
    with st.form("room_opinion", clear_on_submit=True, border=False):
        st.markdown(f"**{t('room.opine')}**")
        left, right = st.columns(2)
        finding = left.selectbox(
            t("room.finding"),
            [str(one) for one in Finding],
            format_func=lambda one: term("finding", one),
        )
        lead = right.selectbox(
            t("room.lead"), ["", *seat.sides],
            format_func=lambda code: body(found, code) if code else t("room.lead.open"),
        )  # fmt: skip
        text = st.text_area(t("room.text"), key="room_opinion_text")
        st.caption(t("room.opine.note"))
        if st.form_submit_button(t("room.opine.do")) and done(
            opened.workspace.path, Action.JOINT,
            lambda tx, who: rooms.give_opinion(
                tx, who, seat, held.ring, Finding(finding), lead, text, now()
            ),
        ):  # fmt: skip
            st.rerun()


def _sign(opened: Opened, seat: Seat, held: RingRoom) -> None:
    with st.form("room_sign", clear_on_submit=True, border=False):
        st.markdown(f"**{t('room.sign')}**")
        st.caption(t("room.sign.note"))
        why = st.text_input(t("room.why"), key="room_sign_why")
        if st.form_submit_button(t("room.sign.do"), type="primary") and done(
            opened.workspace.path, Action.JOINT,
            lambda tx, who: rooms.sign_off(tx, who, seat, held.ring, why, now()),
        ):  # fmt: skip
            st.rerun()


def _escalate(opened: Opened, found: Between, seat: Seat, held: RingRoom) -> None:
    if not held.escalated:
        superior = rooms.superior(found.directory, seat.sides)
        with st.form("room_escalate", clear_on_submit=True, border=False):
            st.markdown(f"**{t('room.escalate', body=body(found, superior.code))}**")
            text = st.text_input(t("room.why"), key="room_escalate_text")
            if st.form_submit_button(t("room.escalate.do")) and done(
                opened.workspace.path, Action.JOINT,
                lambda tx, who: rooms.escalate(
                    tx, who, seat, found.directory, held.ring, text, now()
                ),
            ):  # fmt: skip
                st.rerun()
        return
    with st.form("room_ruling", clear_on_submit=True, border=False):
        st.markdown(f"**{t('room.rule')}**")
        document = st.text_input(t("room.rule.document"), key="room_ruling_document")
        lead = st.selectbox(t("room.lead"), seat.sides, format_func=lambda code: body(found, code))
        text = st.text_input(t("room.why"), key="room_ruling_text")
        if st.form_submit_button(t("room.rule.do")) and done(
            opened.workspace.path, Action.JOINT,
            lambda tx, who: rooms.enter_ruling(
                tx, who, seat, held.ring, document, lead, text, now()
            ),
        ):  # fmt: skip
            st.rerun()
