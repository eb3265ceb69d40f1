"""One lead that crosses provinces: what each side holds, in numbers and as shares."""

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.blocks.charts import draw
from dashboards.blocks.space_filters import area
from dashboards.blocks.space_months import COLOURS
from dashboards.formats import count, day, percent, pseudonym, wan
from dashboards.frame import card
from dashboards.navigation import open_desk, open_ring
from dashboards.reading.joint import Crossing
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import both, t

MEASURES = ("patients", "practitioners", "places", "settled", "insured")
MONEY = ("settled", "insured")
BAR_ROW, ROUND = 34, 100


def joint_sides(found: Crossing) -> None:
    """The table of sides, their shares, and the ways on from here."""
    ring = found.ring
    with card("joint_one", t("joint.one", code=pseudonym(ring.ring))):
        st.caption(both(ring.sentence_zh, ring.sentence_en))
        with st.container(horizontal=True):
            if st.button(t("joint.ring"), key="joint_ring", icon=":material/hub:"):
                open_ring(ring.ring)
            if st.button(t("desk.from_ring"), key="joint_desk", icon=":material/share:"):
                open_desk(ring=ring.ring)
        _table(found)
        st.markdown(f"**{t('joint.shares')}**")
        _shares(found)
        st.caption(t("joint.rule"))


def _table(found: Crossing) -> None:
    columns = [
        Column(t("joint.side"), kind="nowrap"),
        *(
            Column(t(f"joint.{name}"), "right", unit=t("unit.wan") if name in MONEY else "")
            for name in MEASURES
        ),
        Column(t("joint.first"), kind="nowrap"),
        Column(t("joint.last"), kind="nowrap"),
    ]
    totals = {name: sum(getattr(side, name) for side in found.sides) for name in MEASURES}
    rows = []
    for side in found.sides:
        cells = [
            Cell(
                (wan if name in MONEY else count)(getattr(side, name)),
                sub=percent(getattr(side, name), totals[name]),
            )
            for name in MEASURES
        ]
        rows.append(Row([area(side.area), *cells, day(side.first), day(side.last)]))
    show_table(Table(t("joint.shares"), columns, rows), "joint_one_sides")


def _shares(found: Crossing) -> None:
    names = {name: t(f"joint.{name}") for name in MEASURES}
    frame = pd.DataFrame(
        [
            {
                "measure": names[name],
                "area": area(side.area),
                "value": getattr(side, name),
                "said": (wan if name in MONEY else count)(getattr(side, name)),
                "order": order,
            }
            for order, side in enumerate(found.sides)
            for name in MEASURES
            if getattr(side, name) > 0
        ]
    )
    present = [name for name in names.values() if name in set(frame["measure"])]
    chart = (
        alt.Chart(frame, height=BAR_ROW * len(present) + ROUND)
        .mark_bar(height=18)
        .encode(
            y=alt.Y(
                "measure:N",
                sort=present,
                title=None,
                axis=alt.Axis(ticks=False, domain=False, labelLimit=220),
            ),
            x=alt.X(
                "value:Q", stack="normalize", title=None, axis=alt.Axis(format=".0%", tickCount=5)
            ),
            color=alt.Color(
                "area:N",
                scale=alt.Scale(
                    domain=[area(side.area) for side in found.sides],
                    range=[COLOURS[side.area] for side in found.sides],
                ),
                legend=alt.Legend(title=None, orient="top"),
            ),
            order="order:Q",
            tooltip=[
                alt.Tooltip("measure:N", title=t("joint.share")),
                alt.Tooltip("area:N", title=t("joint.side")),
                alt.Tooltip("said:N", title=t("joint.shares")),
            ],
        )
    )
    draw(chart, t("joint.shares"))
