"""When rings gather: a calendar of days, and the hours of the week or of each place."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from dashboards import state
from dashboards.blocks.charts import draw, draw_choosing
from dashboards.blocks.space_tiles import SHADES
from dashboards.formats import count, minute, pseudonym, yuan
from dashboards.frame import card
from dashboards.navigation import open_ring
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import t, term

GRADES = ("AB", "ABC")
MOST_RINGS = 200
MOST_PLACES = 12
MOST_MEETINGS = 50
DAY_ROW, PLACE_ROW = 22, 26
ROUND = 110
"""Room for the axes and the legend, pixels."""
TABLE_HEIGHT = 330
DAY = "space_day"
SHADE = alt.Scale(range=list(SHADES), domainMin=0)


def space_calendar(found: pd.DataFrame) -> None:
    """The gatherings of all rings of some grades, or of one ring."""
    with card("space_calendar", t("space.calendar")):
        if found.empty:
            st.text(t("space.calendar.none"))
            return
        left, right = st.columns([2, 1], vertical_alignment="bottom")
        with left:
            whose = _whose(found)
        mine = _of(found, whose)
        years = sorted(mine["at"].dt.year.unique().tolist(), reverse=True)
        with right:
            year = _year(years)
        mine = mine[mine["at"].dt.year == year]
        _days(mine, year, whose)
        beside, below = st.columns([1, 1.15], gap="medium")
        with beside:
            _hours(mine, by_place=whose not in GRADES)
        with below:
            _meetings(mine)


def _whose(found: pd.DataFrame) -> str:
    rings = found.drop_duplicates("ring").sort_values("rank")[["ring", "rank", "grade"]]
    words = {
        ring: t("ring.title", code=pseudonym(ring)) + f" · {term('grade', grade)}"
        for ring, _, grade in rings.head(MOST_RINGS).itertuples(index=False)
    }
    options = [*GRADES, *words]
    if not _of(found, GRADES[0]).size:
        options = options[1:]
    chosen = st.selectbox(
        t("space.calendar.whose"),
        options,
        format_func=lambda one: words.get(one) or t(f"space.calendar.{one}"),
        key="space_whose",
    )
    return str(chosen or options[0])


def _of(found: pd.DataFrame, whose: str) -> pd.DataFrame:
    return found[found["grade"].isin(list(whose)) if whose in GRADES else found["ring"] == whose]


def _year(years: Sequence[int]) -> int:
    if len(years) == 1:
        return years[0]
    chosen = st.segmented_control(
        t("space.calendar.year"), years, default=years[0], required=True, key="space_year"
    )
    return chosen or years[0]


def _days(mine: pd.DataFrame, year: int, whose: str) -> None:
    days = pd.date_range(date(year, 1, 1), date(year, 12, 31))
    sums = mine.groupby(mine["at"].dt.normalize()).agg(n=("ring", "size"), people=("people", "sum"))
    frame = sums.reindex(days, fill_value=0)
    frame = pd.DataFrame(
        {
            "day": [f"{at:%Y-%m-%d}" for at in days],
            "week": [f"{at:%Y-%m-%d}" for at in days - pd.to_timedelta(days.day_of_week, unit="D")],
            "weekday": [t(f"weekday.{at.isoweekday()}") for at in days],
            "n": frame["n"].to_numpy(),
            "people": frame["people"].to_numpy(),
        }
    )
    total = {"year": year, "n": count(len(mine)), "days": int((frame["n"] > 0).sum())}
    st.caption(t("space.calendar.total", **total))
    draw_choosing(_calendar, (frame,), t("space.calendar"), f"space_days_{year}_{whose}", _take_day)


def _take_day(selection: Mapping[str, Any]) -> None:
    picked = selection.get("day") or ()
    st.session_state[DAY] = picked[0]["day"] if picked else None


def _calendar(frame: pd.DataFrame) -> alt.LayerChart:
    firsts = frame.drop_duplicates("week")
    ticks = firsts[firsts["week"].str[:7] != firsts["week"].str[:7].shift()]["week"].tolist()[1:]
    base = alt.Chart(frame, height=7 * DAY_ROW + ROUND).encode(
        x=alt.X(
            "week:O",
            title=None,
            axis=alt.Axis(
                values=ticks,
                labelExpr="slice(datum.value, 0, 7)",
                labelAngle=0,
                labelAlign="left",
                ticks=False,
                domain=False,
            ),
        ),
        y=alt.Y(
            "weekday:O",
            sort=[t(f"weekday.{n}") for n in range(1, 8)],
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelOverlap=False),
        ),
        tooltip=[
            alt.Tooltip("day:N", title=t("space.calendar.day")),
            alt.Tooltip("n:Q", title=t("space.calendar.gatherings")),
            alt.Tooltip("people:Q", title=t("space.calendar.people")),
        ],
    )
    empty = base.mark_rect(
        color="transparent", stroke="#9aa7b5", strokeOpacity=0.35, strokeWidth=0.7
    )
    full = (
        base.transform_filter("datum.n > 0")
        .mark_rect(cursor="pointer", stroke="#9aa7b5", strokeWidth=0.5)
        .encode(color=alt.Color("n:Q", scale=SHADE, legend=_legend(t("space.calendar.gatherings"))))
        .add_params(alt.selection_point(name="day", fields=["day"]))
    )
    whole: alt.LayerChart = empty + full
    return whole


def _legend(title: str) -> alt.Legend:
    return alt.Legend(title=title, orient="top", gradientLength=160, tickCount=3, format="d")


def _hours(mine: pd.DataFrame, *, by_place: bool) -> None:
    """Hours across; down the days of the week, or of one ring the places."""
    title = t("space.hours.places" if by_place else "space.hours")
    st.markdown(f"**{title}**")
    down = (
        mine["place"]
        if by_place
        else mine["at"].dt.day_of_week.map({n: t(f"weekday.{n + 1}") for n in range(7)})
    )
    sums = mine.groupby([down.rename("down"), mine["at"].dt.hour.rename("hour")]).size()
    frame = sums.rename("n").reset_index()
    order = (
        frame.groupby("down")["n"].sum().sort_values(ascending=False).index.tolist()[:MOST_PLACES]
        if by_place
        else [t(f"weekday.{n}") for n in range(1, 8)]
    )
    frame = frame[frame["down"].isin(order)]
    row = PLACE_ROW if by_place else DAY_ROW
    chart = (
        alt.Chart(frame, height=row * max(len(order), 3) + ROUND)
        .mark_rect(stroke="#9aa7b5", strokeWidth=0.5)
        .encode(
            x=alt.X(
                "hour:O",
                title=t("space.hour"),
                scale=alt.Scale(domain=list(range(24))),
                axis=alt.Axis(values=list(range(0, 24, 3)), labelAngle=0, ticks=False),
            ),
            y=alt.Y(
                "down:O",
                sort=order,
                scale=alt.Scale(domain=order),
                title=None,
                axis=alt.Axis(ticks=False, domain=False, labelLimit=170, labelOverlap=False),
            ),
            color=alt.Color("n:Q", scale=SHADE, legend=None),
            tooltip=[
                alt.Tooltip("down:N", title=title),
                alt.Tooltip("hour:O", title=t("space.hour")),
                alt.Tooltip("n:Q", title=t("space.calendar.gatherings")),
            ],
        )
    )
    draw(chart, title)


def _meetings(mine: pd.DataFrame) -> None:
    """The gatherings of the day that was clicked, else of the fullest day."""
    by_day = mine["at"].dt.strftime("%Y-%m-%d")
    chosen = st.session_state.get(DAY)
    if chosen not in set(by_day):
        st.caption(t("space.calendar.pick"))
        chosen = str(mine["people"].groupby(by_day).sum().idxmax())
    rows = mine[by_day == chosen].sort_values(["at", "rank"])
    shown = rows.head(MOST_MEETINGS)
    st.markdown(f"**{t('space.calendar.on', day=chosen, n=len(shown), total=count(len(rows)))}**")
    columns = [
        Column(t("ring.gathering.at"), kind="nowrap"),
        Column(t("ring.gathering.place"), kind="name"),
        Column(t("ring.gathering.people"), "right"),
        Column(t("space.fund"), "right", unit=t("unit.yuan")),
        Column(t("space.clash.ring"), kind="nowrap"),
    ]
    made = [
        Row(
            [
                f"{row.at:%H:%M}",
                Cell(row.place, sub=row.code),
                count(row.people),
                yuan(row.fund),
                Cell(pseudonym(row.ring), sub=term("grade", row.grade), hint=minute(row.at)),
            ],
            id=row.ring,
            href=f"ring?ring={row.ring}&lang={state.language()}",
        )
        for row in shown.itertuples(index=False)
    ]
    table = Table(t("space.calendar"), columns, made, link=4, height=TABLE_HEIGHT)
    open_ring(show_table(table, "space_meetings"))
