"""Rings as rows: money counted once, members with roles, dated evidence with its source rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from graph.scan.candidates import Event
from graph.scan.diversity import spread
from graph.scan.grading import Graded
from graph.scan.names import Names
from graph.scan.notes import note, notes
from graph.scan.sentences import EVENT_EN, EVENT_ZH, sentence
from graph.scan.world import World
from graph.schema import SCAN_TABLES

MOST_EVENTS = 500
"""Evidence rows kept per ring; the sentence's counts are of all."""
IGNORED = "ignored"
"""The kind of the row that says why people set a ring aside."""
GRADE_ORDER = {"A": 0, "B": 1, "C": 2}


@dataclass(frozen=True)
class Ranked:
    """A graded draft with its money: `fund` of its distinct evidence rows, `recoverable` not yet claimed above."""

    graded: Graded
    rows: frozenset[str]
    fund: int
    recoverable: int


def rank(graded: Sequence[Graded], funds: Mapping[str, int] | None = None) -> list[Ranked]:
    """By grade, then expected recoverable money, few of one institution first; each source row's money goes to the first ring that
    has it.

    `funds` gives the fen of each source row; without it an event's fund counts for its first row.
    """

    money = [_money(g, funds) for g in graded]

    def expected(i: int) -> tuple[int, float, float, list[int], tuple[int, ...]]:
        g = graded[i]
        d = g.draft
        value = -g.probability * (sum(money[i].values()) + 1)
        return GRADE_ORDER[g.grade], value, -d.evidence, d.patients.tolist(), d.practitioners

    claimed: set[str] = set()
    ranked = []
    for i in spread(graded, sorted(range(len(graded)), key=expected)):
        fresh = sum(fund for row, fund in money[i].items() if row not in claimed)
        claimed.update(money[i])
        ranked.append(Ranked(graded[i], frozenset(money[i]), sum(money[i].values()), fresh))
    return ranked


def _money(graded: Graded, funds: Mapping[str, int] | None) -> dict[str, int]:
    events = [e for c in graded.draft.candidates for e in c.events]
    if funds is not None:
        return {row: funds.get(row, 0) for event in events for row in event.rows}
    found: dict[str, int] = {}
    for event in events:
        for i, row in enumerate(event.rows):
            found[row] = max(found.get(row, 0), event.fund if i == 0 else 0)
    return found


def tables(world: World, ranked: Sequence[Ranked], names: Names) -> dict[str, pa.Table]:
    """`rings`, `members` and `evidence` as Arrow tables, under the ring ids the drafts were given."""
    rings: list[dict[str, Any]] = []
    members: list[dict[str, Any]] = []
    evidence: list[dict[str, Any]] = []
    for position, item in enumerate(ranked, 1):
        ring = item.graded.ring
        found = _members(item, ring, names)
        rings.append(_ring(world, item, ring, position, found))
        members.extend(found)
        evidence.extend(_evidence(item, ring))
    return {
        "rings": pa.Table.from_pylist(rings, SCAN_TABLES["rings"].arrow),
        "members": pa.Table.from_pylist(members, SCAN_TABLES["members"].arrow),
        "evidence": pa.Table.from_pylist(evidence, SCAN_TABLES["evidence"].arrow),
    }


def _members(item: Ranked, ring: str, names: Names) -> list[dict[str, Any]]:
    draft = item.graded.draft
    visits: dict[int, int] = defaultdict(int)
    fund: dict[int, int] = defaultdict(int)
    for candidate in draft.candidates:
        for event in candidate.events:
            for patient in event.patients:
                visits[patient] += 1
                fund[patient] += event.fund // len(event.patients)
    core = set(draft.core.tolist())
    alone = len(draft.patients) == 0

    def row(kind: str, k: int, id_: str, role: str, is_core: bool) -> dict[str, Any]:
        patient = kind == "patient"
        return {
            "ring": ring, "kind": kind, "key": k, "id": id_, "role": role, "core": is_core,
            "visits": visits[k] if patient else 0, "fund": fund[k] if patient else 0, "note": None,
        }  # fmt: skip

    hubs = {int(str(c.facts["hub"])) for c in draft.candidates if "hub" in c.facts}
    found = [
        row("patient", k, names.patient[k], "hub" if k in hubs else "member", k in core)
        for k in draft.patients.tolist()
    ]
    for k in draft.practitioners:
        role = names.profession[k] or "practitioner"
        found.append(row("practitioner", k, names.practitioner[k], role, alone))
    for k in draft.places:
        found.append(row(names.place_kind[k], k, names.place[k], "place", False))
    return found


def _ring(
    world: World, item: Ranked, ring: str, position: int, members: list[dict[str, Any]]
) -> dict[str, Any]:
    draft = item.graded.draft
    times = [e.at for c in draft.candidates for e in c.events if e.at is not None]
    zh, en = sentence(draft.candidates[0])
    kinds = [m["kind"] for m in members]
    places = np.array(draft.places, dtype=np.int64)
    provinces = sorted({str(p)[:2] for p in world.district[places].tolist() if p})
    return {
        "ring": ring, "rank": position, "score": round(item.graded.probability, 6), "grade": item.graded.grade,
        "motifs": list(draft.motifs), "patients": kinds.count("patient"),
        "practitioners": kinds.count("practitioner"), "places": len(draft.places),
        "visits": len(item.rows), "total": item.fund, "fund": item.fund, "recoverable": item.recoverable,
        "first": min(times, default=None), "last": max(times, default=None),
        "sentence_zh": zh, "sentence_en": en, "regions": provinces, "state": item.graded.state,
        "evidence": round(draft.evidence, 6), "weakened": item.graded.weakened,
    }  # fmt: skip


def _evidence(item: Ranked, ring: str) -> list[dict[str, Any]]:
    found = []
    events = [(c, e) for c in item.graded.draft.candidates for e in c.events]
    for no, (candidate, event) in enumerate(events[:MOST_EVENTS], 1):
        zh, en = _notes(event)
        found.append({
            "ring": ring, "no": no, "motif": candidate.motif, "kind": event.kind, "at": event.at,
            "until": event.until, "place": event.place, "members": list(event.patients),
            "rows": list(event.rows), "fund": event.fund, "note_zh": zh, "note_en": en,
        })  # fmt: skip
    for candidate in item.graded.draft.candidates:
        found.extend(notes(candidate, ring, len(found) + 1))
    if item.graded.note:
        motif = item.graded.draft.motifs[0]
        found.append(note(ring, len(found) + 1, motif, IGNORED, *item.graded.note))
    return found


def _notes(event: Event) -> tuple[str, str]:
    facts: dict[str, object] = {**event.facts, "n": len(event.patients)}
    if event.at and event.until:
        facts["minutes"] = int((event.until - event.at).total_seconds() // 60)
    return (
        EVENT_ZH[event.kind].format_map(facts),
        EVENT_EN[event.kind].format_map(facts),
    )
