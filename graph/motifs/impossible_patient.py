"""分身就医 · Patient in two places.

含义: 住院期间（首尾两日除外）同一参保人又在别处本人结算，或在短于路程的时间内先后于两个城市结算；集中于一家医院或一对机构，且远超总体水平。可能是挂床住院、冒名就医或凭证外借。
误判: 家属代取药、家庭共济账户、批量上传与补传、请假外出、转诊检查、一个机构两个编码。代取、共济、补传与同一机构者不计；零星分布者不列。以在药店结算为主者按家属代取降级，除非四名以上住院患者多次到同一家（不在院旁的）药店。
Meaning: During a stay (first and last day apart) the same person settles elsewhere in person, or settles in two cities within less
than the way between them, concentrated at one hospital or one pair of places, far above the general rate. Beds filled on paper or lent cards.
Misleads: A relative who collects medicine, family accounts, batch and late uploads, leave, examinations elsewhere, two codes of one
institution. Collections, family accounts, late postings and one institution are left out; what is scattered makes no lead. Purchases
at pharmacies are taken for a relative's, unless four in-patients or more turn up repeatedly at the same one, and that not beside the hospital.
Source: 重庆、四川通报 (挂床住院, serial stays).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
from scipy.stats import binom

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Outcome, keys
from graph.scan.gatherings import log10_tail
from graph.scan.innocence import one_address, one_household
from graph.scan.moves import in_two_cities
from graph.scan.visits import attended
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
AGREED, PER_AGREED = 4, 1.5
"""People repeatedly in conflict at one other place who did not choose it each for themselves, and what each says."""
NEXT_DOOR = 0.5
"""Kilometres from the bed that a patient may walk, or a visitor shop."""
EVERYWHERE = -1
"""In place of the other end: all places together."""
SAME_TRIP = 240
"""Minutes between visits in two cities within which they are compared with the way."""

INSIDE = """
CREATE OR REPLACE TEMP TABLE inside_stays AS
SELECT patient, place, setl_id, CAST(begntime AS DATE) + 1 AS first_day, CAST(endtime AS DATE) - 1 AS last_day
FROM stays WHERE patient IS NOT NULL AND place IS NOT NULL AND dis - adm >= 2
"""

IN_PERSON = f"""
CREATE OR REPLACE TEMP VIEW present_in_person AS
SELECT patient, place, setl_id, setl_time, net_fund, CAST(setl_time AS DATE) AS day FROM setl_d
WHERE CASE WHEN counts AND med_type NOT IN {INPATIENT_TYPES} AND pay_loc IS DISTINCT FROM '{INTERNET}' AND setl_time IS NOT NULL
    AND coalesce(acct_mulaid_pay, 0) <= 0 AND CAST(coalesce(begntime, setl_time) AS DATE) = CAST(setl_time AS DATE)
  THEN true END
"""
"""One condition: DuckDB takes rows under six of them for a few, and would hold them all to join them with less."""

MEANWHILE = """
CREATE OR REPLACE TEMP TABLE meanwhile AS
SELECT i.place, v.place AS elsewhere, v.patient, v.setl_time, v.setl_id, i.setl_id AS other, v.net_fund, v.day
FROM present_in_person v JOIN inside_stays i
  ON i.patient = v.patient AND i.place <> v.place AND v.day BETWEEN i.first_day AND i.last_day
"""

ACCOMPANIED = """
CREATE OR REPLACE TEMP TABLE accompanied AS
WITH relatives AS (
  SELECT DISTINCT k.patient AS relative, m.patient, m.elsewhere, m.day
  FROM meanwhile m JOIN homes h ON h.patient = m.patient JOIN homes k ON k.household = h.household AND k.patient <> h.patient)
SELECT DISTINCT r.patient, r.elsewhere, r.day
FROM visits w JOIN relatives r ON r.relative = w.patient AND r.elsewhere = w.place AND r.day = CAST(w.setl_time AS DATE)
"""

CONFLICTS = """
CREATE OR REPLACE TEMP TABLE stay_conflicts AS
SELECT m.* FROM meanwhile m ANTI JOIN accompanied USING (patient, elsewhere, day)
JOIN places a ON a.place = m.place JOIN places b ON b.place = m.elsewhere
WHERE coalesce(a.uscc <> b.uscc, true) AND coalesce(a.parent <> b.place, true) AND coalesce(b.parent <> a.place, true)
  AND m.elsewhere NOT IN (SELECT place FROM batched)
"""

GROUPS = f"""
WITH ends AS (
  SELECT place, elsewhere, patient, day FROM stay_conflicts UNION ALL SELECT place, {EVERYWHERE}, patient, day FROM stay_conflicts),
 each AS (
  SELECT place, elsewhere, patient, count(*) AS n, least(count(DISTINCT day), {PER_PATIENT}) AS days FROM ends GROUP BY ALL)
SELECT place, elsewhere, CAST(sum(n) AS BIGINT) AS n, count(*) AS people, CAST(sum(days) AS BIGINT) AS days,
  count(*) FILTER (days >= 2) AS again
FROM each GROUP BY place, elsewhere ORDER BY place, elsewhere
"""

OWN = """
CREATE OR REPLACE TEMP TABLE own_visits AS
SELECT patient, place AS elsewhere, count(*) AS n, min(day) AS first, max(day) AS last
FROM present_in_person SEMI JOIN lying USING (patient) WHERE place NOT IN (SELECT place FROM batched) GROUP BY patient, place
"""
SEEN = "SELECT min(first), max(last) FROM own_visits"
BEFORE = """
SELECT min(day) FROM present_in_person SEMI JOIN double_suspects USING (patient)
WHERE setl_time < ? AND place NOT IN (SELECT place FROM batched)
"""
AFTER = """
SELECT max(day) FROM present_in_person SEMI JOIN double_suspects USING (patient)
WHERE setl_time > ? AND place NOT IN (SELECT place FROM batched)
"""

EXPECTED = f"""
WITH bedded AS (
  SELECT place, patient, CAST(sum(last_day - first_day + 1) AS DOUBLE) AS nights
  FROM inside_stays SEMI JOIN stay_conflicts USING (place) GROUP BY ALL),
 rates AS (
  SELECT l.place, elsewhere, patient, sum(nights * n) / $days AS rate
  FROM bedded l JOIN own_visits o USING (patient) WHERE elsewhere <> l.place
  GROUP BY GROUPING SETS ((l.place, elsewhere, patient), (l.place, patient)))
SELECT place, coalesce(elsewhere, {EVERYWHERE}) AS elsewhere, sum(least(rate, {PER_PATIENT})) AS expected FROM rates GROUP BY ALL
"""
STAYED = "SELECT place, count(DISTINCT patient) FROM inside_stays GROUP BY place"
LEAST_SPAN = 30

DURING = """
SELECT place, elsewhere, patient, setl_time, setl_id, other, net_fund FROM stay_conflicts
WHERE place = ? AND ? IN (elsewhere, -1) ORDER BY ALL
"""

TRIPS = f"""
CREATE OR REPLACE TEMP TABLE trips AS
WITH ordered AS (
  SELECT *, lag(place) OVER w AS before, lag(setl_time) OVER w AS left_at, lag(setl_id) OVER w AS left_id
  FROM present_in_person SEMI JOIN hasty USING (patient)
  WHERE place NOT IN (SELECT place FROM batched) WINDOW w AS (PARTITION BY patient ORDER BY setl_time, setl_id))
SELECT least(o.before, o.place) AS a, greatest(o.before, o.place) AS b, o.patient, o.setl_time, o.setl_id, o.left_id, o.net_fund,
  date_diff('minute', left_at, setl_time) AS gap
FROM ordered o JOIN places p ON p.place = o.place JOIN places q ON q.place = o.before
WHERE o.before <> o.place AND left(p.admdvs, 4) <> left(q.admdvs, 4) AND coalesce(p.uscc <> q.uscc, true)
  AND date_diff('minute', left_at, setl_time) <= {SAME_TRIP}
"""

FAST = """
SELECT a, b, patient, setl_time, setl_id, left_id, net_fund FROM trips WHERE a = ? AND b = ? AND gap < ? ORDER BY ALL
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


@dataclass(frozen=True)
class Group:
    """Conflicts with stays at one hospital: how many, of how many people, on how many days (up to a limit each), and how
    many of the people were in conflict on several."""

    conflicts: int
    people: int
    days: int
    again: int

    @property
    def agreed(self) -> bool:
        """Whether several people did so repeatedly; of one other place, relatives and leave do not agree on it."""
        return self.again >= AGREED and self.again >= HALF * self.people


def detect(world: World) -> Iterable[Candidate]:
    """One candidate per hospital, and per pair of places in two cities, with conflicts beyond the general rate."""
    seen = attended(world)
    timed = np.ones(world.places, dtype=np.bool_)
    timed[seen.batch_places] = False
    several, hasty = in_two_cities(seen.columns, world.city, most=SAME_TRIP, timed=timed)
    world.lay_out_stays()
    world.con.execute(INSIDE)
    lying = world.arrays("SELECT DISTINCT patient FROM inside_stays")["patient"]
    several[lying] = True
    given = {
        "lying": pa.table({"patient": lying}),
        "batched": pa.table({"place": seen.batch_places}),
        "double_suspects": pa.table({"patient": np.flatnonzero(several).astype(np.int32)}),
        "hasty": pa.table({"patient": np.flatnonzero(hasty).astype(np.int32)}),
    }
    for name, table in given.items():
        world.con.register(name, table)
    world.con.execute(IN_PERSON)
    yield from _during_stays(world)
    yield from _between_cities(world)
    world.con.execute("DROP VIEW present_in_person")
    for name in given:
        world.con.unregister(name)


def _during_stays(world: World) -> Iterable[Candidate]:
    groups = _conflicts(world)
    if not groups:
        return
    expected = _expected(world)
    stayed = dict(world.con.execute(STAYED).fetchall())
    whole = [key for key in groups if key[1] == EVERYWHERE]
    usual = sum(groups[k].days for k in whole) / max(sum(expected[k] for k in whole), 1e-9)
    best: dict[int, tuple[float, tuple[int, int]]] = {}
    for key, found in groups.items():
        by_chance = expected[key] * min(1.0, usual)
        if _enough(found.people, found.conflicts) and found.days >= LIFT * by_chance:
            tail = -log10_tail(found.days, by_chance) / BUNCHED
            surprise = tail - float(np.log10(len(groups)))
            if surprise > 0 and _one_other_place(world, key, found):
                surprise = max(surprise, min(ALONE, PER_AGREED * found.again))
            best[key[0]] = max(best.get(key[0], (0.0, key)), (surprise, key))
    for surprise, key in best.values():
        people = groups[key].people
        dense = people >= MANY and people >= CONCENTRATED * stayed[key[0]]
        by_chance = expected[key] * min(1.0, usual)
        if surprise > 0:
            most = CAP if dense else ALONE
            during = [Conflict(*row) for row in world.con.execute(DURING, list(key)).fetchall()]
            agreed = _one_other_place(world, key, groups[key])
            yield _candidate(world, "stay", during, surprise, most, by_chance, agreed)


def _one_other_place(world: World, key: tuple[int, int], found: Group) -> bool:
    """Whether the people agreed on one other place, and not on the one beside the hospital."""
    place, elsewhere = key
    if elsewhere == EVERYWHERE or not found.agreed:
        return False
    km = float(world.distance(np.array([place]), np.array([elsewhere]))[0])
    return not km < NEXT_DOOR


def _conflicts(world: World) -> dict[tuple[int, int], Group]:
    """Lay out `stay_conflicts`; count them per hospital and other end, and per hospital, the hospital's first."""
    world.con.execute(MEANWHILE)
    away = world.arrays("SELECT DISTINCT patient FROM meanwhile")["patient"]
    family = np.flatnonzero(np.isin(world.household, world.household[away]))
    homes = {"patient": family.astype(np.int32), "household": world.household[family]}
    world.con.register("homes", pa.table(homes))
    world.con.execute(ACCOMPANIED)
    world.con.unregister("homes")
    world.con.execute(CONFLICTS)
    rows = world.con.execute(GROUPS).fetchall()
    return {(place, elsewhere): Group(*counts) for place, elsewhere, *counts in rows}


def _expected(world: World) -> dict[tuple[int, int], float]:
    """Days in conflict by chance, per hospital and other end: nights as an in-patient times visits a day there."""
    world.con.execute(OWN)
    first, last = world.con.execute(SEEN).fetchall()[0]
    earliest = world.con.execute(BEFORE, [first]).fetchall()[0][0] or first
    latest = world.con.execute(AFTER, [last + timedelta(days=1)]).fetchall()[0][0] or last
    days = max((latest - earliest).days, LEAST_SPAN)
    rows = world.con.execute(EXPECTED, {"days": days}).fetchall()
    return {(place, elsewhere): float(e) for place, elsewhere, e in rows}


def _between_cities(world: World) -> Iterable[Candidate]:
    world.con.execute(TRIPS)
    rows = world.arrays("SELECT a, b, patient, gap FROM trips ORDER BY a, b")
    if not len(rows["gap"]):
        return
    first = np.flatnonzero(np.diff(rows["a"], prepend=-1) | np.diff(rows["b"], prepend=-1))
    a, b = rows["a"][first], rows["b"][first]
    way = world.travel_minutes(a, b)
    of = np.repeat(np.arange(len(first)), np.diff(first, append=len(rows["gap"])))
    fast = rows["gap"] < way[of]
    usual = (float(fast.sum()) + 1.0) / (len(fast) + 2.0)
    made, conflicts = np.bincount(of), np.bincount(of[fast], minlength=len(first))
    travellers, patients = (
        np.bincount(np.unique(code) >> 32, minlength=len(first))
        for code in (of << 32 | rows["patient"], of[fast] << 32 | rows["patient"][fast])
    )
    for n in range(len(first)):
        if not _enough(int(patients[n]), int(conflicts[n])):
            continue
        share = min(max(usual, float(way[n]) / SAME_TRIP), 0.99)
        tail = binom.logsf(int(patients[n]) - 1, int(travellers[n]), share) / np.log(10)
        surprise = -float(tail) - float(np.log10(len(first)))
        if surprise > 0:
            end = [int(a[n]), int(b[n]), float(way[n])]
            found = [Conflict(*row) for row in world.con.execute(FAST, end).fetchall()]
            yield _candidate(world, "cities", found, surprise, ALONE, share * int(made[n]))


def _enough(patients: int, conflicts: int) -> bool:
    return patients >= LEAST_PATIENTS or (patients >= 2 and conflicts >= LEAST_CONFLICTS)


def _candidate(
    world: World,
    kind: str,
    found: list[Conflict],
    surprise: float,
    most: float,
    expected: float,
    agreed: bool = False,
) -> Candidate:
    who = keys([c.patient for c in found])
    ends = {c.other_place for c in found} | ({found[0].place} if kind == "cities" else set())
    shops = {f for f in ends if not world.facility[f]}
    at_shops = sum(bool({c.place, c.other_place} & shops) for c in found) / len(found)
    collected = at_shops >= HALF and not agreed
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
            *([one_household(world, who), one_address(world, who)] if agreed else []),
            Explanation("late_posting", Outcome.UNKNOWN, {"conflicts": len(found)}),
        ),
    )


MOTIF = Motif("impossible_patient", detect)
