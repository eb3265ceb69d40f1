"""分身就医 · Patient in two places.

含义: 住院期间（首尾两日除外）同一参保人又在别处本人结算，或在短于路程的时间内先后于两个城市（或同一大城市相距约四十公里以上的两处）结算；集中于一家医院或一对机构，且远超总体水平。可能是挂床住院、冒名就医或凭证外借。
误判: 家属代取药、家庭共济账户、批量上传与补传、请假外出、转诊检查、一个机构两个编码。代取、共济、补传与同一机构者不计；零星分布者不列；同一对机构涉及人数过多的，多为坐标登记有误，不作此判断。以在药店结算为主者按家属代取降级，除非四名以上住院患者多次到同一家（不在院旁的）药店。
Meaning: During a stay (first and last day apart) the same person settles elsewhere in person, or settles in two cities (or some
40 km and more apart in a large one) within less than the way between them, concentrated at one hospital or one pair of places, far above the general rate. Beds filled on paper or lent cards.
Misleads: A relative who collects medicine, family accounts, batch and late uploads, leave, examinations elsewhere, two codes of one
institution. Collections, family accounts, late postings and one institution are left out; what is scattered makes no lead, nor does a pair of
places between which a crowd seems to fly: its coordinates are wrong. Purchases
at pharmacies are taken for a relative's, unless four in-patients or more turn up repeatedly at the same one, and that not beside the hospital.
Source: 重庆、四川通报 (挂床住院, serial stays).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, LEAD, Candidate, Event, Explanation, Outcome, ascending, keys
from graph.scan.gatherings import log10_tail
from graph.scan.in_person import (
    DAY,
    SETTLED,
    WHOLE,
    Beds,
    InPerson,
    away_from_bed,
    between_cities,
    expected_away,
)
from graph.scan.innocence import one_address, one_household
from graph.scan.moves import in_two_cities
from graph.scan.visits import attended
from graph.scan.world import World

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
MASK = 0xFFFFFFFF
SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
FROM_1970 = 10957
"""Days from 1970-01-01 to 2000-01-01."""

LEAST_SPAN = 30
"""Days the data are taken to cover at least."""
LEAST_PATIENTS = 3
LEAST_CONFLICTS = 5
LIFT = 3.0
"""Times the expected days in conflict from which a hospital stands out."""
ALONE = 9.0
"""Most this may say by itself: a grade B."""
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
HOPELESS, LONG_WAY = 0.5, 60.0
"""Share of the way's minutes up to which nobody can have gone it, whatever the road; minutes from which a way is long."""
LATE = 0.1
"""Share of long ways that late entries alone make look like that, generously."""
MOST_MAPPED = 20
"""People of one pair of places up to which the way is believed: where more seem to fly, the coordinates are wrong."""
SAME_TRIP = 240
"""Minutes between visits in two cities within which they are compared with the way."""

OWNERS = """
SELECT place, CAST(if(uscc IS NULL, -1, dense_rank() OVER (ORDER BY uscc)) AS INTEGER) AS owner, coalesce(parent, -1) AS parent
FROM places
"""

ACCOMPANIED = """
SELECT DISTINCT r.no FROM setl_d w JOIN relatives r
  ON r.relative = w.patient AND r.elsewhere = w.place AND w.setl_time >= r.day AND w.setl_time < r.day + INTERVAL 1 DAY
WHERE w.counts
"""

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
DURING = "FROM double_stays WHERE place = ? AND ? IN (elsewhere, -1) ORDER BY ALL"

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


@dataclass(frozen=True)
class Lead:
    """What stands out: a hospital and the other end, or two places and the minutes between them; the people and how improbable."""

    kind: str
    ends: tuple[float, ...]
    who: Ints
    surprise: float
    most: float
    expected: float
    agreed: bool = False


@dataclass(frozen=True)
class Away:
    """Settlements elsewhere during stays: the hospital, the other place, who and which day (since 2000-01-01), int32[n]."""

    place: Ints
    elsewhere: Ints
    patient: Ints
    day: Ints

    def only(self, kept: npt.NDArray[np.bool_]) -> "Away":
        """The chosen ones."""
        return Away(self.place[kept], self.elsewhere[kept], self.patient[kept], self.day[kept])


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
    away = _unaccompanied(world, _away(beds, settled, owner["owner"], owner["parent"]))
    leads = [*_during_stays(world, beds, settled, away)]
    leads += _between_cities(world, settled, hasty, owner["owner"])
    if leads:
        yield from _told(world, leads, away, seen.batch_places)


def _told(world: World, leads: Sequence[Lead], away: Away, batched: Ints) -> Iterable[Candidate]:
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
        sql = DURING if lead.kind == "stay" else FAST
        found = [Conflict(*row) for row in world.con.execute(sql, list(lead.ends)).fetchall()]
        yield _candidate(world, lead, found)
    for table in ("double_bills", "double_stays", "double_trips"):
        world.con.execute(f"DROP TABLE {table}")
    for name in given:
        world.con.unregister(name)


def _away(beds: Beds, settled: InPerson, owner: Ints, parent: Ints) -> Away:
    """Every settlement elsewhere during a stay; two places of one institution are no elsewhere."""
    stay, row = away_from_bed(
        beds.patient, beds.place, beds.first, beds.last, settled.rows
    ).T  # fmt: skip
    here, there = beds.place[stay], settled.place[row]
    one = (owner[here] >= 0) & (owner[here] == owner[there])
    kept = ~one & (parent[here] != there) & (parent[there] != here)
    return Away(here, there, beds.patient[stay], settled.second[row] // DAY).only(kept)


def _unaccompanied(world: World, away: Away) -> Away:
    """Those at whose place no relative settled that day: the relative may have come with the card."""
    home = world.household
    concerned = np.zeros(int(home.max(initial=0)) + 1, dtype=np.bool_)
    concerned[home[away.patient]] = True
    family = np.flatnonzero(concerned[home]).astype(np.int32)
    family = family[np.argsort(home[family], kind="stable")]
    lo, hi = (np.searchsorted(home[family], home[away.patient], side) for side in SIDES)
    no = np.repeat(np.arange(len(lo)), hi - lo)
    relative = family[np.arange(len(no)) - np.repeat(np.cumsum(hi - lo) - hi, hi - lo)]
    no, relative = (column[relative != away.patient[no]] for column in (no, relative))
    day = pa.array(away.day[no] + FROM_1970, pa.int32()).cast(pa.date32())
    columns = {"no": no, "relative": relative, "elsewhere": away.elsewhere[no], "day": day}
    world.con.register("relatives", pa.table(columns))
    alone = np.ones(len(lo), dtype=np.bool_)
    alone[world.arrays(ACCOMPANIED)["no"]] = False
    world.con.unregister("relatives")
    return away.only(alone)


def _during_stays(world: World, beds: Beds, settled: InPerson, away: Away) -> Iterable[Lead]:
    pairs, groups = _groups(away)
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
        if _enough(found.people, found.conflicts) and found.days >= LIFT * by_chance[k]:
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


def _groups(away: Away) -> tuple[npt.NDArray[np.int64], list[Group]]:
    """The conflicts of each hospital in all and by other place: place << 32 | other place + 1 (0 in all), ascending, and counts."""
    here = away.place.astype(np.int64) << 32
    pairs, of = np.unique(np.concatenate([here, here | (away.elsewhere + 1)]), return_inverse=True)
    patient, day = np.tile(away.patient, 2), np.tile(away.day, 2)
    each, own = np.unique(of << 32 | patient, return_inverse=True)
    days = np.bincount(ascending(own << 32 | day) >> 32, minlength=len(each))
    columns = (
        np.bincount(of),
        *(np.bincount(each >> 32, w) for w in (None, np.minimum(days, PER_PATIENT), days >= 2)),
    )
    return pairs, [Group(*map(int, row)) for row in zip(*columns, strict=True)]


def _between_cities(
    world: World, settled: InPerson, hasty: npt.NDArray[np.bool_], owner: Ints
) -> Iterable[Lead]:
    from scipy.stats import binom

    trips = between_cities(hasty, settled.rows, world.area, owner, SAME_TRIP)
    if not len(trips):
        return
    pair, of = np.unique(trips[:, 0].astype(np.int64) << 32 | trips[:, 1], return_inverse=True)
    a, b = pair >> 32, pair & MASK
    way = world.travel_minutes(a, b)
    patient, fast = trips[:, 2], trips[:, 3] < way[of]
    usual = (float(fast.sum()) + 1.0) / (len(fast) + 2.0)
    made, conflicts = np.bincount(of), np.bincount(of[fast], minlength=len(pair))
    travellers, patients = (
        np.bincount(ascending(code) >> 32, minlength=len(pair))
        for code in (of << 32 | patient, of[fast] << 32 | patient[fast])
    )
    hopeless = fast & (trips[:, 3] <= way[of] * HOPELESS) & (way[of] >= LONG_WAY)
    each, sure = (
        _capped(of, patient, len(pair)),
        _capped(of[hopeless], patient[hopeless], len(pair)),
    )
    for n in range(len(pair)):
        if not _enough(int(patients[n]), int(conflicts[n])):
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


def _capped(of: npt.NDArray[Any], patient: Ints, pairs: int) -> Longs:
    """How many trips each pair has, `PER_PATIENT` at most of one patient."""
    code, n = np.unique(of << 32 | patient, return_counts=True)
    counted: Longs = np.bincount(code >> 32, np.minimum(n, PER_PATIENT), pairs).astype(np.int64)
    return counted


def _enough(patients: int, conflicts: int) -> bool:
    return patients >= LEAST_PATIENTS or (patients >= 2 and conflicts >= LEAST_CONFLICTS)


def _candidate(world: World, lead: Lead, found: list[Conflict]) -> Candidate:
    kind, agreed = lead.kind, lead.agreed
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
        surprise=float(
            # Mostly a pharmacy's: relatives collect, parcels are sent.
            np.clip(lead.surprise, 0.0, min(lead.most, LEAD) if collected else lead.most)
        ),
        places=tuple(places),
        events=events,
        facts={"kind": kind, "conflicts": len(found), "expected": float(lead.expected)},
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
