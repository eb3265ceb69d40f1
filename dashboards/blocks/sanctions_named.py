"""The sanctions that name one practitioner or one place; a row opens the sanction."""

from collections.abc import Sequence

from casework.sanctions import Sanction
from dashboards import state
from dashboards.blocks.sanction_words import standing_of, term_of
from dashboards.clock import now
from dashboards.navigation import open_sanctions
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import t, term


def sanctions_named(found: Sequence[Sanction]) -> None:
    """The table."""
    columns = [
        Column(t("sanctioning.what"), kind="nowrap"),
        Column(t("sanctioning.term"), kind="nowrap"),
        Column(t("sanctioning.state"), kind="nowrap"),
        Column(t("sanctioning.law"), kind="name"),
    ]
    rows = [
        Row(
            [
                Cell(term("sanction_kind", one.kind), sub=t("sanctioning.numbered", no=one.no)),
                term_of(one),
                Cell(tags=[standing_of(one, now().date())]),
                one.law,
            ],
            id=str(one.no),
            href=f"sanctions?sanction={one.no}&lang={state.language()}",
        )
        for one in found
    ]
    opened = show_table(Table(t("sanctioning.sanctions"), columns, rows), "sanction_list")
    if opened:
        open_sanctions(sanction=opened)
