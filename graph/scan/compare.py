"""Two finished scans beside each other: what became of each ring of the earlier one, and what is new."""

from collections.abc import Mapping
from dataclasses import dataclass

from graph.results import Scan
from graph.scan.lineage import Before, bodies_of, carry
from graph.schema import DISSOLVED


@dataclass(frozen=True)
class Change:
    """A ring of the later scan with those of the earlier it comes from; `ring` None where one dissolved.

    `overlap` is the Jaccard overlap of members with the first of `previous`, 0 where there is none.
    """

    ring: str | None
    state: str
    previous: tuple[str, ...] = ()
    overlap: float = 0.0


@dataclass(frozen=True)
class Comparison:
    """The changes by rank in the later scan, dissolved rings last; `carried` where the later scan recorded them itself."""

    changes: tuple[Change, ...]
    carried: bool


def compare(earlier: Scan, later: Scan) -> Comparison:
    """What became of the rings of `earlier` in `later`.

    Where `later` follows `earlier` its own lineage says so; else rings are matched by members as a scan would.
    """
    lineage = later.lineage.to_pylist()
    if later.run.parent == earlier.id and lineage:
        found = (
            Change(
                None if row["state"] == DISSOLVED else row["ring"],
                row["state"],
                tuple(row["previous"] or ()),
                row["overlap"],
            )
            for row in lineage
        )
        return Comparison(tuple(found), carried=True)
    old, new = bodies_of(earlier), bodies_of(later)
    rings = list(new)
    fates = carry(Before(earlier.id, old), [new[ring] for ring in rings], rings, b"")
    changes = [
        Change(ring, fate.state, fate.previous, fate.overlap)
        for ring, fate in zip(rings, fates.fates, strict=True)
    ]
    changes += [Change(None, DISSOLVED, (ring,)) for ring in fates.dissolved]
    return Comparison(tuple(changes), carried=False)


def by_state(comparison: Comparison) -> Mapping[str, int]:
    """How many changes there are of each state."""
    counted: dict[str, int] = {}
    for change in comparison.changes:
        counted[change.state] = counted.get(change.state, 0) + 1
    return counted
