"""Which places the people of many groups use, read in one pass over the visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.scan.candidates import Keys
from graph.scan.world import World

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Haunts:
    """Distinct (patient, place) of the people asked for, sorted by patient: int32[n] each."""

    patient: Ints
    place: Ints

    @classmethod
    def of(cls, world: World, groups: Sequence[Keys]) -> Self:
        """The haunts of everybody in `groups`, stays and internet visits included."""
        who = np.unique(np.concatenate([*groups, np.zeros(0, np.int32)]).astype(np.int32))
        world.con.register("haunting", pa.table({"patient": who}))
        rows = world.arrays(
            """
            SELECT DISTINCT patient, place FROM visits SEMI JOIN haunting USING (patient)
            WHERE place IS NOT NULL ORDER BY patient, place
            """
        )
        world.con.unregister("haunting")
        return cls(rows["patient"], rows["place"])

    def among(self, patients: Keys) -> tuple[Ints, Ints]:
        """The places any of sorted `patients` uses, and how many of them use each."""
        lo = np.searchsorted(self.patient, patients)
        hi = np.searchsorted(self.patient, patients, side="right")
        parts = [self.place[a:b] for a, b in zip(lo, hi, strict=True)]
        here, met = np.unique(np.concatenate([*parts, np.zeros(0, np.int32)]), return_counts=True)
        return here.astype(np.int32), met.astype(np.int32)
