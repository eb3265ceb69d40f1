"""The choice of a division of the provinces this installation watches."""

import streamlit as st

from dashboards.catalogue.regions import DIVISIONS, PROVINCES
from dashboards.reading.flows import AREAS
from dashboards.texts import region, t


def choose_division(key: str, province: str = "") -> str:
    """The 区划 code chosen; the first of `province` (two digits) stands there before anybody chooses."""
    areas = [f"{code}0000" for code in PROVINCES if code in AREAS]
    areas += [code.ljust(6, "0") for code in DIVISIONS]
    begin = next((n for n, area in enumerate(areas) if province and area[:2] == province), 0)
    words = {area: region(area) for area in areas}
    chosen = st.selectbox(
        t("cases.area"), areas, index=begin, format_func=lambda area: words[area], key=key
    )
    return str(chosen)
