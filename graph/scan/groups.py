"""Communities of improbable pairs made into groups that can be defended: completed, tested, explained if innocent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.stats import poisson

from graph.scan.candidates import CAP, Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.chance import Judged, rows_of
from graph.scan.covisits import Pairs, VisitColumns
from graph.scan.gatherings import (
    LEAST,
    Gatherings,
    count_clients,
    gather,
    log10_choose,
    log10_tail,
    visitors,
)
from graph.scan.innocence import one_address, one_employer, one_household, one_school
from graph.scan.rhythm import Rhythm
from graph.scan.schedules import schedule_of
from graph.scan.visits import Attendance
from graph.scan.world import World

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 Beijing local by contract
JOIN_P = 1e-3
"""A visitor of the gatherings joins the group when chance explains the attendance this rarely."""
SCHEDULE_P = -2.5
HOUR = 90
REGULAR = 0.85
LONG_SESSION = 1.6
COMPACT = 4.5
"""Days between gatherings, on average, up to which they are one course."""
ROUTINE_P = -1.3
LEAST_CROWD = 6.0
"""Others a day below which nothing is a crowd."""
CROWD = 3.0
"""Others in the windows, over what the place usually sees, from which the day's crowd explains the gathering."""


@dataclass(frozen=True)
class Group:
    """A community completed by attendance, with its gatherings and its test."""

    members: Keys
    core: Keys
    gatherings: Gatherings
    least: int
    """Members that make a gathering in the test; `expected` and `log10_p` are about those."""
    expected: float
    log10_p: float
    tried: float
    """log10 of the groups that could have been looked at: the look-elsewhere allowance."""
    exclusivity: float


def companies(
    world: World,
    rhythm: Rhythm,
    pairs: Pairs,
    judged: Judged,
    communities: Sequence[Keys],
    seen: Attendance | None = None,
) -> Iterable[Group]:
    """Each community that gathers at least twice, completed by regular attenders and tested.

    `seen` are the visits `rhythm` was fitted to; the scan's attendance unless given.
    """
    seen = seen or world.notes["attendance"]
    assert isinstance(seen, Attendance)
    weight = np.minimum(-judged.log10_p, CAP)
    weight[judged.log10_p > -2.0] = 0.0
    strength = np.bincount(pairs.a, weight, world.patients) + np.bincount(
        pairs.b, weight, world.patients
    )
    label = np.full(world.patients, -1, dtype=np.int32)
    for i, community in enumerate(communities):
        label[community] = i
    same = (label[pairs.a] == label[pairs.b]) & (label[pairs.a] >= 0)
    inner = np.bincount(label[pairs.a[same]], weight[same], len(communities))
    explained = seen.explained > 0
    clients = count_clients(seen.columns.place_offsets, seen.columns.patient, seen.columns.patients)
    for i, community in enumerate(communities):
        found = _complete(world, rhythm, explained, keys(community))
        if found is None:
            continue
        members, gatherings = found
        least, expected, log10_p = _tested(rhythm, explained, members, gatherings)
        yield Group(
            members,
            keys(community),
            gatherings,
            least,
            expected,
            log10_p,
            log10_choose(_clients(clients, gatherings), len(members)),
            float(2 * inner[i] / max(strength[community].sum(), 1e-9)),
        )


def _complete(
    world: World, rhythm: Rhythm, explained: npt.NDArray[np.bool_], community: Keys
) -> tuple[Keys, Gatherings] | None:
    """Gatherings of the community; those who attend improbably often join, those who attend once leave."""
    window, columns = world.parameters.window, rhythm.columns
    members = community
    gatherings = gather(columns, members, window, excluded=explained)
    for _ in range(4):
        if len(gatherings) < 2:
            return None
        joined = _attenders(rhythm, explained, members, gatherings)
        attended = _attendance(columns, gatherings)
        kept = np.array([attended.get(int(k), 0) >= 2 for k in members], dtype=np.bool_)
        changed = keys(np.concatenate([members[kept], joined]))
        if len(changed) < 3 or len(changed) > world.parameters.most_members:
            return None
        if np.array_equal(changed, members):
            break
        members = changed
        gatherings = gather(columns, members, window, excluded=explained)
    return (members, gatherings) if len(gatherings) >= 2 else None


def _tested(
    rhythm: Rhythm, explained: npt.NDArray[np.bool_], members: Keys, gatherings: Gatherings
) -> tuple[int, float, float]:
    """The gathering size that says most, of three tried: (size, expected gatherings, log10 p allowing for the three)."""
    columns = rhythm.columns
    rows = rows_of(columns, members)[1]
    places, visits = np.unique(columns.place[rows[~explained[rows]]], return_counts=True)
    best = (LEAST, float(len(gatherings)), 0.0)
    usual = float(np.median(gatherings.present))
    for least in sorted({LEAST, max(LEAST, int(usual * 0.6)), max(LEAST, int(usual * 0.8))}):
        observed = int((gatherings.present >= least).sum())
        expected = sum(
            rhythm.gatherings(f, n, least)
            for f, n in zip(places.tolist(), visits.tolist(), strict=True)
            if n >= least
        )
        log10_p = min(0.0, log10_tail(observed, expected) + float(np.log10(3)))
        if log10_p < best[2]:
            best = (least, expected, log10_p)
    return best


def _attendance(columns: VisitColumns, gatherings: Gatherings) -> dict[int, int]:
    seen = np.unique(columns.patient[gatherings.rows].astype(np.int64) << 32 | gatherings.of)
    who, times = np.unique(seen >> 32, return_counts=True)
    return dict(zip(who.tolist(), times.tolist(), strict=True))


def _attenders(
    rhythm: Rhythm, explained: npt.NDArray[np.bool_], members: Keys, gatherings: Gatherings
) -> Keys:
    """Non-members who were at more of the gatherings than their own number of visits there explains."""
    columns = rhythm.columns
    of, rows = visitors(columns, gatherings)
    others = ~np.isin(columns.patient[rows], members) & ~explained[rows]
    of, rows = of[others], rows[others]
    if not len(rows):
        return keys([])
    each = np.array([
        rhythm.chance_at(int(f), int(a), int(b))
        for f, a, b in zip(gatherings.place, gatherings.first, gatherings.last, strict=True)
    ])  # fmt: skip
    seen = np.unique(columns.patient[rows].astype(np.int64) << 32 | of)
    who, times = np.unique(seen >> 32, return_counts=True)
    often = times >= max(2, 0.25 * len(gatherings))
    joined = []
    for k, x in zip(who[often].tolist(), times[often].tolist(), strict=True):
        mine = columns.order[columns.patient_offsets[k] : columns.patient_offsets[k + 1]]
        visits = (columns.place[mine][:, None] == gatherings.place[None, :]).sum(axis=0)
        if poisson.sf(x - 1, float((visits * each).sum())) <= JOIN_P / max(len(who), 1):
            joined.append(k)
    return keys(joined)


def _clients(clients: npt.NDArray[np.int64], gatherings: Gatherings) -> int:
    """How many people the group's chief place has seen."""
    places, times = np.unique(gatherings.place, return_counts=True)
    return int(clients[places[np.argmax(times)]])


def sourced(world: World, groups: Sequence[Group]) -> list[tuple[Event, ...]]:
    """The gatherings of each group as events with their settlements and money, in one pass over the table."""
    seen = world.notes["attendance"]
    assert isinstance(seen, Attendance)
    columns = seen.columns
    of_group = [np.full(len(g.gatherings.rows), i) for i, g in enumerate(groups)]
    rows = np.concatenate([g.gatherings.rows for g in groups] or [np.zeros(0, np.int32)])
    wanted = pa.table({
        "g": np.concatenate(of_group or [np.zeros(0, np.int64)]).astype(np.int32),
        "e": np.concatenate([g.gatherings.of for g in groups] or [np.zeros(0, np.int32)]),
        "patient": columns.patient[rows],
        "place": columns.place[rows],
        "minute": columns.minute[rows],
        "batch": np.isin(columns.place[rows], seen.batch_places),
    })  # fmt: skip
    world.con.register("wanted", wanted)
    found = world.con.execute(
        """
        WITH v AS (SELECT * FROM visits WHERE patient IN (SELECT patient FROM wanted) AND NOT stay AND NOT online),
          hit AS (
            SELECT DISTINCT g, e, setl_id, net_fund FROM wanted w JOIN v ON v.patient = w.patient AND v.place = w.place
            WHERE date_diff('minute', TIMESTAMP '2000-01-01', v.setl_time) = w.minute
              OR (w.batch AND CAST(v.begntime AS DATE) - DATE '2000-01-01' = w.minute // 1440))
        SELECT g, e, list('setl_d:' || setl_id ORDER BY setl_id), sum(net_fund) FROM hit GROUP BY g, e
        """
    ).fetchall()
    world.con.unregister("wanted")
    sources = {(g, e): (tuple(ids), int(fund)) for g, e, ids, fund in found}
    return [tuple(_events(columns, g.gatherings, i, sources)) for i, g in enumerate(groups)]


def describe(
    world: World, group: Group, events: tuple[Event, ...], holdout: float, motif: str
) -> Candidate:
    """A group as a candidate: surprise after look-elsewhere or on hold-out days, dated events, explanations tried."""
    seen = world.notes["attendance"]
    assert isinstance(seen, Attendance)
    surprise = max(-group.log10_p - group.tried, holdout)
    places, times = np.unique(group.gatherings.place, return_counts=True)
    return Candidate(
        motif=motif,
        patients=group.members,
        surprise=float(np.clip(surprise, 0.0, CAP)),
        places=tuple(int(f) for f in places[np.argsort(-times, kind="stable")][:10]),
        events=events,
        facts={
            "gatherings": int((group.gatherings.present >= group.least).sum()),
            "expected": group.expected,
            "least": group.least,
            "window": world.parameters.window,
            "log10_p": round(group.log10_p, 2),
            "tried": round(group.tried, 2),
            "holdout": round(holdout, 2),
            "exclusivity": round(group.exclusivity, 3),
        },
        explanations=(
            on_schedule(group),
            routine(group),
            crowd(seen, group),
            one_household(world, group.members),
            one_address(world, group.members),
            one_employer(world, group.members),
            one_school(world, group.members),
        ),
    )


def on_schedule(group: Group) -> Explanation:
    """Do the gatherings follow a calendar, as courses, programme days and rounds do?"""
    score, cover, kind = schedule_of(group.gatherings.first)
    explains = kind > 0 and score <= SCHEDULE_P
    outcome = Outcome.EXPLAINS if explains else Outcome.RULED_OUT
    return Explanation(
        "schedule", outcome, {"log10_p": round(score, 2), "coverage": round(cover, 2), "kind": kind}
    )


def routine(group: Group) -> Explanation:
    """Do the gatherings keep one hour: on one weekday (a nurse's round), as long sessions (a class), or within a few weeks
    (a course of treatment)?"""
    day, clock = np.divmod(group.gatherings.first.astype(np.int64), 1440)
    dates, first, windows = np.unique(day, return_index=True, return_counts=True)
    start = clock[first]
    near = max(float(((start >= s) & (start <= s + HOUR)).mean()) for s in start)
    weekday = float(np.bincount(dates % 7).max() / len(dates))
    sessions = float(windows.mean())
    log10_p = (len(dates) - 1) * (np.log10(0.2) + (np.log10(1 / 6) if weekday >= REGULAR else 0.0))
    compact = len(dates) >= 5 and np.ptp(dates) <= COMPACT * (len(dates) - 1)
    kept = near >= REGULAR and (weekday >= REGULAR or sessions >= LONG_SESSION or compact)
    explains = kept and log10_p <= ROUTINE_P
    return Explanation(
        "routine",
        Outcome.EXPLAINS if explains else Outcome.RULED_OUT,
        {
            "same_hour": round(near, 2),
            "same_weekday": round(weekday, 2),
            "windows_a_day": round(sessions, 2),
        },
    )


def crowd(seen: Attendance, group: Group) -> Explanation:
    """Was the place unusually full of others on those days, as on a programme day or when a school class comes?"""
    columns, found = seen.columns, group.gatherings
    visits = rows_of(columns, group.members)[1]
    outside, usual, present = 0.0, 0.0, 0.0
    for f in np.unique(found.place).tolist():
        lo, hi = columns.place_offsets[f], columns.place_offsets[f + 1]
        dates, everybody = np.unique(columns.minute[lo:hi] // 1440, return_counts=True)
        mine = columns.minute[visits[columns.place[visits] == f]] // 1440
        members = np.bincount(np.searchsorted(dates, mine), minlength=len(dates))
        others = everybody - members
        ordinary = float(np.median(others[others > 0])) if (others > 0).any() else 0.0
        days = np.searchsorted(dates, np.unique(found.first[found.place == f] // 1440))
        outside += float(others[days].sum())
        usual += max(ordinary, 1.0) * len(days)
        present += float(members[days].sum())
    ratio, majority = outside / max(usual, 1.0), outside / max(present, 1.0)
    explains = ratio >= CROWD and majority >= 0.5 and outside >= LEAST_CROWD * len(found.days)
    return Explanation(
        "crowd",
        Outcome.EXPLAINS if explains else Outcome.RULED_OUT,
        {"others_over_usual": round(ratio, 2), "others_per_member": round(majority, 2)},
    )


def _events(
    columns: VisitColumns,
    found: Gatherings,
    number: int,
    sources: Mapping[tuple[int, int], tuple[tuple[str, ...], int]],
) -> Iterable[Event]:
    for k in range(len(found)):
        ids, fund = sources.get((number, k), ((), 0))
        who = np.unique(columns.patient[found.rows[found.of == k]])
        yield Event(
            "gathering",
            EPOCH + timedelta(minutes=int(found.first[k])),
            EPOCH + timedelta(minutes=int(found.last[k])),
            place=int(found.place[k]),
            patients=tuple(who.tolist()),
            rows=ids,
            fund=fund,
        )
