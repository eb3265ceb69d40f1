"""The leads at work where and when the page is narrowed to, and the way to the whole list."""

import calendar

import streamlit as st

from dashboards import opened as reads
from dashboards.blocks.ring_table import short_ring_table
from dashboards.formats import count
from dashboards.frame import card
from dashboards.navigation import open_ring, open_rings
from dashboards.opened import Key
from dashboards.reading.flows import Chosen
from dashboards.reading.ranked import Filter, Within
from dashboards.texts import t

MOST = 5


def space_rings(key: Key, chosen: Chosen) -> None:
    """The first few by rank; a button opens them all in the list of rings."""
    within = _within(chosen)
    found = reads.rings(key, Filter(within=within), 0, MOST)
    with card("space_rings", t("space.rings")):
        if not found.items:
            st.text(t("space.rings.none"))
            return
        st.caption(t("space.rings.shown", n=len(found), total=count(found.total)))
        open_ring(short_ring_table(found.items, "space_rings"))
        label = t("space.rings.all", n=count(found.total))
        if st.button(label, key="space_rings_all", icon=":material/arrow_forward:"):
            asked = {"there": within.there, "home": within.home}
            asked |= {"first": str(within.first or ""), "last": str(within.last or "")}
            open_rings({name: value for name, value in asked.items() if value})


def _within(chosen: Chosen) -> Within:
    """From the first day of the first month to the last day of the last."""
    last = chosen.last
    if last is not None:
        last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return Within(chosen.there, chosen.home, chosen.first, last)
