"""暂停后顶替 · Substitution after suspension.

含义: 医师支付资格被暂停或终止后，同一机构另一工号的结算自当日起骤增，且多为被暂停医师的原有患者。疑似冒名结算。
误判: 依法接诊的代班医师（此前已有自己的患者，增幅有限）、退休离岗后的交接（备案终止而无处理决定，不作暂停）、科室合并、季节性高峰。此前结算较多、增幅不大者不列；原有患者分散到多名同事的（正常代班）不列。自有患者较多、被暂停医师的常客不足其七成工作者，只列入参考（丙级）。
Meaning: After a practitioner's payment qualification is suspended, another staff code of the same facility rises sharply from
that day on, mostly with the suspended practitioner's own patients.
Misleads: A proper locum (who had patients before, and grows moderately), a successor after retirement (a registration ended
without a decision is no suspension), merged departments, seasonal peaks. Codes that were
busy before, or grew little, are left out, and so is ordinary cover, where the patients are shared out among colleagues.
Where the suspended's regulars make up less than seven tenths of a busy code's work it stays at grade C; where more, it is never a grade A.
Source: 医保支付资格管理 7–9 分情形: 冒名提供医保费用结算.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, LEAD, Candidate, Event, Explanation, Outcome, keys
from graph.scan.practice import practice
from graph.scan.shifts import Dates, Workplaces
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
MAINLY = 0.7
"""Share of the code's later settlements from which it lives on the suspended one's patients: less is no more
than a lead, for a locum with regulars of the suspended one looks like that."""
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

BILLED = f"""
SELECT r.no, r.other, setl_id, setl_time, patient, net_fund
FROM visits v JOIN replaced r ON v.place = r.place AND v.practitioner = r.other AND setl_time BETWEEN r.day AND r.day + to_days({DAYS})
WHERE v.practitioner IN (SELECT other FROM replaced) ORDER BY r.no, r.other, setl_time, setl_id
"""

OPENING = date(2000, 1, 1)

Suspended = tuple[int, int, date]
"""Practitioner, place, day."""


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
    from scipy.stats import poisson

    sql = SUSPENDED.format(penalties=PENALTIES if world.has("pena_d", "pena_psn_d") else "")
    suspended: list[Suspended] = world.con.execute(sql).fetchall()
    if not suspended:
        return
    who, place, day = (np.array(column) for column in zip(*suspended, strict=True))
    days = np.array([(d - OPENING).days for d in day], dtype=np.int64)
    dates = Dates(who, place, days, DAYS)
    codes = Workplaces.of(practice(world), place, world.patients)
    risen = _risen(codes, dates)
    taken = codes.taken_over(
        dates.chosen([r.no for r in risen]), np.array([r.other for r in risen], dtype=np.int64)
    )
    found = []
    for rise, (panel, people, again) in zip(risen, taken.tolist(), strict=True):
        b, a = rise.before, rise.after
        only = a >= LEAST_ONLY and panel >= ONLY * a and b <= NEWCOMER * a
        rose = (a >= LEAST_AFTER or only) and a >= LIFT * rise.expected
        took_over = panel >= PANEL_SHARE * a and (panel >= a / 2 or b <= NEWCOMER * a)
        tail = min(ALONE, rise.heir)
        if rose and took_over and people >= SUCCESSOR * again:
            most = CAP if panel >= MAINLY * a else ALONE
            tail = max(tail, min(most, -poisson.logsf(a - 1, rise.expected) / np.log(10)))
        if tail > 0:
            facts = {"before": b, "after": a, "panel": panel, "expected": round(rise.expected, 1)}
            found.append((rise, facts, float(tail)))
    billed = _billed(world, suspended, [rise for rise, _, _ in found])
    for rise, facts, tail in found:
        yield _candidate(suspended[rise.no], rise.other, billed[rise.no, rise.other], facts, tail)


def _risen(codes: Workplaces, dates: Dates) -> list[Rise]:
    """The codes that settle at least `LIFT` times what the growth of all others at the place brings."""
    no, practitioner, b, a = codes.shifts(dates).T
    before, after = (np.bincount(no, n).astype(np.int64)[no] for n in (b, a))
    growth = np.maximum((after - a + 1) / (before - b + 1), 1.0)
    expected = np.maximum(b * growth, 1.0)
    heir = _heirs(codes.inherited(dates, OFTEN), no, practitioner, a, after)
    columns = no, practitioner, b, a, expected, heir
    chosen = ((a >= LEAST_ONLY) & (a >= LIFT * expected)) | (heir > 0)
    return [Rise(*facts) for facts in zip(*(c[chosen].tolist() for c in columns), strict=True)]


def _billed(
    world: World, suspended: list[Suspended], risen: list[Rise]
) -> dict[tuple[int, int], list[tuple[Any, ...]]]:
    """The later settlements of each rise: setl_id, setl_time, patient, net_fund, in the order of time."""
    chosen = pa.table(
        {
            "no": pa.array([r.no for r in risen], pa.int32()),
            "other": pa.array([r.other for r in risen], pa.int32()),
            "place": pa.array([suspended[r.no][1] for r in risen], pa.int32()),
            "day": pa.array([suspended[r.no][2] for r in risen], pa.date32()).cast(
                pa.timestamp("us")
            ),
        }
    )
    world.con.register("replaced", chosen)
    rows = world.con.execute(BILLED).fetchall()
    world.con.unregister("replaced")
    return {key: [row[2:] for row in found] for key, found in groupby(rows, key=itemgetter(0, 1))}


def _heirs(
    regulars: Ints, no: Ints, practitioner: Ints, a: Ints, after: Ints
) -> npt.NDArray[np.float64]:
    """`Rise.heir` of every code, with `a` later settlements of the `after` at its place; `regulars` as `Workplaces.inherited` has them."""
    from scipy.stats import binom

    found = np.zeros(len(no))
    if not len(regulars):
        return found
    numbers, other, n, people = regulars.T
    whole = np.bincount(numbers, n)[numbers]
    at = np.searchsorted(no << 32 | practitioner, numbers << 32 | other)
    own = a[at] - n
    share = (own + 1.0) / (after[at] - whole + 2.0)
    tail = -binom.logsf(n - 1, whole, np.clip(share, 1e-6, 1.0)) / np.log(10)
    heir = (
        (n >= LEAST_AFTER)
        & (people >= LEAST_REGULARS)
        & ((n >= CHIEFLY * whole) | (n >= AHEAD * _next(numbers, n)))
    )
    heir &= n >= HEIR_SHARE * a[at]
    tail = np.where(n >= MAINLY * a[at], tail, np.minimum(tail, LEAD))
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


def _candidate(
    suspended: Suspended,
    other: int,
    rows: list[tuple[Any, ...]],
    facts: dict[str, float | int],
    tail: float,
) -> Candidate:
    who, place, day = suspended
    return Candidate(
        motif=MOTIF.name,
        patients=keys([]),
        surprise=tail,
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
