"""What happened to a case, a tip or a draw: its audit entries."""

from collections.abc import Sequence

from casework.audit import Entry
from dashboards.formats import minute
from dashboards.table import Column, Row, Table, show_table
from dashboards.texts import t, term

HEIGHT = 360


def history(entries: Sequence[Entry], words: str, key: str) -> None:
    """The table, in the order given; `words` is the list of words that actions are codes of."""
    columns = [
        Column(t("cases.history.at"), kind="nowrap"),
        Column(t("cases.history.who"), kind="nowrap"),
        Column(t("cases.history.what"), kind="nowrap"),
        Column(t("cases.why"), kind="wide"),
    ]
    rows = [
        Row([minute(one.at), one.actor, term(words, one.action), term("nav", one.why)])
        for one in entries
    ]
    show_table(Table(t("cases.history"), columns, rows, height=HEIGHT, link=-1), key)
