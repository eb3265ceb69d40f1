"""Core and periphery of groups that gather: who stays with the group when its communities are sought again and again.

Inside one group two members are as close as the number of gatherings they share. Communities under the Constant Potts Model are
sought with many seeds, each at several densities below the group's own; a member in the community of most others in at
least `CORE` of the runs is core. Who came along now and then falls out: periphery.

Source: Traag, Van Dooren and Nesterov 2011 (Constant Potts Model); Lancichinetti and Fortunato 2012 (agreement over many runs).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from graph.communities import rings_by_cpm, stayed
from graph.scan.candidates import Keys
from graph.scan.covisits import Ints, VisitColumns
from graph.scan.groups import Group

RUNS = 20
DENSITIES = (0.35, 0.5)
"""γ as shares of the group's own mean closeness; half of the runs each."""

Reals = npt.NDArray[np.float64]


def cores(columns: VisitColumns, groups: Sequence[Group], *, seed: int) -> list[Keys]:
    """The core of each group: sorted patient keys, everybody where nobody stays with anybody. Same seed, same answer."""
    sizes = np.array([len(g.members) for g in groups], dtype=np.int64)
    first = np.cumsum(sizes) - sizes
    edges = [_closeness(columns, g) for g in groups]
    a, b = (
        np.concatenate([np.zeros(0, np.int32), *(e[k] + f for e, f in zip(edges, first, strict=True))])
        for k in (0, 1)
    )  # fmt: skip
    weight = np.concatenate([np.zeros(0), *(e[2] for e in edges)])
    runs = [
        rings_by_cpm(a, b, weight, resolution=DENSITIES[k % len(DENSITIES)], seed=seed + k)
        for k in range(RUNS)
    ]
    whole = [np.arange(f, f + n, dtype=np.int32) for f, n in zip(first, sizes, strict=True)]
    found = []
    for group, stable in zip(groups, stayed(whole, runs), strict=True):
        kept = stable.core
        found.append(group.members[kept] if kept.any() else group.members)
    return found


def _closeness(columns: VisitColumns, group: Group) -> tuple[Ints, Ints, Reals]:
    """Pairs of members, by their index in the group, and the gatherings they share over the mean of all pairs."""
    members, met = group.members, group.gatherings
    who = columns.patient[met.rows]
    at = np.minimum(np.searchsorted(members, who), len(members) - 1)
    there = np.zeros((len(members), len(met)), dtype=np.float64)
    mine = members[at] == who
    there[at[mine], met.of[mine]] = 1.0
    a, b = np.triu_indices(len(members), 1)
    shared = (there @ there.T)[a, b]
    close = shared > 0
    mean = float(shared.mean()) if close.any() else 1.0
    return a[close].astype(np.int32), b[close].astype(np.int32), shared[close] / mean
