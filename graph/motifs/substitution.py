"""暂停后顶替 · Substitution after suspension.

含义: 医师支付资格被暂停或终止后，同一机构另一工号的结算自当日起骤增，且多为被暂停医师的原有患者。疑似冒名结算。
误判: 依法接诊的代班医师（此前已有自己的患者，增幅有限）、科室合并、季节性高峰。此前结算较多、增幅不大者不列。
Meaning: After a practitioner's payment qualification is suspended, another staff code of the same facility rises sharply from
that day on, mostly with the suspended practitioner's own patients.
Misleads: A proper locum (who had patients before, and grows moderately), merged departments, seasonal peaks. Codes that were
busy before, or grew little, are left out.
Source: 医保支付资格管理 7–9 分情形: 冒名提供医保费用结算.
"""

from collections.abc import Iterable
from datetime import date, datetime

import numpy as np
from scipy.stats import poisson

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Outcome, keys
from graph.scan.world import World

DAYS = 180
LEAST_AFTER = 10
LIFT = 4.0
PANEL_SHARE = 0.3
NEWCOMER = 0.1
"""A code with at most this share of its later settlements before had hardly any patients of its own."""

SUSPENDED = """
SELECT DISTINCT practitioner, place, day FROM (
  SELECT practitioner, place, CAST(endtime AS DATE) AS day
  FROM prac_reg_d WHERE reg_stas IN ('暂停', '终止')
  {penalties})
WHERE practitioner IS NOT NULL AND place IS NOT NULL AND day IS NOT NULL ORDER BY ALL
"""

PENALTIES = """UNION ALL
  SELECT p.practitioner, r.place, coalesce(d.begn_date, d.doc_date)
  FROM pena_psn_d p JOIN pena_d d USING (doc_no) JOIN prac_reg_d r ON r.practitioner = p.practitioner WHERE d.measure IN ('中止协议', '解除协议', '暂停') OR p.points >= 9"""

PLACES = """
CREATE OR REPLACE TEMP TABLE suspended_places AS
SELECT place, practitioner, patient, setl_time, setl_id, net_fund
FROM visits SEMI JOIN suspensions USING (place) WHERE practitioner IS NOT NULL
"""

SHIFT = """
WITH panel AS (
  SELECT DISTINCT s.no, v.patient FROM suspensions s JOIN suspended_places v
    ON v.place = s.place AND v.practitioner = s.who AND v.setl_time < s.day),
 seen AS (
  SELECT s.no, v.practitioner, v.patient, v.setl_time >= s.day AS after
  FROM suspensions s JOIN suspended_places v ON v.place = s.place AND v.practitioner <> s.who
    AND v.setl_time BETWEEN s.day - to_days($span) AND s.day + to_days($span))
SELECT no, practitioner, count(*) FILTER (NOT after) AS before, count(*) FILTER (after) AS after,
  count(*) FILTER (after AND p.patient IS NOT NULL) AS panel
FROM seen LEFT JOIN panel p USING (no, patient) GROUP BY no, practitioner ORDER BY no, practitioner
"""

BILLS = """
SELECT setl_id, setl_time, patient, net_fund FROM suspended_places
WHERE place = $place AND practitioner = $other AND setl_time >= $day AND setl_time <= $day + to_days($span)
ORDER BY setl_time, setl_id
"""


def detect(world: World) -> Iterable[Candidate]:
    """Pairs (suspended, other code) at one facility where the other's rise is beyond the place's own growth."""
    sql = SUSPENDED.format(penalties=PENALTIES if world.has("pena_d", "pena_psn_d") else "")
    suspended = world.con.execute(sql).fetchall()
    world.con.execute(
        "CREATE OR REPLACE TEMP TABLE suspensions AS SELECT unnest(?::INTEGER[]) AS no, "
        "unnest(?::INTEGER[]) AS who, unnest(?::INTEGER[]) AS place, unnest(?::TIMESTAMP[]) AS day",
        [list(range(len(suspended))), *([row[i] for row in suspended] for i in range(3))],
    )
    world.con.execute(PLACES)
    shifts: dict[int, list[tuple[int, int, int, int]]] = {}
    for no, other, b, a, panel in world.con.execute(SHIFT, {"span": DAYS}).fetchall():
        shifts.setdefault(no, []).append((other, b, a, panel))
    for no, rows in shifts.items():
        before, after = sum(r[1] for r in rows), sum(r[2] for r in rows)
        for other, b, a, panel in rows:
            growth = max((after - a + 1) / (before - b + 1), 1.0)
            expected = max(b * growth, 1.0)
            took_over = panel >= PANEL_SHARE * a and (panel >= a / 2 or b <= NEWCOMER * a)
            if a >= LEAST_AFTER and a >= LIFT * expected and took_over:
                tail = -poisson.logsf(a - 1, expected) / np.log(10)
                facts = {"before": b, "after": a, "panel": panel, "expected": round(expected, 1)}
                who, place, day = suspended[no]
                yield _candidate(world, (who, other, place, day), facts, float(tail))


def _candidate(
    world: World, at: tuple[int, int, int, date], facts: dict[str, float | int], tail: float
) -> Candidate:
    who, other, place, day = at
    start = datetime.combine(day, datetime.min.time())
    rows = world.con.execute(
        BILLS, {"place": place, "other": other, "day": start, "span": DAYS}
    ).fetchall()
    return Candidate(
        motif=MOTIF.name,
        patients=keys([]),
        surprise=min(CAP, tail),
        practitioners=(who, other),
        places=(place,),
        events=tuple(
            Event(
                "substitute",
                r[1],
                place=place,
                patients=(r[2],),
                rows=(f"setl_d:{r[0]}",),
                fund=r[3],
            )
            for r in rows
        ),
        facts={**facts, "day": str(day)},
        explanations=(
            Explanation(
                "cover_doctor",
                Outcome.RULED_OUT,
                {"before": facts["before"], "after": facts["after"]},
            ),
        ),
    )


MOTIF = Motif("substitution", detect, needs=("setl_d", "prac_reg_d"))
