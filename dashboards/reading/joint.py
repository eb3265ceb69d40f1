"""Rings that reach over provinces: what of each lies on which side. Money in fen."""

from dataclasses import dataclass
from datetime import datetime

from dashboards.reading import scan_tables
from dashboards.reading.flows import AREAS, ELSEWHERE
from dashboards.reading.regions import ANYWHERE, Regions
from dashboards.reading.ring_bills import lay_bills
from graph.results import RingRow, Scan
from graph.snapshot import Snapshot


@dataclass(frozen=True)
class Side:
    """One province's part. `insured` and `settled` are the fund of the settlements that the evidence names, each once:
    of patients insured there, and at places there; the days are those at its places.

    `area` is the province's code if it is one of the three, else `ELSEWHERE`. Practitioners count where
    their main place is.
    """

    area: str
    patients: int = 0
    practitioners: int = 0
    places: int = 0
    insured: int = 0
    settled: int = 0
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True)
class Crossing:
    """A ring with people or places in more than one province, and its sides, the three first."""

    ring: RingRow
    sides: tuple[Side, ...]

    @property
    def areas(self) -> tuple[str, ...]:
        """The sides' provinces."""
        return tuple(side.area for side in self.sides)


_AREA = (
    "CASE WHEN {0} IS NULL OR {0} = '' THEN '' WHEN list_contains($areas, {0}[:2]) THEN {0}[:2]"
    " ELSE $elsewhere END"
)
_MEMBERS = (
    f"SELECT m.ring, {_AREA.format('e.insu_admdvs')} AS area, count(*) AS patients, 0 AS practitioners,"
    " 0 AS places FROM members m JOIN patients e ON m.id = e.id GROUP BY ALL UNION ALL"
    f" SELECT m.ring, {_AREA.format('e.admdvs')} AS area, 0, 0, count(*) FROM members m"
    " JOIN places e ON m.id = e.id GROUP BY ALL"
)
_STAFF = (
    f"SELECT m.ring, {_AREA.format('e.admdvs')} AS area, 0, count(DISTINCT m.id), 0 FROM members m"
    " JOIN practitioners w ON m.id = w.id JOIN prac_reg_d r ON r.practitioner = w.practitioner"
    " AND r.main JOIN places e ON e.place = r.place GROUP BY ALL"
)
_PAID = (
    f"CREATE TEMP TABLE paid AS SELECT b.ring, b.fund, b.moment, {_AREA.format('h.insu_admdvs')} AS home,"
    f" {_AREA.format('e.admdvs')} AS there FROM bills b LEFT JOIN patients h USING (patient)"
    " LEFT JOIN places e USING (place) WHERE b.named AND b.ring IN (SELECT ring FROM crossing)"
)
_MONEY = (
    "SELECT ring, home AS area, sum(fund) AS insured, 0 AS settled, NULL::TIMESTAMP AS since,"
    " NULL::TIMESTAMP AS latest FROM paid GROUP BY ALL UNION ALL"
    " SELECT ring, there, 0, sum(fund), min(moment), max(moment) FROM paid GROUP BY ALL"
)


def crossings(snapshot: Snapshot, scan: Scan, limits: Regions = ANYWHERE) -> tuple[Crossing, ...]:
    """The rings that touch `limits`, whose patients or places are in two provinces or more, by rank."""
    if not all(snapshot.has(table) for table in ("setl_d", "patients", "places")):
        return ()
    staff = snapshot.has("practitioners") and snapshot.has("prac_reg_d")
    parts = f"{_MEMBERS} UNION ALL {_STAFF}" if staff else _MEMBERS
    asked = {"areas": list(AREAS), "elsewhere": ELSEWHERE}
    with scan_tables.connect(snapshot, scan, limits) as con:
        con.execute(
            "CREATE TEMP TABLE crossing AS SELECT ring, area, sum(patients) AS patients,"
            f" sum(practitioners) AS practitioners, sum(places) AS places FROM ({parts}) WHERE area <> ''"
            " GROUP BY ring, area QUALIFY count(*) FILTER (sum(patients) + sum(places) > 0)"
            " OVER (PARTITION BY ring) > 1",
            asked,
        )
        lay_bills(con, snapshot, scan)
        con.execute(_PAID, asked)
        rows = con.execute(
            "SELECT c.ring, c.area, patients::INTEGER,"
            " practitioners::INTEGER, places::INTEGER, coalesce(sum(insured), 0)::BIGINT,"
            f" coalesce(sum(settled), 0)::BIGINT, min(since), max(latest) FROM crossing c LEFT JOIN ({_MONEY}) m"
            " USING (ring, area) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    sides: dict[str, list[Side]] = {}
    for ring, area, patients, practitioners, places, insured, settled, since, latest in rows:
        side = Side(area, patients, practitioners, places, insured, settled, since, latest)
        sides.setdefault(ring, []).append(side)
    return tuple(
        Crossing(ring, tuple(sides[ring.ring]))
        for ring in scan.rings(limit=None)
        if ring.ring in sides
    )
