"""方法说明: what each motif, grade and word means, and when they mislead."""

from dashboards.blocks.methods import (
    decoys,
    grades,
    limits,
    methods_head,
    motif_list,
    parameters,
    words,
)
from dashboards.frame import render_with_snapshot
from dashboards.opened import Opened


def show(opened: Opened) -> None:
    """Motifs, grades, words, limits; the latest scan's decoys and parameters."""
    methods_head()
    motif_list()
    grades()
    words()
    limits()
    if opened.scan is not None:
        decoys(opened.scan.run)
        parameters(opened.scan.run)


render_with_snapshot("nav.methods", show)
