"""What the motifs of a ring mean, when they mislead, and which other explanations were checked."""

import streamlit as st

from dashboards.formats import plain
from dashboards.reading.dossier import Dossier
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import motif_section, motif_title, t, term
from graph.answered import Answered, Note, answered

CHECKS = ("family", "course", "home", "programme", "village", "batch")
TONES = {"ruled_out": "green", "weakens": "orange", "explains": "red", "unknown": "hollow"}


def motifs(found: Dossier) -> None:
    """Each motif the ring fits: what it means and when it misleads."""
    for name in found.ring.motifs:
        st.markdown(f"**{plain(motif_title(name))}**")
        parts = (
            (t("methods.meaning"), motif_section(name, "meaning")),
            (t("methods.misleads"), motif_section(name, "misleads")),
            (t("methods.source"), motif_section(name, "source")),
        )
        rows = [Row([label, said]) for label, said in parts if said]
        columns = [Column("", kind="label"), Column("", kind="wide")]
        show_table(Table(motif_title(name), columns, rows), f"ring_motif_{name}")


def explanations(found: Dossier) -> None:
    """What the scan answered from the data, and what a person must still check."""
    checked = answered(found.evidence, Note.EXPLANATION)
    if checked:
        st.markdown(f"**{t('ring.innocent.found')}**")
        columns = [
            Column(t("ring.innocent.item"), kind="name"),
            Column(t("ring.innocent.outcome"), kind="nowrap"),
            Column(t("ring.innocent.figures"), kind="wide"),
        ]
        rows = [_answer(one) for one in checked]
        show_table(Table(t("ring.innocent.found"), columns, rows), "ring_innocent_found")
    st.markdown(f"**{t('ring.innocent.todo')}**")
    st.caption(t("ring.innocent.note"))
    rows = [Row([t(f"innocent.{name}"), t(f"innocent.{name}.how")]) for name in CHECKS]
    columns = [
        Column(t("ring.innocent.item"), kind="name"),
        Column(t("ring.innocent.how"), kind="wide"),
    ]
    show_table(Table(t("ring.innocent"), columns, rows), "ring_innocent")


def _answer(one: Answered) -> Row:
    figures = [f"{term('figure', name)} {value}" for name, value in one.figures]
    return Row(
        [
            Cell(term("explanation", one.name), sub=motif_title(one.motif)),
            Cell(tags=[Tag(term("outcome", one.outcome), TONES.get(one.outcome, ""))]),
            t("separator").join(figures),
        ]
    )
