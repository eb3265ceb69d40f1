"""What a motif hands on: a group that may be a ring, why, and what innocent reason was tried."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.int32]

CAP = 50.0
"""No layer may add more than this to a ring's evidence (base-10 logarithm of a probability)."""
LEAD = 3.5
"""Most that evidence may say which is worth a look and makes no ring by itself: alone it stays at grade C."""


class Outcome(StrEnum):
    """What the data answer to one innocent explanation."""

    EXPLAINS = "explains"
    WEAKENS = "weakens"
    RULED_OUT = "ruled_out"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Explanation:
    """An innocent explanation and the data's answer; `numbers` holds the figures behind it."""

    name: str
    outcome: Outcome
    numbers: Mapping[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """One dated fact of a candidate.

    `kind` is gathering, token, receipt, stay, script, presence, sale, death_use …; `patients` are keys present;
    `rows` name source rows as `table:key`; `fund` is in fen.
    """

    kind: str
    at: datetime | None
    until: datetime | None = None
    place: int | None = None
    patients: tuple[int, ...] = ()
    rows: tuple[str, ...] = ()
    fund: int = 0
    facts: Mapping[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """The test repeated with one choice changed: what was then observed and expected, and log10 p."""

    name: str
    observed: int
    expected: float
    log10_p: float


@dataclass(frozen=True)
class Candidate:
    """A group one motif found.

    `surprise` is -log10 of the chance of such a pattern among independent people, after the search over
    all groups is allowed for (look-elsewhere); it is capped at `CAP`. `patients` is sorted and may be
    empty where the motif is about practitioners.
    """

    motif: str
    patients: Keys
    surprise: float
    practitioners: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    events: tuple[Event, ...] = ()
    facts: Mapping[str, float | int | str] = field(default_factory=dict)
    explanations: tuple[Explanation, ...] = ()
    checks: tuple[Check, ...] = ()
    minimal: tuple[int, ...] = ()
    """Numbers of the events that suffice by themselves."""
    core: Keys | None = None
    """Of the patients those who stay together however the group is sought; None where that was not tried."""
    same_fact: str = ""
    """Candidates of one draft that carry the same word here speak of one fact: the strongest counts, they do not add up."""

    @property
    def explained(self) -> bool:
        """Whether an innocent explanation covers the whole pattern."""
        return any(e.outcome is Outcome.EXPLAINS for e in self.explanations)


def keys(values: object) -> Keys:
    """`values` as a sorted array of distinct int32 keys."""
    return np.asarray(ascending(np.asarray(values, dtype=np.int32)))


def ascending(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The distinct values in order; for long arrays quicker than `np.unique`."""
    ordered = np.sort(values, axis=None)
    fresh = np.ones(len(ordered), dtype=np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return np.asarray(ordered[fresh])
