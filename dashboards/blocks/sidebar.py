"""The side of every page: language and what is live."""

import streamlit as st

from dashboards import state
from dashboards.brand import logo
from dashboards.formats import Language
from dashboards.frame import side_facts
from dashboards.texts import t


def sidebar() -> None:
    """Brand, language switch, what is live, what the system is not."""
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
    side_facts()
