"""图谱调查: the desk – search, canvas, what is chosen, tables, saved views."""

from dashboards.blocks.desk_page import desk_page
from dashboards.frame import render_with_snapshot
from dashboards.opened import Opened, key_of


def show(opened: Opened) -> None:
    """The whole desk; it needs a snapshot, a scan only for rings."""
    desk_page(key_of(opened))


render_with_snapshot("nav.workbench", show)
