"""What a ring rests on: gatherings, all evidence with its source rows, the places."""

from collections.abc import Sequence
from datetime import time

import streamlit as st

from dashboards.blocks.charts import month_bars
from dashboards.formats import DASH, count, day, minute, percent, pseudonym, yuan
from dashboards.reading.dossier import Dossier
from dashboards.reading.ring_parts import PlaceUse
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import both, motif_title, region, t, term
from graph.results import EvidenceRow

MOST = 200
MOST_ROWS = 6
HEIGHT = 560
MIDNIGHT = time()


def gatherings(found: Dossier) -> None:
    """Each gathering: when, where, who was there, the settlements."""
    entries = found.gatherings
    if not entries:
        st.text(t("ring.gatherings.none"))
        return
    columns = [
        Column(t("ring.evidence.no"), "right"),
        Column(t("ring.gathering.at"), kind="nowrap"),
        Column(t("ring.gathering.place"), kind="name"),
        Column(t("ring.gathering.people"), "right"),
        Column(t("ring.gathering.who"), kind="name"),
        Column(t("ring.evidence.fund"), "right", unit=t("unit.yuan")),
        Column(t("ring.gathering.rows"), kind="name"),
    ]
    rows = [
        Row(
            [
                count(entry.no),
                _when(entry),
                _place(found, entry.place),
                count(len(entry.members)),
                _who(found, entry.members),
                yuan(entry.fund),
                _sources(entry.rows),
            ]
        )
        for entry in entries[:MOST]
    ]
    _counted("ring.gatherings", len(rows), len(entries))
    show_table(Table(t("ring.gatherings"), columns, rows, height=HEIGHT), "ring_gatherings")


def evidence(found: Dossier) -> None:
    """Every entry of evidence in words, with the rows of the export it comes from."""
    if not found.facts:
        st.text(t("ring.evidence.none"))
        return
    columns = [
        Column(t("ring.evidence.no"), "right"),
        Column(t("ring.evidence.motif"), kind="nowrap"),
        Column(t("ring.gathering.at"), kind="nowrap"),
        Column(t("ring.evidence.note"), kind="wide"),
        Column(t("ring.evidence.fund"), "right", unit=t("unit.yuan")),
        Column(t("ring.evidence.rows"), kind="name"),
    ]
    rows = [
        Row(
            [
                count(entry.no),
                Cell(motif_title(entry.motif), sub=term("evidence", entry.kind)),
                _when(entry),
                Cell(both(entry.note_zh, entry.note_en), sub=_at_place(found, entry)),
                yuan(entry.fund),
                _sources(entry.rows),
            ]
        )
        for entry in found.facts[:MOST]
    ]
    _counted("ring.evidence", len(rows), len(found.facts))
    show_table(Table(t("ring.evidence"), columns, rows, height=HEIGHT), "ring_evidence")


def places(found: Dossier) -> None:
    """Where the members went, the ring's places first; their money by month."""
    if not found.uses:
        st.text(t("ring.place.none"))
        return
    columns = [
        Column(t("ring.place.name"), kind="name"),
        Column(t("ring.place.kind"), kind="nowrap"),
        Column(t("ring.place.region"), kind="nowrap"),
        Column(t("ring.place.in"), kind="nowrap"),
        Column(t("ring.place.visits"), "right"),
        Column(t("ring.place.people"), "right"),
        Column(t("ring.place.fund"), "right", unit=t("unit.yuan")),
        Column(t("ring.place.share"), "right"),
    ]
    rows = [_use(use) for use in found.uses[:MOST]]
    _counted("ring.places", len(rows), len(found.uses))
    show_table(Table(t("ring.places.title"), columns, rows, height=HEIGHT), "ring_places")
    st.markdown(f"**{t('ring.months')}**")
    month_bars(found.months, t("ring.months"))


def _use(use: PlaceUse) -> Row:
    inside = (
        Tag(t("ring.place.in.yes"), "blue") if use.in_ring else Tag(t("ring.place.in.no"), "hollow")
    )
    return Row(
        [
            Cell(use.place.name, sub=use.place.code),
            term("kind", use.place.kind),
            region(use.place.admdvs),
            Cell(tags=[inside]),
            count(use.use.visits),
            count(use.use.people),
            yuan(use.use.fund),
            DASH if use.share is None else percent(use.share, 1),
        ]
    )


def _counted(what: str, n: int, total: int) -> None:
    st.caption(t(f"{what}.shown", n=n, total=total))


def _when(entry: EvidenceRow) -> Cell:
    if entry.at is None or entry.until is None or entry.at == entry.until:
        at = entry.at or entry.until
        return Cell(day(at) if at is None or at.time() == MIDNIGHT else minute(at))
    until = f"{entry.until:%H:%M}" if entry.at.date() == entry.until.date() else minute(entry.until)
    return Cell(minute(entry.at), sub=t("ring.until", until=until))


def _place(found: Dossier, key: int | None) -> Cell:
    place = found.places.get(key) if key is not None else None
    return Cell(place.name, sub=place.code) if place else Cell(DASH)


def _at_place(found: Dossier, entry: EvidenceRow) -> str:
    place = found.places.get(entry.place) if entry.place is not None else None
    return place.name if place else ""


def _who(found: Dossier, keys: Sequence[int]) -> Cell:
    known = [pseudonym(found.patients[key]) for key in keys if key in found.patients]
    return Cell(_cut(known))


def _sources(rows: Sequence[str]) -> Cell:
    return Cell(_cut([_source(*row.split(":", 1)) for row in rows]))


def _source(table: str, key: str) -> str:
    """A settlement by its number alone, any other row with the name of its table."""
    name = pseudonym(key) if table == "patients" else key
    return name if table == "setl_d" else f"{term('table', table)} {name}"


def _cut(words: Sequence[str]) -> str:
    text = t("separator").join(words[:MOST_ROWS])
    return f"{text} {t('ring.rows.more', n=len(words))}" if len(words) > MOST_ROWS else text
