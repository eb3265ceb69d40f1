"""时空分析: money by month, division and flow; when rings gather; who was in two places at once."""

import streamlit as st

from dashboards import opened as reads
from dashboards.blocks.space_calendar import space_calendar
from dashboards.blocks.space_clash import space_clashes
from dashboards.blocks.space_filters import space_filters
from dashboards.blocks.space_flows import space_flows
from dashboards.blocks.space_months import space_figures, space_months
from dashboards.blocks.space_rings import space_rings
from dashboards.blocks.space_tiles import space_tiles
from dashboards.frame import card, header, no_scan, render_with_snapshot
from dashboards.opened import Opened, key_of
from dashboards.reading.flows import narrowed
from dashboards.texts import t


def show(opened: Opened) -> None:
    """Filters and money first; what the scan knows below."""
    key = key_of(opened)
    header(t("nav.space_time"), t("space.lead", snapshot=key.snapshot))
    found = reads.flows(key)
    if found.empty:
        with card("space_none"):
            st.text(t("space.none"))
        return
    with card("space_filters"):
        chosen = space_filters(found)
    space_figures(narrowed(found, chosen))
    space_months(found, chosen)
    space_tiles(found, chosen)
    space_flows(found, chosen)
    if opened.scan is None:
        no_scan()
        return
    space_rings(key, chosen)
    space_calendar(reads.gatherings(key))
    space_clashes(key)


render_with_snapshot("nav.space_time", show)
