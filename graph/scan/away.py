"""Away from bed: settlements that in-patients made elsewhere during their stays, and how they crowd at one hospital or one place."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.scan.candidates import ascending
from graph.scan.in_person import DAY, Beds, InPerson, away_from_bed
from graph.scan.world import World

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
FROM_1970 = 10957
"""Days from 1970-01-01 to 2000-01-01."""
LEAST_PATIENTS = 3
LEAST_CONFLICTS = 5
PER_PATIENT = 3
"""Days in conflict that count for one person."""
HALF = 0.5
AGREED = 4
"""People repeatedly in conflict at one other place who did not choose it each for themselves."""

OWNERS = """
SELECT place, CAST(if(uscc IS NULL, -1, dense_rank() OVER (ORDER BY uscc)) AS INTEGER) AS owner, coalesce(parent, -1) AS parent
FROM places
"""

ACCOMPANIED = """
SELECT DISTINCT r.no FROM setl_d w JOIN relatives r
  ON r.relative = w.patient AND r.elsewhere = w.place AND w.setl_time >= r.day AND w.setl_time < r.day + INTERVAL 1 DAY
WHERE w.counts
"""


@dataclass(frozen=True)
class Group:
    """Conflicts with stays at one hospital: how many, of how many people, on how many days (up to a limit each), and how
    many of the people were in conflict on several."""

    conflicts: int
    people: int
    days: int
    again: int

    @property
    def agreed(self) -> bool:
        """Whether several people did so repeatedly; of one other place, relatives and leave do not agree on it."""
        return self.again >= AGREED and self.again >= HALF * self.people

    @property
    def enough(self) -> bool:
        """Whether they are several people, or two again and again."""
        return enough(self.people, self.conflicts)


def enough(people: int, conflicts: int) -> bool:
    """Whether so many people with so many conflicts are looked at."""
    return people >= LEAST_PATIENTS or (people >= 2 and conflicts >= LEAST_CONFLICTS)


@dataclass(frozen=True)
class Away:
    """Settlements elsewhere during stays: the hospital, the other place, who and which day (since 2000-01-01), int32[n]."""

    place: Ints
    elsewhere: Ints
    patient: Ints
    day: Ints

    @classmethod
    def of(cls, world: World, beds: Beds, settled: InPerson, owner: Ints, parent: Ints) -> "Away":
        """All but those at places of the hospital's own institution, and at whose place a relative settled that day: who
        may have come with the card."""
        return _unaccompanied(world, _away(beds, settled, owner, parent))

    def only(self, kept: npt.NDArray[np.bool_]) -> "Away":
        """The chosen ones."""
        return Away(self.place[kept], self.elsewhere[kept], self.patient[kept], self.day[kept])

    def groups(self) -> tuple[Longs, list[Group]]:
        """By hospital in all and by other place: place << 32 | other place + 1 (0 in all), ascending, and counts."""
        here = self.place.astype(np.int64) << 32
        both = np.concatenate([here, here | (self.elsewhere + 1)])
        return grouped(both, np.tile(self.patient, 2), np.tile(self.day, 2))


def grouped(key: Longs, patient: Ints, day: Ints) -> tuple[Longs, list[Group]]:
    """The different keys, ascending, and the group of each."""
    found, of = np.unique(key, return_inverse=True)
    each, own = np.unique(of << 32 | patient, return_inverse=True)
    days = np.bincount(ascending(own << 32 | day) >> 32, minlength=len(each))
    columns = (
        np.bincount(of),
        *(np.bincount(each >> 32, w) for w in (None, np.minimum(days, PER_PATIENT), days >= 2)),
    )
    return found, [Group(*map(int, row)) for row in zip(*columns, strict=True)]


def capped(of: npt.NDArray[Any], patient: Ints, groups: int) -> Longs:
    """How many rows each group has, `PER_PATIENT` at most of one patient."""
    code, n = np.unique(of << 32 | patient, return_counts=True)
    counted: Longs = np.bincount(code >> 32, np.minimum(n, PER_PATIENT), groups).astype(np.int64)
    return counted


def _away(beds: Beds, settled: InPerson, owner: Ints, parent: Ints) -> Away:
    """Every settlement elsewhere during a stay; two places of one institution are no elsewhere."""
    stay, row = away_from_bed(
        beds.patient, beds.place, beds.first, beds.last, settled.rows
    ).T  # fmt: skip
    here, there = beds.place[stay], settled.place[row]
    one = (owner[here] >= 0) & (owner[here] == owner[there])
    kept = ~one & (parent[here] != there) & (parent[there] != here)
    return Away(here, there, beds.patient[stay], settled.second[row] // DAY).only(kept)


def _unaccompanied(world: World, away: Away) -> Away:
    """Those at whose place no relative settled that day: the relative may have come with the card."""
    home = world.household
    concerned = np.zeros(int(home.max(initial=0)) + 1, dtype=np.bool_)
    concerned[home[away.patient]] = True
    family = np.flatnonzero(concerned[home]).astype(np.int32)
    family = family[np.argsort(home[family], kind="stable")]
    lo, hi = (np.searchsorted(home[family], home[away.patient], side) for side in SIDES)
    no = np.repeat(np.arange(len(lo)), hi - lo)
    relative = family[np.arange(len(no)) - np.repeat(np.cumsum(hi - lo) - hi, hi - lo)]
    no, relative = (column[relative != away.patient[no]] for column in (no, relative))
    day = pa.array(away.day[no] + FROM_1970, pa.int32()).cast(pa.date32())
    columns = {"no": no, "relative": relative, "elsewhere": away.elsewhere[no], "day": day}
    world.con.register("relatives", pa.table(columns))
    alone = np.ones(len(lo), dtype=np.bool_)
    alone[world.arrays(ACCOMPANIED)["no"]] = False
    world.con.unregister("relatives")
    return away.only(alone)
