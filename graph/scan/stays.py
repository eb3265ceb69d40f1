"""Patients who are admitted to one hospital and discharged from it together."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.scan.kernels import compiled, count_keys
from graph.scan.world import World

Ints = npt.NDArray[np.int32]

READ = """
SELECT place, patient, adm, dis FROM stays WHERE adm IS NOT NULL AND place IS NOT NULL AND patient IS NOT NULL
ORDER BY place, adm, patient
"""


@dataclass(frozen=True)
class Costays:
    """Pairs of patients a < b with `times` common stays each, sorted by (a, b), int32[n].

    A common stay is an admission of a, counted once, within days of b's at both ends. `matched`, int64[places]: admissions and
    others they match, both ways.
    """

    a: Ints
    b: Ints
    times: Ints
    matched: npt.NDArray[np.int64]


@compiled
def match_stays(
    offsets: Any, patient: Any, adm: Any, dis: Any, days: int, patients: int, matched: Any
) -> Any:
    """a << 32 | b per admission of a matched by b > a, in any order; counts all matches into `matched` by place."""
    found, used = np.empty(1024, np.int64), 0
    latest = np.full(patients, -1, np.int32)
    for f in range(len(offsets) - 1):
        low, admission = offsets[f], -1
        for i in range(offsets[f], offsets[f + 1]):
            if i == offsets[f] or adm[i] != adm[i - 1] or patient[i] != patient[i - 1]:
                admission = i
            while adm[low] < adm[i] - days:
                low += 1
            for j in range(low, offsets[f + 1]):
                b = patient[j]
                if adm[j] > adm[i] + days:
                    break
                if b == patient[i] or abs(dis[j] - dis[i]) > days or latest[b] == admission:
                    continue
                latest[b] = admission
                matched[f] += 1
                if b > patient[i]:
                    if used == len(found):
                        larger = np.empty(2 * used, np.int64)
                        larger[:used] = found
                        found = larger
                    found[used] = np.int64(patient[i]) << 32 | b
                    used += 1
    return found[:used].copy()


def costays(world: World, *, days: int, least: int) -> Costays:
    """Pairs with at least `least` common stays, admissions and discharges within `days` of each other."""
    world.lay_out_stays()
    rows = world.arrays(READ)
    matched = np.zeros(world.places, dtype=np.int64)
    found = match_stays(
        count_keys(rows["place"], world.places),
        rows["patient"], rows["adm"], rows["dis"], days, world.patients, matched,
    )  # fmt: skip
    found.sort()
    first = np.flatnonzero(np.diff(found, prepend=-1))
    times = np.diff(first, append=len(found))
    first, times = first[times >= least], times[times >= least]
    a, b = (found[first] >> 32).astype(np.int32), (found[first] & 0xFFFFFFFF).astype(np.int32)
    return Costays(a, b, times.astype(np.int32), matched)
