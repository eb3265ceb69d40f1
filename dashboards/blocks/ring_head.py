"""The head of a ring's page: which ring, going to the next, why it is a lead, its figures."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import streamlit as st

from casework.releases import Subject
from dashboards import opened as reads
from dashboards import state
from dashboards.access.permissions import Action
from dashboards.blocks.exports_propose import propose_button
from dashboards.blocks.figures import ring_figures
from dashboards.formats import days, money, plain, pseudonym
from dashboards.frame import card, header
from dashboards.navigation import open_desk, open_ring, page_file
from dashboards.opened import Key
from dashboards.person import can, looked_at
from dashboards.reading.ranked import Filter
from dashboards.texts import both, motif_title, region, say, t, term
from graph.results import MemberRow, RingRow
from graph.schema import Grade

GRADE_COLOURS: dict[Grade, Literal["red", "orange", "gray"]] = {
    Grade.A: "red",
    Grade.B: "orange",
    Grade.C: "gray",
}


def choose_one(key: Key) -> RingRow | None:
    """The ring the address names, else the one looked at last, else the first in rank."""
    rings = reads.rings(key, Filter(), 0, None).items
    if not rings:
        header(t("nav.ring"), t("rings.lead"))
        with card("none"):
            st.text(t("empty.rings"))
        return None
    ids = [ring.ring for ring in rings]
    wanted = state.chosen_ring()
    if wanted is not None and wanted not in ids:
        st.warning(plain(t("ring.unknown", ring=wanted)))
    place = ids.index(wanted) if wanted in ids else 0
    state.choose_ring(ids[place])
    _bar(rings, place)
    looked_at(Path(key.workspace), "ring", ids[place])
    return rings[place]


def _bar(rings: tuple[RingRow, ...], place: int) -> None:
    """Back to the list, a picker, previous and next."""
    ids = [ring.ring for ring in rings]
    back, pick, before, after = st.columns([1.2, 3.4, 0.8, 0.8], vertical_alignment="center")
    back.page_link(page_file("rings"), label=t("ring.back"), icon=":material/arrow_back:")
    words = ring_words(rings)
    chosen = pick.selectbox(
        t("ring.pick"),
        ids,
        index=place,
        format_func=lambda ring: words.get(ring, ring),
        key=f"ring_pick_{ids[place]}",
        label_visibility="collapsed",
    )
    if before.button(
        t("ring.previous"), icon=":material/chevron_left:", disabled=place == 0, width="stretch"
    ):
        open_ring(ids[place - 1])
    last = place == len(ids) - 1
    if after.button(
        t("ring.next"),
        icon=":material/chevron_right:",
        icon_position="right",
        disabled=last,
        width="stretch",
    ):
        open_ring(ids[place + 1])
    if chosen != ids[place]:
        open_ring(chosen)


def ring_words(rings: Iterable[RingRow]) -> dict[str, str]:
    """What a picker calls each ring, by its id. There may be thousands: the tab is asked for its language once."""
    language = state.language()
    grades = {grade: term("grade", grade) for grade in Grade}
    return {
        ring.ring: say(
            language,
            "ring.pick.option",
            rank=ring.rank,
            code=pseudonym(ring.ring),
            grade=grades[Grade(ring.grade)],
            fund=money(ring.fund, language),
        )
        for ring in rings
    }


def ring_head(workspace: Path, ring: RingRow, members: Sequence[MemberRow]) -> None:
    """Title, tags, the sentence that says why, the figures: all that needs no look at the settlements."""
    language = state.language()
    facts = [t("ring.lead", rank=ring.rank, ring=ring.ring), days(ring.first, ring.last, language)]
    if ring.regions:
        facts.append(t("separator").join(region(code) for code in ring.regions))
    header(t("ring.title", code=pseudonym(ring.ring)), " · ".join(facts))
    with card("why"):
        with st.container(horizontal=True, gap="small", key="ring_tags"):
            note = term("grade_note", ring.grade)
            st.badge(term("grade", ring.grade), color=GRADE_COLOURS[Grade(ring.grade)], help=note)
            for name in ring.motifs:
                st.badge(plain(motif_title(name)), color="blue")
            st.badge(term("state", ring.state), color="gray")
        st.subheader(plain(both(ring.sentence_zh, ring.sentence_en)), anchor=False)
        st.caption(t("ring.caution"))
        with st.container(horizontal=True):
            if st.button(t("desk.from_ring"), key="ring_desk", icon=":material/share:"):
                open_desk(ring=ring.ring)
            if can(Action.CASE) and st.button(
                t("cases.note.ring"), key="ring_case", icon=":material/folder_open:"
            ):
                st.switch_page(page_file("cases"), query_params={"ring": ring.ring})
            propose_button(workspace, Subject.RING, ring.ring, ring.regions)
    ring_figures(ring, members)
