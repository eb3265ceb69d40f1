"""Hold-out days: groups nominated on even days are put to the test on odd days, which nobody had looked at.

A group fixed before the test data were read owes nothing to having searched: its p needs no look-elsewhere allowance beyond the
number of groups nominated. This is what answers the charge of searching until something turns up.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from graph.communities import rings_by_cpm
from graph.scan.candidates import Keys, keys
from graph.scan.chance import Judged, log10_poisson_tail, rows_of
from graph.scan.covisits import Pairs, counted_again, covisits
from graph.scan.gatherings import LEAST, gather, log10_tail
from graph.scan.groups import Group
from graph.scan.rhythm import Rhythm
from graph.scan.visits import Attendance, attended
from graph.scan.world import World

DAY = 1440
SAME = 0.5
"""Jaccard overlap from which a nominated group is taken to be the one found on all days."""


def confirmed(
    world: World, rhythm: Rhythm, pairs: Pairs, judged: Judged, groups: Sequence[Group]
) -> list[float]:
    """Per group -log10 p on the odd days, allowing for the number nominated; 0 where even days name no such group.

    `pairs` are those of all days, as judged.
    """
    seen = attended(world)
    if not groups:
        return []
    odd = (seen.columns.minute // DAY) % 2 == 1
    explained = seen.explained > 0
    not_even, not_odd = explained | odd, explained | ~odd
    nominated = _nominate(world, rhythm, pairs, judged, not_even)
    of_patient = np.full(seen.columns.patients, -1, dtype=np.int32)
    for i, community in enumerate(nominated):
        of_patient[community] = i
    allowance = float(np.log10(max(len(nominated), 1)))
    found = []
    for group in groups:
        named = of_patient[group.members]
        named = named[named >= 0]
        best = int(np.bincount(named).argmax()) if len(named) else -1
        if best < 0 or _jaccard(nominated[best], group.members) < SAME:
            found.append(0.0)
            continue
        log10_p = _test(seen, rhythm, nominated[best], not_even, not_odd, world.parameters.window)
        found.append(max(0.0, -log10_p - allowance))
    return found


def _nominate(
    world: World, rhythm: Rhythm, pairs: Pairs, judged: Judged, excluded: npt.NDArray[np.bool_]
) -> list[Keys]:
    p, columns = world.parameters, rhythm.columns
    if len(columns) < p.many_visits:
        pairs = covisits(columns, window=p.window, least=2, excluded=excluded)
        observed, expected = pairs.observed, rhythm.judge(pairs).expected / 2
    else:
        pairs, expected = _promising(pairs, judged.expected / 2, p.pair_p)
        observed = counted_again(columns, pairs, excluded)
        observed = np.where(observed >= p.least_covisits, observed, 0)
    seeds = (log10_poisson_tail(observed, expected) <= np.log10(p.pair_p)) & (
        world.household[pairs.a] != world.household[pairs.b]
    )
    if not seeds.any():
        return []
    named = rings_by_cpm(
        pairs.a[seeds], pairs.b[seeds], None, resolution=p.resolution, seed=int(world.notes["seed"])
    )
    return [keys(g) for g in named if len(g) >= LEAST]


def _promising(
    pairs: Pairs, expected: npt.NDArray[np.float64], pair_p: float
) -> tuple[Pairs, npt.NDArray[np.float64]]:
    """The pairs that would be improbable enough had they met on even days alone, and what chance allows them there."""
    kept = log10_poisson_tail(pairs.observed, expected) <= np.log10(pair_p)
    left = replace(
        pairs, a=pairs.a[kept], b=pairs.b[kept], observed=pairs.observed[kept], places=pairs.places[kept]
    )  # fmt: skip
    return left, expected[kept]


def _test(
    seen: Attendance,
    rhythm: Rhythm,
    members: Keys,
    not_even: npt.NDArray[np.bool_],
    not_odd: npt.NDArray[np.bool_],
    window: int,
) -> float:
    """log10 p of the odd days' gatherings, of the size that the even days suggest."""
    columns = seen.columns
    even = gather(columns, members, window, excluded=not_even)
    usual = float(np.median(even.present)) if len(even) else 0.0
    least = max(LEAST, int(usual * 0.6))
    odd = gather(columns, members, window, least=least, excluded=not_odd)
    rows = rows_of(columns, members)[1]
    places, visits = np.unique(columns.place[rows[~not_odd[rows]]], return_counts=True)
    enough = visits >= least
    expected = 0.5 * rhythm.gatherings_at(places[enough], 2 * visits[enough], least)
    return log10_tail(len(odd), expected)


def _jaccard(a: Keys, b: Keys) -> float:
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (len(a) + len(b) - common)
