"""Blind ids of people and places by key: scans work with keys, files carry ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.scan.assemble import Draft
from graph.scan.world import World


@dataclass(frozen=True)
class Names:
    """By key, of those in the drafts alone: blind ids, professions, place kinds."""

    patient: Mapping[int, str]
    practitioner: Mapping[int, str]
    profession: Mapping[int, str]
    place: Mapping[int, str]
    place_kind: Mapping[int, str]

    @classmethod
    def of(cls, world: World, drafts: Sequence[Draft]) -> Self:
        """Those of everybody and every place in `drafts`."""
        patients = [d.patients for d in drafts if len(d.patients)]
        people = np.unique(np.concatenate([*patients, np.zeros(0, np.int32)])).astype(np.int32)
        staff = np.array(sorted({k for d in drafts for k in d.practitioners}), dtype=np.int32)
        places = np.array(sorted({k for d in drafts for k in d.places}), dtype=np.int32)
        return cls(
            _column(world, "patients", "patient", "id", people),
            _column(world, "practitioners", "practitioner", "id", staff),
            _column(world, "practitioners", "practitioner", "profession", staff),
            _column(world, "places", "place", "id", places),
            _column(world, "places", "place", "kind", places),
        )


def _column(
    world: World, table: str, key: str, column: str, wanted: npt.NDArray[np.int32]
) -> dict[int, str]:
    """A column of `table` by key, of those wanted; empty where NULL."""
    if not len(wanted):
        return {}
    world.con.register("named", pa.table({key: wanted}))
    sql = f"SELECT {key}, coalesce({column}, '') FROM {table} SEMI JOIN named USING ({key})"
    found = dict(world.con.execute(sql).fetchall())
    world.con.unregister("named")
    return found
