"""What the motifs of a ring mean, when they mislead, and which other explanations to check."""

import streamlit as st

from dashboards.formats import plain
from dashboards.reading.dossier import Dossier
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import both, motif_section, motif_title, t, term

INNOCENT = ("innocent", "innocence", "check", "checklist", "explanation")
CHECKS = ("family", "course", "home", "programme", "village", "batch")


def motifs(found: Dossier) -> None:
    """Each motif the ring fits: what it means and when it misleads."""
    for name in found.ring.motifs:
        st.markdown(f"**{plain(motif_title(name))}**")
        meaning, misleads = motif_section(name, "meaning"), motif_section(name, "misleads")
        if meaning:
            st.text(meaning)
        if misleads:
            st.text(t("ring.motif.misleads") + misleads)


def explanations(found: Dossier) -> None:
    """What the scan checked, where it says so, and what a person must check."""
    checked = [entry for entry in found.evidence if entry.kind in INNOCENT]
    if checked:
        st.markdown(f"**{t('ring.innocent.found')}**")
        rows = [Row([term("evidence", e.kind), both(e.note_zh, e.note_en)]) for e in checked]
        columns = [Column(t("ring.evidence.kind")), Column(t("ring.evidence.note"), kind="wide")]
        show_table(Table(t("ring.innocent.found"), columns, rows), "ring_innocent_found")
    st.caption(t("ring.innocent.note"))
    rows = [Row([Cell(t(f"innocent.{name}")), Cell(t(f"innocent.{name}.how"))]) for name in CHECKS]
    columns = [
        Column(t("ring.innocent.item"), kind="name"),
        Column(t("ring.innocent.how"), kind="wide"),
    ]
    show_table(Table(t("ring.innocent"), columns, rows), "ring_innocent")
