"""结伴住院 · Synchronised admissions.

含义: 同一批参保人多次在同一医院同进同出（入院、出院均相差不超过两日）。组织者拉人头住院时会留下这种痕迹。
误判: 集中体检筛查、透析与康复疗程、精神科与安宁病房、群体性事件同日收治。只发生一次的、六周以内、按日固定周期的（各人自身在该院的全部住院也算），不作证据；间隔更长或只大致均匀的，降级；共两次、隔半年或一年的，或两次均住满整疗程（十日、十四日等）的，多为季节性疗养。
Meaning: The same people are admitted to and discharged from one hospital together, within two days at both ends, again
and again.
Misleads: Screening campaigns, dialysis and rehabilitation courses, psychiatric wards, an accident that brings many in on
one day. A single occasion is no evidence; a cycle of up to six weeks kept to the day, by the occasions or by each one's own
stays there, is a course of treatment, a longer or only roughly even one lowers the grade; twice, half a year apart or each
time for the whole of a course (ten days, a fortnight), is a season's.
Source: 郑州 2024 年通报 (≥ 8 人同进同出 ≥ 5 次).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import gammaln

from graph.communities import rings_by_cpm
from graph.motifs.base import Motif
from graph.scan.aside import unignored
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.innocence import one_address, one_household
from graph.scan.stays import Costays, Stays, costays
from graph.scan.world import World

USUAL_RATE = 0.006
"""Two stays of a year at one hospital match at both ends about this often: 5 days of 365, nearly half of the lengths."""
ENOUGH = 3
REACH = 4
"""Days at either end within which somebody was there on an occasion that others have told already."""
IN_REACH = 0.5 * (2 * REACH + 1) / 365
"""Share of a hospital's other stays expected within reach of an occasion: so many days of the year, half of the lengths."""
STRAYS = 0.2
"""Share of those within reach who may be there by chance for all of them to be counted in."""
TWICE = 9.0
"""Two occasions only never make a grade A."""
SEASONS = (180, 365)
SEASON_SLACK = 20
"""Days: two occasions half a year or a year apart, give or take, are a season's rehabilitation."""
WEEK = 7
WHOLE = (10, 14, 15, 20, 21, 28, 30)
"""Nights for which a course of rehabilitation or recuperation is prescribed."""
SAME_LENGTH = 0.8
"""Share of the stays that are exactly so long both times, from which the two are such courses."""
EVEN = 0.15
"""Standard deviation over mean of the gaps between admissions, up to which they are a cycle."""
PROTOCOL_DAYS, TO_PROTOCOL = 3, 0.75
"""A protocol names the day: so many of the gaps lie within so many days of the usual one. What is only even is a plan of some kind."""
LONGEST_CYCLE = 42
"""Days: courses of chemo- and radiotherapy come back within six weeks. What is even and rarer is a plan of some kind."""

CLIENTS = """
SELECT place, count(*) AS n, count(DISTINCT patient) AS patients FROM stays WHERE adm IS NOT NULL GROUP BY place
"""

OWN = """
SELECT g, place, adm, dis, patient, setl_id, begntime, endtime, net_fund FROM stays JOIN staying USING (patient)
WHERE adm IS NOT NULL ORDER BY g, place, adm, dis, patient, setl_id
"""

Row = tuple[int, int, int, int, str, datetime, datetime, int]
"""Place, days of admission and discharge, patient, bill, begin, end, fund."""


def detect(world: World) -> Iterable[Candidate]:
    """Communities of patients with repeated common stays; at least two common stays of four or more."""
    p = world.parameters
    stays = Stays.of(world)
    pairs = costays(stays, world.patients, days=p.costay_days, least=p.least_costays)
    kept = unignored(world, pairs.a, pairs.b)
    if not kept.any():
        return
    groups = rings_by_cpm(pairs.a[kept], pairs.b[kept], None, resolution=p.resolution, seed=1)
    groups = [keys(g) for g in groups if len(g) >= p.least_members]
    if not groups:
        return
    rates = _rates(world, pairs)
    own = _own(world, groups)
    met = [_gather(rows, p.costay_days) for rows in own]
    own = [rows for rows, gatherings in zip(own, met, strict=True) if _again(gatherings)]
    met = [gatherings for gatherings in met if _again(gatherings)]
    named = [keys([row[3] for g in gatherings for row in g]) for gatherings in met]
    joined = _joining(stays, met, named)
    whole = [np.union1d(who, more) for who, more in zip(named, joined, strict=True)]
    again = iter(_own(world, [w for w, j in zip(whole, joined, strict=True) if len(j)]))
    for gatherings, rows, who, all_, more in zip(met, own, named, whole, joined, strict=True):
        told = _gather(next(again), REACH) if len(more) else gatherings
        if len(all_) >= p.least_members:
            yield _candidate(world, all_, told, rows, _surprise(gatherings, who, rates))


def _rates(world: World, pairs: Costays) -> dict[int, tuple[int, float]]:
    """Per hospital, how many in-patients it had, and how often two stays match at both ends."""
    rows = world.con.execute(CLIENTS).fetchall()
    return {
        place: (patients, (0 if place is None else int(pairs.matched[place])) / max(n * (n - 1), 1))
        for place, n, patients in rows
    }


def _own(world: World, groups: Sequence[Keys]) -> list[list[Row]]:
    """All stays of the people of each group, by place and time."""
    if not groups:
        return []
    of = np.repeat(np.arange(len(groups), dtype=np.int32), [len(g) for g in groups])
    world.con.register("staying", pa.table({"g": of, "patient": np.concatenate(groups)}))
    found: list[list[Row]] = [[] for _ in groups]
    for g, *row in world.con.execute(OWN).fetchall():
        found[g].append(tuple(row))
    world.con.unregister("staying")
    return found


def _surprise(
    gatherings: Sequence[Sequence[Row]], who: Keys, rates: dict[int, tuple[int, float]]
) -> float:
    """-log10 of the chance that stays match so often, all groups of the busiest hospital's in-patients tried."""
    surprise = 0.0
    for g in gatherings:
        rate = float(np.clip(rates[g[0][0]][1], 1e-5, USUAL_RATE))
        surprise += (len({row[3] for row in g}) - 1) * -np.log10(rate)
    clients = max(rates[g[0][0]][0] for g in gatherings)
    tried = gammaln(clients + 1) - gammaln(len(who) + 1) - gammaln(max(clients - len(who), 0) + 1)
    return surprise - float(tried) / float(np.log(10))


def _candidate(
    world: World, who: Keys, gatherings: list[list[Row]], rows: list[Row], surprise: float
) -> Candidate:
    places, times = np.unique([g[0][0] for g in gatherings], return_counts=True)
    return Candidate(
        motif=MOTIF.name,
        patients=who,
        surprise=float(np.clip(surprise, 0, CAP if len(gatherings) >= ENOUGH else TWICE)),
        places=tuple(int(f) for f in places[np.argsort(-times, kind="stable")]),
        events=tuple(_event(g) for g in gatherings),
        facts={"gatherings": len(gatherings), "places": len(places)},
        explanations=(
            _course(gatherings, rows),
            _season(gatherings),
            one_household(world, who),
            one_address(world, who),
        ),
    )


def _joining(
    stays: Stays, met: Sequence[Sequence[Sequence[Row]]], named: Sequence[Keys]
) -> list[Keys]:
    """Per group, others in and out within `REACH` days of the occasions: those there on two, and on one where hardly anybody
    is by chance.
    """
    occasions = [
        (g[0][0], *(int(np.median([row[i] for row in g])) for i in (1, 2)))
        for gatherings in met for g in gatherings
    ]  # fmt: skip
    place, begin, end = np.array(occasions, np.int32).reshape(-1, 3).T
    near = stays.near(place, begin, end, REACH)
    of = np.repeat(np.arange(len(met)), [len(gatherings) for gatherings in met])
    person = of[near.no].astype(np.int64) << 32 | near.patient
    own = [k << 32 | who.astype(np.int64) for k, who in enumerate(named)]
    new = ~np.isin(person, np.concatenate([*own, np.zeros(0, np.int64)]))
    no, person, adm = near.no[new], person[new], near.adm[new]
    strangers = np.bincount(no, minlength=len(occasions))
    alone = person[(near.others * IN_REACH <= STRAYS * strangers)[no]]
    order = np.lexsort((adm, person))
    person, adm = person[order], adm[order]
    first = np.flatnonzero(np.diff(person, prepend=-1))
    last = np.append(first, len(person))[1:] - 1
    again = person[first[adm[last] - adm[first] > 2 * REACH]]
    joined = np.unique(np.concatenate([alone, again]))
    cuts = np.searchsorted(joined, np.arange(len(met) + 1) << 32)
    return [keys(joined[a:b] & 0xFFFFFFFF) for a, b in pairwise(cuts)]


def _gather(rows: list[Row], days: int) -> list[list[Row]]:
    """Stays of one place whose admissions and discharges lie within `days` of the first's; `rows` by place and admission."""
    found: list[list[Row]] = []
    taken: set[int] = set()
    for k, first in enumerate(rows):
        if k in taken:
            continue
        near = []
        for n in range(k, len(rows)):
            row = rows[n]
            if row[0] != first[0] or row[1] > first[1] + days:
                break
            if n not in taken and abs(row[2] - first[2]) <= days:
                near.append(row)
                taken.add(n)
        found.append(near)
    return [g for g in found if len({r[3] for r in g}) >= 3]


def _course(gatherings: list[list[Row]], rows: list[Row]) -> Explanation:
    """Do the members' own admissions follow a cycle of weeks, as chemotherapy and rehabilitation do?

    Where the occasions do not say so, all stays (`rows`) of those who lay in that one hospital alone may: a few fell together.
    """
    told = _cycle(gatherings, [r for g in gatherings for r in g])
    there = {g[0][0] for g in gatherings}
    away = {r[3] for r in rows if r[0] not in there}
    staying = [r for r in rows if r[3] not in away]
    if told.outcome is not Outcome.RULED_OUT or len(there) > 1 or not staying:
        return told
    return _cycle(gatherings, staying)


def _cycle(gatherings: list[list[Row]], stays: list[Row]) -> Explanation:
    """Do these stays, or the occasions, follow a cycle? Even gaps tell.

    A cycle longer than any course of treatment, or kept to the week and not to the day, may be a plan of rehabilitation, or an
    organiser's: it weakens.
    """
    own: dict[int, list[int]] = {}
    for row in sorted(stays, key=lambda r: r[1]):
        own.setdefault(row[3], []).append(row[1])
    gaps = [np.diff(days) for days in own.values() if len(days) >= 4]
    spreads = [float(gap.std() / max(gap.mean(), 1.0)) for gap in gaps]
    even = float(np.mean([s <= EVEN for s in spreads])) if spreads else 0.0
    to_the_day = 2 * sum(_to_the_day(gap) for gap in gaps) >= max(len(gaps), 2)
    together = np.diff(_admissions(gatherings))
    cycle = len(together) >= 3 and float(together.std() / together.mean()) <= EVEN
    every = float(np.median(np.concatenate([together, *gaps]))) if len(together) else 0.0
    outcome = Outcome.RULED_OUT
    if cycle or (even >= 0.5 and len(spreads) >= 2):
        protocol = every <= LONGEST_CYCLE and (to_the_day or _to_the_day(together))
        outcome = Outcome.EXPLAINS if protocol else Outcome.WEAKENS
    figures = {"even": round(even, 3), "judged": len(spreads), "every": round(every, 1)}
    return Explanation("course", outcome, figures)


def _to_the_day(gaps: npt.NDArray[np.int64]) -> bool:
    """Do most of the gaps lie within a few days of the usual one?"""
    near = np.abs(gaps - np.median(gaps)) <= PROTOCOL_DAYS if len(gaps) else np.zeros(1)
    return bool(near.mean() >= TO_PROTOCOL)


def _season(gatherings: list[list[Row]]) -> Explanation:
    """Twice, half a year or a year apart, or each time for the whole length of a course of rehabilitation?"""
    admitted = _admissions(gatherings)
    days = int(np.ptp(admitted))
    season = any(abs(days - s) <= SEASON_SLACK for s in SEASONS)
    whole = np.mean([row[2] - row[1] in WHOLE for g in gatherings for row in g])
    explains = len(admitted) == 2 and (season or whole >= SAME_LENGTH)
    return Explanation(
        "season", Outcome.EXPLAINS if explains else Outcome.RULED_OUT, {"days": days}
    )  # fmt: skip


def _again(gatherings: list[list[Row]]) -> bool:
    """Were they in hospital together more than once: in different weeks, or at different places?"""
    if len(gatherings) < 2:
        return False
    return len(_admissions(gatherings)) >= 2 or len({g[0][0] for g in gatherings}) >= 2


def _admissions(gatherings: list[list[Row]]) -> npt.NDArray[np.int64]:
    """The occasions' usual days of admission, ascending, those of one week once."""
    days = np.unique([int(np.median([r[1] for r in g])) for g in gatherings])
    return days[np.flatnonzero(np.diff(days, prepend=days[0] - WEEK) >= WEEK)]


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
