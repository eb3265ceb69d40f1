"""中止协同: practitioners of several places, and every place that a suspension would reach."""

import streamlit as st

from dashboards import opened as reads
from dashboards.blocks.sanctions_list import sanctions_list
from dashboards.blocks.sanctions_reach import sanctions_reach
from dashboards.formats import stamp
from dashboards.frame import card, header, render_with_scan
from dashboards.opened import Key, Opened
from dashboards.person import looked_at
from dashboards.texts import t


def show(opened: Opened, key: Key) -> None:
    """The practitioner the address names; the list."""
    header(t("nav.sanctions"), t("sanctions.lead"))
    st.caption(t("sanctions.only"))
    found = reads.linked(key)
    if not found:
        with card("sanctions_none"):
            st.text(t("sanctions.none"))
        return
    named = st.query_params.get("who")
    for one in found:
        if one.id == named:
            looked_at(opened.workspace.path, "sanctions", one.id)
            sanctions_reach(key, one, stamp(opened.snapshot.manifest.get("date_to")))
    sanctions_list(found)


render_with_scan("nav.sanctions", show)
