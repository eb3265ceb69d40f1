"""数据接入: load from here; what was read, what became of every row, what is missing."""

from dashboards.blocks.intake import files, intake_head, missing, row_fates, unknowns, warnings
from dashboards.blocks.load_form import load_desk
from dashboards.frame import render_with_snapshot
from dashboards.opened import Opened


def show(opened: Opened) -> None:
    """Fates, warnings and gaps, unknowns, files."""
    manifest = opened.snapshot.manifest
    intake_head(manifest)
    load_desk(opened.snapshot.id)
    row_fates(manifest)
    warnings(manifest)
    missing(manifest)
    unknowns(manifest)
    files(manifest)


render_with_snapshot("nav.intake", show, otherwise=load_desk)
