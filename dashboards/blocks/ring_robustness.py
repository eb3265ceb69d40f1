"""How a ring's evidence stands up when choices change, and which of it to check on paper first."""

import streamlit as st

from dashboards.formats import DASH, plain
from dashboards.reading.dossier import Dossier
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import motif_title, t, term
from graph.answered import Answered, Note, answered

TONES = {"stands": "green", "weak": "orange"}


def robustness(found: Dossier) -> None:
    """The test repeated with one choice changed at a time, the minimum, what speaks against it."""
    checks = answered(found.evidence, Note.ROBUSTNESS)
    minimal = answered(found.evidence, Note.MINIMAL)
    counters = answered(found.evidence, Note.COUNTER)
    if not (checks or minimal or counters):
        st.text(t("ring.robust.none"))
        return
    for one in minimal:
        numbers = t("separator").join(one.figure("numbers").split())
        said = t("ring.robust.minimal", numbers=numbers, n=one.figure("n"))
        st.markdown(f"**{plain(motif_title(one.motif))}** {plain(said)}")
    if checks:
        st.caption(t("ring.robust.note"))
        columns = [
            Column(t("ring.robust.check"), kind="name"),
            Column(t("ring.robust.observed"), "right"),
            Column(t("ring.robust.expected"), "right"),
            Column(t("ring.robust.log"), "right"),
            Column(t("ring.innocent.outcome"), kind="nowrap"),
        ]
        show_table(Table(t("ring.robust"), columns, [_check(c) for c in checks]), "ring_robust")
    if counters:
        st.markdown(f"**{t('ring.robust.counter')}**")
        columns = [Column("", kind="label"), Column("", kind="wide")]
        rows = [_counter(one) for one in counters]
        show_table(Table(t("ring.robust.counter"), columns, rows), "ring_counter")


def _check(one: Answered) -> Row:
    tag = Tag(term("outcome", one.outcome), TONES.get(one.outcome, ""))
    figures = [one.figure(name) or DASH for name in ("observed", "expected", "log10_p")]
    return Row(
        [Cell(term("check", one.name), sub=motif_title(one.motif)), *figures, Cell(tags=[tag])]
    )


def _counter(one: Answered) -> Row:
    """A weakening explanation with its figures, or the checks it does not pass."""
    if one.name == "weak_cells":
        cells = (term("check", name) for name in one.figure("cells").split())
        return Row([t("ring.robust.weak"), t("separator").join(cells)])
    figures = (f"{term('figure', name)} {value}" for name, value in one.figures)
    return Row([term("explanation", one.name), t("separator").join(figures)])
