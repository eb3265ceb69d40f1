"""The sections of the methods page."""

import json
from collections.abc import Sequence

import streamlit as st

from dashboards.blocks.ring_table import GRADE_TONES
from dashboards.blocks.scan_form import UNITS, parameter_label, parameter_value
from dashboards.formats import DASH, count, percent
from dashboards.frame import card, header
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import motif_section, motif_title, t, term
from graph.motifs import MOTIFS
from graph.results import Run
from graph.scan.decoys import by_chance
from graph.schema import Grade

WORDS = ("lead", "gathering", "covisit", "core", "token", "fund", "recoverable", "quarantine")
LIMITS = ("person", "data", "chance", "innocent", "time", "identity")


def methods_head() -> None:
    """Title and what the page is for."""
    header(t("nav.methods"), t("methods.lead"))


def motif_list() -> None:
    """Every motif this version looks for, from its own documentation."""
    with card("motifs", t("methods.motifs")):
        if not MOTIFS:
            st.text(t("methods.motifs.none"))
            return
        st.caption(t("methods.motifs.shown", n=len(MOTIFS)))
        heads = [
            Column(t("methods.motifs"), kind="name"),
            Column(t("methods.meaning"), kind="wide"),
            Column(t("methods.misleads"), kind="wide"),
            Column(t("methods.source"), kind="cite"),
            Column(t("methods.needs"), kind="name"),
        ]
        rows = [
            Row(
                [
                    Cell(motif_title(motif.name), sub=motif.name),
                    motif_section(motif.name, "meaning"),
                    motif_section(motif.name, "misleads"),
                    motif_section(motif.name, "source"),
                    _needs(motif.needs),
                ]
            )
            for motif in MOTIFS
        ]
        show_table(Table(t("methods.motifs"), heads, rows), "methods_motifs")


def _needs(tables: Sequence[str]) -> Cell:
    return Cell(tags=[Tag(term("table", table)) for table in tables])


def grades() -> None:
    """What A, B and C say."""
    with card("grades", t("methods.grades")):
        rows = [
            Row([Cell(tags=[Tag(term("grade", g), GRADE_TONES[g])]), term("grade_note", g)])
            for g in Grade
        ]
        heads = [Column("", kind="label"), Column("", kind="wide")]
        show_table(Table(t("methods.grades"), heads, rows), "methods_grades")


def decoys(run: Run) -> None:
    """How many co-visit groups of each grade there are on decoys, beside the real ones."""
    runs = run.counts.get("decoys", 0)
    with card("decoys", t("methods.decoys")):
        if not runs:
            st.caption(t("methods.decoys.none"))
            return
        st.caption(t("methods.decoys.means", n=runs))
        heads = [
            Column(t("methods.grades"), kind="name"),
            Column(t("methods.decoys.real"), "right"),
            Column(t("methods.decoys.found"), "right"),
            Column(t("methods.decoys.share"), "right"),
        ]
        rows = [_decoys_of(run, grade) for grade in Grade]
        show_table(Table(t("methods.decoys"), heads, rows), "methods_decoys")


def _decoys_of(run: Run, grade: Grade) -> Row:
    runs = run.counts["decoys"]
    real, found = (run.counts.get(f"decoy_{kind}_{grade.lower()}", 0) for kind in ("real", "found"))
    share = by_chance(found, real, runs)
    return Row(
        [
            Cell(tags=[Tag(term("grade", grade), GRADE_TONES[grade])]),
            count(real),
            f"{found / runs:.1f}",
            DASH if share is None else percent(share, 1.0),
        ]
    )


def words() -> None:
    """The words of these screens."""
    with card("words", t("methods.terms")):
        heads = [Column("", kind="label"), Column("", kind="wide")]
        rows = [Row([t(f"word.{word}"), t(f"word.{word}.means")]) for word in WORDS]
        show_table(Table(t("methods.terms"), heads, rows), "methods_words")


def limits() -> None:
    """What the leads cannot say."""
    with card("limits", t("methods.limits")):
        st.markdown("\n".join(f"- {t(f'limit.{limit}')}" for limit in LIMITS))


def parameters(run: Run) -> None:
    """Version, seed and parameters of the latest scan."""
    with card("parameters", t("methods.version")):
        rows = [
            Row([t("methods.program"), run.version]),
            Row([t("methods.seed"), str(run.seed)]),
            *(_parameter(name, value) for name, value in run.parameters.items()),
        ]
        heads = [Column(t("methods.parameter")), Column(t("methods.value"), kind="mono")]
        show_table(Table(t("methods.version"), heads, rows), "methods_parameters")


def _parameter(name: str, value: object) -> Row:
    """A threshold by its name and unit, its code below; one this version does not know by its code."""
    if name in UNITS and isinstance(value, int | float):
        return Row([Cell(parameter_label(name), sub=name), parameter_value(name, value)])
    said = count(len(value)) if isinstance(value, list) else json.dumps(value, ensure_ascii=False)
    return Row([Cell(term("parameter", name), sub=name), said])
