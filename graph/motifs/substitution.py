"""暂停后顶替 · Substitution after suspension.

含义: 医师支付资格被暂停或终止后，同一机构另一工号的结算自当日起骤增，且多为被暂停医师的原有患者。疑似冒名结算。
误判: 依法接诊的代班医师（此前已有自己的患者，增幅有限）、退休离岗后的交接（备案终止而无处理决定，不作暂停）、科室合并、季节性高峰。此前结算较多、增幅不大者不列；原有患者分散到多名同事的（正常代班）不列。自有患者较多、但被暂停医师的常客占其大半工作者，只作一般线索。
Meaning: After a practitioner's payment qualification is suspended, another staff code of the same facility rises sharply from
that day on, mostly with the suspended practitioner's own patients.
Misleads: A proper locum (who had patients before, and grows moderately), a successor after retirement (a registration ended
without a decision is no suspension), merged departments, seasonal peaks. Codes that were
busy before, or grew little, are left out, and so is ordinary cover, where the patients are shared out among colleagues.
Where the suspended's regulars make up much of a busy code's work it is never a grade A.
Source: 医保支付资格管理 7–9 分情形: 冒名提供医保费用结算.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.stats import binom, poisson

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Outcome, keys
from graph.scan.world import World

Ints = npt.NDArray[np.int64]

DAYS = 180
LEAST_AFTER = 10
LIFT = 4.0
LEAST_ONLY, ONLY = 7, 0.9
"""Later settlements that are enough for a new code where this share of them is of the suspended one's patients."""
PANEL_SHARE = 0.3
CHIEFLY = 0.6
"""Share of the code's later settlements from which they are chiefly of the suspended one's patients; of these patients' later
settlements, from which they come chiefly to the code."""
OFTEN, LEAST_REGULARS = 2, 5
"""Settlements before the suspension that make a regular patient; regulars who come to the code."""
HEIR_SHARE = 0.4
"""Share of the code's later settlements that the regulars make up where it has patients of its own: a locum's is less."""
AHEAD = 2.0
"""Times as many visits of the regulars as the next colleague has: cover is shared out, or falls to one of few."""
ALONE = 9.0
"""Most that this, or a newcomer with many patients of its own, may say: never a grade A."""
SUCCESSOR = 0.4
"""Share of the suspended one's patients seen there again whom one code must have: colleagues who cover share them out."""
NEWCOMER = 0.1
"""A code with at most this share of its later settlements before had hardly any patients of its own."""

SUSPENDED = """
SELECT DISTINCT practitioner, place, day FROM (
  SELECT practitioner, place, CAST(endtime AS DATE) AS day
  FROM prac_reg_d WHERE reg_stas = '暂停'
  {penalties})
WHERE practitioner IS NOT NULL AND place IS NOT NULL AND day IS NOT NULL ORDER BY ALL
"""
"""A registration that was ended (终止) without a decision on the person is a retirement or a move, and no suspension."""

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


REGULARS = f"""
WITH regulars AS (
  SELECT s.no, v.patient FROM suspensions s JOIN visits v ON v.place = s.place AND v.practitioner = s.who
    AND v.setl_time >= s.day - to_days({DAYS}) AND v.setl_time < s.day
  WHERE v.patient IS NOT NULL GROUP BY s.no, v.patient HAVING count(*) >= {OFTEN})
SELECT s.no, v.practitioner, count(*) AS n, count(DISTINCT v.patient) AS people
FROM regulars r JOIN suspensions s USING (no) JOIN visits v ON v.place = s.place AND v.patient = r.patient
  AND v.practitioner <> s.who AND v.setl_time BETWEEN s.day AND s.day + to_days({DAYS})
GROUP BY s.no, v.practitioner ORDER BY s.no, v.practitioner
"""
"""Later settlements of the suspended one's regular patients, per other code."""


@dataclass(frozen=True)
class Rise:
    """Another code's settlements within `DAYS` before and after suspension number `no`, and those expected after.

    `heir` is -log10 p that so many later settlements of the suspended one's regular patients come to this code, had they spread
    over the colleagues as the place's other patients do; 0 unless it has most of these, or `AHEAD` times the next one's, and
    they make up much of the code's work.
    """

    no: int
    other: int
    before: int
    after: int
    expected: float
    heir: float


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
        only = a >= LEAST_ONLY and panel >= ONLY * a and b <= NEWCOMER * a
        rose = (a >= LEAST_AFTER or only) and a >= LIFT * rise.expected
        took_over = panel >= PANEL_SHARE * a and (panel >= a / 2 or b <= NEWCOMER * a)
        tail = min(ALONE, rise.heir)
        if rose and took_over and people >= SUCCESSOR * again:
            most = CAP if panel >= CHIEFLY * a else ALONE
            tail = max(tail, min(most, -poisson.logsf(a - 1, rise.expected) / np.log(10)))
        if tail > 0:
            facts = {"before": b, "after": a, "panel": panel, "expected": round(rise.expected, 1)}
            yield _candidate(world, suspended[rise.no], rise, facts, float(tail))


def _risen(world: World) -> list[Rise]:
    """The codes that settle at least `LIFT` times what the growth of all others at the place brings."""
    rows = world.arrays(SHIFT)
    no, b, a = rows["no"], rows["before"], rows["after"]
    before, after = (np.bincount(no, n).astype(np.int64)[no] for n in (b, a))
    growth = np.maximum((after - a + 1) / (before - b + 1), 1.0)
    expected = np.maximum(b * growth, 1.0)
    heir = _heirs(world, rows, after)
    columns = no, rows["practitioner"], b, a, expected, heir
    chosen = ((a >= LEAST_ONLY) & (a >= LIFT * expected)) | (heir > 0)
    return [Rise(*facts) for facts in zip(*(c[chosen].tolist() for c in columns), strict=True)]


def _heirs(world: World, rows: dict[str, Ints], after: Ints) -> npt.NDArray[np.float64]:
    """`Rise.heir` of every code; `after` are all codes' later settlements at its place."""
    regulars = world.arrays(REGULARS)
    found = np.zeros(len(rows["no"]))
    if not len(regulars["no"]):
        return found
    everywhere = np.bincount(regulars["no"], regulars["n"])
    codes = rows["no"].astype(np.int64) << 32 | rows["practitioner"]
    at = np.searchsorted(codes, regulars["no"].astype(np.int64) << 32 | regulars["practitioner"])
    n, whole = regulars["n"], everywhere[regulars["no"]]
    own = rows["after"][at] - n
    share = (own + 1.0) / (after[at] - whole + 2.0)
    tail = -binom.logsf(n - 1, whole, np.clip(share, 1e-6, 1.0)) / np.log(10)
    heir = (
        (n >= LEAST_AFTER)
        & (regulars["people"] >= LEAST_REGULARS)
        & ((n >= CHIEFLY * whole) | (n >= AHEAD * _next(regulars["no"], n)))
    )
    heir &= n >= HEIR_SHARE * rows["after"][at]
    found[at[heir]] = tail[heir]
    return found


def _next(no: Ints, n: Ints) -> Ints:
    """The most that another code of the same suspension has."""
    order = np.lexsort((-n, no))
    start = np.flatnonzero(np.r_[True, np.diff(no[order]) > 0])
    first = np.zeros(int(no.max()) + 1, dtype=np.int64)
    second = first.copy()
    first[no[order][start]] = order[start]
    more = start + 1 < np.r_[start[1:], len(no)]
    second[no[order][start[more]]] = n[order[start[more] + 1]]
    return np.where(first[no] == np.arange(len(no)), second[no], n[first[no]])


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
    return [panel.get((r.no, r.other), (0, 0, 0)) for r in risen]


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
        surprise=tail,
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
