"""One lead to take along: its lists and its network."""

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from dashboards import opened as reads
from dashboards import state
from dashboards.access.recorded import exported
from dashboards.blocks.referral_sheets import evidence_sheet, members_sheet, places_sheet
from dashboards.blocks.ring_canvas import ring_canvas
from dashboards.blocks.ring_head import ring_words
from dashboards.canvas import bundle
from dashboards.canvas.attachment import attachment
from dashboards.canvas.standalone import page
from dashboards.formats import count, pseudonym
from dashboards.frame import card
from dashboards.navigation import open_ring
from dashboards.opened import Key
from dashboards.person import actor, looked_at
from dashboards.reading.dossier import Dossier
from dashboards.reading.ranked import Filter
from dashboards.texts import both, t

SHEETS: dict[str, Callable[[Dossier], bytes]] = {
    "evidence": evidence_sheet,
    "members": members_sheet,
    "places": places_sheet,
}


def choose_lead(key: Key) -> Dossier | None:
    """The lead the address names or the one looked at last, and a picker."""
    rings = {ring.ring: ring for ring in reads.rings(key, Filter(), 0, None).items}
    if not rings:
        with card("referral_none"):
            st.text(t("empty.rings"))
        return None
    wanted = state.chosen_ring()
    ids = list(rings)
    chosen = st.selectbox(
        t("ring.pick"),
        ids,
        index=ids.index(wanted) if wanted in rings else 0,
        format_func=ring_words(rings.values()).__getitem__,
    )
    state.choose_ring(chosen)
    looked_at(Path(key.workspace), "referral", chosen)
    return reads.dossier(key, chosen)


def papers(key: Key, found: Dossier) -> None:
    """Each paper: what it holds and a button that gives it."""
    with card("referral_have", t("referral.have")):
        st.caption(both(found.ring.sentence_zh, found.ring.sentence_en))
        st.caption(t("referral.masked"))
        for name, write in SHEETS.items():
            made = write(found)
            sub = t(
                "referral.rows",
                n=count(made.count(b"\r\n") - 1),
                hash=hashlib.sha256(made).hexdigest(),
            )
            with _line(t(f"referral.{name}"), t(f"referral.{name}.what"), sub):
                _give(key, found, f"{name}.csv", partial(bytes, made), "text/csv")
        _networks(key, found)
        with _line(t("referral.picture"), t("referral.picture.what")):
            if st.button(t("referral.picture.go"), key="referral_picture", width="stretch"):
                open_ring(found.ring.ring)


def _networks(key: Key, found: Dossier) -> None:
    if not bundle.built():
        st.caption(t("referral.nobundle"))
        return
    language = state.language()
    canvas = ring_canvas(found, reads.network(key, found.ring.ring).found)
    copies: dict[str, Callable[[], str]] = {
        "standalone": lambda: page(canvas, language),
        "attachment": lambda: attachment(canvas, language),
    }
    for name, write in copies.items():
        with _line(t(f"referral.{name}"), t(f"referral.{name}.what")):
            _give(key, found, f"{name}.html", write, "text/html")


def _line(title: str, what: str, sub: str = "") -> "st.delta_generator.DeltaGenerator":
    """One paper with its words on the left; what is drawn within it stands on the right."""
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.markdown(f"**{title}**")
    left.caption(what)
    if sub:
        left.caption(sub)
    return right


def _give(key: Key, found: Dossier, file: str, write: Callable[[], str | bytes], mime: str) -> None:
    ring = found.ring.ring
    st.download_button(
        t("referral.get"),
        data=exported(Path(key.workspace), actor(), ring, file, write),
        file_name=f"huancha_{pseudonym(ring)}_{file}",
        mime=mime,
        key=f"referral_{file}",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )
