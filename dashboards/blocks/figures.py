"""Rows of headline figures."""

from collections.abc import Sequence

import streamlit as st

from dashboards import state
from dashboards.formats import count, money
from dashboards.reading.ground import Figures
from dashboards.reading.ranked import Totals
from dashboards.texts import t
from graph.model import NodeKind
from graph.results import MemberRow, RingRow

MIN_WIDTH = 150


def ground_figures(found: Figures) -> None:
    """People, places, visits and money of the whole snapshot."""
    language = state.language()
    with st.grid(6, min_column_width=MIN_WIDTH):
        _metric("overview.patients", count(found.patients))
        _metric("overview.practitioners", count(found.practitioners))
        _metric("overview.facilities", count(found.facilities))
        _metric("overview.pharmacies", count(found.pharmacies))
        _metric("overview.visits", count(found.visits), t("overview.visits.help"))
        _metric("overview.fund", money(found.fund, language))


def lead_figures(totals: Totals) -> None:
    """How many leads, people and how much money the latest scan names."""
    with st.grid(3, min_column_width=MIN_WIDTH):
        _metric("overview.leads", count(totals.rings))
        _metric("overview.people", count(totals.patients))
        _metric(
            "overview.recoverable",
            money(totals.recoverable, state.language()),
            t("overview.recoverable.help"),
        )


def ring_figures(ring: RingRow, members: Sequence[MemberRow]) -> None:
    """Members, visits and money of one ring."""
    language = state.language()
    core = [member.core for member in members if member.kind == NodeKind.PATIENT]
    with st.grid(6, min_column_width=MIN_WIDTH):
        _metric("ring.patients", count(ring.patients))
        _metric("ring.core", t("ring.core.value", core=sum(core), rest=len(core) - sum(core)))
        _metric(
            "ring.staff_places",
            t("ring.staff_places.value", staff=ring.practitioners, places=ring.places),
        )
        _metric("ring.visits", count(ring.visits))
        _metric(
            "ring.fund",
            money(ring.fund, language),
            t("ring.total", total=money(ring.total, language)),
        )
        _metric("ring.recoverable", money(ring.recoverable, language), t("ring.recoverable.help"))


def _metric(label: str, value: str, explained: str | None = None) -> None:
    st.metric(t(label), value, help=explained, border=True)
