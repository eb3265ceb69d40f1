"""分身就医 · Patient in two places.

含义: 住院期间（首尾两日除外）同一参保人又在别处本人结算，或在短于路程的时间内先后于两个城市结算；集中于一家医院或一对机构，且远超总体水平。可能是挂床住院、冒名就医或凭证外借。
误判: 家属代取药、家庭共济账户、批量上传与补传、请假外出、转诊检查、一个机构两个编码。代取、共济、补传与同一机构者不计；零星分布者不列。
Meaning: During a stay (first and last day apart) the same person settles elsewhere in person, or settles in two cities within less
than the way between them, concentrated at one hospital or one pair of places, far above the general rate. Beds filled on paper or lent cards.
Misleads: A relative who collects medicine, family accounts, batch and late uploads, leave, examinations elsewhere, two codes of one
institution. Collections, family accounts, late postings and one institution are left out; what is scattered makes no lead.
Source: 重庆、四川通报 (挂床住院, serial stays).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from scipy.stats import binom

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Outcome, keys
from graph.scan.gatherings import log10_tail
from graph.scan.visits import Attendance
from graph.scan.world import INPATIENT_TYPES, INTERNET, World

LEAST_PATIENTS = 3
LEAST_CONFLICTS = 5
LIFT = 3.0
"""Times the expected days in conflict from which a hospital stands out."""
ALONE = 9.0
"""Most this may say by itself: a grade B."""
SUPPORT = 3.5
"""Most it may say where the other settlement is mostly a pharmacy's: relatives collect, parcels are sent."""
MANY, CONCENTRATED = 10, 0.3
"""Patients, and share of the hospital's in-patients with a conflict, from which the cap is lifted."""
PER_PATIENT = 3
"""Days in conflict that count for one person."""
BUNCHED = 2.0
"""What the logarithm of chance is divided by: the ill go often, before, during and after a stay."""
HALF = 0.5
EVERYWHERE = -1
"""In place of the other end: all places together."""
SAME_TRIP = 240
"""Minutes between visits in two cities within which they are compared with the way."""

ASKED = """
CREATE OR REPLACE TEMP TABLE double_suspects AS
SELECT patient FROM inside_stays UNION
SELECT patient FROM visits JOIN places USING (place) WHERE NOT stay AND NOT online AND patient IS NOT NULL
GROUP BY patient HAVING min(left(admdvs, 4)) <> max(left(admdvs, 4))
"""

IN_PERSON = f"""
CREATE OR REPLACE TEMP TABLE present_in_person AS
SELECT patient, place, setl_id, setl_time, net_fund, CAST(setl_time AS DATE) AS day
FROM setl_d SEMI JOIN double_suspects USING (patient)
WHERE counts AND med_type NOT IN {INPATIENT_TYPES} AND pay_loc IS DISTINCT FROM '{INTERNET}'
  AND place NOT IN (SELECT place FROM batched) AND setl_time IS NOT NULL
  AND coalesce(acct_mulaid_pay, 0) <= 0 AND CAST(coalesce(begntime, setl_time) AS DATE) = CAST(setl_time AS DATE)
"""

INSIDE = """
CREATE OR REPLACE TEMP TABLE inside_stays AS
SELECT patient, place, setl_id, CAST(begntime AS DATE) + 1 AS first_day,
  CAST(coalesce(endtime, setl_time) AS DATE) - 1 AS last_day
FROM visits WHERE stay AND patient IS NOT NULL AND place IS NOT NULL
  AND CAST(coalesce(endtime, setl_time) AS DATE) - CAST(begntime AS DATE) >= 2
"""

CONFLICTS = """
SELECT i.place, v.place AS elsewhere, v.patient, v.setl_time, v.setl_id, i.setl_id AS other, v.net_fund
FROM inside_stays i JOIN present_in_person v ON v.patient = i.patient AND v.place <> i.place AND v.day BETWEEN i.first_day AND i.last_day
JOIN places a ON a.place = i.place JOIN places b ON b.place = v.place
WHERE coalesce(a.uscc <> b.uscc, true) AND coalesce(a.parent <> b.place, true) AND coalesce(b.parent <> a.place, true)
  AND NOT EXISTS (
    SELECT 1 FROM homes h JOIN homes k ON k.household = h.household AND k.patient <> h.patient
    JOIN visits w ON w.patient = k.patient AND w.place = v.place AND CAST(w.setl_time AS DATE) = v.day WHERE h.patient = v.patient)
ORDER BY ALL
"""

EXPECTED = """
WITH span AS (SELECT greatest(date_diff('day', min(day), max(day)), 30) AS days FROM present_in_person),
 lying AS (SELECT place, patient, CAST(sum(last_day - first_day + 1) AS DOUBLE) AS nights FROM inside_stays GROUP BY ALL),
 own AS (SELECT patient, place AS elsewhere, count(*) AS n FROM present_in_person SEMI JOIN lying USING (patient) GROUP BY ALL),
 rates AS (
  SELECT l.place, elsewhere, patient, sum(nights * n) / (SELECT days FROM span) AS rate
  FROM lying l JOIN own o USING (patient) WHERE elsewhere <> l.place
  GROUP BY GROUPING SETS ((l.place, elsewhere, patient), (l.place, patient)))
SELECT place, coalesce(elsewhere, -1) AS elsewhere, sum(least(rate, {most})) AS expected FROM rates GROUP BY ALL
"""
STAYED = "SELECT place, count(DISTINCT patient) FROM inside_stays GROUP BY place"

TRIPS = """
WITH ordered AS (
  SELECT *, lag(place) OVER w AS before, lag(setl_time) OVER w AS left_at, lag(setl_id) OVER w AS left_id
  FROM present_in_person WINDOW w AS (PARTITION BY patient ORDER BY setl_time, setl_id))
SELECT least(o.before, o.place) AS a, greatest(o.before, o.place) AS b, o.patient, o.setl_time, o.setl_id, o.left_id, o.net_fund,
  date_diff('minute', left_at, setl_time) AS gap
FROM ordered o JOIN places p ON p.place = o.place JOIN places q ON q.place = o.before
WHERE o.before <> o.place AND left(p.admdvs, 4) <> left(q.admdvs, 4) AND coalesce(p.uscc <> q.uscc, true)
  AND date_diff('minute', left_at, setl_time) <= {most}
ORDER BY ALL
"""


@dataclass(frozen=True)
class Conflict:
    """Two settlements of one person that cannot both be true. `fund` in fen, of the later one."""

    place: int
    other_place: int
    patient: int
    at: datetime
    bill: str
    other_bill: str
    fund: int


def detect(world: World) -> Iterable[Candidate]:
    """One candidate per hospital, and per pair of places in two cities, with conflicts beyond the general rate."""
    seen = world.notes["attendance"]
    assert isinstance(seen, Attendance)
    world.con.register("batched", pa.table({"place": seen.batch_places}))
    for table in (INSIDE, ASKED, IN_PERSON):
        world.con.execute(table)
    world.con.unregister("batched")
    yield from _during_stays(world)
    yield from _between_cities(world)


def _during_stays(world: World) -> Iterable[Candidate]:
    lying = world.arrays("SELECT DISTINCT patient FROM inside_stays")["patient"]
    family = np.flatnonzero(np.isin(world.household, world.household[lying]))
    homes = {"patient": family.astype(np.int32), "household": world.household[family]}
    world.con.register("homes", pa.table(homes))
    groups: dict[tuple[int, int], list[Conflict]] = {}
    for row in world.con.execute(CONFLICTS).fetchall():
        for elsewhere in (row[1], EVERYWHERE):
            groups.setdefault((row[0], elsewhere), []).append(Conflict(*row))
    world.con.unregister("homes")
    if not groups:
        return
    expected = {
        (f, g): float(e)
        for f, g, e in world.con.execute(EXPECTED.format(most=PER_PATIENT)).fetchall()
    }
    stayed = dict(world.con.execute(STAYED).fetchall())
    days = {key: _days(found) for key, found in groups.items()}
    people = {key: len({c.patient for c in found}) for key, found in groups.items()}
    whole = [key for key in groups if key[1] == EVERYWHERE]
    usual = sum(days[k] for k in whole) / max(sum(expected[k] for k in whole), 1e-9)
    best: dict[int, tuple[float, tuple[int, int]]] = {}
    for key, found in groups.items():
        by_chance = expected[key] * min(1.0, usual)
        if _enough(people[key], len(found)) and days[key] >= LIFT * by_chance:
            tail = -log10_tail(days[key], by_chance) / BUNCHED
            surprise = tail - float(np.log10(len(groups)))
            best[key[0]] = max(best.get(key[0], (0.0, key)), (surprise, key))
    for surprise, key in best.values():
        dense = people[key] >= MANY and people[key] >= CONCENTRATED * stayed[key[0]]
        by_chance = expected[key] * min(1.0, usual)
        if surprise > 0:
            most = CAP if dense else ALONE
            yield _candidate(world, "stay", groups[key], surprise, most, by_chance)


def _between_cities(world: World) -> Iterable[Candidate]:
    rows = world.con.execute(TRIPS.format(most=SAME_TRIP)).fetchall()
    if not rows:
        return
    a, b = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    way = world.travel_minutes(a, b)
    fast = np.array([r[7] for r in rows]) < way
    usual = (float(fast.sum()) + 1.0) / (len(rows) + 2.0)
    trips: dict[tuple[int, int], list[int]] = {}
    for n, pair in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        trips.setdefault(pair, []).append(n)
    for made in trips.values():
        found = [Conflict(*rows[n][:7]) for n in made if fast[n]]
        patients = len({c.patient for c in found})
        share = min(max(usual, float(way[made[0]]) / SAME_TRIP), 0.99)
        expected = share * len(made)
        if not _enough(patients, len(found)):
            continue
        tail = binom.logsf(patients - 1, len({rows[n][2] for n in made}), share) / np.log(10)
        surprise = -float(tail) - float(np.log10(len(trips)))
        if surprise > 0:
            yield _candidate(world, "cities", found, surprise, ALONE, expected)


def _days(found: list[Conflict]) -> int:
    """Days in conflict, those of one person counted up to a limit."""
    each = Counter(patient for patient, _ in {(c.patient, c.at.date()) for c in found})
    return sum(min(n, PER_PATIENT) for n in each.values())


def _enough(patients: int, conflicts: int) -> bool:
    return patients >= LEAST_PATIENTS or (patients >= 2 and conflicts >= LEAST_CONFLICTS)


def _candidate(
    world: World, kind: str, found: list[Conflict], surprise: float, most: float, expected: float
) -> Candidate:
    who = keys([c.patient for c in found])
    ends = {c.other_place for c in found} | ({found[0].place} if kind == "cities" else set())
    shops = {f for f in ends if not world.facility[f]}
    at_shops = sum(bool({c.place, c.other_place} & shops) for c in found) / len(found)
    collected = at_shops >= HALF
    places = [found[0].place, *([found[0].other_place] if kind == "cities" else [])]
    events = tuple(
        Event(
            "conflict", c.at, place=c.other_place, patients=(c.patient,),
            rows=(f"setl_d:{c.bill}", f"setl_d:{c.other_bill}"), fund=c.fund, facts={"how": kind},
        )
        for c in found
    )  # fmt: skip
    return Candidate(
        motif=MOTIF.name,
        patients=who,
        surprise=float(np.clip(surprise, 0.0, min(most, SUPPORT) if collected else most)),
        places=tuple(places),
        events=events,
        facts={"kind": kind, "conflicts": len(found), "expected": float(expected)},
        explanations=(
            Explanation(
                "relative_collects",
                Outcome.UNKNOWN if collected else Outcome.RULED_OUT,
                {"at_pharmacies": round(at_shops, 3)},
            ),
            Explanation("late_posting", Outcome.UNKNOWN, {"conflicts": len(found)}),
        ),
    )


MOTIF = Motif("impossible_patient", detect)
