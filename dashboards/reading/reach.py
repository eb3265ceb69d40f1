"""Practitioners of several places, and all that a suspension of one would reach. Money in fen."""

from dataclasses import dataclass
from datetime import date, datetime

from dashboards.reading import scan_tables
from dashboards.reading.regions import ANYWHERE, Regions
from graph.results import Scan
from graph.snapshot import Snapshot

RECENT = 30
"""Days before the end of the data that count as recent."""


@dataclass(frozen=True)
class Linked:
    """A practitioner registered at several places: how many, how many of them still run, the rings (best rank), penalties."""

    id: str
    profession: str
    places: int
    running: int
    provinces: tuple[str, ...]
    rings: int
    rank: int | None
    grade: str
    penalties: int


@dataclass(frozen=True)
class Activity:
    """What was settled under one practitioner's code at one place; `recent` patients were there in the last `RECENT` days of the data."""

    place: str
    name: str
    code: str
    admdvs: str
    visits: int
    fund: int
    recent: int
    last: datetime | None


@dataclass(frozen=True)
class Penalty:
    """A penalty or measure that names the practitioner."""

    document: str
    day: date | None
    kind: str
    place: str
    measure: str
    begin: date | None
    end: date | None
    duty: str
    points: float | None


def linked(snapshot: Snapshot, scan: Scan, limits: Regions = ANYWHERE) -> tuple[Linked, ...]:
    """Those registered at two places or more: who is in a ring first, by its rank; of rings only those that touch `limits`."""
    if not all(snapshot.has(table) for table in ("prac_reg_d", "practitioners", "places")):
        return ()
    named = "SELECT practitioner, count(*) AS n FROM pena_psn_d GROUP BY ALL"
    if not snapshot.has("pena_psn_d"):
        named = "SELECT NULL::INTEGER AS practitioner, 0 AS n WHERE false"
    with scan_tables.connect(snapshot, scan, limits) as con:
        rows = con.execute(
            "WITH filed AS (SELECT practitioner, count(DISTINCT place)::INTEGER AS places,"
            " count(DISTINCT place) FILTER (endtime IS NULL OR endtime >= ?)::INTEGER AS running,"
            " list(DISTINCT left(admdvs, 2) ORDER BY left(admdvs, 2)) FILTER (admdvs <> '') AS areas"
            " FROM prac_reg_d JOIN places USING (place) GROUP BY practitioner HAVING places > 1),"
            " led AS (SELECT m.id, count(*)::INTEGER AS rings, min(r.rank) AS rank,"
            " arg_min(r.grade, r.rank) AS grade FROM members m JOIN rings r USING (ring)"
            " WHERE m.kind = 'practitioner' GROUP BY m.id)"
            " SELECT w.id, coalesce(w.profession, ''), f.places, f.running, f.areas, coalesce(l.rings, 0),"
            f" l.rank, coalesce(l.grade, ''), coalesce(n.n, 0) FROM filed f JOIN practitioners w"
            f" USING (practitioner) LEFT JOIN led l ON l.id = w.id LEFT JOIN ({named}) n"
            " ON n.practitioner = f.practitioner ORDER BY l.rank NULLS LAST, f.places DESC, w.id",
            [snapshot.manifest.get("date_to")],
        ).fetchall()
    return tuple(
        Linked(who, job, places, running, tuple(areas or ()), rings, rank, grade, penalties)
        for who, job, places, running, areas, rings, rank, grade, penalties in rows
    )


def activity(snapshot: Snapshot, practitioner: str) -> tuple[Activity, ...]:
    """Where the code with this id settled, most money first, registered there or not."""
    if not all(snapshot.has(table) for table in ("setl_d", "practitioners", "places")):
        return ()
    with snapshot.connect() as con:
        rows = con.execute(
            "WITH ends AS (SELECT max(setl_time) AS ended FROM setl_d), mine AS (SELECT * FROM setl_d"
            " WHERE counts AND practitioner = (SELECT practitioner FROM practitioners WHERE id = ?))"
            " SELECT p.id, coalesce(p.name, p.code, ''), coalesce(p.code, ''), coalesce(p.admdvs, ''),"
            " count(*), sum(net_fund)::BIGINT, count(DISTINCT patient) FILTER (setl_time > ended -"
            " to_days(?)), max(setl_time) FROM mine JOIN places p USING (place), ends GROUP BY ALL"
            " ORDER BY 6 DESC, 1",
            [practitioner, RECENT],
        ).fetchall()
    return tuple(Activity(*row) for row in rows)


def penalties(snapshot: Snapshot, practitioner: str) -> tuple[Penalty, ...]:
    """What the penalties loaded say of the practitioner with this id, the newest first."""
    if not all(
        snapshot.has(table) for table in ("pena_d", "pena_psn_d", "practitioners", "places")
    ):
        return ()
    with snapshot.connect() as con:
        rows = con.execute(
            "SELECT doc_no, d.doc_date, d.pena_type, p.name, d.measure, d.begn_date, d.end_date, n.duty,"
            " n.points FROM pena_psn_d n JOIN practitioners w USING (practitioner)"
            " LEFT JOIN pena_d d USING (doc_no) LEFT JOIN places p ON p.place = d.place WHERE w.id = ?"
            " ORDER BY d.doc_date DESC NULLS LAST, doc_no",
            [practitioner],
        ).fetchall()
    return tuple(
        Penalty(
            no or "", day, kind or "", place or "", measure or "", begin, end, duty or "", points
        )
        for no, day, kind, place, measure, begin, end, duty, points in rows
    )
