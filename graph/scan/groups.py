"""Communities of improbable pairs made into groups that can be defended: completed, tested, explained if innocent."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from graph.communities import rings_by_cpm
from graph.scan.aside import unignored
from graph.scan.candidates import CAP, Candidate, Event, Keys, ascending, keys
from graph.scan.chance import Judged, rows_of
from graph.scan.completion import Completion
from graph.scan.covisits import Pairs, covisits
from graph.scan.friends import FEW, friends, usual
from graph.scan.gatherings import (
    LEAST,
    Gatherings,
    count_regulars,
    log10_choose,
    log10_tail,
)
from graph.scan.innocence import employed_at, one_address, one_household, one_school
from graph.scan.occasions import crowd, on_schedule, one_episode, routine
from graph.scan.outings import one_bus
from graph.scan.pieces import pieces
from graph.scan.rhythm import Rhythm
from graph.scan.settlements import behind, settlements
from graph.scan.visits import Attendance, attended
from graph.scan.world import World

EPOCH = np.datetime64("2000-01-01T00:00:00", "us")
FAINT_P = 1e-3
"""Pairs up to this p may seed a group that nothing stronger has named."""
FAINT = 4.0
"""Evidence that such a group must show at once."""
FAINT_DAYS = 3
"""Dates it must have met on: a class comes twice for its injections, a crowd twice after an accident."""
SAME_VISITS = 0.5
"""Share of a group's visits in a stronger group's gatherings from which both are one."""
MOST_TIMES = 40
"""Visits to a place beyond which nobody is told apart when counting who could have been chosen."""
FAINT_DENSITY = 0.15
"""γ for those: many cards of which few come at a time make a thin community."""


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

    @property
    def evidence(self) -> float:
        """-log10 p after the look-elsewhere allowance."""
        return -self.log10_p - self.tried


def companies(
    world: World,
    rhythm: Rhythm,
    pairs: Pairs,
    judged: Judged,
    communities: Sequence[Keys],
    seen: Attendance | None = None,
) -> list[Group]:
    """Each community that gathers at least twice, completed by regular attenders and tested.

    Pairs too improbable to be left over, yet in no such group, seed further ones, which must show `FAINT` evidence: a ring
    of many cards of which few come at a time has few pairs that meet often. Pieces that meet on the same occasions are tried as one.
    Of groups told by the same visits the strongest is kept. `seen` are the visits `rhythm` was fitted to; the scan's attendance, whose faint pairs alone are tried, unless given.
    """
    scanned = attended(world)
    ground = _Ground.of(world, rhythm, pairs, judged, seen or scanned)
    found = _pieced(ground, list(ground.groups(communities, LEAST)))
    if seen is None:
        left = _left_over(world, rhythm, pairs, judged, found)
        faint = ground.groups(left, 2)
        found += [
            g for g in faint
            if g.evidence >= FAINT
            and len(g.members) >= world.parameters.least_members
            and len(g.gatherings.days) >= FAINT_DAYS
        ]  # fmt: skip
    return _apart(found)


@dataclass(frozen=True)
class _Ground:
    """What all groups are completed and tested against; `strength` float64[P] sums each patient's pair weights."""

    completion: Completion
    pairs: Pairs
    weight: npt.NDArray[np.float64]
    strength: npt.NDArray[np.float64]
    regulars: npt.NDArray[np.int64]

    @classmethod
    def of(
        cls, world: World, rhythm: Rhythm, pairs: Pairs, judged: Judged, seen: Attendance
    ) -> Self:
        weight = np.minimum(-judged.log10_p, CAP)
        weight[judged.log10_p > -2.0] = 0.0
        strength = _summed(pairs.a, weight, world.patients)
        strength += _summed(pairs.b, weight, world.patients)
        columns, explained = seen.columns, seen.explained > 0
        regulars = count_regulars(
            columns.place_offsets, columns.patient, explained, columns.patients, MOST_TIMES
        )
        p = world.parameters
        completion = Completion(rhythm, explained, p.window, p.most_members)
        return cls(completion, pairs, weight, strength, regulars)

    def groups(self, communities: Sequence[Keys], least: int) -> Iterable[Group]:
        """The communities as groups; `least` members at a time tell who else belongs to one."""
        inner = self._inner(communities)
        for i, community in enumerate(communities):
            found = self.completion.of(keys(community), least)
            if found is None:
                continue
            members, gatherings = found
            size, expected, log10_p = _tested(self.completion, members, gatherings)
            exclusivity = float(2 * inner[i] / max(self.strength[community].sum(), 1e-9))
            yield Group(
                members, keys(community), gatherings, size, expected, log10_p,
                self._tried(members, gatherings), exclusivity,
            )  # fmt: skip

    def _inner(self, communities: Sequence[Keys]) -> npt.NDArray[np.float64]:
        """The pair weight inside each community."""
        label = np.full(len(self.strength), -1, dtype=np.int32)
        for i, community in enumerate(communities):
            label[community] = i
        same = (label[self.pairs.a] == label[self.pairs.b]) & (label[self.pairs.a] >= 0)
        of = label[self.pairs.a[same]]
        return _summed(of, self.weight[same], len(communities))

    def _tried(self, members: Keys, gatherings: Gatherings) -> float:
        """log10 of the groups of this size there are among people seen as often at these places.

        Who was seen v times at k places was seen v / k times at one of them. The allowance for having chosen v after the fact
        is v (v + 1), whose reciprocals add up to one.
        """
        columns = self.completion.rhythm.columns
        places, times = np.unique(gatherings.place, return_counts=True)
        _, rows = rows_of(columns, members)
        here = np.isin(columns.place[rows], places) & ~self.completion.explained[rows]
        often = np.bincount(
            np.searchsorted(members, columns.patient[rows[here]]), minlength=len(members)
        )
        v = max(int(often.min()), 1)
        each = min(-(-v // len(places)), MOST_TIMES)
        anywhere = int(self.regulars[places, each].sum())
        chief = int(self.regulars[places[np.argmax(times)], 1])
        return min(
            log10_choose(max(anywhere, len(members)), len(members)) + float(np.log10(v * (v + 1))),
            log10_choose(max(chief, len(members)), len(members)),
        )


def _summed(
    of: npt.NDArray[np.int32], weight: npt.NDArray[np.float64], size: int
) -> npt.NDArray[np.float64]:
    return np.bincount(of, weight, size).astype(np.float64)


def _left_over(
    world: World, rhythm: Rhythm, pairs: Pairs, judged: Judged, groups: Sequence[Group]
) -> list[Keys]:
    """Communities of faintly improbable pairs that no group holds both sides of.

    Pairs met twice count too where there are not too many visits. What chance leaves are chains; a community must hold at
    least as many pairs as people.
    """
    seen = attended(world)
    if len(seen.columns) < world.parameters.many_visits:
        pairs = covisits(
            seen.columns, window=world.parameters.window, least=2, excluded=seen.explained > 0
        )
        judged = rhythm.judge(pairs)
    seeds = judged.log10_p <= np.log10(FAINT_P)
    seeds &= world.household[pairs.a] != world.household[pairs.b]
    a, b = pairs.a[seeds], pairs.b[seeds]
    left = unignored(world, a, b) & ~_together(a, b, groups, world.patients)
    if not left.any():
        return []
    a, b = a[left], b[left]
    named = rings_by_cpm(a, b, None, resolution=FAINT_DENSITY, seed=int(world.notes["seed"]))
    label = np.full(world.patients, -1, dtype=np.int32)
    for i, community in enumerate(named):
        label[community] = i
    inside = np.bincount(label[a[label[a] == label[b]]], minlength=len(named))
    return [
        keys(community)
        for community, edges in zip(named, inside.tolist(), strict=True)
        if LEAST <= len(community) <= edges
    ]


def _together(
    a: npt.NDArray[np.int32], b: npt.NDArray[np.int32], groups: Sequence[Group], patients: int
) -> npt.NDArray[np.bool_]:
    """Per pair, whether some group holds both."""
    of: dict[int, set[int]] = {}
    for i, group in enumerate(groups):
        for patient in group.members.tolist():
            of.setdefault(patient, set()).add(i)
    grouped = np.zeros(patients, dtype=np.bool_)
    grouped[list(of)] = True
    found = grouped[a] & grouped[b]
    for k in np.flatnonzero(found).tolist():
        found[k] = not of[int(a[k])].isdisjoint(of[int(b[k])])
    return found


def _pieced(ground: _Ground, groups: list[Group]) -> list[Group]:
    """Groups that meet on the same days at the same places made one, where the whole says as much as any piece."""
    sets = [[groups[i] for i in one] for one in pieces([g.gatherings for g in groups])]
    tried = ground.groups([_everybody(mine) for mine in sets if len(mine) > 1], LEAST)
    wholes = {tuple(whole.core.tolist()): whole for whole in tried}
    joined = []
    for mine in sets:
        whole = wholes.get(tuple(_everybody(mine).tolist())) if len(mine) > 1 else None
        best = max(g.evidence for g in mine)
        joined += [whole] if whole is not None and whole.evidence >= best else mine
    return joined


def _everybody(pieces: Sequence[Group]) -> Keys:
    return keys(np.concatenate([g.members for g in pieces]))


def _apart(groups: Sequence[Group]) -> list[Group]:
    """The groups without those most of whose visits a stronger one tells already."""
    told: dict[int, int] = {}
    kept: set[int] = set()
    for i in sorted(range(len(groups)), key=lambda i: (-groups[i].evidence, i)):
        rows = groups[i].gatherings.rows.tolist()
        by = Counter(told[r] for r in rows if r in told)
        if not by or max(by.values()) < SAME_VISITS * len(rows):
            kept.add(i)
            for r in rows:
                told.setdefault(r, i)
    return [g for i, g in enumerate(groups) if i in kept]


def _tested(ground: Completion, members: Keys, gatherings: Gatherings) -> tuple[int, float, float]:
    """The gathering size that says most, of three tried: (size, expected gatherings, log10 p allowing for the three)."""
    columns = ground.rhythm.columns
    rows = rows_of(columns, members)[1]
    places, visits = np.unique(columns.place[rows[~ground.explained[rows]]], return_counts=True)
    best = (LEAST, float(len(gatherings)), 0.0)
    usual = float(np.median(gatherings.present))
    for least in sorted({LEAST, max(LEAST, int(usual * 0.6)), max(LEAST, int(usual * 0.8))}):
        observed = int((gatherings.present >= least).sum())
        enough = visits >= least
        expected = ground.rhythm.gatherings_at(places[enough], visits[enough], least)
        log10_p = min(0.0, log10_tail(observed, expected) + float(np.log10(3)))
        if log10_p < best[2]:
            best = (least, expected, log10_p)
    return best


def sourced(world: World, groups: Sequence[Group]) -> list[tuple[Event, ...]]:
    """The gatherings of each group as events with their settlements and money."""
    seen = attended(world)
    sizes = [len(g.gatherings) for g in groups]
    firsts = np.cumsum([0, *sizes])
    none = np.zeros(0, dtype=np.int32)
    rows = np.concatenate([none, *(g.gatherings.rows for g in groups)])
    of = np.concatenate([
        np.zeros(0, np.int64),
        *(g.gatherings.of + first for g, first in zip(groups, firsts, strict=False)),
    ])  # fmt: skip
    place, first, last = (
        np.concatenate([none, *(getattr(g.gatherings, name) for g in groups)])
        for name in ("place", "first", "last")
    )
    who = ascending(of << 32 | seen.columns.patient[rows])
    present = _split(who & 0xFFFFFFFF, who >> 32, len(place))
    small = [g for g in groups if len(g.members) <= FEW]
    cited, fund = _cited(world, seen, of, rows, len(place), small)
    begin, end = ((EPOCH + t.astype("timedelta64[m]")).tolist() for t in (first, last))
    events = [
        Event("gathering", at, until, f, tuple(people), tuple(named), money)
        for at, until, f, people, named, money in zip(
            begin, end, place.tolist(), present, cited, fund.tolist(), strict=True
        )
    ]
    return [tuple(events[a:b]) for a, b in pairwise(firsts.tolist())]


def _cited(
    world: World,
    seen: Attendance,
    of: npt.NDArray[np.int64],
    rows: Keys,
    events: int,
    small: Sequence[Group],
) -> tuple[list[list[str]], npt.NDArray[np.int64]]:
    """The settlements behind the rows `of` each event, by id, and their fen; what `small` groups are held against is noted."""
    fund = np.zeros(events, dtype=np.int64)
    if seen.recorded is None or not len(rows):
        return [[] for _ in range(events)], fund
    of, rows = behind(seen.columns, seen.recorded, of, rows)
    numbers, at = np.unique(seen.columns.source[rows], return_inverse=True)
    if small:
        where, who = (
            np.concatenate(x)
            for x in zip(*((g.gatherings.place, g.members) for g in small), strict=True)
        )
        usual(world).add(world, seen, keys(where), keys(who), numbers)
    read = settlements(world, numbers)
    by_rank = np.argsort(read.rank)
    rank = np.empty(len(by_rank), dtype=np.int64)
    rank[by_rank] = np.arange(len(by_rank))
    packed = ascending(of << 32 | rank[at])
    of, at = packed >> 32, by_rank[packed & 0xFFFFFFFF]
    np.add.at(fund, of, read.fund[at])
    return _split(read.named[at], of, events), fund


def _split(values: npt.NDArray[Any], of: npt.NDArray[np.int64], parts: int) -> list[list[Any]]:
    """The values of each part; `of` is ascending."""
    cuts = np.searchsorted(of, np.arange(parts + 1)).tolist()
    plain = values.tolist()
    return [plain[a:b] for a, b in pairwise(cuts)]


def describe(
    world: World, group: Group, events: tuple[Event, ...], holdout: float, motif: str
) -> Candidate:
    """A group as a candidate: surprise after look-elsewhere or on hold-out days, dated events, explanations tried."""
    seen = attended(world)
    surprise = max(-group.log10_p - group.tried, holdout)
    places, times = np.unique(group.gatherings.place, return_counts=True)
    chief, days = int(places[np.argmax(times)]), len(group.gatherings.days)
    employed = employed_at(world, group.members, chief, days)
    own_staff = "own_staff" in employed.numbers
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
            on_schedule(group.gatherings, world.facility, own_staff),
            routine(group.gatherings, world.facility),
            one_episode(group.gatherings),
            crowd(seen, group.members, group.gatherings),
            one_household(world, group.members),
            one_address(world, group.members),
            employed,
            one_school(world, group.members),
            friends(seen, group.members, group.gatherings, events, usual(world)),
            one_bus(world, seen, group.members, group.gatherings, own_staff),
        ),
    )
