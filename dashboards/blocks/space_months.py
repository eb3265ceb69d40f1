"""The headline figures of what is chosen, and its money by month: drag to choose a period."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from dashboards import state
from dashboards.blocks.charts import draw_choosing
from dashboards.blocks.space_filters import PERIOD, area
from dashboards.formats import count, money, percent, wan
from dashboards.frame import card
from dashboards.reading.flows import ELSEWHERE, Chosen, narrowed, summed
from dashboards.texts import t

HEIGHT = 270
COLOURS = {"11": "#2f6db5", "12": "#d9731a", "13": "#3c9a78", ELSEWHERE: "#8794a3", "": "#c3cbd4"}
FADED = 0.3
MIN_WIDTH = 150


def space_figures(found: pd.DataFrame) -> None:
    """Visits, money and how much of it was paid away from home."""
    fund = int(found["fund"].sum())
    away = int(found.loc[found["home"] != found["there"], "fund"].sum())
    across = int(found.loc[found["home"].str[:2] != found["there"].str[:2], "fund"].sum())
    with st.grid(4, min_column_width=MIN_WIDTH):
        st.metric(t("space.visits"), count(int(found["visits"].sum())), border=True)
        st.metric(t("space.fund"), money(fund, state.language()), border=True)
        st.metric(t("space.away"), percent(away, fund), help=t("space.away.help"), border=True)
        st.metric(
            t("space.across"), percent(across, fund), help=t("space.across.help"), border=True
        )


def space_months(found: pd.DataFrame, chosen: Chosen) -> None:
    """Every month of the data, those outside the period faded."""
    with card("space_months", t("space.months")):
        whole = narrowed(found, replace(chosen, first=None, last=None))
        draw_choosing(
            _chart,
            (whole, chosen),
            t("space.months"),
            f"space_months_{chosen.first}_{chosen.last}",
            _take,
        )
        st.caption(t("space.months.note"))


def _chart(found: pd.DataFrame, chosen: Chosen) -> alt.Chart:
    rows = summed(found, ("month", "there_area"))
    period = Chosen(first=chosen.first, last=chosen.last)
    codes = [code for code in COLOURS if code in set(rows["there_area"])]
    frame = pd.DataFrame(
        {
            "month": rows["month"].dt.strftime("%Y-%m"),
            "area": rows["there_area"].map(area),
            "order": rows["there_area"].map(codes.index),
            "fund": rows["fund"] / 1_000_000,
            "wan": rows["fund"].map(wan),
            "visits": rows["visits"].map(count),
            "inside": rows.index.isin(narrowed(rows, period).index),
        }
    )
    brush = alt.selection_interval(name="period", encodings=["x"])
    bars: alt.Chart = (
        alt.Chart(frame, height=HEIGHT)
        .mark_bar(cursor="crosshair")
        .encode(
            x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("fund:Q", title=t("space.wan"), axis=alt.Axis(format=",.2~f", tickCount=4)),
            color=alt.Color(
                "area:N",
                scale=alt.Scale(
                    domain=[area(code) for code in codes],
                    range=[COLOURS[code] for code in codes],
                ),
                legend=alt.Legend(title=t("space.there"), orient="top"),
            ),
            order="order:Q",
            opacity=alt.condition("datum.inside", alt.value(1.0), alt.value(FADED)),
            tooltip=[
                alt.Tooltip("month:O", title=t("space.month")),
                alt.Tooltip("area:N", title=t("space.there")),
                alt.Tooltip("wan:N", title=t("space.wan")),
                alt.Tooltip("visits:N", title=t("space.count")),
            ],
        )
        .add_params(brush)
    )
    return bars


def _take(selection: Mapping[str, Any]) -> None:
    months = sorted(selection.get("period", {}).get("month", ()))
    if months:
        st.session_state[PERIOD] = (months[0], months[-1])
