"""What happened to a case, a tip or a draw: its audit entries."""

import streamlit as st

from casework.audit import Page
from dashboards.formats import count, minute
from dashboards.table import Column, Row, Table, show_table
from dashboards.texts import t, term

HEIGHT = 360


def history(told: Page, words: str, key: str) -> None:
    """The table, the newest first, n of N; `words` is the list of words that actions are codes of."""
    st.caption(t("cases.history.n", n=count(len(told.entries)), total=count(told.total)))
    columns = [
        Column(t("cases.history.at"), kind="nowrap"),
        Column(t("cases.history.who"), kind="nowrap"),
        Column(t("cases.history.what"), kind="nowrap"),
        Column(t("cases.why"), kind="wide"),
    ]
    rows = [
        Row([minute(one.at), one.actor, term(words, one.action), term("nav", one.why)])
        for one in told.entries
    ]
    show_table(Table(t("cases.history"), columns, rows, height=HEIGHT, link=-1), key)
