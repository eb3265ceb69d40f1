"""The sections of the overview."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import opened as reads
from dashboards import state
from dashboards.blocks.charts import month_bars, tally_bars
from dashboards.blocks.figures import ground_figures, lead_figures
from dashboards.blocks.latest_scan import latest_scan
from dashboards.blocks.load_summary import fate_figures, fate_table, switched_off, warning_table
from dashboards.blocks.ring_table import short_ring_table
from dashboards.formats import days, stamp
from dashboards.frame import card, header
from dashboards.navigation import open_ring, page_file
from dashboards.opened import Key, Opened
from dashboards.pages import PAGES
from dashboards.person import actor
from dashboards.reading.ground import Figures
from dashboards.reading.ranked import Filter
from dashboards.texts import motif_title, t, term
from graph.results import Run

TOP = 5
MOST_MOTIFS = 8
MOST_WARNINGS = 6
LEADS_PAGE = next(page for page in PAGES if page.name == "rings")


def ground_overview(opened: Opened, figures: Figures) -> None:
    """Title, freshness, counts and money of the snapshot."""
    manifest = opened.snapshot.manifest
    dates = days(figures.first, figures.last, state.language())
    loaded = stamp(manifest.get("created"))
    header(t("nav.overview"), t("overview.lead", dates=dates, loaded=loaded))
    ground_figures(figures)


def leads_overview(run: Run, key: Key) -> None:
    """The leads at the top and the money by month, beside the scan they come from."""
    left, right = st.columns([1.75, 1], gap="medium")
    with left:
        _top(key)
        money_by_month(key)
    with right:
        _tallies(key)
        with card("scan", t("overview.scan")):
            latest_scan(run, key.snapshot)


def _top(key: Key) -> None:
    with card("top", t("overview.top")):
        lead_figures(reads.totals(key))
        shown = reads.rings(key, Filter(), 0, TOP)
        if not shown.items:
            st.text(t("empty.rings"))
            return
        opens = LEADS_PAGE.open_to(actor())
        open_ring(short_ring_table(shown.items, "top_rings", opens=opens))
        if opens:
            st.page_link(
                page_file("rings"),
                label=t("overview.top.all", n=shown.total),
                icon=":material/arrow_forward:",
            )


def _tallies(key: Key) -> None:
    choices = reads.choices(key)
    with card("found", t("overview.motifs")):
        motifs = list(choices.motifs.items())[:MOST_MOTIFS]
        tally_bars([(motif_title(name), n) for name, n in motifs], t("overview.motifs"))
        st.markdown(f"**{t('overview.grades')}**")
        grades = [(term("grade", grade), n) for grade, n in choices.grades.items()]
        tally_bars(grades, t("overview.grades"))


def money_by_month(key: Key) -> None:
    """Fund paid and visits of the whole snapshot by month."""
    with card("months", t("overview.months")):
        month_bars(reads.months(key), t("overview.months"))


def data_quality(manifest: Mapping[str, Any]) -> None:
    """Rows by fate, warnings, what is switched off."""
    report = manifest.get("report") or {}
    with card("load", t("overview.load")):
        fate_figures(report)
        left, right = st.columns([1.5, 1], gap="medium")
        with left:
            fate_table(report, "overview_fates", short=True)
        with right:
            warning_table(report, "overview_warnings", MOST_WARNINGS)
            st.markdown(f"**{t('overview.off')}**")
            switched_off(report, "overview_off")
        st.page_link(
            page_file("intake"), label=t("overview.load.more"), icon=":material/arrow_forward:"
        )
