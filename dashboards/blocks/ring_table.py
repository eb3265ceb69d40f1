"""The ranked table of rings, whole on the list page and short on the overview."""

from collections.abc import Sequence

from dashboards import state
from dashboards.formats import count, day, pseudonym, together, wan
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import both, motif_title, region, t, term
from graph.results import RingRow

GRADE_TONES = {"A": "red", "B": "orange", "C": ""}
MOST_REGIONS = 3


def ring_table(rings: Sequence[RingRow], key: str) -> str | None:
    """All columns of the list; returns the ring that was opened."""
    columns = [
        Column(t("rings.column.rank"), "right"),
        Column(t("rings.column.ring"), kind="nowrap"),
        Column(t("rings.column.why"), kind="wide"),
        Column(t("rings.column.patients"), "right"),
        Column(t("rings.column.places"), "right"),
        Column(t("rings.column.visits"), "right"),
        Column(t("rings.column.fund"), "right", unit=t("unit.wan")),
        Column(t("rings.column.recoverable"), "right", unit=t("unit.wan")),
        Column(t("rings.column.region"), kind="nowrap"),
        Column(t("rings.column.span"), kind="nowrap"),
    ]
    rows = [
        _row(
            ring,
            [
                count(ring.rank),
                Cell(pseudonym(ring.ring), sub=term("state", ring.state), hint=ring.ring),
                reason(ring),
                count(ring.patients),
                count(ring.places),
                count(ring.visits),
                wan(ring.fund),
                wan(ring.recoverable),
                Cell(*_regions(ring)),
                Cell(day(ring.first), sub=day(ring.last) if ring.last else ""),
            ],
        )
        for ring in rings
    ]
    return show_table(Table(t("nav.rings"), columns, rows, link=1), key)


def short_ring_table(rings: Sequence[RingRow], key: str, *, opens: bool = True) -> str | None:
    """Rank, why and money only; returns the ring that was opened, if they may be."""
    columns = [
        Column(t("rings.column.rank"), "right"),
        Column(t("rings.column.ring"), kind="nowrap"),
        Column(t("rings.column.why"), kind="wide"),
        Column(t("rings.column.patients"), "right"),
        Column(t("rings.column.recoverable"), "right", unit=t("unit.wan")),
    ]
    rows = [
        _row(
            ring,
            [
                count(ring.rank),
                Cell(pseudonym(ring.ring), sub=_regions(ring)[0], hint=ring.ring),
                reason(ring),
                count(ring.patients),
                wan(ring.recoverable),
            ],
            opens=opens,
        )
        for ring in rings
    ]
    return show_table(Table(t("overview.top"), columns, rows, link=1), key)


def reason(ring: RingRow) -> Cell:
    """Grade and motifs as tags, the sentence below."""
    tags = [Tag(term("grade", ring.grade), GRADE_TONES.get(ring.grade, ""))]
    tags += [Tag(motif_title(name)) for name in ring.motifs]
    return Cell(tags=tags, sub=together(both(ring.sentence_zh, ring.sentence_en)))


def _row(ring: RingRow, cells: Sequence[Cell | str], *, opens: bool = True) -> Row:
    href = f"ring?ring={ring.ring}&lang={state.language()}" if opens else ""
    return Row(cells, id=ring.ring, href=href)


def _regions(ring: RingRow) -> tuple[str, str]:
    names = [region(code) for code in ring.regions]
    more = "" if len(names) <= MOST_REGIONS else f"+{len(names) - MOST_REGIONS}"
    return names[0] if names else "", " ".join([*names[1:MOST_REGIONS], more]).strip()
