"""联审互查: leads that cross provinces, and what each side holds of one."""

from pathlib import Path

import streamlit as st

from dashboards import opened as reads
from dashboards.blocks.joint_list import joint_list
from dashboards.blocks.joint_sides import joint_sides
from dashboards.frame import card, header, render_with_scan
from dashboards.opened import Key, Opened
from dashboards.person import looked_at
from dashboards.texts import t


def show(_: Opened, key: Key) -> None:
    """The lead the address names, if it crosses; the list."""
    header(t("nav.joint"), t("joint.lead", scan=key.scan))
    found = reads.crossings(key)
    if not found:
        with card("joint_none"):
            st.text(t("joint.none"))
        return
    named = st.query_params.get("ring")
    for one in found:
        if one.ring.ring == named:
            looked_at(Path(key.workspace), "joint", named)
            joint_sides(one)
    joint_list(found, reads.totals(key).rings)


render_with_scan("nav.joint", show)
