"""The choice of a division of the provinces this installation watches, among those of whoever is signed in."""

import streamlit as st

from casework.people import inside
from dashboards.catalogue.regions import DIVISIONS, PROVINCES
from dashboards.person import actor
from dashboards.reading.flows import AREAS
from dashboards.texts import region, t


def choose_division(key: str, province: str = "") -> str:
    """The 区划 code chosen; the first of `province` (two digits) stands there before anybody chooses."""
    regions = actor().regions
    every = [f"{code}0000" for code in PROVINCES if code in AREAS]
    every += [code.ljust(6, "0") for code in DIVISIONS]
    areas = [area for area in every if inside(regions, area)] or sorted(regions)
    begin = next((n for n, area in enumerate(areas) if province and area[:2] == province), 0)
    words = {area: region(area) for area in areas}
    chosen = st.selectbox(
        t("cases.area"), areas, index=begin, format_func=lambda area: words[area], key=key
    )
    return str(chosen)
