"""What the rings' evidence says of days and hours: gatherings, and who was in two places at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from dashboards.reading.regions import ANYWHERE, Regions
from dashboards.reading.ring_bills import VISIT_ROW, lay_bills
from dashboards.reading.scan_tables import connect
from graph.model import Shown
from graph.results import Scan
from graph.snapshot import Snapshot

CLASHES = ("presence", "conflict", "own_stay")
"""Kinds of evidence that say one person was in two places, or that a card or a code was."""
_NAMES = "(SELECT place, name, code, admdvs FROM places)"
_NAMELESS = "(SELECT NULL::INTEGER AS place, '' AS name, '' AS code, '' AS admdvs)"


@dataclass(frozen=True)
class Stop:
    """One end of a clash: the place and its division."""

    place: str
    admdvs: str


@dataclass(frozen=True)
class Clash:
    """Settlements of one patient or under one practitioner's code that cannot both be; ids, fund in fen."""

    ring: str
    rank: int
    grade: str
    kind: str
    at: datetime
    until: datetime | None
    who: str
    stops: tuple[Stop, ...]
    fund: int
    note_zh: str
    note_en: str


def gatherings(snapshot: Snapshot, scan: Scan, limits: Regions = ANYWHERE) -> pd.DataFrame:
    """A row per gathering of every ring that touches `limits`: ring, rank, grade, at, until, place, code, people, fund (fen).

    What two motifs of a ring both name is one gathering.
    """
    with connect(snapshot, scan, limits) as con:
        return con.execute(
            "SELECT * EXCLUDE (members), len(members)::INTEGER AS people FROM ("
            "SELECT DISTINCT ring, rank, grade, e.at AS at, e.until AS until, coalesce(p.name, '') AS place,"
            " coalesce(p.code, '') AS code, members,"
            " coalesce(e.fund, 0)::BIGINT AS fund FROM evidence e JOIN rings r USING (ring)"
            f" LEFT JOIN {_NAMES if snapshot.has('places') else _NAMELESS} p USING (place)"
            " WHERE e.kind = 'gathering' AND e.at IS NOT NULL)"
            " ORDER BY ALL"
        ).df()


def clashes(
    snapshot: Snapshot, scan: Scan, kinds: tuple[str, ...], limit: int, limits: Regions = ANYWHERE
) -> Shown[Clash]:
    """The first `limit` clashes of `kinds` by the rank of their ring, with the places in order of time."""
    if not all(snapshot.has(table) for table in ("setl_d", "patients", "practitioners", "places")):
        return Shown((), 0)
    with connect(snapshot, scan, limits) as con:
        con.execute(
            "CREATE TEMP TABLE picked AS SELECT row_number() OVER (ORDER BY r.rank, e.no) AS nth,"
            " count(*) OVER () AS total, r.rank, r.grade, e.* FROM evidence e JOIN rings r USING (ring)"
            " WHERE list_contains(?::VARCHAR[], e.kind) AND e.at IS NOT NULL"
            " QUALIFY nth <= ?",
            [list(kinds), limit],
        )
        lay_bills(con, snapshot, scan)
        rows = con.execute(
            "WITH named AS (SELECT p.nth, p.ring, unnest(p.rows) AS bill FROM picked p), stops AS ("
            " SELECT n.nth, min(b.moment) AS since, any_value(b.practitioner) AS worker, place"
            " FROM named n JOIN bills b ON b.named AND b.ring = n.ring AND b.setl_id = substr(n.bill, ?)"
            " GROUP BY n.nth, place),"
            " ends AS (SELECT nth, any_value(worker) AS practitioner, list({'name':"
            " coalesce(name, ''), 'admdvs': coalesce(admdvs, '')} ORDER BY since) AS stops"
            f" FROM stops LEFT JOIN {_NAMES} USING (place) GROUP BY nth)"
            " SELECT p.ring, p.rank, p.grade, p.kind, p.at, p.until, CASE p.kind WHEN 'presence'"
            " THEN w.id ELSE a.id END, e.stops, p.fund, p.note_zh, p.note_en, p.total FROM picked p"
            " LEFT JOIN ends e USING (nth) LEFT JOIN practitioners w USING (practitioner)"
            " LEFT JOIN patients a ON a.patient = p.members[1] ORDER BY p.nth",
            [len(VISIT_ROW) + 1],
        ).fetchall()
    return Shown(tuple(_clash(row) for row in rows), int(rows[0][-1]) if rows else 0)


def _clash(row: tuple[Any, ...]) -> Clash:
    ring, rank, grade, kind, at, until, who, stops, fund, zh, en, _ = row
    found = tuple(Stop(stop["name"], stop["admdvs"]) for stop in stops or ())
    return Clash(ring, rank, grade, kind, at, until, who or "", found, int(fund or 0), zh, en)
