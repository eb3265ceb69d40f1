"""The side of every page: language, who sits there, what is live."""

import streamlit as st

from dashboards import state
from dashboards.access.sign_in import Seat
from dashboards.blocks.entrance import who_sits_here
from dashboards.brand import logo
from dashboards.formats import Language
from dashboards.frame import side_facts
from dashboards.texts import t


def sidebar(seat: Seat) -> None:
    """Brand, language switch; for somebody signed in who they are, what is live, what the system is not."""
    st.logo(logo(t("product"), t("product.long")), size="large")
    words = {language: t(f"language.{language}") for language in Language}
    st.segmented_control(
        t("language"),
        list(Language),
        format_func=lambda language: words[language],
        default=state.language(),
        required=True,
        key=state.LANGUAGE_SWITCH,
        on_change=state.take_language,
        label_visibility="collapsed",
        width="stretch",
    )
    if seat.actor is not None:
        who_sits_here(seat.actor)
        side_facts()
