"""What became of every row of a load, and what was noticed on the way."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class RowFates:
    """Rows of one table by fate; `read` is the sum of the other three."""

    read: int = 0
    kept: int = 0
    superseded: int = 0
    quarantined: int = 0


@dataclass(frozen=True)
class UnknownColumn:
    """A heading no column of the table answers to."""

    file: str
    column: str


@dataclass(frozen=True)
class UnknownValue:
    """A code the dictionary does not know, and how many rows have it."""

    table: str
    column: str
    value: str
    rows: int


@dataclass(frozen=True)
class Skipped:
    """A file that was not read, and why."""

    file: str
    why: str


@dataclass(frozen=True)
class Absent:
    """A table that was never loaded, and what cannot be done without it."""

    table: str
    switches_off: str


@dataclass(frozen=True)
class OutOfBounds:
    """A share or a count below what `loaders/sources/` expects."""

    table: str
    column: str | None
    measure: str
    value: float
    bound: float


@dataclass
class LoadReport:
    """One load. `load` is the snapshot it published, or None (dry run, nothing new).

    `warnings` counts kept rows by warning; `replaced` rows of earlier loads by newer ones of this.
    """

    load: str | None
    started: datetime
    seconds: float = 0.0
    dry_run: bool = False
    tables: dict[str, RowFates] = field(default_factory=dict)
    warnings: Counter[str] = field(default_factory=Counter)
    replaced: dict[str, int] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    unknown_columns: list[UnknownColumn] = field(default_factory=list)
    unknown_values: list[UnknownValue] = field(default_factory=list)
    out_of_bounds: list[OutOfBounds] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    not_tables: list[str] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    date_from: datetime | None = None
    date_to: datetime | None = None

    @property
    def published(self) -> bool:
        """Whether a new snapshot came of it."""
        return self.load is not None and not self.dry_run

    def to_json(self) -> dict[str, Any]:
        """The report as JSON knows it: times in ISO, counters as objects, most frequent first."""
        facts = asdict(self)
        facts["warnings"] = _ranked(self.warnings)
        facts["reasons"] = _ranked(self.reasons)
        for name in ("started", "date_from", "date_to"):
            moment = facts[name]
            facts[name] = moment.isoformat(timespec="seconds") if moment else None
        facts["seconds"] = round(self.seconds, 3)
        return facts


def _ranked(counts: Mapping[str, int]) -> dict[str, int]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {name: count for name, count in ranked if count}
