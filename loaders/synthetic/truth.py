"""The planted truth: a JSON file beside the world, for tests and benchmarks only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from loaders.synthetic.settings import RingKind, TwinKind


@dataclass(frozen=True, slots=True)
class TrueRing:
    """A planted ring in codes; `amount` is fund money in fen, `facts` how it was made."""

    ring: str
    kind: str
    members: tuple[str, ...]
    professionals: tuple[str, ...]
    places: tuple[str, ...]
    amount: int
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Honest people who look like a ring."""

    kind: str
    members: tuple[str, ...]
    professionals: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """All that was planted in the world of a seed."""

    seed: int
    visits: int
    rings: tuple[TrueRing, ...]
    look_alikes: tuple[LookAlike, ...]

    def kinds(self) -> set[str]:
        """Kinds of ring present."""
        return {ring.kind for ring in self.rings}


def truth_path(target: Path) -> Path:
    """Where the truth about a world lies by default: beside its folder, never inside."""
    return target.parent / f"{target.name}.truth.json"


def write_truth(path: Path, truth: Truth) -> None:
    """Write the truth; the same truth gives the same bytes."""
    content = {
        "seed": truth.seed,
        "visits": truth.visits,
        "rings": [asdict(ring) for ring in truth.rings],
        "look_alikes": [asdict(twin) for twin in truth.look_alikes],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_truth(path: Path) -> Truth:
    """Read what `write_truth` wrote; raises FileNotFoundError, KeyError or TypeError."""
    content = json.loads(path.read_text(encoding="utf-8"))
    names = ("members", "professionals", "places")
    rings = [{**ring, **{n: tuple(ring[n]) for n in names}} for ring in content["rings"]]
    twins = [{**twin, **{n: tuple(twin[n]) for n in names}} for twin in content["look_alikes"]]
    return Truth(
        int(content["seed"]),
        int(content["visits"]),
        tuple(TrueRing(**ring) for ring in rings),
        tuple(LookAlike(**twin) for twin in twins),
    )


ALL_RING_KINDS = tuple(kind.value for kind in RingKind)
ALL_LOOK_ALIKE_KINDS = tuple(kind.value for kind in TwinKind)
