"""One draw: its pool, the seed, who inspects where, recusals, and how anybody recomputes it."""

import json
from pathlib import Path
from shlex import quote

import streamlit as st

from casework import draws
from casework.draws import Draw, Inspection, Recusal
from dashboards.access.permissions import Action
from dashboards.access.recorded import exported
from dashboards.blocks.draw_list import group_said, standing
from dashboards.blocks.history import history
from dashboards.blocks.step import done, offered
from dashboards.clock import now
from dashboards.formats import count, day, minute, plain
from dashboards.frame import card
from dashboards.opened import Opened
from dashboards.person import actor, can
from dashboards.reading.drawing import DrawFile
from dashboards.reading.sanctioning import place_names
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import region, t

MOST = 200
HEIGHT = 520


def draw_one(opened: Opened, file: DrawFile) -> None:
    """Head, the seed's form while there is none; inspections, recusals, recomputing, history."""
    one, workspace = file.draw, opened.workspace.path
    named = {each.place for each in one.inspections} | {each.place for each in one.pool.recusals}
    names = place_names(opened.snapshot, named)
    with card("draw_one", plain(t("draws.one", no=one.no, title=one.title))):
        _head(one)
        _run(workspace, one)
        parts = ("inspections", "recusals", "recompute", "history")
        sent, biased, again, told = st.tabs([t(f"draws.{part}") for part in parts])
        with sent:
            _inspections(one, names)
        with biased:
            _recusals(workspace, one, names)
        with again:
            _recompute(workspace, one)
        with told:
            history(file.told, "audit_action", "draw_history")


def _head(one: Draw) -> None:
    st.badge(t(f"draws.state.{standing(one, now().date())}"), color="blue")
    facts = {
        "who": one.maker,
        "at": minute(one.made_at),
        "area": region(one.area),
        "places": count(len(one.pool.places)),
        "inspectors": count(len(one.pool.inspectors)),
        "share": one.pool.share,
        "team": one.pool.team,
        "law": one.law,
    }
    st.caption(plain(t("draws.facts", **facts)))
    st.caption(plain(t("draws.facts.seed", source=one.seed_from, on=day(one.seed_on))))
    if one.seed is not None:
        drawn = {"seed": one.seed, "who": one.drawer or "", "at": minute(one.drawn_at)}
        st.caption(plain(t("draws.facts.drawn", **drawn)))


def _run(workspace: Path, one: Draw) -> None:
    """The form for the published seed, from its day on, for those who draw."""
    if one.seed is not None:
        return
    if standing(one, now().date()) == "waiting":
        st.text(t("draws.run.wait", on=day(one.seed_on)))
        return
    if not offered(Action.DRAW):
        return
    with st.form("draw_run", clear_on_submit=True, border=False):
        seed = st.text_input(t("draws.seed.published"), key="draw_seed")
        asked = st.form_submit_button(t("draws.run.do"), type="primary")
    if asked and not seed.strip():
        st.warning(t("draws.run.fill"))
    elif asked and done(
        workspace, Action.DRAW, lambda tx, who: draws.run(tx, who, one.no, seed, now())
    ):
        st.rerun()


def _inspections(one: Draw, names: dict[str, str]) -> None:
    if not one.inspections:
        st.text(t("draws.inspections.none"))
        return
    total = len(one.inspections)
    st.caption(t("draws.inspections.n", n=min(MOST, total), total=count(total)))
    columns = [
        Column(t("draws.order"), "right"),
        Column(t("draws.place"), kind="wide"),
        Column(t("draws.group.head"), kind="nowrap"),
        Column(t("draws.sent"), kind="name"),
    ]
    rows = [
        Row(
            [
                str(order),
                Cell(names.get(each.place, each.place), sub=each.place),
                group_said(each.group),
                t("separator").join(each.inspectors),
            ]
        )
        for order, each in enumerate(one.inspections[:MOST], 1)
    ]
    table = Table(t("draws.inspections"), columns, rows, height=HEIGHT, link=-1)
    show_table(table, "draw_inspections")


def _recusals(workspace: Path, one: Draw, names: dict[str, str]) -> None:
    """Those of the pool and those after the draw, and for the approver the form for another."""
    both = [(each, "before") for each in one.pool.recusals]
    both += [(each, "after") for each in one.recusals]
    if not both:
        st.text(t("draws.recusals.none"))
    else:
        columns = [
            Column(t("draws.inspector"), kind="nowrap"),
            Column(t("draws.place"), kind="wide"),
            Column(t("cases.why"), kind="name"),
            Column(t("draws.recusal.when"), kind="nowrap"),
        ]
        rows = [
            Row(
                [
                    each.inspector,
                    Cell(names.get(each.place, each.place), sub=each.place),
                    each.reason,
                    t(f"draws.recusal.{when}"),
                ]
            )
            for each, when in both
        ]
        show_table(
            Table(t("draws.recusals"), columns, rows, height=HEIGHT, link=-1), "draw_recusals"
        )
    if one.inspections and offered(Action.RECUSE):
        _recuse(workspace, one, names)


def _recuse(workspace: Path, one: Draw, names: dict[str, str]) -> None:
    st.markdown(f"**{t('draws.recuse')}**")
    order = {each.place: each for each in one.inspections}
    place = st.selectbox(
        t("draws.place"), list(order), format_func=lambda id_: names.get(id_, id_),
        key="draw_recuse_place",
    )  # fmt: skip
    sent: Inspection = order[str(place)]
    with st.form("draw_recuse", clear_on_submit=True, border=False):
        who_not = st.selectbox(t("draws.inspector"), sent.inspectors, key="draw_recuse_who")
        why = st.text_input(t("cases.why"), key="draw_recuse_why")
        if st.form_submit_button(t("draws.recuse.do")) and done(
            workspace, Action.RECUSE,
            lambda tx, who: draws.recuse(
                tx, who, one.no, Recusal(str(who_not), sent.place, why), now()
            ),
        ):  # fmt: skip
            st.rerun()


def _recompute(workspace: Path, one: Draw) -> None:
    """The record to take along, the rule in words, and the commands for this draw."""
    file = f"{one.id}.json"
    st.text(t("draws.recompute.lead"))
    st.caption(t("draws.recompute.pool"))
    st.code(f"jq -jcS .pool {file} | sha256sum\n# {one.fingerprint}", language="bash")
    st.caption(t("draws.recompute.places", share=one.pool.share))
    place = one.inspections[0].place if one.inspections else one.pool.places[0].id
    lines = [one.fingerprint, one.seed or t("draws.seed"), place]
    st.code(_digest(lines), language="bash")
    st.caption(t("draws.recompute.inspectors", team=one.pool.team))
    first = one.inspections[0].inspectors[0] if one.inspections else one.pool.inspectors[0]
    st.code(_digest([*lines, first]), language="bash")
    if can(Action.EXPORT):
        st.download_button(
            t("draws.take"),
            data=exported(workspace, actor(), one.id, file, lambda: record(one)),
            file_name=file,
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
        )


def _digest(lines: list[str]) -> str:
    form = r"\n".join(["%s"] * len(lines))
    return f"printf '{form}' {' '.join(map(quote, lines))} | sha256sum"


def record(one: Draw) -> bytes:
    """The file anybody recomputes the draw from: JSON in UTF-8, days and times as ISO texts."""
    return json.dumps(one.record(), ensure_ascii=False, indent=2, default=str).encode()
