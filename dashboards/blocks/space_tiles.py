"""The divisions of 京津冀 as squares on a grid: a scheme, not a map. Click one to narrow down."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from dashboards import state
from dashboards.blocks.charts import draw_choosing
from dashboards.blocks.space_filters import HOME, THERE, area, choose
from dashboards.catalogue.regions import DIVISIONS, ENDINGS
from dashboards.formats import Language, count, money, percent, wan
from dashboards.frame import card
from dashboards.reading.flows import AREAS, Chosen, narrowed, summed
from dashboards.texts import region, t

GRID: Final = (
    ". 1307 AREA11 110119 110116 110118 . 1308 . . . . .",
    ". . 110109 110114 110113 110117 . . . . . . .",
    ". . 110107 110108 110105 110112 . AREA12 . 120119 . . 1303",
    ". . 110111 110102 110101 110115 . . 120114 120115 120117 1302 .",
    ". . . 110106 . . 1310 120113 120106 120105 120110 . .",
    ". . 1306 . . . . 120111 120104 120101 120102 . .",
    "AREA13 1301 . . 1311 . . 120118 120103 120112 120116 . .",
    ". . 1305 . . . . . 1309 . . . .",
    ". . 1304 . . . . . . . . . .",
)
"""Each division roughly where it lies; `AREA…` is where a province's name is written."""
WIDE = 13
TILE = 44
SHADES = ("#e4ecf5", "#9dbfe3", "#5f93cd", "#2f6db5", "#174a86")
INK, PAPER = "#16212c", "#ffffff"
DARK = 0.62
"""From this shade on white is read better than ink."""
MARKED, RIM, GREY = "#d9731a", "#9aa7b5", "#7d8a99"
SIDES = {"there": THERE, "home": HOME}


def space_tiles(found: pd.DataFrame, chosen: Chosen) -> None:
    """Money by where the places are, or where the patients are insured."""
    with card("space_tiles", t("space.tiles")):
        side = st.segmented_control(
            t("space.tiles.by"),
            list(SIDES),
            format_func=lambda name: t(f"space.{name}"),
            default="there",
            required=True,
            key="space_side",
            label_visibility="collapsed",
            persist_state="session",
        )
        side = side or "there"
        mine = chosen.there if side == "there" else chosen.home
        free = replace(chosen, there="") if side == "there" else replace(chosen, home="")
        rows = summed(narrowed(found, free), (side,))
        sums = {code: (int(n), int(fund)) for code, n, fund in rows.itertuples(index=False)}
        draw_choosing(
            _chart,
            (sums, mine),
            t("space.tiles"),
            f"space_tiles_{side}_{mine}",
            lambda selection: _take(selection, SIDES[side]),
        )
        st.caption(t("space.tiles.note"))
        outside = {code: fund for code, (_, fund) in sums.items() if code[:2] not in AREAS}
        if any(outside.values()):
            total = money(sum(outside.values()), state.language())
            st.caption(t("space.tiles.outside", n=len(outside), fund=total))


def _take(selection: Mapping[str, Any], key: str) -> None:
    for picked in selection.get("tile", ()):
        choose(key, picked["code"])


def _chart(sums: Mapping[str, tuple[int, int]], mine: str) -> alt.LayerChart:
    total = sum(fund for _, fund in sums.values())
    most = max((sums[code][1] for code in sums if code[:2] in AREAS), default=0) or 1
    spots = [
        (code, x, y)
        for y, line in enumerate(GRID)
        for x, code in enumerate(line.split())
        if code != "."
    ]
    frame = pd.DataFrame(
        [
            _tile(code, x, y, sums.get(code, (0, 0)), most, total, mine)
            for code, x, y in spots
            if not code.startswith("AREA")
        ]
    )
    names = pd.DataFrame(
        [
            {"x": x, "y": y, "name": area(code.removeprefix("AREA"))}
            for code, x, y in spots
            if code.startswith("AREA")
        ]
    )
    x = alt.X("x:O", axis=None, scale=alt.Scale(domain=list(range(WIDE)), paddingInner=0.05))
    y = alt.Y("y:O", axis=None, scale=alt.Scale(domain=list(range(len(GRID))), paddingInner=0.08))
    base = alt.Chart(frame, height=TILE * len(GRID)).encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("whole:N", title=t("space.division")),
        alt.Tooltip("wan:N", title=t("space.wan")),
        alt.Tooltip("visits:N", title=t("space.count")),
        alt.Tooltip("share:N", title=t("space.share")),
    ]
    tiles = squares(base, tooltip).add_params(alt.selection_point(name="tile", fields=["code"]))
    ink = alt.condition("datum.dark", alt.value(PAPER), alt.value(INK))
    full, empty = base.transform_filter("datum.short"), base.transform_filter("!datum.short")
    bare = empty.mark_text(fontSize=12, limit=74, color=GREY).encode(text="name:N")
    label = full.mark_text(dy=-7, fontSize=12, fontWeight="bold", limit=74).encode(
        text="name:N", color=ink
    )
    value = full.mark_text(dy=9, fontSize=11).encode(text="short:N", color=ink)
    areas = (
        alt.Chart(names)
        .mark_text(fontSize=15, fontWeight="bold", color=GREY)
        .encode(x=x, y=y, text="name:N")
    )
    whole: alt.LayerChart = tiles + bare + label + value + areas
    return whole


def squares(base: alt.Chart, tooltip: Sequence[alt.Tooltip]) -> alt.Chart:
    """Squares shaded from 0 to 1, hollow where nothing is written, rimmed where chosen."""
    marked: alt.Chart = base.mark_rect(cornerRadius=3, cursor="pointer").encode(
        color=alt.condition(
            "datum.short",
            alt.Color("shade:Q", scale=alt.Scale(domain=[0, 1], range=list(SHADES)), legend=None),
            alt.value("transparent"),
        ),
        stroke=alt.condition("datum.chosen", alt.value(MARKED), alt.value(RIM)),
        strokeWidth=alt.condition("datum.chosen", alt.value(3), alt.value(0.5)),
        tooltip=list(tooltip),
    )
    return marked


def _tile(
    code: str, x: int, y: int, sums: tuple[int, int], most: int, total: int, mine: str
) -> dict[str, Any]:
    visits, fund = sums
    zh, en = DIVISIONS[code]
    shade = (max(fund, 0) / most) ** 0.5
    return {
        "code": code,
        "x": x,
        "y": y,
        "name": _short(zh) if state.language() is Language.ZH else en,
        "whole": region(code),
        "shade": shade,
        "dark": shade > DARK,
        "short": f"{fund / 1_000_000:,.0f}" if visits else "",
        "wan": wan(fund),
        "visits": count(visits),
        "share": percent(fund, total),
        "chosen": bool(mine) and code.startswith(mine),
    }


def _short(name: str) -> str:
    return next((name.removesuffix(end) for end in ENDINGS if name.endswith(end)), name)
