"""Who uses which place: every patient and place that any visit joins, stays and internet visits included."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from graph.scan.kernels import compiled, count_keys
from graph.scan.visits import attended
from graph.scan.world import World

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

OTHERS = """
SELECT place, patient, online FROM visits
WHERE place IS NOT NULL AND patient IS NOT NULL AND (NOT stay AND NOT online) IS NOT TRUE ORDER BY place, online
"""
"""The visits that the attendance leaves out."""


@dataclass(frozen=True)
class Clientele:
    """The different patients of each place, place after place: `patient` int32[n], `offsets` int64[places + 1].

    `there` bool[n]: seen other than on the internet.
    """

    offsets: Longs
    patient: Ints
    there: Flags

    @classmethod
    def of(cls, world: World) -> Self:
        """That of all visits."""
        columns = attended(world).columns
        others = world.arrays(OTHERS)
        return cls(
            *different(
                columns.place_offsets, columns.patient, count_keys(others["place"], world.places),
                others["patient"], others["online"], world.patients,
            )
        )  # fmt: skip

    @property
    def clients(self) -> Longs:
        """How many different patients each place has seen."""
        return np.diff(self.offsets)

    def by_area(
        self, area: npt.NDArray[Any], kind: npt.NDArray[Any], counted: Flags | None = None
    ) -> Longs:
        """How many different patients of each kind each area has seen: int64[areas, kinds].

        `area` is a number per place and `kind` one per patient, negative where unknown; `counted`, bool[n], leaves pairs out.
        """
        found = np.zeros(
            (int(area.max(initial=-1)) + 1, int(kind.max(initial=-1)) + 1), dtype=np.int64
        )
        eligible = np.ones(len(self.patient), dtype=np.bool_) if counted is None else counted
        order = np.argsort(area, kind="stable")
        count_areas(order, area, self.offsets, self.patient, eligible, kind, found)
        return found


def clientele(world: World) -> Clientele:
    """The scan's clientele, put together when first asked for."""
    if "clientele" not in world.notes:
        world.notes["clientele"] = Clientele.of(world)
    found = world.notes["clientele"]
    assert isinstance(found, Clientele)
    return found


def city_patients(world: World) -> Longs:
    """Per place, how many patients its city has seen, at least 1."""
    area = world.city + 1
    everybody = np.zeros(world.patients, dtype=np.int8)
    seen = clientele(world).by_area(area, everybody)
    return np.asarray(np.maximum(seen.sum(axis=1)[area], 1))


@compiled
def different(
    offsets: Any, patient: Any, other_offsets: Any, other: Any, online: Any, patients: int
) -> Any:
    """Offsets, patients and `there` of the visits at each place and the others there, those on the internet last."""
    found, there = np.empty(1024, np.int32), np.empty(1024, np.bool_)
    starts = np.zeros(len(offsets), np.int64)
    latest = np.full(patients, -1, np.int32)
    used = 0
    for f in range(len(offsets) - 1):
        here = offsets[f + 1] - offsets[f]
        for k in range(here + other_offsets[f + 1] - other_offsets[f]):
            row = k if k < here else other_offsets[f] + k - here
            who = patient[offsets[f] + k] if k < here else other[row]
            if latest[who] == f:
                continue
            latest[who] = f
            if used == len(found):
                larger, flags = np.empty(2 * used, np.int32), np.empty(2 * used, np.bool_)
                larger[:used], flags[:used] = found, there
                found, there = larger, flags
            found[used], there[used] = who, k < here or not online[row]
            used += 1
        starts[f + 1] = used
    return starts, found[:used].copy(), there[:used].copy()


@compiled
def count_areas(
    order: Any, area: Any, offsets: Any, patient: Any, eligible: Any, kind: Any, found: Any
) -> None:
    """Count into int64[areas, kinds] each patient once per area; `order` are the places, area by area."""
    latest = np.full(len(kind), -1, np.int32)
    for f in order:
        if area[f] < 0:
            continue
        for row in range(offsets[f], offsets[f + 1]):
            who = patient[row]
            if eligible[row] and kind[who] >= 0 and latest[who] != area[f]:
                latest[who] = area[f]
                found[area[f], kind[who]] += 1
