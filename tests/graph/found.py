"""What a scan of a built world found, as sets of keys."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from graph.results import Scan
from graph.scan.run import run_scan
from tests.graph.worlds import WorldBuilder

NOW = datetime(2026, 1, 2, 8)


@dataclass(frozen=True)
class Found:
    """A ring: its grade, its motifs, and the keys of its members by kind."""

    ring: str
    rank: int
    grade: str
    motifs: tuple[str, ...]
    patients: frozenset[int]
    practitioners: frozenset[int]
    places: frozenset[int]


@dataclass(frozen=True)
class Scanned:
    """A finished scan and its rings."""

    workspace: Path
    scan: Scan
    rings: tuple[Found, ...]

    def of(self, motif: str, grades: str = "AB") -> list[Found]:
        """The rings of these grades in which `motif` had a part."""
        return [r for r in self.rings if motif in r.motifs and r.grade in grades]

    def touching(self, keys: set[int] | frozenset[int], grades: str = "AB") -> list[Found]:
        """The rings of these grades with at least two of these patients."""
        return [r for r in self.rings if len(r.patients & keys) >= 2 and r.grade in grades]


def scanned(builder: WorldBuilder, tmp_path: Path, only: tuple[str, ...] | None = None) -> Scanned:
    """Write the world, scan it, read the rings."""
    return scan_of(builder.write(tmp_path, only))


def scan_of(workspace: Path, now: datetime = NOW) -> Scanned:
    """Scan the live snapshot of `workspace` and read the rings."""
    return read(workspace, run_scan(workspace, seed=1, now=now))


def read(workspace: Path, scan: Scan) -> Scanned:
    """The rings of a finished scan."""
    members = scan.all_members()

    def keys(ring: str, *kinds: str) -> frozenset[int]:
        return frozenset(m.key for m in members.get(ring, ()) if m.kind in kinds)

    rings = tuple(
        Found(
            row.ring,
            row.rank,
            row.grade,
            tuple(row.motifs),
            keys(row.ring, "patient"),
            keys(row.ring, "practitioner"),
            keys(row.ring, "facility", "pharmacy"),
        )
        for row in scan.rings(limit=None).items
    )
    return Scanned(workspace, scan, rings)


def jaccard(a: frozenset[int], b: set[int] | frozenset[int] | list[int]) -> float:
    """Overlap of two sets of keys; 0 where both are empty."""
    other = frozenset(b)
    return len(a & other) / len(a | other) if a | other else 0.0


def best(rings: list[Found], patients: set[int] | frozenset[int] | list[int]) -> float:
    """The best Jaccard overlap of any ring's patients with these."""
    return max((jaccard(r.patients, patients) for r in rings), default=0.0)
