"""Layers: who shares what with whom, one kind of thing at a time, each ready to be asked about a block of people.

A layer is a list of (patient, attribute): a token and its holders, a pair of stay dates and who kept them, a prescriber's
day at a pharmacy, a trace code. The layer of weak co-visit pairs has an attribute per pair, with the pair's own p. An
attribute says less the more households have it: its column weight is 1 / log(C + households) (FRAUDAR, KDD 2016).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from graph.scan.candidates import ascending
from graph.scan.kernels import compiled, count_keys

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

C = 5.0
"""FRAUDAR's constant: how soon popularity tells against an attribute."""


@dataclass(frozen=True)
class Layer:
    """n incidences sorted by attribute, each of one patient: int32[n] each; `starts` int64[A + 1] bounds each attribute.

    code int64[A] leads back to what an attribute stands for; households int32[A], how many have it, 2 at least.
    log10_p float64[A] where attributes are pairs that were tested one by one, else empty. activity int32[P]: how many
    attributes of this kind each patient has, shared or not: who has more is likelier to have any one.
    """

    name: str
    patient: Ints
    attribute: Ints
    starts: Longs
    code: Longs
    households: Ints
    log10_p: Reals
    activity: Ints

    @classmethod
    def of(
        cls,
        name: str,
        patient: Ints,
        code: Longs,
        household: Ints,
        *,
        most: int,
        activity: Ints | None = None,
    ) -> Self:
        """Those attributes that 2 to `most` households have; a patient has an attribute once, however often given.

        `activity` must come along where attributes that nobody shares are not given.
        """
        order = np.argsort(code, kind="stable")
        code = code[order]
        fresh = np.ones(len(code), dtype=np.bool_)
        fresh[1:] = code[1:] != code[:-1]
        distinct = code[fresh]
        packed = ascending((np.cumsum(fresh) - 1) << 32 | patient[order])
        attribute, patient = packed >> 32, (packed & 0xFFFFFFFF).astype(np.int32)
        homes = ascending(attribute << 32 | household[patient]) >> 32
        count = np.bincount(homes, minlength=len(distinct))
        kept = (count >= 2) & (count <= most)
        mine = kept[attribute]
        which: Ints = (np.cumsum(kept) - 1)[attribute[mine]].astype(np.int32)
        if activity is None:
            activity = np.bincount(patient, minlength=len(household)).astype(np.int32)
        return cls(
            name, patient[mine].astype(np.int32), which, count_keys(which, int(kept.sum())),
            distinct[kept], count[kept].astype(np.int32), np.zeros(0), activity,
        )  # fmt: skip

    @classmethod
    def of_pairs(cls, name: str, a: Ints, b: Ints, log10_p: Reals) -> Self:
        """An attribute for each pair of people of different households."""
        n = len(a)
        return cls(
            name, np.column_stack([a, b]).ravel().astype(np.int32),
            np.repeat(np.arange(n, dtype=np.int32), 2), np.arange(0, 2 * n + 1, 2, dtype=np.int64),
            a.astype(np.int64) << 32 | b, np.full(n, 2, dtype=np.int32), log10_p, np.zeros(0, np.int32),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.code)

    @property
    def pairs(self) -> bool:
        """Whether attributes are tested pairs."""
        return len(self.log10_p) > 0

    @property
    def weight(self) -> Reals:
        """Column weight of each attribute, float64[A]."""
        return np.asarray(1.0 / np.log(C + self.households))

    @cached_property
    def by_patient(self) -> tuple[Ints, Ints]:
        """(patient, attribute), sorted by patient."""
        order = np.argsort(self.patient, kind="stable")
        return self.patient[order], self.attribute[order]

    def held_by(self, members: Ints) -> tuple[Longs, Ints]:
        """What sorted `members` hold: (index into members, attribute), in the order of members."""
        patient, attribute = self.by_patient
        lo = np.searchsorted(patient, members)
        hi = np.searchsorted(patient, members, side="right")
        size = hi - lo
        owner = np.repeat(np.arange(len(members)), size)
        at = np.arange(len(owner)) - np.repeat(np.cumsum(size) - size, size) + lo[owner]
        return owner, attribute[at]

    def shared_by(self, members: Ints) -> bool:
        """Whether any two of sorted `members` hold the same attribute."""
        return bool(any_twice(*self.by_patient, members))

    def holders(self, attribute: int) -> Ints:
        """Who has this attribute."""
        return self.patient[self.starts[attribute] : self.starts[attribute + 1]]

    def edges(self, patients: npt.NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
        """(a, b, attribute) for each two holders a < b of one attribute among `patients`, bool[P]."""
        kept = patients[self.patient]
        patient, attribute = self.patient[kept], self.attribute[kept]
        ahead = count_keys(attribute, len(self))[attribute + 1] - np.arange(len(patient)) - 1
        first = np.repeat(np.arange(len(patient)), ahead)
        before = np.cumsum(ahead) - ahead
        second = first + 1 + np.arange(len(first)) - before[first]
        a, b = patient[first], patient[second]
        return np.minimum(a, b), np.maximum(a, b), attribute[first]


@compiled
def any_twice(patient: Any, attribute: Any, members: Any) -> bool:
    """Whether an attribute stands with two of the members; `patient` is sorted and has an attribute once."""
    first = np.searchsorted(patient, members)
    size = 0
    for k in range(len(members)):
        row = first[k]
        while row < len(patient) and patient[row] == members[k]:
            row += 1
        size += row - first[k]
    held, used = np.empty(size, attribute.dtype), 0
    for k in range(len(members)):
        row = first[k]
        while row < len(patient) and patient[row] == members[k]:
            held[used] = attribute[row]
            used += 1
            row += 1
    held.sort()
    return bool((held[1:] == held[:-1]).any())
