"""Which cross-province inpatient bills a batch would ask about: above the law's amount, and in the evidence of a scan."""

from dataclasses import dataclass
from datetime import date

from graph.results import Scan
from graph.scan.world import INPATIENT_TYPES
from graph.snapshot import Snapshot


@dataclass(frozen=True)
class Stay:
    """One inpatient stay: its patient and place by blind id, `there` the 区划 code of the place, `total` in fen."""

    stay: str
    patient: str
    place: str
    name: str
    home: str
    there: str
    total: int
    settled: date
    ring: str


def suspicious(
    snapshot: Snapshot, scan: Scan, home: str, first: date, last: date, floor: int
) -> tuple[Stay, ...]:
    """Stays settled from `first` up to and without `last`, of people insured in the province of `home`, elsewhere.

    All settlements of a stay count together, at least `floor` fen; one of them stands in a ring's evidence.
    Dearest first. Raises `NoTable` without settlements.
    """
    snapshot.files("setl_d")
    evidence = str(scan.file("evidence")).replace("'", "''")
    given = [list(INPATIENT_TYPES), home[:2], first, last, floor]
    with snapshot.connect() as con:
        rows = con.execute(_QUERY.format(evidence=evidence), given).fetchall()
    return tuple(Stay(*row) for row in rows)


_QUERY = """
WITH named AS (
  SELECT min(ring) AS ring, substr(bill, 8) AS setl_id
  FROM (SELECT ring, unnest(rows) AS bill FROM read_parquet('{evidence}'))
  WHERE starts_with(bill, 'setl_d:') GROUP BY bill
)
SELECT coalesce(v.mdtrt_id, v.setl_id), p.id, l.id, coalesce(l.name, l.code), any_value(p.insu_admdvs),
  any_value(l.admdvs), sum(v.net_medfee)::BIGINT AS total, max(v.setl_time)::DATE, min(n.ring)
FROM setl_d v JOIN patients p USING (patient) JOIN places l USING (place) LEFT JOIN named n USING (setl_id)
WHERE v.counts AND v.med_type IN (SELECT unnest($1::VARCHAR[]))
  AND p.insu_admdvs[:2] = $2 AND l.admdvs[:2] <> $2
GROUP BY 1, 2, 3, 4
HAVING max(v.setl_time)::DATE >= $3 AND max(v.setl_time)::DATE < $4 AND total >= $5 AND min(n.ring) IS NOT NULL
ORDER BY total DESC, 1
"""
