"""The pages by name, and going from one to another without losing where one was."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from casework.people import Actor
from dashboards import desk_state, state
from dashboards.pages import HOME, PAGES, PageEntry
from dashboards.texts import t
from graph.model import NodeKind

VIEWS = Path(__file__).parent / "views"


def page_file(name: str) -> Path:
    """The file of the page called `name` in `dashboards/views/`."""
    return VIEWS / f"{name}.py"


def menu(actor: Actor | None) -> dict[str, list[StreamlitPage]]:
    """The pages under the headings of the menu, in the tab's language; those `actor` may not open are not shown.

    Streamlit knows the first page by the root alone; a page not shown stands last for its name.
    """
    made: dict[str, list[StreamlitPage]] = {}
    for page in PAGES:
        shown = st.Page(
            page_file(page.name),
            title=t(f"nav.{page.name}"),
            icon=f":material/{page.icon}:",
            url_path="" if page.name == HOME else page.name,
            default=page.name == HOME,
            visibility="visible" if actor and page.open_to(actor) else "hidden",
        )
        made.setdefault(t(f"nav.{page.group}"), []).append(shown)
    typed = st.Page(page_file(HOME), title=t(f"nav.{HOME}"), url_path=HOME, visibility="hidden")
    made[t(f"nav.{PAGES[-1].group}")].append(typed)
    return made


def lead_home(page: StreamlitPage) -> None:
    """Go to the page at the root where its name was typed as an address (`menu` has a page for that)."""
    if page.url_path == HOME:
        st.switch_page(page_file(HOME), query_params=st.query_params.to_dict())


def entry_of(page: StreamlitPage) -> PageEntry:
    """The entry of a page of the menu."""
    name = page.url_path or HOME
    return next(entry for entry in PAGES if entry.name == name)


def open_ring(ring: str | None, scan: str | None = None) -> None:
    """Go to the page of `ring` in `scan`, or in the one looked at; do nothing when nothing was chosen."""
    if ring:
        st.session_state[state.RING] = ring
        desk_state.leave_for(ring)
        where = scan or state.asked_scan()
        asked = {"ring": ring} | ({"scan": where} if where else {})
        st.switch_page(page_file("ring"), query_params=asked)


def open_entity(entity: str | None) -> None:
    """Go to the page of a person, a place or a token; do nothing when nothing was chosen."""
    if entity:
        desk_state.leave_for(entity)
        st.switch_page(page_file("profile"), query_params={"entity": entity})


def open_desk(**start: str) -> None:
    """Go to the desk and begin there with `ring=…` or `entity=…`."""
    for asked in start.values():
        desk_state.ask_anew(asked)
    st.switch_page(page_file("workbench"), query_params=start)


def open_sanctions(**asked: str) -> None:
    """Go to the page on sanctions with `who=…`, `place=…`, `sanction=…` or `line=…`."""
    st.switch_page(page_file("sanctions"), query_params=asked)


def whose(subject: str) -> str:
    """What the address of the page on sanctions calls a practitioner (`who`) or a place (`place`)."""
    return "who" if NodeKind.of(subject) is NodeKind.PRACTITIONER else "place"


def open_space(**chosen: str) -> None:
    """Go to the page on time and space, narrowed down to `home=…` and `there=…`."""
    st.switch_page(page_file("space_time"), query_params=chosen)


def open_rings(within: Mapping[str, str]) -> None:
    """Go to the list of rings, narrowed down to where and when (`state.within`)."""
    st.switch_page(page_file("rings"), query_params=dict(within))
