"""Where the insured of one place settle: between provinces as a matrix, between divisions as a table."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from dashboards import state
from dashboards.blocks.charts import draw_choosing
from dashboards.blocks.space_filters import HOME, THERE, area
from dashboards.blocks.space_tiles import DARK, INK, PAPER, squares
from dashboards.formats import count, percent, wan
from dashboards.frame import card
from dashboards.navigation import open_space
from dashboards.reading.flows import AREAS, ELSEWHERE, Chosen, Flow, crossing, narrowed, summed
from dashboards.table import Column, Row, Table, show_table
from dashboards.texts import region, t

MOST = 12
CELL = 58
HEAD = 60
TABLE_HEIGHT = 420


def space_flows(found: pd.DataFrame, chosen: Chosen) -> None:
    """The matrix beside the largest flows; choosing either narrows the page down."""
    free = narrowed(found, replace(chosen, home="", there=""))
    left, right = st.columns([1, 1.25], gap="medium")
    with left, card("space_matrix", t("space.matrix")):
        _matrix(free, chosen)
    with right, card("space_flows", t("space.flows")):
        across = st.toggle(t("space.flows.cross"), key="space_cross", persist_state="session")
        _flows(crossing(narrowed(found, chosen)), int(free["fund"].sum()), across)


def _matrix(found: pd.DataFrame, chosen: Chosen) -> None:
    draw_choosing(
        _chart,
        (found, chosen),
        t("space.matrix"),
        f"space_matrix_{chosen.home}_{chosen.there}",
        lambda selection: _take(selection, chosen),
    )
    st.caption(t("space.matrix.note"))


def _take(selection: Mapping[str, Any], chosen: Chosen) -> None:
    for picked in selection.get("cell", ()):
        pair = (picked["home_area"], picked["there_area"])
        if ELSEWHERE in pair or "" in pair:
            return
        same = pair == (chosen.home, chosen.there)
        st.session_state[HOME], st.session_state[THERE] = ("", "") if same else pair


def _chart(found: pd.DataFrame, chosen: Chosen) -> alt.LayerChart:
    rows = summed(found, ("home_area", "there_area"))
    most = int(rows["fund"].max()) if len(rows) else 0
    shade = (rows["fund"].clip(lower=0) / (most or 1)) ** 0.5
    frame = rows.assign(
        home=rows["home_area"].map(area),
        there=rows["there_area"].map(area),
        shade=shade,
        dark=shade > DARK,
        wan=rows["fund"].map(wan),
        short=(rows["fund"] / 1_000_000).map("{:,.0f}".format),
        count=rows["visits"].map(count),
        chosen=(rows["home_area"] == chosen.home) & (rows["there_area"] == chosen.there),
    )
    order = [area(code) for code in (*AREAS, ELSEWHERE, "")]
    present = [len([o for o in order if o in set(frame[side])]) for side in ("home", "there")]
    base = alt.Chart(frame, height=CELL * max(present[0], 1) + HEAD).encode(
        x=alt.X(
            "there:N",
            sort=order,
            title=t("space.there"),
            axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False),
        ),
        y=alt.Y(
            "home:N",
            sort=order,
            title=t("space.home"),
            axis=alt.Axis(ticks=False, domain=False),
        ),
    )
    tooltip = [
        alt.Tooltip("home:N", title=t("space.home")),
        alt.Tooltip("there:N", title=t("space.there")),
        alt.Tooltip("wan:N", title=t("space.wan")),
        alt.Tooltip("count:N", title=t("space.count")),
    ]
    cell = alt.selection_point(name="cell", fields=["home_area", "there_area"])
    ink = alt.condition("datum.dark", alt.value(PAPER), alt.value(INK))
    whole: alt.LayerChart = squares(base, tooltip).add_params(cell) + base.mark_text(
        fontSize=13
    ).encode(text="short:N", color=ink)
    return whole


def _flows(flows: list[Flow], whole: int, across: bool) -> None:
    wanted = [flow for flow in flows if not across or flow.home[:2] != flow.there[:2]]
    if not wanted:
        st.text(t("space.flows.none"))
        return
    st.caption(t("space.flows.shown", n=min(MOST, len(wanted)), total=count(len(wanted))))
    columns = [
        Column(t("space.home"), kind="nowrap"),
        Column(t("space.there"), kind="nowrap"),
        Column(t("space.count"), "right"),
        Column(t("space.fund"), "right", unit=t("unit.wan")),
        Column(t("space.share"), "right"),
    ]
    rows = [
        Row(
            [
                region(flow.home),
                region(flow.there),
                count(flow.visits),
                wan(flow.fund),
                percent(flow.fund, whole),
            ],
            id=f"{flow.home}>{flow.there}",
            href=f"space_time?home={flow.home}&there={flow.there}&lang={state.language()}",
        )
        for flow in wanted[:MOST]
    ]
    table = Table(t("space.flows"), columns, rows, height=TABLE_HEIGHT)
    opened = show_table(table, "space_flows")
    if opened:
        home, _, there = opened.partition(">")
        open_space(home=home, there=there)
