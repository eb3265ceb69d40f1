"""Reviews with other bureaux, as a list; a row opens its room."""

import streamlit as st

from casework.joint import State
from dashboards import state
from dashboards.blocks.joint_words import bodies
from dashboards.formats import count, day
from dashboards.frame import card
from dashboards.navigation import page_file
from dashboards.reading.bureaux import Between, Reviewed
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term

TONES = {State.ACTIVE: "green", State.INVITED: "orange"}


def joint_reviews(found: Between) -> None:
    """The table."""
    with card("joint_reviews", t("room.reviews")):
        if not found.reviews:
            st.text(t("room.reviews.none"))
            return
        columns = [
            Column(t("room.name"), kind="name"),
            Column(t("room.sides"), kind="name"),
            Column(t("room.state"), kind="nowrap"),
            Column(t("room.settled"), "right"),
            Column(t("room.until"), kind="nowrap"),
        ]
        rows = [_row(found, one) for one in found.reviews]
        opened = show_table(Table(t("room.reviews"), columns, rows), "joint_reviews")
        if opened:
            st.switch_page(page_file("joint"), query_params={"review": opened})


def _row(found: Between, one: Reviewed) -> Row:
    review = one.review
    settled = sum(ring.settled for ring in one.room.rings)
    return Row(
        [
            Cell(review.invitation.terms.name, sub=review.id),
            bodies(found, one.room.sides),
            Cell(tags=[Tag(term("review_state", review.state), TONES.get(review.state, ""))]),
            f"{count(settled)} / {count(len(one.listed))}",
            day(review.invitation.terms.until),
        ],
        id=review.id,
        href=f"joint?review={review.id}&lang={state.language()}",
    )
