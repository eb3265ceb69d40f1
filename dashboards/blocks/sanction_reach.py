"""The reach of a sanction, proposed or only drafted: the registrations it changes, and who stays untouched."""

import streamlit as st

from casework.sanctions import Reach
from dashboards.blocks.sanction_words import reach_table
from dashboards.formats import plain, pseudonym
from dashboards.reading.sanctioning import place_names
from dashboards.table import show_table
from dashboards.texts import t
from graph.snapshot import Snapshot


def sanction_reach(snapshot: Snapshot, reach: Reach, key: str) -> None:
    """The table, then each person left untouched with the reason."""
    lines = reach.registrations
    if lines:
        names = place_names(snapshot, [line.place for line in lines])
        show_table(reach_table(lines, names), key)
    else:
        st.text(t("sanctioning.reach.none"))
    for person in reach.untouched:
        who = pseudonym(person.practitioner)
        st.caption(plain(t("sanctioning.untouched", who=who, why=person.reason)))
