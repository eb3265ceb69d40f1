"""暂停后顶替 · Substitution after suspension.

含义: 医师支付资格被暂停或终止后，同一机构另一工号的结算自当日起骤增，且多为被暂停医师的原有患者。疑似冒名结算。
误判: 依法接诊的代班医师（此前已有自己的患者，增幅有限）、科室合并、季节性高峰。此前结算较多、增幅不大者不列；原有患者分散到多名同事的（正常代班）不列。
Meaning: After a practitioner's payment qualification is suspended, another staff code of the same facility rises sharply from
that day on, mostly with the suspended practitioner's own patients.
Misleads: A proper locum (who had patients before, and grows moderately), merged departments, seasonal peaks. Codes that were
busy before, or grew little, are left out, and so is ordinary cover, where the patients are shared out among colleagues.
Source: 医保支付资格管理 7–9 分情形: 冒名提供医保费用结算.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.stats import poisson

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Outcome, keys
from graph.scan.world import World

DAYS = 180
LEAST_AFTER = 10
LIFT = 4.0
PANEL_SHARE = 0.3
SUCCESSOR = 0.4
"""Share of the suspended one's patients seen there again whom one code must have: colleagues who cover share them out."""
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

INSTANT = "least(setl_time, CAST(setl_time AS DATE) + INTERVAL 1 MICROSECOND)"
"""All that a visit's time says beside days: midnight, or after it."""

CALENDAR = f"""
CREATE OR REPLACE TEMP TABLE suspension_calendar AS
WITH bounds AS (
  SELECT DISTINCT place, unnest([day - to_days({DAYS}), day, day + to_days({DAYS}) + INTERVAL 1 MICROSECOND]) AS since FROM suspensions),
 instants AS (
  SELECT DISTINCT place, {INSTANT} AS instant FROM visits SEMI JOIN suspensions USING (place) WHERE practitioner IS NOT NULL)
SELECT i.place, instant, since FROM instants i ASOF JOIN bounds b ON b.place = i.place AND i.instant >= b.since
"""
"""The stretch between two dates that matter at a place, told by its start, per instant."""

SHIFT = f"""
WITH counted AS (
  SELECT v.place, v.practitioner, since, count(*) AS n
  FROM visits v JOIN suspension_calendar c ON c.place = v.place AND c.instant = {INSTANT}
  WHERE practitioner IS NOT NULL GROUP BY v.place, v.practitioner, since)
SELECT no, practitioner, CAST(coalesce(sum(n) FILTER (since < s.day), 0) AS BIGINT) AS before,
  CAST(coalesce(sum(n) FILTER (since >= s.day), 0) AS BIGINT) AS after
FROM suspensions s JOIN counted c ON c.place = s.place AND c.practitioner <> s.who
  AND since BETWEEN s.day - to_days({DAYS}) AND s.day + to_days({DAYS})
GROUP BY no, practitioner ORDER BY no, practitioner
"""

BILLS = """
CREATE OR REPLACE TEMP TABLE suspended_bills AS
SELECT place, practitioner, patient, setl_time, setl_id, net_fund FROM visits SEMI JOIN risen USING (place)
WHERE practitioner IS NOT NULL
"""

OWN = """
CREATE OR REPLACE TEMP TABLE suspended_panel AS
SELECT DISTINCT r.no, patient FROM risen r JOIN suspended_bills v
  ON v.place = r.place AND v.practitioner = r.who AND v.setl_time < r.day
"""

TAKEN = f"""
CREATE OR REPLACE TEMP TABLE taken_over AS
SELECT r.no, r.other, v.setl_id, v.setl_time, v.patient, v.net_fund, p.patient IS NOT NULL AS panel
FROM risen r JOIN suspended_bills v ON v.place = r.place AND v.practitioner = r.other
  AND v.setl_time BETWEEN r.day AND r.day + to_days({DAYS})
LEFT JOIN suspended_panel p ON p.no = r.no AND p.patient = v.patient
"""

PANEL = f"""
WITH again AS (
  SELECT no, count(DISTINCT patient) AS people FROM suspended_panel p JOIN suspended_bills v USING (patient)
  JOIN (SELECT DISTINCT no, place, who, day FROM risen) r USING (no, place)
  WHERE v.practitioner <> r.who AND v.setl_time BETWEEN r.day AND r.day + to_days({DAYS}) GROUP BY no)
SELECT no, other, count(*) FILTER (panel) AS visits, count(DISTINCT patient) FILTER (panel) AS people,
  coalesce(any_value(a.people), 0) AS of
FROM taken_over LEFT JOIN again a USING (no) GROUP BY no, other
"""

BILLED = """
SELECT setl_id, setl_time, patient, net_fund FROM taken_over
WHERE no = ? AND other = ? ORDER BY setl_time, setl_id
"""


@dataclass(frozen=True)
class Rise:
    """Another code's settlements within `DAYS` before and after suspension number `no`, and those expected after."""

    no: int
    other: int
    before: int
    after: int
    expected: float


def detect(world: World) -> Iterable[Candidate]:
    """Pairs (suspended, other code) at one facility where the other's rise is beyond the place's own growth."""
    sql = SUSPENDED.format(penalties=PENALTIES if world.has("pena_d", "pena_psn_d") else "")
    suspended = world.con.execute(sql).fetchall()
    world.con.execute(
        "CREATE OR REPLACE TEMP TABLE suspensions AS SELECT unnest(?::INTEGER[]) AS no, "
        "unnest(?::INTEGER[]) AS who, unnest(?::INTEGER[]) AS place, unnest(?::TIMESTAMP[]) AS day",
        [list(range(len(suspended))), *([row[i] for row in suspended] for i in range(3))],
    )
    world.con.execute(CALENDAR)
    risen = _risen(world)
    if not risen:
        return
    for rise, (panel, people, again) in zip(risen, _panels(world, risen), strict=True):
        b, a = rise.before, rise.after
        heir = panel >= PANEL_SHARE * a and (panel >= a / 2 or b <= NEWCOMER * a)
        if heir and people >= SUCCESSOR * again:
            tail = -poisson.logsf(a - 1, rise.expected) / np.log(10)
            facts = {"before": b, "after": a, "panel": panel, "expected": round(rise.expected, 1)}
            yield _candidate(world, suspended[rise.no], rise, facts, float(tail))


def _risen(world: World) -> list[Rise]:
    """The codes that settle at least `LIFT` times what the growth of all others at the place brings."""
    rows = world.arrays(SHIFT)
    no, b, a = rows["no"], rows["before"], rows["after"]
    before, after = (np.bincount(no, n).astype(np.int64)[no] for n in (b, a))
    growth = np.maximum((after - a + 1) / (before - b + 1), 1.0)
    expected = np.maximum(b * growth, 1.0)
    columns = no, rows["practitioner"], b, a, expected
    chosen = (a >= LEAST_AFTER) & (a >= LIFT * expected)
    return [Rise(*facts) for facts in zip(*(c[chosen].tolist() for c in columns), strict=True)]


def _panels(world: World, risen: list[Rise]) -> list[tuple[int, int, int]]:
    """Of each code's later settlements: how many are of the suspended one's patients, of how many of these people, and how
    many of them any other code of the place saw."""
    world.con.execute(
        "CREATE OR REPLACE TEMP TABLE risen AS SELECT s.*, r.other FROM suspensions s "
        "JOIN (SELECT unnest(?::INTEGER[]) AS no, unnest(?::INTEGER[]) AS other) r USING (no)",
        [[r.no for r in risen], [r.other for r in risen]],
    )
    world.con.execute(BILLS)
    world.con.execute(OWN)
    world.con.execute(TAKEN)
    panel = {(no, other): tuple(n) for no, other, *n in world.con.execute(PANEL).fetchall()}
    return [panel[r.no, r.other] for r in risen]


def _candidate(
    world: World,
    suspended: tuple[int, int, date],
    rise: Rise,
    facts: dict[str, float | int],
    tail: float,
) -> Candidate:
    who, place, day = suspended
    rows = world.con.execute(BILLED, [rise.no, rise.other]).fetchall()
    return Candidate(
        motif=MOTIF.name,
        patients=keys([]),
        surprise=min(CAP, tail),
        practitioners=(who, rise.other),
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
