"""One page of the ring list, with n of N above it and the pages below."""

import math
from collections.abc import Callable

import streamlit as st

from dashboards import opened as reads
from dashboards import state
from dashboards.blocks.ring_table import ring_table
from dashboards.formats import count
from dashboards.navigation import open_ring
from dashboards.opened import Key
from dashboards.reading.ranked import PAGE_SIZE, Filter
from dashboards.texts import t


def ring_list(key: Key, wanted: Filter, total: int, export: Callable[[], None]) -> None:
    """The page of rings this tab is on; `total` is how many rings there are without filters."""
    page = state.rings_page()
    found = reads.rings(key, wanted, (page - 1) * PAGE_SIZE, PAGE_SIZE)
    pages = max(1, math.ceil(found.total / PAGE_SIZE))
    if page > pages:
        state.first_rings_page()
        page, found = 1, reads.rings(key, wanted, 0, PAGE_SIZE)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(_shown(page, len(found.items), found.total, total), width="content")
        export()
    if not found.items:
        st.text(t("empty.filtered" if total else "empty.rings"))
        return
    open_ring(ring_table(found.items, f"rings_{page}"))
    if pages > 1:
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.pagination(pages, default=page, key=state.PAGER, on_change=state.take_rings_page)


def _shown(page: int, n: int, found: int, total: int) -> str:
    if not n:
        return t("rings.zero", total=count(total))
    first = (page - 1) * PAGE_SIZE + 1
    return t("rings.total", first=first, last=first + n - 1, n=count(found), total=count(total))
