"""The credit (信用) of a practitioner or a place: the grade today, and every decision it follows from."""

import streamlit as st

from casework.credit import Credit
from casework.errors import CaseworkError
from dashboards.clock import now
from dashboards.formats import day, plain
from dashboards.frame import card
from dashboards.navigation import open_sanctions, whose
from dashboards.opened import open_settings
from dashboards.reading.sanctioning import graded
from dashboards.refusals import refusal
from dashboards.table import Column, Row, Table, show_table
from dashboards.texts import both, t, term
from graph.model import Node


def profile_credit(node: Node) -> None:
    """The card, with the way to what was decided; where the decisions cannot be read, it says why."""
    with card("profile_credit", t("credit")):
        try:
            _told(graded(open_settings(), node.id, now().date()))
        except CaseworkError as error:
            st.caption(plain(t("cases.away", why=refusal(error))))
        if st.button(t("credit.decided"), key="profile_sanctions", icon=":material/gavel:"):
            open_sanctions(**{whose(node.id): node.id})


def _told(found: Credit) -> None:
    facts = {"grade": found.grade, "score": found.score, "day": day(found.day)}
    st.text(t("credit.grade", **facts, full=found.scheme.full))
    scheme = both(found.scheme.name, found.scheme.en)
    least = {f"{grade}": value for grade, value in found.scheme.grades.items()}
    st.caption(plain(t("credit.scheme", scheme=scheme, years=found.scheme.years, **least)))
    if not found.lines:
        st.text(t("credit.none", years=found.scheme.years))
        return
    columns = [
        Column(t("sanctions.day"), kind="nowrap"),
        Column(t("credit.what"), kind="nowrap"),
        Column(t("credit.document"), kind="name"),
        Column(t("credit.takes"), "right"),
    ]
    rows = []
    for line in found.lines:
        group, _, code = line.what.partition(".")
        what = term("points_kind" if group == "points" else "sanction_kind", code)
        rows.append(Row([day(line.on), what, line.document, f"{-line.takes:+d}"]))
    show_table(Table(t("credit"), columns, rows, link=-1), "profile_credit")
