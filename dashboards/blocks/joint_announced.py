"""Sanctions the other sides announced: whom of them this side knows, and what it decides itself."""

from dataclasses import dataclass, replace

import streamlit as st

from casework import announcements
from casework.announcements import Announced, Announcement, Answer
from casework.sanctions import Sanction
from dashboards.access.permissions import Action
from dashboards.blocks.joint_words import body
from dashboards.blocks.sanction_words import reach_table
from dashboards.blocks.step import done
from dashboards.clock import now
from dashboards.formats import DASH, count, day, days, pseudonym
from dashboards.frame import card
from dashboards.opened import Opened
from dashboards.person import can
from dashboards.reading.bureaux import Between
from dashboards.reading.sanctioning import place_names, registered
from dashboards.state import language
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term
from graph.errors import NoTable

TONES = {Answer.WAITING: "orange", Answer.PROPOSED: "blue", Answer.DECLINING: "blue"}


@dataclass(frozen=True)
class Waiting:
    """Somebody announced about whom this side has something to do."""

    announcement: Announcement
    person: Announced


def joint_announced(opened: Opened, found: Between) -> None:
    """The card: the table, then the next step for one person."""
    came = [one for one in found.announced if one.sanction is None]
    with card("joint_announced", t("announced.title")):
        st.caption(t("announced.lead"))
        if not came:
            st.text(t("announced.none"))
            return
        _table(found, came)
        waiting = [Waiting(one, person) for one in came for person in one.waiting]
        if can(Action.JOINT):
            _decide(opened, found, waiting)


def _table(found: Between, came: list[Announcement]) -> None:
    columns = [
        Column(t("announced.side"), kind="name"),
        Column(t("announced.who"), kind="nowrap"),
        Column(t("announced.what"), kind="nowrap"),
        Column(t("sanctioning.term"), kind="nowrap"),
        Column(t("announced.answer"), kind="nowrap"),
    ]
    rows = []
    for one in came:
        known = t("announced.count", known=count(len(one.persons)), total=count(one.total))
        side = Cell(body(found, one.side), sub=known)
        rows += [_row(side, person) for person in one.persons] or [
            Row([side, DASH, DASH, DASH, DASH])
        ]
    show_table(Table(t("announced.title"), columns, rows), "joint_announced")


def _row(side: Cell, one: Announced) -> Row:
    lifted = t("announced.lifted", day=day(one.lifted)) if one.lifted else ""
    return Row(
        [
            side,
            pseudonym(one.practitioner),
            Cell(term("sanction_kind", one.kind), sub=lifted),
            days(one.begins, one.ends, language())
            if one.ends
            else t("sanctioning.end.none", begins=day(one.begins)),
            Cell(tags=[Tag(term("answer", one.answer), TONES.get(one.answer, ""))]),
        ]
    )


def _decide(opened: Opened, found: Between, waiting: list[Waiting]) -> None:
    open_ = [one for one in waiting if one.person.answer is Answer.WAITING]
    if open_ and can(Action.SANCTION):
        _propose(opened, found, open_)
    left = [one for one in waiting if one.person.answer is Answer.DECLINING]
    if left and can(Action.DECIDE):
        _review(opened, left)


def _propose(opened: Opened, found: Between, open_: list[Waiting]) -> None:
    named = {
        f"{pseudonym(each.person.practitioner)} · {each.announcement.no} · "
        f"{body(found, each.announcement.side)}": each
        for each in open_
    }
    one = named[st.selectbox(t("announced.decide"), list(named), key="announced_who")]
    who, no = one.person.practitioner, one.announcement.no
    review = next(each for each in found.reviews if each.review.id == one.announcement.review)
    begins = now().date()
    drafted = announcements.draft(one.announcement, who, review.review.side, begins)
    area = _reach(opened, drafted) or drafted.area
    drafted = replace(drafted, area=area)
    with st.form("announced_step", clear_on_submit=True, border=False):
        why = st.text_input(t("sanctioning.why"), key="announced_why")
        yes, leave = st.columns([1, 4])
        follow = yes.form_submit_button(t("announced.follow"))
        decline = leave.form_submit_button(t("announced.decline"))
        if (follow or decline) and done(
            opened.workspace.path, Action.SANCTION,
            lambda tx, person: announcements.propose(
                tx, person, no, drafted, registered(opened.workspace, opened.snapshot), why, now()
            )
            if follow
            else announcements.propose_decline(tx, person, no, who, area, why, now()),
        ):  # fmt: skip
            st.rerun()


def _reach(opened: Opened, drafted: Sanction) -> str | None:
    """Show the reach; the division of the main registration, None where there is none."""
    try:
        reach = registered(opened.workspace, opened.snapshot).reach(drafted, now().date())
    except NoTable:
        return None
    st.markdown(f"**{t('announced.reach')}**")
    names = place_names(opened.snapshot, [line.place for line in reach.registrations])
    show_table(reach_table(reach.registrations, names), "announced_reach")
    return next((line.area for line in reach.registrations), None)


def _review(opened: Opened, left: list[Waiting]) -> None:
    with st.form("announced_review", clear_on_submit=True, border=False):
        one = st.selectbox(
            t("announced.review"), left,
            format_func=lambda each: pseudonym(each.person.practitioner),
        )  # fmt: skip
        why = st.text_input(t("sanctioning.why"), key="announced_review_why")
        yes, no = st.columns([1, 5])
        approve = yes.form_submit_button(t("announced.approve"), type="primary")
        refuse = no.form_submit_button(t("announced.refuse"))
        number = one.person.proposal or 0
        if (approve or refuse) and done(
            opened.workspace.path, Action.DECIDE,
            lambda tx, who: announcements.decide_decline(
                tx, who, number, why, now(), approve=approve
            ),
        ):  # fmt: skip
            st.rerun()
