"""What of time and space is looked at: kind of place, where settled, where insured, period."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from dashboards.catalogue.regions import PROVINCES
from dashboards.reading.flows import AREAS, Chosen, months_of
from dashboards.texts import region, t, term
from graph.schema import PlaceKind

KIND, THERE, HOME, PERIOD = "space_kind", "space_there", "space_home", "space_period"


def space_filters(found: pd.DataFrame) -> Chosen:
    """Draw the filters, remembered for this tab; charts set them too (`choose`)."""
    months = months_of(found)
    _take_address()
    kind, there, home = st.columns([1.5, 1, 1], vertical_alignment="bottom")
    with kind:
        _keep(KIND, ["", *PlaceKind])
        chosen_kind = st.segmented_control(
            t("space.kind"),
            ["", *PlaceKind],
            format_func=lambda code: term("kind", code) if code else t("space.kind.all"),
            default="",
            required=True,
            key=KIND,
            persist_state="session",
        )
    with there:
        settled = _division("there", THERE, found["there"])
    with home:
        insured = _division("home", HOME, found["home"])
    slider, button = st.columns([6, 1], vertical_alignment="bottom")
    with slider:
        first, last = _period(months)
    button.button(t("space.clear"), on_click=_clear, key="space_clear", width="stretch")
    return Chosen(chosen_kind or "", settled, insured, first, last)


def _take_address() -> None:
    """What the address asks for (`?home=…&there=…`), once; from then on the filters hold it."""
    for name, key in (("there", THERE), ("home", HOME)):
        asked = st.query_params.get(name)
        if asked is not None:
            st.session_state[key] = asked
            del st.query_params[name]


def _division(side: str, key: str, codes: "pd.Series[str]") -> str:
    present = sorted(code for code in codes.unique() if code)
    provinces = {code[:2] for code in present if len(code) > 2}
    options = ["", *sorted({*present, *provinces}, key=_order)]
    _keep(key, options)
    chosen = st.selectbox(
        t(f"space.{side}"),
        options,
        format_func=lambda code: division(code, whole=code in provinces),
        key=key,
        persist_state="session",
    )
    return chosen or ""


def _order(code: str) -> tuple[bool, str]:
    """The three that act together first."""
    return code[:2] not in AREAS, code


def division(code: str, whole: bool = False) -> str:
    """What a division is called; with `whole` it stands for all within it."""
    if not code:
        return t("space.any")
    return t("space.area", name=region(code)) if whole else region(code)


def area(code: str) -> str:
    """A province's short name, or the words for all others."""
    if code in PROVINCES:
        return region(code)
    return t("space.area.99") if code else t("space.unknown")


def _period(months: Sequence[date]) -> tuple[date | None, date | None]:
    """The first and the last month chosen; None for all of the data."""
    options = [f"{month:%Y-%m}" for month in months]
    if len(options) < 2:
        return None, None
    if not set(st.session_state.get(PERIOD) or ()) <= set(options):
        del st.session_state[PERIOD]
    first, last = st.select_slider(
        t("space.period"),
        options,
        value=(options[0], options[-1]),
        key=PERIOD,
        persist_state="session",
    )
    if (first, last) == (options[0], options[-1]):
        return None, None
    return months[options.index(first)], months[options.index(last)]


def _keep(key: str, options: Sequence[str]) -> None:
    """Forget a choice that an earlier snapshot offered and this one does not."""
    if st.session_state.get(key, "") not in options:
        del st.session_state[key]


def choose(key: str, value: str) -> None:
    """Take `value` for the filter `key`; a second time it is given up."""
    st.session_state[key] = "" if st.session_state.get(key) == value else value


def _clear() -> None:
    """Give up all filters."""
    for key in (KIND, THERE, HOME, PERIOD):
        st.session_state.pop(key, None)
