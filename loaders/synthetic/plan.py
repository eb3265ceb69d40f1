"""What is planted: visits, receipts, filings, penalties, and the truth about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from loaders.synthetic.codes import Array
from loaders.synthetic.settings import RingKind, TwinKind
from loaders.synthetic.world import Planted


@dataclass(frozen=True, slots=True)
class Receipt:
    """A paper receipt handed in; `agent` is a patient or practitioner-less outsider's serial."""

    patient: int
    invoice: int
    place_name: str
    place: int
    begin: int
    end: int
    fee: int
    fund: int
    agent_name: str
    agent_certno: str
    agent_phone: int
    account: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Filing:
    """An 异地备案 filing."""

    patient: int
    district: int
    begin: int
    end: int
    agent_name: str
    agent_certno: str
    agent_phone: int


@dataclass(frozen=True, slots=True)
class Penalty:
    """A decision against a place, with the practitioners named in it: (practitioner, duty, points)."""

    place: int
    day: int
    kind: str
    measure: str
    article: str
    begin: int
    end: int
    amount: int
    duties: tuple[tuple[int, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Tip:
    """A report from outside: day, channel, (kind, number) of the target, content."""

    day: int
    channel: str
    target_kind: str
    target: int
    content: str


@dataclass(slots=True)
class Plan:
    """Collects everything planted; `kin` are extra pairs for the 家庭共济 table."""

    planted: list[Planted] = field(default_factory=list)
    pieces: list[Array] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    penalties: list[Penalty] = field(default_factory=list)
    tips: list[Tip] = field(default_factory=list)
    kin: list[tuple[int, int]] = field(default_factory=list)
    boxes: int = 0

    def fresh_boxes(self, count: int) -> Array:
        """Numbers of drug boxes nobody else sells."""
        self.boxes += count
        return np.arange(self.boxes - count, self.boxes, dtype=np.int64)

    def record(
        self,
        kind: RingKind | TwinKind,
        rows: list[Array],
        *,
        members: Array | list[int] | None = None,
        professionals: Array | list[int] | tuple[int, ...] = (),
        places: Array | list[int] | tuple[int, ...] | None = None,
        amount: int = 0,
        facts: Mapping[str, float] | None = None,
        ordinary: list[Array] | None = None,
    ) -> None:
        """Plant rows and say what they are; `ordinary` rows are planted but not part of the amount.

        Members and places default to those of the rows.
        """
        both = np.concatenate(rows) if rows else None
        self.pieces += rows + (ordinary or [])
        if both is not None:
            amount += int(both["fund"].sum())
            members = np.unique(both["patient"]) if members is None else members
            places = np.unique(both["place"]) if places is None else places
        self.planted.append(
            Planted(
                kind,
                _numbers(members),
                _numbers(professionals),
                _numbers(places),
                amount,
                dict(facts or {}),
            )
        )

    def visits(self) -> Array:
        """All planted rows, by settlement time."""
        rows = np.concatenate(self.pieces)
        return np.asarray(rows[np.argsort(rows["settle"], kind="stable")])


def _numbers(values: Array | list[int] | tuple[int, ...] | None) -> tuple[int, ...]:
    return () if values is None else tuple(sorted({int(v) for v in values}))
