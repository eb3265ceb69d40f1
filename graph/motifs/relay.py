"""换点续刷 · Relay to a new place.

含义: 同一批凭证在甲处的聚集停止后，随即在乙处继续，前后成员大体相同；甲处往往已停业、被查或换人。说明团伙换了地点，而不是散了。
误判: 诊所搬迁或更名、药店并店、定点资格变更、长期护理换点；一户或一单位搬家。只凭次序不成线索，须前后各自有多次聚集；新旧两处使用同一信用代码者按搬迁解释。
Meaning: The gatherings of the same cards stop at one place and go on at another with most of the same members; often the first
has closed, been penalised or changed hands. The ring has moved, it has not dissolved.
Misleads: A clinic that moves or changes its name, merging shops, a changed contract code, a family or firm that moves. Order alone is no
lead: there must be several gatherings before and after. Two codes under one credit code are one place that moved.
Source: 杭州西湖区检察院 card-tracing case (cards reappear as a set elsewhere).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from graph.motifs.base import Motif
from graph.scan.candidates import LEAD, Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.clientele import clientele
from graph.scan.groups import Group, describe, sourced
from graph.scan.visits import Attendance
from graph.scan.world import World

LEAST = 3
"""Members that two successive sides must share; gatherings of either of two groups."""
STAGE = 2
"""Gatherings at one place that make a stage of a relay."""
STRAY = 0.1
"""Share of the gatherings that may be elsewhere."""
SAME = 0.6
"""Share of the smaller side's members who are on both sides of a move."""
BETWEEN = 150
"""Days from the last gathering at the old place to the first at the new one, at most."""
CLOSING = 14
"""A place is taken as closed when nobody was seen there after this many days past the move."""
LEAST_SURPRISE = 1.0
JOINED = 9.0
"""Two weak halves with the same members make a lead of their own, never a grade A."""
EPOCH = np.datetime64("2000-01-01")


@dataclass(frozen=True)
class Stage:
    """The time at one place: first and last day since 2000-01-01, and the members seen."""

    place: int
    first: int
    last: int
    members: Keys


@dataclass(frozen=True)
class Relay:
    """Stages in their order, each at another place, and -log10 p of that order."""

    groups: tuple[Group, ...]
    stages: tuple[Stage, ...]
    surprise: float

    @property
    def holds(self) -> bool:
        """Whether each stage hands most of its people on to the next one within the time allowed."""
        return all(
            0 <= b.first - a.last <= BETWEEN and len(both := _both(a, b)) >= LEAST
            and len(both) >= SAME * min(len(a.members), len(b.members))
            for a, b in pairwise(self.stages)
        )  # fmt: skip


def detect(world: World) -> Iterable[Candidate]:
    """Groups that went from place to place and never back, and pairs of groups of which one follows the other."""
    seen = world.notes["attendance"]
    groups: Sequence[Group] = world.notes.get("groups", ())
    assert isinstance(seen, Attendance)
    tried = [_within(seen, g) for g in groups]
    tried += [_across(world, g, h) for g, h in _overlapping(groups)]
    found = [r for r in tried if r is not None and r.surprise >= LEAST_SURPRISE and r.holds]
    events = iter(sourced(world, [g for r in found for g in r.groups]))
    last, institution = _last_days(seen), _institutions(world) if found else {}
    for relay in found:
        yield _candidate(
            world,
            relay,
            [next(events) for _ in relay.groups],
            last,
            _moved(institution, relay.stages),
        )


def _within(seen: Attendance, group: Group) -> Relay | None:
    """The group's gatherings as a relay, if no place is come back to; strays left out."""
    order = np.argsort(group.gatherings.first, kind="stable")
    place = group.gatherings.place[order]
    used, times = np.unique(place, return_counts=True)
    stay = np.isin(place, used[times >= STAGE])
    if (~stay).sum() > STRAY * len(place):
        return None
    order, place = order[stay], place[stay]
    cuts = np.flatnonzero(np.diff(place)) + 1
    runs = np.split(order, cuts)
    if len(runs) < 2 or len(runs) != len(np.unique(place)):
        return None
    stages = tuple(_stage(seen, group, run) for run in runs)
    orders = gammaln(len(place) + 1) - sum(gammaln(len(run) + 1) for run in runs)
    surprise = (float(orders) - float(gammaln(len(runs) + 1))) / np.log(10)
    # A move by itself is no offence: it supports what co-visits say.
    return Relay((group,), stages, float(min(LEAD, surprise)))


def _stage(seen: Attendance, group: Group, run: npt.NDArray[np.int64]) -> Stage:
    found = group.gatherings
    here = np.isin(found.of, run)
    members = np.intersect1d(seen.columns.patient[found.rows[here]], group.members)
    days = found.first[run] // 1440
    return Stage(int(found.place[run[0]]), int(days.min()), int(days.max()), members)


def _across(world: World, g: Group, h: Group) -> Relay | None:
    """One group follows the other at another place, with more common members than the smaller clientele explains."""
    from scipy.stats import hypergeom

    if g.gatherings.first.min() > h.gatherings.first.min():
        g, h = h, g
    if min(len(g.gatherings), len(h.gatherings)) < LEAST:
        return None
    stages = tuple(
        Stage(
            _chief(x.gatherings.place),
            int(x.gatherings.first.min()) // 1440,
            int(x.gatherings.first.max()) // 1440,
            x.members,
        )
        for x in (g, h)
    )
    if stages[0].place == stages[1].place:
        return None
    clients = min(int(clientele(world).clients[s.place]) for s in stages)
    clients = max(clients, len(g.members) + len(h.members))
    both = len(_both(*stages))
    tail = hypergeom.logsf(both - 1, clients, len(g.members), len(h.members)) / np.log(10)
    weak = [max(0.0, -x.log10_p - x.tried) for x in (g, h)]
    surprise = min(JOINED, sum(weak) - float(tail)) - max(weak)
    return Relay((g, h), stages, surprise)


def _both(a: Stage, b: Stage) -> Keys:
    return np.intersect1d(a.members, b.members, assume_unique=True)


def _overlapping(groups: Sequence[Group]) -> list[tuple[Group, Group]]:
    holders: dict[int, list[int]] = {}
    for i, group in enumerate(groups):
        for patient in group.members.tolist():
            holders.setdefault(patient, []).append(i)
    common: dict[tuple[int, int], int] = {}
    for found in holders.values():
        for pair in combinations(found, 2):
            common[pair] = common.get(pair, 0) + 1
    return [(groups[i], groups[j]) for (i, j), n in sorted(common.items()) if n >= LEAST]


def _candidate(
    world: World,
    relay: Relay,
    events: Sequence[tuple[Event, ...]],
    last: npt.NDArray[np.int64],
    moved: Explanation,
) -> Candidate:
    described = [
        describe(world, g, e, 0.0, MOTIF.name) for g, e in zip(relay.groups, events, strict=True)
    ]
    tried = [e for d in described for e in d.explanations]
    a, b = max(pairwise(relay.stages), key=lambda ab: (len(_both(*ab)), -ab[0].first))
    return Candidate(
        motif=MOTIF.name,
        patients=keys(np.concatenate([g.members for g in relay.groups])),
        surprise=relay.surprise,
        places=tuple(s.place for s in relay.stages),
        events=tuple(event for found in events for event in found),
        facts={
            "stages": len(relay.stages),
            "same": len(_both(a, b)),
            "before": len(a.members),
            "after": len(b.members),
            "day": str(EPOCH + np.timedelta64(b.first, "D")),
            "closed": sum(int(last[s.place]) <= s.last + CLOSING for s in relay.stages[:-1]),
        },
        explanations=(
            *(e for e in tried if e.outcome is not Outcome.RULED_OUT),
            moved,
        ),
    )


def _institutions(world: World) -> dict[int, str]:
    """Per place the credit code, else the parent, else the place itself: alike where one institution has several codes."""
    sql = "SELECT place, coalesce(uscc, parent::VARCHAR, place::VARCHAR) FROM places"
    return dict(world.con.execute(sql).fetchall())


def _moved(institution: Mapping[int, str], stages: Sequence[Stage]) -> Explanation:
    """Are the places one institution under several codes, by credit code or by parent?"""
    one = len({institution[s.place] for s in stages if s.place in institution}) == 1
    return Explanation("relocation", Outcome.WEAKENS if one else Outcome.RULED_OUT)


def _last_days(seen: Attendance) -> npt.NDArray[np.int64]:
    """Per place the last day anybody was seen there, since 2000-01-01; -1 where nobody ever."""
    columns = seen.columns
    ends = columns.place_offsets[1:] - 1
    used = np.diff(columns.place_offsets) > 0
    found = np.full(columns.places, -1, dtype=np.int64)
    found[used] = columns.minute[ends[used]] // 1440
    return found


def _chief(place: npt.NDArray[np.int32]) -> int:
    values, times = np.unique(place, return_counts=True)
    return int(values[np.argmax(times)])


MOTIF = Motif("relay", detect, on_covisits=True)
