"""The dashboard's entry: language, frame and the list of pages. Started by `huancha serve`."""

from pathlib import Path

import streamlit as st

from dashboards import state
from dashboards.access.sign_in import seated
from dashboards.blocks.entrance import enter
from dashboards.blocks.sidebar import sidebar
from dashboards.document import dress_document
from dashboards.navigation import lead_home, menu
from dashboards.texts import t

st.set_page_config(
    page_title=t("title"),
    page_icon=str(Path(__file__).parent / "assets" / "favicon.svg"),
    layout="wide",
    initial_sidebar_state=236,
)
dress_document(state.language())
seat = seated()
page = st.navigation(
    menu(seat.actor), position="sidebar" if seat.actor else "hidden", expanded=True
)
lead_home(page)
with st.sidebar:
    sidebar(seat)
enter(seat, page)
