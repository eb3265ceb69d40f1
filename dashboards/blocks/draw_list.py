"""双随机抽查: the list of draws, and the form that lays a pool down before its seed is known."""

import re
from datetime import date, timedelta
from pathlib import Path

import streamlit as st

from casework import draws
from casework.draws import Draw, Pool, Recusal
from casework.draws.errors import Unfair, UnusablePool
from casework.people import Actor
from casework.store import Tx
from dashboards import state
from dashboards.access.permissions import Action
from dashboards.blocks.divisions import choose_division
from dashboards.blocks.step import offered, taken
from dashboards.clock import now
from dashboards.formats import DASH, DAY_FORMAT, count, day, minute, plain
from dashboards.frame import card
from dashboards.navigation import page_file
from dashboards.opened import MOST_CACHED, Key, Opened, key_of
from dashboards.person import actor
from dashboards.reading.drawing import draws_seen, group_sizes, ids_of_codes
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import region, t, term
from graph.snapshot import Snapshot

MOST = 100
HEIGHT = 420
TONES = {"waiting": "hollow", "ready": "orange", "drawn": "green"}
PARTS = 3
COMMAS = re.compile("[,\uff0c]")


def standing(one: Draw, today: date) -> str:
    """Where a draw stands: `waiting` for its seed, `ready` to be drawn, `drawn`."""
    if one.seed is not None:
        return "drawn"
    return "ready" if today >= one.seed_on else "waiting"


def group_said(group: str) -> str:
    """A pool's group in words: the kind of place, and its level where it has one."""
    kind, _, level = group.partition(" ")
    return f"{term('kind', kind)} {term('level', level)}".rstrip()


def draw_list(workspace: Path) -> None:
    """Every draw in the person's regions; a row opens it."""
    with card("draw_list", t("draws.list")):
        st.caption(t("draws.lead"))
        found = draws_seen(workspace, actor())
        if not found:
            st.text(t("draws.none"))
            return
        st.caption(t("draws.shown", n=min(MOST, len(found)), total=count(len(found))))
        columns = [
            Column(t("tips.no"), kind="nowrap"),
            Column(t("draws.title"), kind="wide"),
            Column(t("cases.area"), kind="nowrap"),
            Column(t("cases.status"), kind="nowrap"),
            Column(t("draws.seed_from"), kind="name"),
            Column(t("draws.seed"), kind="name"),
            Column(t("draws.drawn_at"), kind="nowrap"),
        ]
        rows = [_row(one) for one in found[:MOST]]
        opened = show_table(Table(t("draws.list"), columns, rows, height=HEIGHT), "draw_list")
        if opened:
            st.switch_page(page_file("cases"), query_params={"draw": opened})


def _row(one: Draw) -> Row:
    where = standing(one, now().date())
    return Row(
        [
            str(one.no),
            Cell(one.title, sub=f"{one.maker} · {minute(one.made_at)}"),
            region(one.area),
            Cell(tags=[Tag(t(f"draws.state.{where}"), TONES[where])]),
            Cell(one.seed_from, sub=day(one.seed_on)),
            one.seed or DASH,
            Cell(minute(one.drawn_at), sub=one.drawer or ""),
        ],
        id=one.id,
        href=f"cases?draw={one.id}&lang={state.language()}",
    )


def lay_down(opened: Opened) -> None:
    """The form, with what the division holds beside it."""
    with card("draw_prepare", t("draws.prepare")):
        if offered(Action.DRAW):
            _prepare(opened)


def _prepare(opened: Opened) -> None:
    st.caption(t("draws.prepare.lead"))
    left, middle, right = st.columns([2, 1, 1])
    with left:
        area = choose_division("draw_area")
    share = middle.number_input(t("draws.share"), 1, 100, 10, key="draw_share")
    team = right.number_input(t("draws.team"), 1, 20, 2, key="draw_team")
    _sizes(key_of(opened), area, int(share))
    with st.form("draw_prepare", border=False):
        title = st.text_input(t("draws.title"), key="draw_title")
        one, two = st.columns(2)
        seed_from = one.text_input(
            t("draws.seed_from"), placeholder=t("draws.seed_from.hint"), key="draw_seed_from"
        )
        tomorrow = now().date() + timedelta(days=1)
        seed_on = two.date_input(
            t("draws.seed_on"), value=tomorrow, key="draw_seed_on", format=DAY_FORMAT
        )
        one, two = st.columns(2)
        names = one.text_area(t("draws.inspectors"), key="draw_inspectors", height=120)
        biased = two.text_area(
            t("draws.recusals.before"), placeholder=t("draws.recusals.hint"), height=120,
            key="draw_biased",
        )  # fmt: skip
        asked = st.form_submit_button(t("draws.prepare.do"), type="primary")
    if not asked:
        return
    if not (title.strip() and names.strip() and seed_from.strip()):
        st.warning(t("draws.prepare.fill"))
        return

    def step(tx: Tx, who: Actor) -> Draw:
        people = tuple(filter(None, map(str.strip, names.splitlines())))
        places = draws.places_of(opened.snapshot, area)
        pool = Pool(places, people, int(share), int(team), _recusals(opened.snapshot, biased))
        return draws.prepare(tx, who, title.strip(), area, pool, seed_from.strip(), seed_on, now())

    laid = taken(opened.workspace.path, Action.DRAW, step)
    if laid is not None:
        st.switch_page(page_file("cases"), query_params={"draw": laid.id})


@st.cache_data(max_entries=MOST_CACHED, show_spinner=False)
def _group_sizes(key: Key, area: str) -> dict[str, int]:
    return group_sizes(Snapshot(Path(key.workspace) / "tables" / key.snapshot), area)


def _sizes(key: Key, area: str, share: int) -> None:
    """How many places each group has, and how many of them will be drawn."""
    told = [
        t("draws.group", group=group_said(group), n=count(size), drawn=count(draws.share_of(size, share)))
        for group, size in _group_sizes(key, area).items()
    ]  # fmt: skip
    st.caption(plain(t("draws.group.and").join(told)) if told else t("draws.group.none"))


def _recusals(snapshot: Snapshot, text: str) -> tuple[Recusal, ...]:
    """One a line: inspector, place by its code or id, reason, which may hold commas itself; commas of either width."""
    lines = filter(None, map(str.strip, text.splitlines()))
    rows = [[cell.strip() for cell in COMMAS.split(line, PARTS - 1)] for line in lines]
    if any(len(row) != PARTS for row in rows):
        raise UnusablePool(Unfair.COLUMNS)
    ids = ids_of_codes(snapshot, [place for _, place, _ in rows])
    return tuple(Recusal(who, ids.get(place, place), why) for who, place, why in rows)
