"""How the sections of a ring's page stand: two side by side, the wide ones, the rest in tabs."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboards.texts import t

Section = Callable[[], None]


def ring_sections(
    beside: tuple[Section, Section], below: Sequence[Section], tabs: Mapping[str, Section]
) -> None:
    """Draw `beside` in two columns, the right one first, `below` in full width, `tabs` (by text key) last."""
    left, right = st.columns([1.45, 1], gap="medium")
    for column, section in ((right, beside[1]), (left, beside[0])):
        with column:
            section()
    for section in below:
        section()
    with st.container(border=True, key="card_tabs"):
        for tab, section in zip(st.tabs([t(key) for key in tabs]), tabs.values(), strict=True):
            with tab:
                section()
