"""The room of one review: who takes part, its leads, tasks, what a joint meeting has to talk about, papers as Word."""

import streamlit as st

from casework import rooms
from casework.rooms import RingRoom
from casework.rooms.agenda import Point, agenda
from casework.rooms.papers import Heading, Paper, write
from dashboards import state
from dashboards.access.permissions import Action
from dashboards.blocks.joint_words import bodies, body
from dashboards.blocks.step import done, taken
from dashboards.clock import now
from dashboards.formats import DASH, DAY_FORMAT, count, day, plain, pseudonym
from dashboards.frame import card
from dashboards.navigation import page_file
from dashboards.opened import Opened
from dashboards.person import actor, can
from dashboards.reading.bureaux import Between, Reviewed
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term
from huancha import bureaux

PAPER = "huancha_room_paper"


def joint_room(opened: Opened, found: Between, one: Reviewed) -> None:
    """The cards of a room."""
    with card("joint_room", t("room.title", name=one.review.invitation.terms.name)):
        st.caption(plain(one.review.invitation.terms.purpose))
        for side, people in one.room.participants.items():
            said = "、".join(people) if people else t("room.people.none")
            st.text(t("room.people", side=body(found, side), people=said))
        if can(Action.JOINT):
            _steps(opened, one)
        _rings(one)
    with card("joint_tasks", t("room.tasks")):
        _tasks(opened, found, one)
    with card("joint_agenda", t("room.agenda")):
        _agenda(found, one)
        if can(Action.JOINT):
            _papers(opened, found, one)


def _steps(opened: Opened, one: Reviewed) -> None:
    seat, path = bureaux.seat_of(one.review, one.rings), opened.workspace.path
    here = actor().name in one.room.participants[one.review.side]
    with st.container(horizontal=True):
        enter = rooms.leave_room if here else rooms.enter_room
        label = t("room.leave") if here else t("room.join")
        if st.button(label, key="room_join") and done(
            path, Action.JOINT, lambda tx, who: enter(tx, who, seat, now())
        ):
            st.rerun()
        if st.button(t("room.exchange"), key="room_exchange", icon=":material/sync_alt:"):
            told: list[bureaux.Exchanged] = []
            if done(
                path, Action.JOINT,
                lambda tx, who: told.append(
                    bureaux.exchange(tx, path, who, one.review.id, now())
                ),
            ):  # fmt: skip
                new = sum(told[0].new.values())
                st.success(t("room.exchanged", new=count(new), sent=count(told[0].sent)))


def _rings(one: Reviewed) -> None:
    if not one.listed:
        st.text(t("room.rings.none"))
        return
    columns = [
        Column(t("room.ring"), kind="nowrap"),
        Column(t("room.members"), kind="nowrap"),
        Column(t("room.opinions"), "right"),
        Column(t("room.signed"), "right"),
        Column(t("room.state"), kind="name"),
    ]
    rows = [_row(one, ring) for ring in one.listed]
    st.markdown(f"**{t('room.rings')}**")
    opened = show_table(Table(t("room.rings"), columns, rows), "joint_rings")
    if opened:
        st.switch_page(page_file("joint"), query_params={"review": one.review.id, "joint": opened})


def _row(one: Reviewed, id_: str) -> Row:
    seen = next((ring for ring in one.rings if ring.id == id_), None)
    held = one.room.ring(id_)
    own = one.review.side[:2]
    members = (
        t(
            "room.members.of",
            own=sum(home == own for home in seen.members.values()),
            total=len(seen.members),
        )
        if seen
        else DASH
    )
    cells: list[Cell | str] = [
        Cell(pseudonym(id_), sub=term("grade", seen.grade) if seen else ""),
        members,
        count(len(held.opinions)),
        f"{len(held.signatures)} / {len(held.holders)}",
        Cell(tags=tags_of(held)),
    ]
    address = f"joint?review={one.review.id}&joint={id_}&lang={state.language()}"
    return Row(cells, id=id_, href=address)


def tags_of(held: RingRoom) -> list[Tag]:
    """Where a ring stands: its disputes, and whether all sides signed it."""
    disputes = [Tag(term("dispute", one), "red") for one in sorted(held.disputes)]
    settled = Tag(t("room.settled.yes"), "green") if held.settled else Tag(t("room.settled.no"))
    return [*disputes, settled]


def _tasks(opened: Opened, found: Between, one: Reviewed) -> None:
    columns = [
        Column(t("room.task"), kind="name"),
        Column(t("room.task.side"), kind="name"),
        Column(t("room.task.due"), kind="nowrap"),
        Column(t("room.task.result"), kind="name"),
    ]
    rows = [
        Row([Cell(task.what, sub=task.author), body(found, task.side), day(task.due),
             task.result or DASH])
        for task in one.room.tasks
    ]  # fmt: skip
    if rows:
        show_table(Table(t("room.tasks"), columns, rows), "joint_tasks")
    else:
        st.text(t("room.tasks.none"))
    if not can(Action.JOINT):
        return
    seat, path = bureaux.seat_of(one.review, one.rings), opened.workspace.path
    mine = {task.id: task.what for task in one.room.tasks
            if task.side == seat.side and task.ended_at is None}  # fmt: skip
    give, end = st.columns(2)
    with give.form("room_task", clear_on_submit=True, border=False):
        side = st.selectbox(
            t("room.task.side"), seat.sides, format_func=lambda code: body(found, code)
        )
        what = st.text_input(t("room.task.give"), key="room_task_what")
        due = st.date_input(t("room.task.due"), value=now().date(), format=DAY_FORMAT)
        if st.form_submit_button(t("room.task.give.do")) and done(
            path, Action.JOINT,
            lambda tx, who: rooms.give_room_task(tx, who, seat, side, "", what, due, now()),
        ):  # fmt: skip
            st.rerun()
    if not mine:
        return
    with end.form("room_task_end", clear_on_submit=True, border=False):
        task = st.selectbox(t("room.task.end"), list(mine), format_func=lambda id_: mine[id_])
        result = st.text_input(t("room.task.result"), key="room_task_result")
        if st.form_submit_button(t("room.task.end.do")) and done(
            path, Action.JOINT,
            lambda tx, who: rooms.end_room_task(tx, who, seat, task, result, now()),
        ):  # fmt: skip
            st.rerun()


def _agenda(found: Between, one: Reviewed) -> None:
    items = agenda(one.room, found.requests)
    if not items:
        st.text(t("room.agenda.none"))
        return
    columns = [
        Column(t("room.agenda.point"), kind="nowrap"),
        Column(t("room.ring"), kind="nowrap"),
        Column(t("room.agenda.about"), kind="name"),
        Column(t("room.task.side"), kind="name"),
        Column(t("room.task.due"), kind="nowrap"),
    ]
    rows = [
        Row(
            [
                term("agenda_point", item.point),
                pseudonym(item.ring) if item.ring else DASH,
                " · ".join(term("dispute", name) for name in item.about.split("、"))
                if item.point is Point.DISPUTE
                else item.about or DASH,
                bodies(found, item.sides),
                day(item.due),
            ]
        )
        for item in items
    ]
    show_table(Table(t("room.agenda"), columns, rows), "joint_agenda")


def _papers(opened: Opened, found: Between, one: Reviewed) -> None:
    path = opened.workspace.path
    with st.form("room_paper", border=False):
        st.markdown(f"**{t('room.papers')}**")
        number_, day_, place_ = st.columns(3)
        number = number_.text_input(t("room.papers.number"), key="room_paper_number")
        held = day_.date_input(t("room.papers.day"), value=now().date(), format=DAY_FORMAT)
        place = place_.text_input(t("room.papers.place"), key="room_paper_place")
        with st.container(horizontal=True):
            pressed = [
                st.form_submit_button(t("room.papers.write", paper=term("room_paper", paper)))
                for paper in Paper
            ]
    kind = next((paper for paper, asked in zip(Paper, pressed, strict=True) if asked), None)
    if kind is None:
        return
    made = taken(
        path, Action.JOINT,
        lambda tx, who: write(
            tx, who, kind, one.room, Heading(number, held, place), found.directory,
            found.requests, path, now(),
        ),
    )  # fmt: skip
    if made is not None:
        said = term("room_paper", kind)
        st.download_button(t("room.papers.take", paper=said), made, f"{said}.docx", key=PAPER)
