"""分身就医 · Patient in two places.

含义: 住院期间（首尾两日除外）同一参保人又在别处本人结算，或在短于路程的时间内先后于两个城市（或同一大城市相距约四十公里以上的两处）结算；集中于一家医院、一对机构或一家为不在场者结算的诊所，且远超总体水平。可能是挂床住院、冒名就医或凭证外借。
误判: 家属代取药、家庭共济账户、批量上传与补传、请假外出、转诊检查、一个机构两个编码。代取、共济、补传与同一机构者不计；零星分布者不列；同一对机构涉及人数过多的，多为坐标登记有误，不作此判断。以在药店结算为主者按家属代取降级，除非四名以上住院患者多次到同一家（不在院旁的）药店。为多家医院住院患者服务的透析、检查中心须先核实。
Meaning: During a stay (first and last day apart) the same person settles elsewhere in person, or settles in two cities (or some
40 km and more apart in a large one) within less than the way between them, concentrated at one hospital, one pair of places, or one clinic that
bills people who are elsewhere, far above the general rate. Beds filled on paper or lent cards.
Misleads: A relative who collects medicine, family accounts, batch and late uploads, leave, examinations elsewhere, two codes of one
institution. Collections, family accounts, late postings and one institution are left out; what is scattered makes no lead, nor does a pair of
places between which a crowd seems to fly: its coordinates are wrong. Purchases
at pharmacies are taken for a relative's, unless four in-patients or more turn up repeatedly at the same one, and that not beside the hospital. A
centre for dialysis or examinations that serves in-patients of several hospitals has to be asked about first.
Source: 重庆、四川通报 (挂床住院, serial stays).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.motifs.base import Motif
from graph.motifs.billed_absent import (
    ALONE,
    BUNCHED,
    LATE,
    LEAST_SPAN,
    LIFT,
    MOST_MAPPED,
    NEXT_DOOR,
    SAME_TRIP,
    Lead,
    Trips,
    at_clinics,
    hopeless,
)
from graph.scan.away import AGREED, OWNERS, PER_PATIENT, Away, Group, capped, enough
from graph.scan.candidates import CAP, LEAD, Candidate, Event, Explanation, Outcome, ascending, keys
from graph.scan.gatherings import log10_tail
from graph.scan.in_person import SETTLED, WHOLE, Beds, InPerson, expected_away
from graph.scan.innocence import one_address, one_household
from graph.scan.moves import in_two_cities
from graph.scan.visits import attended
from graph.scan.world import World

Ints = npt.NDArray[np.int32]
MASK = 0xFFFFFFFF

MANY, CONCENTRATED = 10, 0.3
"""Patients, and share of the hospital's in-patients with a conflict, from which the cap is lifted."""
HALF = 0.5
PER_AGREED = 1.5
"""What each says of people repeatedly in conflict at one other place who did not choose it each for themselves."""

BILLS = f"""
CREATE OR REPLACE TEMP TABLE double_bills AS
SELECT patient, place, setl_id, setl_time, net_fund, CAST(setl_time AS DATE) - DATE '2000-01-01' AS day
FROM setl_d SEMI JOIN told USING (patient) WHERE {SETTLED} AND place NOT IN (SELECT place FROM batched)
"""

STAYS = """
CREATE OR REPLACE TEMP TABLE double_stays AS
SELECT i.place, v.place AS elsewhere, v.patient, v.setl_time, v.setl_id, i.setl_id AS other, v.net_fund
FROM double_bills v JOIN stays i ON i.patient = v.patient AND i.place <> v.place AND v.day > i.adm AND v.day < i.dis
SEMI JOIN conflicts c ON c.patient = v.patient AND c.place = i.place AND c.elsewhere = v.place AND c.day = v.day
"""
DURING = "FROM double_stays WHERE ? IN (place, -1) AND ? IN (elsewhere, -1) ORDER BY ALL"

TRIPS = f"""
CREATE OR REPLACE TEMP TABLE double_trips AS
WITH ordered AS (
  SELECT *, lag(place) OVER w AS before, lag(setl_time) OVER w AS left_at, lag(setl_id) OVER w AS left_id
  FROM double_bills WINDOW w AS (PARTITION BY patient ORDER BY setl_time, setl_id))
SELECT least(before, place) AS a, greatest(before, place) AS b, patient, setl_time, setl_id, left_id, net_fund,
  date_diff('minute', left_at, setl_time) AS gap
FROM ordered WHERE before <> place AND gap <= {SAME_TRIP}
"""
FAST = "SELECT * EXCLUDE gap FROM double_trips WHERE a = ? AND b = ? AND gap < ? ORDER BY ALL"
FLOWN = "SELECT * FROM double_trips WHERE ? IN (a, b) ORDER BY ALL"


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
    seen = attended(world)
    timed = np.ones(world.places, dtype=np.bool_)
    timed[seen.batch_places] = False
    several, hasty = in_two_cities(seen.columns, world.area, most=SAME_TRIP, timed=timed)
    beds = Beds.of(world)
    lying = np.zeros(world.patients, dtype=np.bool_)
    lying[beds.patient] = True
    visits = np.diff(seen.columns.patient_offsets)
    settled = InPerson.of(world, lying | hasty, lying | several, timed, visits)
    owner = world.arrays(OWNERS)
    owner = {name: owner[name][np.argsort(owner["place"])] for name in ("owner", "parent")}
    away = Away.of(world, beds, settled, owner["owner"], owner["parent"])
    trips = Trips.of(world, settled, hasty, owner["owner"])
    leads = [*_during_stays(world, beds, settled, away), *_between_cities(world, trips)]
    leads += at_clinics(world, beds, settled, away, trips, seen)
    if leads:
        yield from _told(world, leads, away, trips, seen.batch_places)


def _told(
    world: World, leads: Sequence[Lead], away: Away, trips: Trips, batched: Ints
) -> Iterable[Candidate]:
    """The leads with the bills behind them, read for the people concerned alone."""
    who = keys(np.concatenate([lead.who for lead in leads]))
    given = {
        "told": pa.table({"patient": who}),
        "batched": pa.table({"place": batched}),
        "conflicts": pa.table(vars(away.only(np.isin(away.patient, who)))),
    }
    for name, table in given.items():
        world.con.register(name, table)
    for sql in (BILLS, STAYS, TRIPS):
        world.con.execute(sql)
    for lead in leads:
        sql = FAST if lead.kind == "cities" else DURING
        found = [Conflict(*row) for row in world.con.execute(sql, list(lead.ends)).fetchall()]
        if lead.kind == "clinic":
            found = _at_clinic(world, int(lead.ends[1]), found, trips)
        yield _candidate(world, lead, found)
    for table in ("double_bills", "double_stays", "double_trips"):
        world.con.execute(f"DROP TABLE {table}")
    for name in given:
        world.con.unregister(name)


def _at_clinic(world: World, clinic: int, found: list[Conflict], trips: Trips) -> list[Conflict]:
    """What `found` during stays was not next door, and the trips to or from other facilities that nobody can have made."""
    rows = world.con.execute(FLOWN, [clinic]).fetchall()
    a, b, gap = (np.array([row[k] for row in rows], np.int64) for k in (0, 1, 7))
    sure = trips.sure(world)
    asked = np.isin(a << 32 | b, trips.a[sure].astype(np.int64) << 32 | trips.b[sure])
    flew = asked & hopeless(gap, world.travel_minutes(a, b))
    beds = np.array([c.place for c in found], np.int64)
    near = world.distance(beds, np.full(len(beds), clinic)) < NEXT_DOOR
    kept = [c for c, no in zip(found, near.tolist(), strict=True) if not no]
    return kept + [Conflict(*row[:7]) for row, yes in zip(rows, flew.tolist(), strict=True) if yes]


def _during_stays(world: World, beds: Beds, settled: InPerson, away: Away) -> Iterable[Lead]:
    pairs, groups = away.groups()
    if not groups:
        return
    by_chance = expected_away(
        beds.patient, beds.place, beds.last - beds.first + 1, settled.rows,
        pairs, max(settled.days, LEAST_SPAN), PER_PATIENT,
    )  # fmt: skip
    whole = (pairs & MASK) == 0
    days = sum(group.days for group, all_ in zip(groups, whole, strict=True) if all_)
    by_chance *= min(1.0, days / max(float(by_chance[whole].sum()), 1e-9))
    stayed = beds.in_patients(world.places)
    best: dict[int, tuple[float, int, int]] = {}
    for k, (pair, found) in enumerate(zip(pairs.tolist(), groups, strict=True)):
        place, elsewhere = pair >> 32, (pair & MASK) - 1
        if found.enough and found.days >= LIFT * by_chance[k]:
            tail = -log10_tail(found.days, float(by_chance[k])) / BUNCHED
            surprise = tail - float(np.log10(len(groups)))
            if surprise > 0 and _one_other_place(world, place, elsewhere, found):
                surprise = max(surprise, min(ALONE, PER_AGREED * found.again))
            best[place] = max(best.get(place, (0.0, elsewhere, k)), (surprise, elsewhere, k))
    for place, (surprise, elsewhere, k) in best.items():
        if surprise > 0:
            people = groups[k].people
            dense = people >= MANY and people >= CONCENTRATED * stayed[place]
            agreed = _one_other_place(world, place, elsewhere, groups[k])
            theirs = (away.place == place) & ((elsewhere == WHOLE) | (away.elsewhere == elsewhere))
            yield Lead(
                "stay", (place, elsewhere), away.patient[theirs],
                surprise, CAP if dense else ALONE, float(by_chance[k]), agreed,
            )  # fmt: skip


def _one_other_place(world: World, place: int, elsewhere: int, found: Group) -> bool:
    """Whether the people agreed on one other place, and not on the one beside the hospital."""
    if elsewhere == WHOLE or not found.agreed:
        return False
    km = float(world.distance(np.array([place]), np.array([elsewhere]))[0])
    return not km < NEXT_DOOR


def _between_cities(world: World, trips: Trips) -> Iterable[Lead]:
    from scipy.stats import binom

    if not len(trips.patient):
        return
    pair, of = np.unique(trips.a.astype(np.int64) << 32 | trips.b, return_inverse=True)
    a, b = pair >> 32, pair & MASK
    way = world.travel_minutes(a, b)
    patient, fast, hopeless = trips.patient, trips.fast, trips.hopeless
    usual = (float(fast.sum()) + 1.0) / (len(fast) + 2.0)
    made, conflicts = np.bincount(of), np.bincount(of[fast], minlength=len(pair))
    travellers, patients = (
        np.bincount(ascending(code) >> 32, minlength=len(pair))
        for code in (of << 32 | patient, of[fast] << 32 | patient[fast])
    )
    each, sure = (
        capped(of, patient, len(pair)),
        capped(of[hopeless], patient[hopeless], len(pair)),
    )
    for n in range(len(pair)):
        if not enough(int(patients[n]), int(conflicts[n])):
            continue
        share = min(max(usual, float(way[n]) / SAME_TRIP), 0.99)
        tail = binom.logsf(int(patients[n]) - 1, int(travellers[n]), share) / np.log(10)
        others = (float(sure.sum() - sure[n]) + 1.0) / (float(each.sum() - each[n]) + 2.0)
        at_once = binom.logsf(sure[n] - 1, each[n], max(others, LATE)) / np.log(10)
        surprise = -float(min(tail, at_once)) - float(np.log10(len(pair)))
        if surprise > 0 and patients[n] <= MOST_MAPPED:
            ends = (int(a[n]), int(b[n]), float(way[n]))
            who = patient[(of == n) & fast]
            often = np.unique(patient[(of == n) & hopeless], return_counts=True)[1] >= 2
            agreed = int(often.sum()) >= AGREED
            yield Lead("cities", ends, who, surprise, ALONE, share * int(made[n]), agreed)


def _candidate(world: World, lead: Lead, found: list[Conflict]) -> Candidate:
    kind, agreed = lead.kind, lead.agreed
    who = keys([c.patient for c in found])
    ends = {c.other_place for c in found} | ({found[0].place} if kind == "cities" else set())
    shops = {f for f in ends if not world.facility[f]}
    at_shops = sum(bool({c.place, c.other_place} & shops) for c in found) / len(found)
    collected = at_shops >= HALF and not agreed
    places = {
        "stay": (found[0].place,),
        "cities": (found[0].place, found[0].other_place),
        "clinic": (int(lead.ends[1]),),
    }[kind]
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
        surprise=float(
            # Mostly a pharmacy's: relatives collect, parcels are sent.
            np.clip(lead.surprise, 0.0, min(lead.most, LEAD) if collected else lead.most)
        ),
        places=places,
        events=events,
        facts={"kind": kind, "conflicts": len(found), "expected": float(lead.expected)},
        explanations=(
            Explanation(
                "relative_collects",
                Outcome.UNKNOWN if collected else Outcome.RULED_OUT,
                {"at_pharmacies": round(at_shops, 3)},
            ),
            *(
                [one_household(world, who), one_address(world, who)]
                if agreed or kind == "clinic"
                else []
            ),
            Explanation("late_posting", Outcome.UNKNOWN, {"conflicts": len(found)}),
        ),
    )


MOTIF = Motif("impossible_patient", detect)
