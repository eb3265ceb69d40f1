"""总览: what was loaded, what was found, what is missing."""

from dashboards import opened as reads
from dashboards.blocks.overview import (
    data_quality,
    ground_overview,
    leads_overview,
    money_by_month,
)
from dashboards.blocks.overview_work import work_at_hand
from dashboards.frame import no_scan, render_with_snapshot
from dashboards.opened import Opened, key_of


def show(opened: Opened) -> None:
    """Counts and money, work at hand, leads, latest scan, data quality."""
    key = key_of(opened)
    ground_overview(opened, reads.figures(key))
    work_at_hand(opened, key)
    if opened.scan is None:
        no_scan()
        money_by_month(key)
    else:
        leads_overview(opened.scan.run, key)
    data_quality(opened.snapshot.manifest)


render_with_snapshot("nav.overview", show)
