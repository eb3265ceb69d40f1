"""The ring list: filters, order and pages, all done here so that a page only asks."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from dashboards.reading import scan_tables
from dashboards.reading.regions import ANYWHERE, Regions, lay
from graph.duck import Connection, connect, quoted
from graph.model import Shown
from graph.results import RingRow, Scan
from graph.snapshot import Snapshot

PAGE_SIZE = 20
SHORTEST_SEARCH = 3
MOST_PLACES = 500


class Sort(StrEnum):
    """What the list is ordered by; all but the rank run downwards."""

    RANK = "rank"
    RECOVERABLE = "recoverable"
    FUND = "fund"
    PATIENTS = "patients"
    LAST = "last"


@dataclass(frozen=True)
class Within:
    """Where and when a ring must have been at work; empty means anywhere, any time.

    `there` begins the division of one of its places, `home` that of one of its patients; the days
    overlap its own, both included.
    """

    there: str = ""
    home: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Filter:
    """What a ring must meet: one of each non-empty group, and the text in an id or a place.

    `members` are ids that a platform code in `text` turned out to stand for.
    """

    text: str = ""
    grades: tuple[str, ...] = ()
    motifs: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    sort: Sort = Sort.RANK
    within: Within = Within()


@dataclass(frozen=True)
class PlaceChoice:
    """A place some ring touches, for the filter."""

    id: str
    code: str
    name: str
    rings: int


@dataclass(frozen=True)
class Choices:
    """What the filters can offer: only values that occur, with how many rings have them."""

    grades: dict[str, int]
    motifs: dict[str, int]
    regions: dict[str, int]
    places: tuple[PlaceChoice, ...]
    total: int


def _where(wanted: Filter) -> tuple[str, list[Any]]:
    clauses: list[str] = ["TRUE"]
    values: list[Any] = []
    if wanted.grades:
        clauses.append("list_contains(?, grade)")
        values.append(list(wanted.grades))
    for column, chosen in (("motifs", wanted.motifs), ("regions", wanted.regions)):
        if chosen:
            clauses.append(f"list_has_any({column}, ?)")
            values.append(list(chosen))
    if wanted.places:
        clauses.append("ring IN (SELECT ring FROM members WHERE list_contains(?, id))")
        values.append(list(wanted.places))
    if wanted.text:
        clauses.append(
            "(contains(ring, lower(?)) OR ring IN (SELECT ring FROM members WHERE"
            " contains(id, lower(?)) OR list_contains(?, id)) OR ring IN (SELECT m.ring FROM"
            " members m JOIN places p ON m.id = p.id WHERE contains(p.name, ?) OR contains("
            "upper(p.code), upper(?))))"
        )
        text = wanted.text
        values += [text, text, list(wanted.members), text, text]
    for clause, value in _within(wanted.within):
        clauses.append(clause)
        values.append(value)
    return " AND ".join(clauses), values


def _within(wanted: Within) -> list[tuple[str, Any]]:
    member = (
        "ring IN (SELECT m.ring FROM members m JOIN {} e ON m.id = e.id WHERE starts_with({}, ?))"
    )
    asked = (
        (member.format("places", "e.admdvs"), wanted.there),
        (member.format("patients", "e.insu_admdvs"), wanted.home),
        ("last::DATE >= ?", wanted.first),
        ("first::DATE <= ?", wanted.last),
    )
    return [(clause, value) for clause, value in asked if value]


def _order(sort: Sort) -> str:
    return "rank, ring" if sort is Sort.RANK else f"{sort} DESC NULLS LAST, rank, ring"


def find_rings(
    snapshot: Snapshot,
    scan: Scan,
    wanted: Filter,
    *,
    offset: int = 0,
    limit: int | None = PAGE_SIZE,
    limits: Regions = ANYWHERE,
) -> Shown[RingRow]:
    """The rings that meet `wanted` and touch `limits`, `limit` of them from `offset`; `total` counts all that do."""
    where, values = _where(wanted)
    cut = f" LIMIT {int(limit)} OFFSET {int(offset)}" if limit is not None else ""
    with scan_tables.connect(snapshot, scan, limits) as con:
        row = con.execute(f"SELECT count(*) FROM rings WHERE {where}", values).fetchone()
        chosen = con.execute(
            f"SELECT ring FROM rings WHERE {where} ORDER BY {_order(wanted.sort)}{cut}", values
        ).fetchall()
    rings = {ring.ring: ring for ring in scan.rings(limit=None)}
    return Shown(tuple(rings[ring] for (ring,) in chosen), int(row[0]) if row else 0)


def choices(snapshot: Snapshot, scan: Scan, limits: Regions = ANYWHERE) -> Choices:
    """Grades, motifs, regions and places that occur in the rings of `scan` that touch `limits`."""
    with scan_tables.connect(snapshot, scan, limits) as con:
        total = con.execute("SELECT count(*) FROM rings").fetchone()
        grades = _tally(con, "SELECT grade, count(*) FROM rings GROUP BY 1 ORDER BY 1")
        motifs, regions = (
            _tally(
                con,
                f"SELECT value, count(*) AS n FROM (SELECT unnest({column}) AS value FROM rings)"
                " GROUP BY 1 ORDER BY n DESC, 1",
            )
            for column in ("motifs", "regions")
        )
        places = con.execute(
            "SELECT p.id, p.code, p.name, count(DISTINCT m.ring) AS n FROM members m"
            " JOIN places p ON m.id = p.id GROUP BY ALL ORDER BY n DESC, p.code LIMIT ?",
            [MOST_PLACES],
        ).fetchall()
    found = tuple(
        PlaceChoice(id_, code or "", name or code or "", n) for id_, code, name, n in places
    )
    return Choices(grades, motifs, regions, found, int(total[0]) if total else 0)


def _tally(con: Connection, query: str) -> dict[str, int]:
    return {str(value): int(n) for value, n in con.execute(query).fetchall() if value is not None}


def as_csv(rings: Sequence[RingRow]) -> bytes:
    """`rings` as CSV that Excel opens with Chinese intact. Ids only; money in yuan."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = [field.name for field in fields(RingRow)]
    writer.writerow(names)
    for ring in rings:
        writer.writerow([_csv_value(name, getattr(ring, name)) for name in names])
    return out.getvalue().encode("utf-8-sig")


def _csv_value(name: str, value: Any) -> Any:
    if name in ("total", "fund", "recoverable"):
        return f"{value // 100}.{value % 100:02d}" if value >= 0 else f"{value / 100:.2f}"
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, str) and value[:1] in "=+-@":
        return f"'{value}"
    return value


def people_in_rings(scan: Scan) -> tuple[str, ...]:
    """The ids of all patients and practitioners that are members of some ring."""
    with connect() as con:
        rows = con.execute(
            f"SELECT DISTINCT id FROM read_parquet({quoted(scan.file('members'))})"
            " WHERE kind IN ('patient', 'practitioner') ORDER BY id"
        ).fetchall()
    return tuple(id_ for (id_,) in rows)


@dataclass(frozen=True)
class Totals:
    """What a scan's rings hold in all; patients are counted once, money is a plain sum (fen)."""

    rings: int
    patients: int
    recoverable: int


def totals(scan: Scan, limits: Regions = ANYWHERE) -> Totals:
    """Rings that touch `limits`, distinct patients in them, and the sum of recoverable money."""
    with connect() as con:
        lay(con, scan, limits)
        row = con.execute(
            "SELECT (SELECT count(*) FROM rings), (SELECT count(DISTINCT id) FROM members"
            " WHERE kind = 'patient'), (SELECT coalesce(sum(recoverable), 0) FROM rings)"
        ).fetchone()
    return Totals(*(int(value) for value in row or (0, 0, 0)))
