"""Bar charts, drawn by Altair in the page's own theme."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from dashboards import state
from dashboards.formats import FEN_PER_YUAN, Language, count, wan, yuan
from dashboards.reading.ground import Month
from dashboards.texts import t

BAR = "#3f7fbf"
HEIGHT = 220
BAR_ROW = 30
FEW_BARS, WIDEST_BAR = 8, 56
WAN_IN_FEN = 10_000 * FEN_PER_YUAN
MOST_CHARTS = 256
NO_MENU = {"embedOptions": {"actions": False}}


def month_bars(months: Sequence[Month], title: str) -> None:
    """Fund paid by month as bars, in 元 where no month comes to a ten-thousand; figures on hovering."""
    large = max((abs(m.fund) for m in months), default=0) >= WAN_IN_FEN
    fund = t("overview.months.fund" if large else "overview.months.fund.yuan")
    size = WIDEST_BAR if len(months) < FEW_BARS else alt.Undefined
    frame = pd.DataFrame(
        {
            "month": [f"{m.month:%Y-%m}" for m in months],
            "fund": [m.fund / (WAN_IN_FEN if large else FEN_PER_YUAN) for m in months],
            "said": [(wan if large else yuan)(m.fund) for m in months],
            "visits": [count(m.visits) for m in months],
        }
    )
    chart = (
        alt.Chart(frame, height=HEIGHT)
        .mark_bar(color=BAR, cornerRadiusTopLeft=2, cornerRadiusTopRight=2, size=size)
        .encode(
            x=alt.X("month:N", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y(
                "fund:Q",
                title=fund,
                axis=alt.Axis(format=",.2~f", tickCount=4),
            ),
            tooltip=[
                alt.Tooltip("month:N", title=t("overview.month")),
                alt.Tooltip("said:N", title=fund),
                alt.Tooltip("visits:N", title=t("overview.months.visits")),
            ],
        )
    )
    draw(chart, title)


def tally_bars(tally: Sequence[tuple[str, int]], title: str) -> None:
    """Named counts as horizontal bars, largest first as given."""
    frame = pd.DataFrame({"name": [n for n, _ in tally], "leads": [c for _, c in tally]})
    base = alt.Chart(frame, height=BAR_ROW * len(tally) + 12).encode(
        y=alt.Y(
            "name:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelLimit=220, ticks=False, domain=False),
        ),
        x=alt.X("leads:Q", axis=None),
        tooltip=[
            alt.Tooltip("name:N", title=title),
            alt.Tooltip("leads:Q", title=t("overview.count")),
        ],
    )
    bars = base.mark_bar(color=BAR, height=14, cornerRadiusEnd=2)
    labels = base.mark_text(align="left", dx=5, fontSize=13, color="#7d8a99").encode(text="leads:Q")
    draw(bars + labels, title)


def draw(chart: "alt.Chart | alt.LayerChart", alternative: str) -> None:
    """Draw `chart` without Vega's English menu; `alternative` is read out instead of the picture."""
    st.altair_chart(_plain(chart), width="stretch", alt=alternative)


def draw_choosing(
    build: Callable[..., "alt.Chart | alt.LayerChart"],
    given: tuple[Any, ...],
    alternative: str,
    key: str,
    take: Callable[[Mapping[str, Any]], None],
) -> None:
    """As `draw` what `build` makes of `given`, made once for the same content in the same language.

    `take` is called with what was chosen on it, by the names of the chart's selections.
    """

    def chosen() -> None:
        take(st.session_state[key]["selection"])

    name = f"{build.__module__}.{build.__qualname__}"
    spec = _spec(name, state.language(), given, build)
    st.vega_lite_chart(spec=spec, width="stretch", alt=alternative, key=key, on_select=chosen)


@st.cache_data(max_entries=MOST_CHARTS, show_spinner=False)
def _spec(
    name: str,
    language: Language,
    given: tuple[Any, ...],
    _build: Callable[..., "alt.Chart | alt.LayerChart"],
) -> dict[str, Any]:
    """The chart in Vega-Lite's words; Altair checks each of them, which takes longer than drawing."""
    made: dict[str, Any] = _plain(_build(*given)).to_dict()
    return made


def _plain(chart: "alt.Chart | alt.LayerChart") -> "alt.Chart | alt.LayerChart":
    plain: alt.Chart | alt.LayerChart = chart.properties(usermeta=NO_MENU).configure(
        background="transparent", aria=False
    )
    return plain
