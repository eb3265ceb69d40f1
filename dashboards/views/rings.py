"""疑点团伙: every lead of the latest scan, ranked, filtered and paged on the server."""

from dashboards import opened as reads
from dashboards.blocks.ring_filters import export_rings, ring_filters
from dashboards.blocks.ring_list import ring_list
from dashboards.frame import card, header, render_with_scan
from dashboards.opened import Key, Opened
from dashboards.texts import t


def show(_: Opened, key: Key) -> None:
    """Filters, export, one page of the table."""
    choices = reads.choices(key)
    header(t("nav.rings"), t("rings.lead"))
    with card("filters"):
        wanted = ring_filters(key, choices)
    with card("rings"):
        ring_list(key, wanted, choices.total, lambda: export_rings(key, wanted))


render_with_scan("nav.rings", show)
