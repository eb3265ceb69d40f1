"""The filters of the ring list and the export of what they leave."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards import opened as reads
from dashboards import state
from dashboards.access.permissions import Action
from dashboards.access.recorded import exported
from dashboards.formats import days as days_of
from dashboards.formats import plain
from dashboards.opened import Key
from dashboards.person import actor, can
from dashboards.reading.ranked import SHORTEST_SEARCH, Choices, Filter, Sort, Within, as_csv
from dashboards.texts import motif_title, region, t, term

CODE = re.compile(r"[A-Za-z0-9]{8,}")


def ring_filters(key: Key, choices: Choices) -> Filter:
    """Draw the filters, remembered for this tab; the filter they make."""
    first = st.columns([2.2, 1, 1.6], vertical_alignment="bottom")
    second = st.columns([1.6, 2.2, 1], vertical_alignment="bottom")
    text = _search(first[0])
    grades = {code: term("grade", code) for code in choices.grades}
    motifs = {name: motif_title(name) for name in choices.motifs}
    regions = {code: region(code) for code in choices.regions}
    places = {p.id: t("rings.place.code", name=p.name, code=p.code) for p in choices.places}
    return Filter(
        text=text,
        grades=_several(first[1], "grade", grades),
        motifs=_several(first[2], "motif", motifs),
        regions=_several(second[0], "region", regions),
        places=_several(second[1], "place", places),
        members=reads.members_with_code(key, text) if CODE.fullmatch(text) else (),
        sort=_sort(second[2]),
        within=_within(),
    )


def _within() -> Within:
    """Where and when another page narrowed the list to, said and given up by a button."""
    asked = state.within()
    days = {name: _day(asked.get(name)) for name in ("first", "last")}
    found = Within(asked.get("there", ""), asked.get("home", ""), **days)
    facts = [
        t(f"within.{side}", name=region(code))
        for side, code in (("there", found.there), ("home", found.home))
        if code
    ]
    if found.first or found.last:
        facts.append(days_of(found.first, found.last, state.language()))
    if facts:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(t("within.note", facts=" · ".join(facts))), width="content")
            st.button(t("within.clear"), on_click=state.forget_within, type="tertiary")
    return found


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _search(column: DeltaGenerator) -> str:
    text = column.text_input(
        t("rings.search"),
        placeholder=t("rings.search.hint"),
        help=t("rings.search.help"),
        key="rings_text",
        on_change=state.first_rings_page,
        persist_state="session",
    ).strip()
    return text if len(text) >= SHORTEST_SEARCH else ""


def _several(column: DeltaGenerator, name: str, words: Mapping[str, str]) -> tuple[str, ...]:
    chosen = column.multiselect(
        t(f"rings.{name}"),
        list(words),
        format_func=lambda code: words.get(code, code),
        placeholder=t("rings.any"),
        key=f"rings_{name}",
        on_change=state.first_rings_page,
        persist_state="session",
    )
    return tuple(chosen)


def _sort(column: DeltaGenerator) -> Sort:
    words = {one: t(f"rings.sort.{one}") for one in Sort}
    chosen = column.selectbox(
        t("rings.sort"),
        list(Sort),
        format_func=lambda one: words[one],
        key="rings_sort",
        on_change=state.first_rings_page,
        persist_state="session",
    )
    return chosen or Sort.RANK


def export_rings(key: Key, wanted: Filter) -> None:
    """A button that gives all filtered rings as CSV, made when it is pressed."""
    if not can(Action.EXPORT):
        return
    st.download_button(
        t("rings.export"),
        data=exported(
            Path(key.workspace),
            actor(),
            key.scan,
            "rings.csv",
            lambda: as_csv(reads.rings(key, wanted, 0, None).items),
        ),
        file_name=f"huancha-rings-{key.scan}.csv",
        mime="text/csv",
        help=t("rings.export.help"),
        icon=":material/download:",
        on_click="ignore",
    )
