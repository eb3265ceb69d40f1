"""Which places the people of many groups use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from graph.scan.candidates import Keys
from graph.scan.clientele import city_patients, clientele
from graph.scan.world import World

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Haunts:
    """Distinct (patient, place) of the people asked for, sorted by patient: int32[n] each.

    `clients` and `city_patients` int64[places]: how many patients each place has seen, and its city.
    """

    patient: Ints
    place: Ints
    clients: Longs
    city_patients: Longs

    @classmethod
    def of(cls, world: World, groups: Sequence[Keys]) -> Self:
        """The haunts of everybody in `groups`, stays and internet visits included."""
        seen = clientele(world)
        asked = np.zeros(world.patients, dtype=np.bool_)
        for group in groups:
            asked[group] = True
        rows = np.flatnonzero(asked[seen.patient])
        rows = rows[np.argsort(seen.patient[rows], kind="stable")]
        place = np.searchsorted(seen.offsets, rows, side="right") - 1
        people = seen.clients, city_patients(world)
        return cls(seen.patient[rows], place.astype(np.int32), *people)

    def among(self, patients: Keys) -> tuple[Ints, Ints]:
        """The places any of sorted `patients` uses, and how many of them use each."""
        lo = np.searchsorted(self.patient, patients)
        hi = np.searchsorted(self.patient, patients, side="right")
        parts = [self.place[a:b] for a, b in zip(lo, hi, strict=True)]
        here, met = np.unique(np.concatenate([*parts, np.zeros(0, np.int32)]), return_counts=True)
        return here.astype(np.int32), met.astype(np.int32)
