"""Who was in two places at once, as the scan found it: patients' cards and practitioners' codes."""

import streamlit as st

from dashboards import opened as reads
from dashboards import state
from dashboards.blocks.ring_table import GRADE_TONES
from dashboards.formats import count, minute, pseudonym, yuan
from dashboards.frame import card
from dashboards.navigation import open_entity, open_ring
from dashboards.opened import Key
from dashboards.reading.happenings import CLASHES, Clash
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import both, region, t, term

MOST = 200
MOST_STOPS = 3
HEIGHT = 520


def space_clashes(key: Key) -> None:
    """A row per clash: who, where and where then, which lead; each can be opened."""
    with card("space_clash", t("space.clash")):
        st.caption(t("space.clash.note"))
        kind = st.segmented_control(
            t("space.clash.kind"),
            ["", *CLASHES],
            format_func=lambda code: term("evidence", code) if code else t("space.kind.all"),
            default="",
            required=True,
            key="space_clash_kind",
            label_visibility="collapsed",
        )
        found = reads.clashes(key, (kind,) if kind else CLASHES, MOST)
        if not found.items:
            st.text(t("space.clash.none"))
            return
        st.caption(t("space.clash.shown", n=len(found), total=count(found.total)))
        columns = [
            Column(t("space.clash.at"), kind="nowrap"),
            Column(t("space.clash.who"), kind="nowrap"),
            Column(t("space.clash.where"), kind="name"),
            Column(t("space.clash.why"), kind="wide"),
            Column(t("space.fund"), "right", unit=t("unit.yuan")),
            Column(t("space.clash.ring"), kind="nowrap"),
        ]
        table = Table(t("space.clash"), columns, [_row(one) for one in found], 5, HEIGHT)
        opened = show_table(table, "space_clashes")
        (open_ring if opened and opened.startswith("rg_") else open_entity)(opened)


def _row(found: Clash) -> Row:
    where = " → ".join(stop.place for stop in found.stops[:MOST_STOPS])
    divisions = dict.fromkeys(region(stop.admdvs) for stop in found.stops[:MOST_STOPS])
    role = "practitioner" if found.kind == "presence" else "patient"
    until = minute(found.until) if found.until and found.until != found.at else ""
    return Row(
        [
            Cell(minute(found.at), sub=until),
            Cell(
                pseudonym(found.who),
                sub=term("kind", role),
                href=f"profile?entity={found.who}&lang={state.language()}",
                opens=found.who,
            ),
            Cell(where, sub=" → ".join(divisions)),
            Cell(
                tags=[Tag(term("evidence", found.kind), "blue")],
                sub=both(found.note_zh, found.note_en),
            ),
            yuan(found.fund),
            Cell(
                tags=[Tag(pseudonym(found.ring), GRADE_TONES.get(found.grade, ""))],
                sub=term("grade", found.grade),
            ),
        ],
        id=found.ring,
        href=f"ring?ring={found.ring}&lang={state.language()}",
    )
