"""What a case is: where it came from, where it stands, what was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from casework.steps import Status

if TYPE_CHECKING:
    from graph.results import RingRow


class Outcome(StrEnum):
    """What a closed case found; the words of the scan, which learns from them."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    DATA_ERROR = "data_error"
    LEGITIMATE = "legitimate"
    INCONCLUSIVE = "inconclusive"


class Origin(StrEnum):
    """What a case was opened from."""

    RING = "ring"
    TIP = "tip"
    PENALTY = "penalty"
    BUREAU = "bureau"
    WATCH = "watch"
    HAND = "hand"


@dataclass(frozen=True)
class Source:
    """What a case is opened from: `id` names the ring, tip, document or letter; `facts` is kept as it is."""

    origin: Origin
    id: str | None = None
    facts: Mapping[str, Any] | None = None

    @classmethod
    def of_ring(cls, ring: "RingRow") -> Self:
        """A ring of a scan, with what the scan learns from when the case is closed."""
        facts = {"motifs": ring.motifs, "evidence": ring.evidence, "weakened": ring.weakened}
        return cls(Origin.RING, ring.ring, facts)


@dataclass(frozen=True)
class Case:
    """A case as it stands. `area` is a 区划 code, `closure` the proposal its closing rests on."""

    no: int
    id: str
    title: str
    source: Source
    area: str
    status: Status
    outcome: Outcome | None
    closure: int | None
    assignee: str | None
    opened_by: str
    opened_at: datetime
    changed_at: datetime
    snoozed_until: date | None
    merged_into: str | None


@dataclass(frozen=True)
class Queue:
    """Cases of a queue, the one longest untouched first, of `total` that match."""

    cases: tuple[Case, ...]
    total: int
