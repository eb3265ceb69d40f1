"""结伴住院 · Synchronised admissions.

含义: 同一批参保人多次在同一医院同进同出（入院、出院均相差不超过一日）。组织者拉人头住院时会留下这种痕迹。
误判: 集中体检筛查、透析与康复疗程、精神科与安宁病房、群体性事件同日收治。只发生一次的、固定周期的，不作证据。
Meaning: The same people are admitted to and discharged from one hospital together, within a day at both ends, again
and again.
Misleads: Screening campaigns, dialysis and rehabilitation courses, psychiatric wards, an accident that brings many in on
one day. A single occasion is no evidence; a fixed cycle points to a course of treatment.
Source: 郑州 2024 年通报 (≥ 8 人同进同出 ≥ 5 次).
"""

from collections.abc import Iterable
from datetime import datetime

import numpy as np
from scipy.special import gammaln

from graph.communities import rings_by_cpm
from graph.motifs.base import Motif
from graph.scan.aside import unignored
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.innocence import one_address, one_household
from graph.scan.world import World

USUAL_RATE = 0.003
"""Two stays of a year at one hospital match at both ends about this often: 3 days of 365, a third of the lengths."""
ENOUGH = 3
SUPPORT = 3.9
"""Two occasions only (a season's rehabilitation comes back once) support a ring and make none."""
EVEN = 0.15
"""Standard deviation over mean of the gaps between admissions, up to which they are a cycle."""

STAYS = """
CREATE OR REPLACE TEMP TABLE stays AS
SELECT patient, place, setl_id, begntime, coalesce(endtime, setl_time) AS endtime, net_fund,
  CAST(begntime AS DATE) - DATE '2000-01-01' AS adm,
  CAST(coalesce(endtime, setl_time) AS DATE) - DATE '2000-01-01' AS dis
FROM visits WHERE stay AND begntime IS NOT NULL
"""

PAIRS = """
CREATE OR REPLACE TEMP TABLE costays AS
WITH b AS (
  SELECT patient, place, adm, dis, adm + i AS adm_near, dis + j AS dis_near
  FROM stays, range(-{days}, {days} + 1) x(i), range(-{days}, {days} + 1) y(j))
SELECT a.patient AS a, b.patient AS b, a.place, count(DISTINCT a.adm) AS x
FROM stays a JOIN b ON a.place = b.place AND a.adm = b.adm_near AND a.dis = b.dis_near
WHERE a.patient <> b.patient GROUP BY ALL
"""

SEEDS = """
SELECT a, b, sum(x) AS x FROM costays WHERE a < b
GROUP BY ALL HAVING sum(x) >= ? ORDER BY a, b
"""

RATES = """
WITH n AS (SELECT place, count(*)::DOUBLE AS n, count(DISTINCT patient) AS patients FROM stays GROUP BY 1),
 m AS (SELECT place, sum(x)::DOUBLE AS matched FROM costays GROUP BY 1)
SELECT place, n, patients, coalesce(matched, 0) / greatest(n * (n - 1), 1) AS rate
FROM n LEFT JOIN m USING (place)
"""


def detect(world: World) -> Iterable[Candidate]:
    """Communities of patients with repeated common stays; at least two common stays of four or more."""
    p = world.parameters
    world.con.execute(STAYS)
    world.con.execute(PAIRS.format(days=p.costay_days))
    pairs = world.arrays(SEEDS, [p.least_costays])
    kept = unignored(world, pairs["a"], pairs["b"])
    if not kept.any():
        return
    rates = {r[0]: (r[2], r[3]) for r in world.con.execute(RATES).fetchall()}
    groups = rings_by_cpm(
        pairs["a"][kept].astype(np.int32),
        pairs["b"][kept].astype(np.int32),
        None,
        resolution=p.resolution,
        seed=1,
    )
    for group in groups:
        if len(group) >= p.least_members:
            found = _candidate(world, keys(group), rates)
            if found is not None:
                yield found


def _candidate(
    world: World, patients: Keys, rates: dict[int, tuple[int, float]]
) -> Candidate | None:
    rows = world.con.execute(
        """
        SELECT place, adm, dis, patient, setl_id, begntime, endtime, net_fund FROM stays
        WHERE patient IN (SELECT unnest(?::INTEGER[])) ORDER BY place, adm, dis, patient
        """,
        [patients.tolist()],
    ).fetchall()
    gatherings = [g for g in _gather(rows, world.parameters.costay_days) if len(g) >= 3]
    if len(gatherings) < 2:
        return None
    who = keys([row[3] for g in gatherings for row in g])
    surprise = 0.0
    for g in gatherings:
        rate = float(np.clip(rates[g[0][0]][1], 1e-5, USUAL_RATE))
        surprise += (len({row[3] for row in g}) - 1) * -np.log10(rate)
    clients = max(rates[g[0][0]][0] for g in gatherings)
    surprise -= float(
        gammaln(clients + 1) - gammaln(len(who) + 1) - gammaln(max(clients - len(who), 0) + 1)
    ) / np.log(10)
    places, times = np.unique([g[0][0] for g in gatherings], return_counts=True)
    return Candidate(
        motif=MOTIF.name,
        patients=who,
        surprise=float(np.clip(surprise, 0, CAP if len(gatherings) >= ENOUGH else SUPPORT)),
        places=tuple(int(f) for f in places[np.argsort(-times, kind="stable")]),
        events=tuple(_event(g) for g in gatherings),
        facts={"gatherings": len(gatherings), "places": len(places)},
        explanations=(
            _course(gatherings),
            one_household(world, who),
            one_address(world, who),
        ),
    )


Row = tuple[int, int, int, int, str, datetime, datetime, int]


def _gather(rows: list[Row], days: int) -> list[list[Row]]:
    """Stays of one place whose admissions and discharges lie within `days` of the first's."""
    found: list[list[Row]] = []
    left = list(rows)
    while left:
        first = left[0]
        near = [
            r for r in left
            if r[0] == first[0] and abs(r[1] - first[1]) <= days and abs(r[2] - first[2]) <= days
        ]  # fmt: skip
        found.append(near)
        taken = {r[4] for r in near}
        left = [r for r in left if r[4] not in taken]
    return [g for g in found if len({r[3] for r in g}) >= 3]


def _course(gatherings: list[list[Row]]) -> Explanation:
    """Do the members' own admissions follow a cycle, as chemotherapy and rehabilitation do? Even gaps tell."""
    own: dict[int, list[int]] = {}
    for row in sorted((r for g in gatherings for r in g), key=lambda r: r[1]):
        own.setdefault(row[3], []).append(row[1])
    spreads = [
        float(np.diff(days).std() / np.diff(days).mean()) for days in own.values() if len(days) >= 4
    ]
    even = float(np.mean([s <= EVEN for s in spreads])) if spreads else 0.0
    together = np.diff(np.unique([int(np.median([r[1] for r in g])) for g in gatherings]))
    cycle = len(together) >= 3 and float(together.std() / together.mean()) <= EVEN
    own_cycles = even >= 0.5 and len(spreads) >= 2
    outcome = Outcome.EXPLAINS if cycle or own_cycles else Outcome.RULED_OUT
    return Explanation("course", outcome, {"even": round(even, 3), "judged": len(spreads)})


def _event(g: list[Row]) -> Event:
    return Event(
        "stay",
        min(r[5] for r in g),
        max(r[6] for r in g),
        place=g[0][0],
        patients=tuple(sorted({r[3] for r in g})),
        rows=tuple(f"setl_d:{r[4]}" for r in g),
        fund=sum(r[7] for r in g),
    )


MOTIF = Motif("costay", detect)
