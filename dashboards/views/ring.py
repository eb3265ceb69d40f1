"""团伙详情: one lead, why it is one, and everything it rests on."""

from pathlib import Path

from dashboards import opened as reads
from dashboards.blocks.ring_evidence import evidence, gatherings, places
from dashboards.blocks.ring_explained import explanations, motifs
from dashboards.blocks.ring_head import choose_one, ring_head
from dashboards.blocks.ring_members import members
from dashboards.blocks.ring_network import network_picture
from dashboards.blocks.ring_robustness import robustness
from dashboards.blocks.ring_sections import ring_sections
from dashboards.blocks.timeline import timeline
from dashboards.frame import render_with_scan
from dashboards.opened import Key, Opened


def show(_: Opened, key: Key) -> None:
    """Head, network and members, timeline, then the tables."""
    found = choose_one(key)
    if found is None:
        return
    ring_head(Path(key.workspace), found)
    ring_sections(
        beside=(
            lambda: network_picture(found, reads.network(key, found.ring.ring)),
            lambda: members(found),
        ),
        below=(lambda: timeline(found),),
        tabs={
            "ring.evidence": lambda: evidence(found),
            "ring.gatherings": lambda: gatherings(found),
            "ring.places.title": lambda: places(found),
            "ring.robust": lambda: robustness(found),
            "ring.motifs": lambda: motifs(found),
            "ring.innocent": lambda: explanations(found),
        },
    )


render_with_scan("nav.ring", show)
