"""移送与报告: the papers of one lead that exist today, and what a referral needs besides."""

from pathlib import Path

from dashboards.blocks.exports_list import exports
from dashboards.blocks.referral import checklist, choose_lead, papers
from dashboards.frame import render_with_scan
from dashboards.opened import Key, Opened


def show(_: Opened, key: Key) -> None:
    """Picker, papers, checklist."""
    found = choose_lead(key)
    if found is not None:
        papers(key, found)
    checklist()
    exports(Path(key.workspace))


render_with_scan("nav.referral", show)
