"""What became of each ring since the scan before: ids carried on by overlap of members."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from graph.errors import NoScan
from graph.ids import Prefix, blind_id
from graph.results import Run, Scan, latest_scan
from graph.scan.assemble import Draft
from graph.scan.grading import Graded
from graph.scan.names import Names
from graph.schema import DISSOLVED, SCAN_TABLES, RingState

JACCARD = 0.5
CONTAINED = 0.8
LEFT = 0.5
"""Share of the common members that the heir must have lost before a second ring is a split of the old one."""


@dataclass(frozen=True)
class Body:
    """The blind ids a ring is made of."""

    patients: frozenset[str] = frozenset()
    practitioners: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    @property
    def members(self) -> frozenset[str]:
        """What overlap is measured on: patients; without them practitioners and places."""
        return self.patients or self.practitioners | self.places

    @property
    def anchors(self) -> frozenset[str]:
        """At least one of these must be common: two doctors of one clinic are not one ring."""
        return self.patients or self.practitioners or self.places


@dataclass(frozen=True)
class Before:
    """The rings of the scan before by id, and every ring id used up to then; `scan` None at first."""

    scan: str | None = None
    rings: Mapping[str, Body] = field(default_factory=dict)
    used: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fate:
    """A row of `lineage`: a ring, its state, the rings before that it comes from, overlap with the first (Jaccard)."""

    ring: str
    state: str
    previous: tuple[str, ...] = ()
    overlap: float = 0.0


@dataclass(frozen=True)
class Lineage:
    """One fate per ring of this scan, in the order given, and the rings before that have no successor."""

    fates: tuple[Fate, ...]
    dissolved: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Rings by state, for run.json; every state is there."""
        seen = Counter(fate.state for fate in self.fates)
        return {state: seen[state] for state in RingState} | {DISSOLVED: len(self.dissolved)}

    @property
    def table(self) -> pa.Table:
        """`lineage` as an Arrow table."""
        gone = [Fate(ring, DISSOLVED, (ring,)) for ring in self.dissolved]
        rows = [{**vars(f), "previous": list(f.previous)} for f in (*self.fates, *gone)]
        return pa.Table.from_pylist(rows, SCAN_TABLES["lineage"].arrow)


@dataclass(frozen=True)
class _Link:
    """A ring before (`old`, its id) and one of now (`new`, its number) that overlap enough."""

    old: str
    new: int
    shared: frozenset[str]
    jaccard: float


def carry(before: Before, found: Sequence[Body], codes: Sequence[str], key: bytes) -> Lineage:
    """Give each ring its id: that of the ring before it overlaps best, or a fresh one.

    A link needs Jaccard ≥ 0.5, or one ring ≥ 0.8 inside the other. The best link goes first, and an id goes to one
    ring. Where one becomes several, the largest keeps the id and all are `split`; where several become one, it
    keeps the id of the largest and is `merged`. `codes` say what is peculiar to each ring; a fresh id is their
    blind id under `key`, never one used before. Deterministic in its arguments.
    """
    links = _links(before.rings, found)
    heir: dict[str, int] = {}
    origin: dict[int, _Link] = {}
    for link in links:
        if link.old not in heir and link.new not in origin:
            heir[link.old], origin[link.new] = link.new, link
    merged = _merged(links, heir)
    came = _came_from(links, origin)
    split = {
        new: link.old
        for new, link in came.items()
        if len(link.shared - found[heir[link.old]].members) >= LEFT * len(link.shared)
    }
    parted = set(split.values())
    taken = set(before.used) | set(before.rings)
    fates = []
    for new, body in enumerate(found):
        own = origin.get(new)
        if own is None:
            ring = _fresh(key, codes[new], taken)
            taken.add(ring)
            state = RingState.SPLIT if new in split else RingState.NEW
            own = came.get(new)
            previous = (own.old,) if own else ()
        else:
            ring, previous = own.old, (own.old, *merged.get(new, ()))
            state = _change(before.rings[own.old], body)
            state = RingState.SPLIT if own.old in parted else state
            state = RingState.MERGED if new in merged else state
        fates.append(Fate(ring, state, previous, own.jaccard if own else 0.0))
    gone = before.rings.keys() - heir.keys() - {old for olds in merged.values() for old in olds}
    return Lineage(tuple(fates), tuple(sorted(gone)))


def _links(before: Mapping[str, Body], found: Sequence[Body]) -> list[_Link]:
    """All links, the best first: by Jaccard, then members in common, then id and number."""
    holders: dict[str, list[str]] = defaultdict(list)
    for old, body in before.items():
        for anchor in body.anchors:
            holders[anchor].append(old)
    links = []
    for new, body in enumerate(found):
        for old in {old for anchor in body.anchors for old in holders.get(anchor, ())}:
            shared = body.members & before[old].members
            sizes = len(body.members), len(before[old].members)
            jaccard = len(shared) / (sum(sizes) - len(shared))
            if jaccard >= JACCARD or len(shared) / min(sizes) >= CONTAINED:
                links.append(_Link(old, new, shared, jaccard))
    return sorted(links, key=lambda k: (-k.jaccard, -len(k.shared), k.old, k.new))


def _merged(links: Sequence[_Link], heir: Collection[str]) -> dict[int, list[str]]:
    """The rings without an heir of their own, by the ring they overlap best, larger overlaps first."""
    best: dict[str, _Link] = {}
    for link in links:
        if link.old not in heir:
            best.setdefault(link.old, link)
    merged: dict[int, list[str]] = defaultdict(list)
    for link in sorted(best.values(), key=lambda k: (-len(k.shared), k.old)):
        merged[link.new].append(link.old)
    return dict(merged)


def _came_from(links: Sequence[_Link], origin: Collection[int]) -> dict[int, _Link]:
    """The best link of each ring that took over no id."""
    best: dict[int, _Link] = {}
    for link in links:
        if link.new not in origin:
            best.setdefault(link.new, link)
    return best


def _change(old: Body, new: Body) -> RingState:
    gained, lost = len(new.members - old.members), len(old.members - new.members)
    if gained == lost:
        return RingState.SAME
    return RingState.GROWN if gained > lost else RingState.SHRUNK


def _fresh(key: bytes, code: str, taken: Collection[str]) -> str:
    ring = blind_id(key, Prefix.RING, code)
    while ring in taken:
        code += "+"
        ring = blind_id(key, Prefix.RING, code)
    return ring


def follow(
    graded: Sequence[Graded], names: Names, before: Before, key: bytes
) -> tuple[list[Graded], Lineage]:
    """The graded drafts with their ring ids and states, and the lineage of them all."""
    bodies = [_body(item.draft, names) for item in graded]
    codes = [_code(item.draft, names) for item in graded]
    lineage = carry(before, bodies, codes, key)
    named = [
        replace(item, ring=fate.ring, state=RingState(fate.state))
        for item, fate in zip(graded, lineage.fates, strict=True)
    ]
    return named, lineage


def _body(draft: Draft, names: Names) -> Body:
    return Body(
        frozenset(names.patient[k] for k in draft.patients.tolist()),
        frozenset(names.practitioner[k] for k in draft.practitioners),
        frozenset(names.place[k] for k in draft.places),
    )


def _code(draft: Draft, names: Names) -> str:
    parts = sorted(names.patient[k] for k in draft.core.tolist())
    parts = parts or sorted(names.practitioner[k] for k in draft.practitioners)
    parts = parts or sorted(names.place[k] for k in draft.places)
    return f"{draft.motifs[0]}|{'|'.join(parts)}"


def before_this(workspace: Path, run: Run) -> Before:
    """What `run`, about to be made, follows: the newest scan's rings.

    A scan of the same snapshot with the same seed, parameters and version is only repeated by `run`, so that both
    follow the same scan and say the same, byte for byte.
    """
    try:
        scan: Scan | None = latest_scan(workspace)
    except NoScan:
        return Before()
    while scan is not None and _repeated(scan.run, run):
        parent = scan.run.parent
        if parent is not None and not _finished(workspace, parent):
            break
        scan = None if parent is None else Scan(workspace / "scans" / parent)
    if scan is None:
        return Before()
    used = set(bodies_of(scan))
    older = scan.run.parent
    while older is not None and _finished(workspace, older):
        ancestor = Scan(workspace / "scans" / older)
        used |= set(pq.read_table(ancestor.file("rings"), columns=["ring"])["ring"].to_pylist())
        older = ancestor.run.parent
    return Before(scan.id, bodies_of(scan), frozenset(used))


def _finished(workspace: Path, scan: str) -> bool:
    return (workspace / "scans" / scan / "run.json").exists()


def _repeated(earlier: Run, run: Run) -> bool:
    def facts(one: Run) -> tuple[Any, ...]:
        return one.snapshot, one.seed, dict(one.parameters), one.version

    return facts(earlier) == facts(run)


def bodies_of(scan: Scan) -> dict[str, Body]:
    """The rings of `scan` by id, in the order of their rank."""
    parts: dict[str, dict[str, set[str]]] = {}
    for ring in pq.read_table(scan.file("rings"), columns=["ring"])["ring"].to_pylist():
        parts[ring] = {"patient": set(), "practitioner": set(), "place": set()}
    for row in pq.read_table(scan.file("members"), columns=["ring", "kind", "id"]).to_pylist():
        kind = row["kind"] if row["kind"] in ("patient", "practitioner") else "place"
        parts[row["ring"]][kind].add(row["id"])
    return {
        ring: Body(*(frozenset(part[kind]) for kind in ("patient", "practitioner", "place")))
        for ring, part in parts.items()
    }
