"""The few things one browser tab remembers, each named once."""

import streamlit as st

from dashboards.formats import Language

LANGUAGE = "huancha_language"
LANGUAGE_SWITCH = "huancha_language_switch"
RING = "huancha_ring"
SHOWN = "huancha_ring_shown"
PAGE = "huancha_rings_page"
PAGER = "huancha_rings_pager"
WITHIN = "huancha_rings_within"
WITHIN_NAMES = ("there", "home", "first", "last")


def language() -> Language:
    """The language of this tab: as chosen, else as its first address asked (`?lang=en`), else Chinese."""
    chosen = st.session_state.get(LANGUAGE)
    if chosen is None:
        chosen = st.session_state[LANGUAGE] = st.query_params.get("lang") or Language.ZH
    return Language.EN if chosen == Language.EN else Language.ZH


def take_language() -> None:
    """Remember the language just chosen on the switch."""
    st.session_state[LANGUAGE] = str(st.session_state[LANGUAGE_SWITCH])


def chosen_ring() -> str | None:
    """The ring the address names (`?ring=rg_…`), else the one looked at last in this tab."""
    named = st.query_params.get("ring")
    if named:
        st.session_state[RING] = named
    found = st.session_state.get(RING)
    return str(found) if found else None


def asked_scan() -> str | None:
    """The scan the address names (`?scan=…`); None for the latest."""
    return st.query_params.get("scan")


def choose_ring(ring: str) -> None:
    """Remember the ring being looked at and put it into the address, so that it can be shared."""
    st.session_state[RING] = ring
    if st.query_params.get("ring") != ring:
        st.query_params["ring"] = ring


def comes_to(scan: str, ring: str) -> bool:
    """Whether this tab showed another ring, or none, until now; from here on it shows this one."""
    before = st.session_state.get(SHOWN)
    st.session_state[SHOWN] = (scan, ring)
    return bool(before != (scan, ring))


def rings_page() -> int:
    """The page of the ring list this tab is on, from 1."""
    return int(st.session_state.get(PAGE, 1))


def take_rings_page() -> None:
    """Remember the page just chosen on the pager."""
    st.session_state[PAGE] = int(st.session_state[PAGER])


def first_rings_page() -> None:
    """Go back to page 1, when a filter changes what the list holds."""
    st.session_state[PAGE] = 1
    st.session_state.pop(PAGER, None)


def within() -> dict[str, str]:
    """Where and when the list of rings is narrowed to: as the address asks, else as it last did in this tab."""
    named = {name: st.query_params[name] for name in WITHIN_NAMES if name in st.query_params}
    if named:
        st.session_state[WITHIN] = named
    return dict(st.session_state.get(WITHIN, {}))


def forget_within() -> None:
    """Show rings of anywhere and any time again."""
    st.session_state.pop(WITHIN, None)
    for name in WITHIN_NAMES:
        if name in st.query_params:
            del st.query_params[name]
    first_rings_page()
