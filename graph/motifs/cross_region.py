"""跨省结伙 · Cross-region ring.

含义: 由同一代办人备案（或共用银行账户）的多名外省参保人，一再于同一日到省外同几家机构就诊或入院，而其同乡很少去那里。多为异地组织、集中刷卡或住院。
误判: 务工人员由劳务公司统一备案（各自就近、不同日）、大学生、旅居老人、异地透析。只看同日同处的反复聚集；同单位、同户、同龄学生按无辜解释处理。
Meaning: People insured elsewhere, filed by one agent (or sharing a bank account), go to the same few places in another
province on the same days, again and again, while others from home hardly go there. Cards or patients brought in from outside.
Misleads: Migrant workers filed by their labour agency (they go to many places, on different days), students, travelling retirees,
dialysis away from home. Only repeated common days count; one employer, household or school age explains them.
Source: 北京密云 drug-buyer chain across 河北、吉林.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.motifs.base import Motif
from graph.scan.candidates import Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.clientele import clientele
from graph.scan.gatherings import log10_tail
from graph.scan.innocence import one_address, one_employer, one_household, one_school
from graph.scan.schedules import schedule_of
from graph.scan.world import World

LEAST = 3
"""People of different households at one place on one day that make a common day."""
LEAST_AWAY = 2
"""People among them who are away from home: a ring's other half may live there."""
LEAST_DAYS = 2
LEAST_HOLDERS = 4
SAME = 0.5
"""Jaccard overlap from which the people of two tokens are one group."""
MOST = 20.0
"""A filing agent and common days make a strong lead; the cap leaves the rest to other layers."""
SCHEDULE_P = -4.0
TOGETHER = 2.0
"""-log10 p of the common days, below which going to the same place says nothing: people from one village do."""
CROWDS = 5
"""Visits a day from which a place is open only on the days it was seen open, as one of programme days."""
OPEN = 5 / 7
"""Share of the days on which any other place is taken to be open."""

HELD = """
SELECT token, 'account' AS kind, owner AS patient FROM holds
SEMI JOIN (SELECT token FROM tokens WHERE kind = 'account' AND holders BETWEEN {least} AND {most}) USING (token)
WHERE owner_kind = 'patient'
"""
FILED = """
SELECT t.token, 'agent', f.patient FROM out_appy_evt_c f, LATERAL (SELECT unnest([f.agent, f.agent_phone]) AS token) x
JOIN tokens t ON t.token = x.token WHERE t.holders BETWEEN {least} AND {most} AND f.patient IS NOT NULL
"""

TRIPS = """
SELECT g, v.patient, v.place, left(p.insu_admdvs, 2) AS home, left(f.admdvs, 2) AS there,
  CAST(CASE WHEN stay THEN coalesce(begntime, setl_time) ELSE setl_time END AS DATE) AS day,
  min(setl_time) AS at, list(setl_id ORDER BY setl_id) AS bills, CAST(sum(net_fund) AS BIGINT) AS fund
FROM asked JOIN visits v USING (patient) JOIN patients p USING (patient) JOIN places f USING (place)
WHERE NOT online AND p.insu_admdvs IS NOT NULL AND f.admdvs IS NOT NULL
GROUP BY ALL ORDER BY g, place, day, v.patient
"""

PROVINCES = """
CREATE OR REPLACE TEMP TABLE provinces AS
WITH named AS (SELECT left(insu_admdvs, 2) AS name FROM patients UNION SELECT left(admdvs, 2) FROM places)
SELECT name, CAST(row_number() OVER (ORDER BY name) - 1 AS SMALLINT) AS province FROM named WHERE name IS NOT NULL
"""
HOMES = """
SELECT patient AS key, coalesce(province, -1) AS province FROM patients LEFT JOIN provinces v ON v.name = left(insu_admdvs, 2)
"""
THERE = """
SELECT place AS key, coalesce(province, -1) AS province FROM places LEFT JOIN provinces v ON v.name = left(admdvs, 2)
"""
DAYS_OPEN = """
WITH seen AS (
  SELECT place, count(*) AS visits, count(DISTINCT CAST(setl_time AS DATE)) AS days,
    date_diff('day', min(setl_time), max(setl_time)) AS span
  FROM visits WHERE place IN (SELECT unnest(?::INTEGER[])) GROUP BY place)
SELECT place, CAST(CASE WHEN visits >= {crowds} * days THEN days ELSE greatest(days, {open} * span) END AS DOUBLE)
FROM seen
"""


@dataclass(frozen=True)
class Trip:
    """One person's visits to one place on one day, at home or away. `fund` in fen."""

    patient: int
    place: int
    home: str
    there: str
    day: date
    at: datetime
    bills: list[str]
    fund: int

    @property
    def away(self) -> bool:
        """Whether the place lies in another province than the one that insures."""
        return self.home != self.there


@dataclass(frozen=True)
class Market:
    """How people travel: `travellers` int64[there, home] by provinces, `visitors` int64[places, home], internet visits aside.

    `number` of a province by its two digits; `choices`: how many (home, place) any traveller joins; open days by place.
    """

    number: dict[str, int]
    travellers: npt.NDArray[np.int64]
    visitors: npt.NDArray[np.int64]
    choices: int
    open_days: dict[int, float]

    def others(self, home: str, there: str, place: int) -> tuple[int, int]:
        """Travellers from `home` who were seen at `place`, and anywhere `there`."""
        h, t = self.number[home], self.number[there]
        return int(self.visitors[place, h]), int(self.travellers[t, h])


def detect(world: World) -> Iterable[Candidate]:
    """One candidate per filing agent or account whose people share days at places of another province."""
    groups = _groups(world)
    if not groups:
        return
    trips: dict[int, list[Trip]] = {}
    world.con.register("asked", _asked([g[2] for g in groups]))
    for g, *facts in world.con.execute(TRIPS).fetchall():
        trips.setdefault(g, []).append(Trip(*facts))
    world.con.unregister("asked")
    shared = {g: common for g, found in trips.items() if (common := _common_days(world, found))}
    if not shared:
        return
    market = _market(world, sorted({t.place for days in shared.values() for d in days for t in d}))
    for g, common in sorted(shared.items()):
        if len({d[0].day for d in common}) >= LEAST_DAYS:
            candidate = _candidate(world, groups[g], trips[g], common, market, len(trips))
            if candidate is not None:
                yield candidate


def _groups(world: World) -> list[tuple[int, str, Keys]]:
    """(token, kind, people) of each filing agent and account; an agent and his phone are one where they file alike."""
    limits = {"least": LEAST_HOLDERS, "most": world.parameters.hub_holders}
    filed = [FILED] if world.has("out_appy_evt_c") else []
    sql = " UNION ".join([HELD, *filed]).format(**limits)
    held: dict[tuple[int, str], list[int]] = {}
    for token, kind, patient in world.con.execute(f"{sql} ORDER BY 2, 1, 3").fetchall():
        held.setdefault((token, kind), []).append(patient)
    groups: list[tuple[int, str, Keys]] = []
    of_patient: dict[int, set[int]] = {}
    for (token, kind), people in sorted(held.items(), key=lambda h: (-len(set(h[1])), h[0])):
        who = keys(people)
        near = sorted(set().union(*(of_patient.get(k, ()) for k in who.tolist())))
        n = next((n for n in near if _alike(groups[n][2], who)), len(groups))
        if n == len(groups):
            groups.append((token, kind, who))
        else:
            groups[n] = (*groups[n][:2], np.union1d(groups[n][2], who))
        for patient in who.tolist():
            of_patient.setdefault(patient, set()).add(n)
    return [g for g in groups if len(g[2]) >= LEAST_HOLDERS]


def _alike(a: Keys, b: Keys) -> bool:
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common >= SAME * (len(a) + len(b) - common)


def _asked(people: Sequence[Keys]) -> pa.Table:
    size = [len(p) for p in people]
    of = np.repeat(np.arange(len(people), dtype=np.int32), size)
    return pa.table({"g": of, "patient": np.concatenate(people)})


def _common_days(world: World, trips: Sequence[Trip]) -> list[list[Trip]]:
    """The trips of days on which people of enough households were at one place, some of them from afar."""
    days: dict[tuple[int, date], list[Trip]] = {}
    for trip in trips:
        days.setdefault((trip.place, trip.day), []).append(trip)
    return [
        found
        for found in days.values()
        if sum(t.away for t in found) >= LEAST_AWAY
        and len(np.unique(world.household[[t.patient for t in found]])) >= LEAST
    ]


def _market(world: World, places: list[int]) -> Market:
    world.con.execute(PROVINCES)
    names = world.con.execute("SELECT name FROM provinces ORDER BY province").fetchall()
    home, there = _provinces(world, HOMES, world.patients), _provinces(world, THERE, world.places)
    seen = clientele(world)
    travellers = seen.by_area(there, home, seen.there)
    visitors = seen.by_area(np.arange(world.places), home, seen.there)
    abroad = there[:, None] != np.arange(visitors.shape[1])[None, :]
    choices = int(((visitors > 0) & abroad & (there >= 0)[:, None]).sum())
    sql = DAYS_OPEN.format(crowds=CROWDS, open=OPEN)
    days = dict(world.con.execute(sql, [places]).fetchall())
    return Market({n: i for i, (n,) in enumerate(names)}, travellers, visitors, choices, days)


def _provinces(world: World, sql: str, size: int) -> npt.NDArray[np.int16]:
    """A number per key for the province, -1 where unknown."""
    rows = world.arrays(sql)
    found = np.full(size, -1, dtype=np.int16)
    found[rows["key"]] = rows["province"]
    return found


def _candidate(
    world: World,
    named: tuple[int, str, Keys],
    trips: Sequence[Trip],
    common: Sequence[Sequence[Trip]],
    market: Market,
    tried: int,
) -> Candidate | None:
    places = sorted({d[0].place for d in common})
    who = keys([t.patient for d in common for t in d])
    expected = sum(_expected(trips, f, market.open_days[f]) for f in places)
    together = -log10_tail(len(common), expected) - float(np.log10(max(tried, 1)))
    if together < TOGETHER:
        return None
    rare = max(_rarity(trips, f, market) for f in places) - np.log10(max(market.choices, 1))
    surprise = together + max(0.0, float(rare))
    _, kind, holders = named
    events = tuple(
        Event(
            "away",
            min(t.at for t in d),
            max(t.at for t in d),
            place=d[0].place,
            patients=tuple(t.patient for t in d),
            rows=tuple(f"setl_d:{b}" for t in d for b in t.bills),
            fund=sum(t.fund for t in d),
        )
        for d in common
    )
    return Candidate(
        motif=MOTIF.name,
        patients=who,
        surprise=float(np.clip(surprise, 0.0, MOST)),
        places=tuple(places),
        events=events,
        facts={
            "kind": kind,
            "holders": len(holders),
            "homes": len({t.home for d in common for t in d}),
            "away": len({t.patient for d in common for t in d if t.away}),
            "days": len(common),
            "places": len(places),
            "expected": float(expected),
        },
        explanations=(
            _on_schedule(common),
            one_household(world, who),
            one_address(world, who),
            one_employer(world, who),
            one_school(world, who),
        ),
    )


def _expected(trips: Sequence[Trip], place: int, open_days: float) -> float:
    """Common days that independent people would have, each coming this often on days the place is open."""
    from scipy.stats import poisson

    visits = sum(t.place == place for t in trips)
    return open_days * float(poisson.sf(LEAST - 1, visits / max(open_days, 1.0)))


def _rarity(trips: Sequence[Trip], place: int, market: Market) -> float:
    """-log10 of the chance that so many of the group choose this place, by where others from home go when away."""
    from scipy.stats import binom

    there = next(t.there for t in trips if t.place == place)
    away = {t.patient: t.home for t in trips if t.there == there and t.away}
    here = {t.patient for t in trips if t.place == place and t.away}
    share = []
    for home in away.values():
        own = sum(h == home for h in away.values())
        ours = sum(away[p] == home for p in here)
        seen, travelled = market.others(home, there, place)
        share.append((seen - ours + 1.0) / (travelled - own + 20.0))
    tail = binom.logsf(len(here) - 1, len(away), min(float(np.mean(share)), 0.95))
    return -float(tail) / float(np.log(10))


def _on_schedule(common: Sequence[Sequence[Trip]]) -> Explanation:
    """Do the common days follow a calendar, as dialysis or programme days do?"""
    days = np.array(sorted({d[0].day.toordinal() for d in common}), dtype=np.int64)
    minutes = ((days - date(2000, 1, 1).toordinal()) * 1440).astype(np.int32)
    score, cover, kind = schedule_of(minutes)
    explains = kind > 0 and score <= SCHEDULE_P
    return Explanation(
        "schedule",
        Outcome.EXPLAINS if explains else Outcome.RULED_OUT,
        {"log10_p": round(score, 2), "coverage": round(cover, 2), "kind": kind},
    )


MOTIF = Motif("cross_region", detect, needs=("setl_d", "holds"))
