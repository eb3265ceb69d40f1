"""A practitioner's monitoring profile: what the scan measured, and how far it lies from peers."""

import streamlit as st

from dashboards import state
from dashboards.formats import DASH, count, money, percent, plain
from dashboards.frame import card
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term
from graph.results import ProfileRow

FAR = 3.5
"""A robust distance (0.6745 (x - median) / MAD) from which a value is usually called an outlier."""
MEASURES = (
    "patients",
    "visits",
    "visit_cost",
    "visit_growth",
    "cost_growth",
    "visit_lines",
    "visit_quantity",
    "top_share",
)


def practice(row: ProfileRow | None, scan: str) -> None:
    """Each measure with its value and its distance from peers; why nothing is compared if so."""
    with card("profile_practice", t("profile.practice")):
        if row is None:
            st.text(t("profile.practice.none"))
            return
        dept = row.dept or t("profile.dept.unknown")
        if row.peers:
            key = "profile.peers.dept" if row.by_dept else "profile.peers"
            st.caption(
                plain(t(key, n=count(row.peers), level=term("level", row.level or DASH), dept=dept))
            )
        else:
            st.caption(t("profile.peers.none"))
        columns = [
            Column(t("profile.measure"), kind="name"),
            Column(t("profile.own"), "right"),
            Column(t("profile.z"), "right"),
            Column(t("profile.judged"), kind="nowrap"),
        ]
        rows = [_row(row, name) for name in MEASURES]
        show_table(Table(t("profile.practice"), columns, rows, link=-1), "profile_measures")
        st.caption(plain(t("profile.source.scan", scan=scan)))


def _row(row: ProfileRow, name: str) -> Row:
    z = getattr(row, f"z_{name}")
    lean = max(-1.0, min(z / (2 * FAR), 1.0)) if z is not None else None
    far = z is not None and abs(z) >= FAR
    tags = [Tag(t("profile.high" if z > 0 else "profile.low"), "orange")] if far else None
    judged = Cell(tags=tags) if tags else Cell(t("profile.usual") if z is not None else DASH)
    distance = Cell(f"{round(z, 1) + 0:+.1f}" if z is not None else DASH, lean=lean)
    return Row([t(f"profile.measure.{name}"), _value(row, name), distance, judged])


def _value(row: ProfileRow, name: str) -> str:
    value = getattr(row, name)
    if value is None:
        return DASH
    if name == "visit_cost":
        return money(value, state.language())
    if name in ("visit_growth", "cost_growth", "top_share"):
        return percent(value, 1)
    return count(value) if isinstance(value, int) else f"{value:.1f}"
