"""The dashboard's entry: language, frame and the list of pages. Started by `huancha serve`."""

from pathlib import Path

import streamlit as st

from dashboards import state
from dashboards.blocks.sidebar import sidebar
from dashboards.document import dress_document
from dashboards.texts import t

HERE = Path(__file__).parent

st.set_page_config(
    page_title=t("title"),
    page_icon=str(HERE / "assets" / "favicon.svg"),
    layout="wide",
    initial_sidebar_state=236,
)
dress_document(state.language())

pages = {
    t("nav.work"): [
        st.Page(
            HERE / "views" / "overview.py",
            title=t("nav.overview"),
            icon=":material/monitoring:",
            url_path="overview",
            default=True,
        ),
        st.Page(
            HERE / "views" / "rings.py",
            title=t("nav.rings"),
            icon=":material/format_list_numbered:",
            url_path="rings",
        ),
        st.Page(
            HERE / "views" / "ring.py",
            title=t("nav.ring"),
            icon=":material/hub:",
            url_path="ring",
        ),
        st.Page(
            HERE / "views" / "workbench.py",
            title=t("nav.workbench"),
            icon=":material/share:",
            url_path="workbench",
        ),
        st.Page(
            HERE / "views" / "profile.py",
            title=t("nav.profile"),
            icon=":material/badge:",
            url_path="profile",
        ),
    ],
    t("nav.ground"): [
        st.Page(
            HERE / "views" / "scans.py",
            title=t("nav.scans"),
            icon=":material/radar:",
            url_path="scans",
        ),
        st.Page(
            HERE / "views" / "intake.py",
            title=t("nav.intake"),
            icon=":material/database:",
            url_path="intake",
        ),
        st.Page(
            HERE / "views" / "methods.py",
            title=t("nav.methods"),
            icon=":material/menu_book:",
            url_path="methods",
        ),
    ],
}
page = st.navigation(pages, position="sidebar", expanded=True)
with st.sidebar:
    sidebar()
page.run()
