"""Rings as rows: money counted once, members with roles, dated evidence with its source rows."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.scan.candidates import Event
from graph.scan.diversity import spread
from graph.scan.grading import Graded
from graph.scan.holdings import holdings
from graph.scan.names import Names
from graph.scan.notes import Row, note
from graph.scan.sentences import sentence
from graph.scan.sources import Cited
from graph.scan.told import Told, table
from graph.scan.world import World
from graph.schema import SCAN_TABLES

IGNORED = "ignored"
"""The kind of the row that says why people set a ring aside."""
GRADE_ORDER = {"A": 0, "B": 1, "C": 2}


Longs = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Ranked:
    """A graded draft with its money: how many distinct rows its evidence names, their `fund`, `recoverable` not yet claimed above."""

    graded: Graded
    rows: int
    fund: int
    recoverable: int


def rank(
    graded: Sequence[Graded], cited: Cited | None = None, fund: Longs | None = None
) -> list[Ranked]:
    """By grade, then expected recoverable money, few of one institution first; each source row's money goes to the first ring that
    has it.

    `cited` are the source rows of each and `fund` the fen of each row; without them an event's fund counts for its first row.
    """
    if cited is None or fund is None:
        cited, fund = _told(graded)
    until = np.concatenate(([0], np.cumsum(fund[cited.rows])))[cited.offsets]
    money = np.diff(until).tolist()

    def expected(i: int) -> tuple[int, float, float, list[int], tuple[int, ...]]:
        g = graded[i]
        d = g.draft
        value = -g.probability * (money[i] + 1)
        return GRADE_ORDER[g.grade], value, -d.evidence, d.patients.tolist(), d.practitioners

    claimed = np.zeros(len(fund), dtype=np.bool_)
    bounds = cited.offsets.tolist()
    ranked = []
    for i in spread(graded, sorted(range(len(graded)), key=expected)):
        rows = cited.rows[bounds[i] : bounds[i + 1]]
        fresh = int(fund[rows[~claimed[rows]]].sum())
        claimed[rows] = True
        ranked.append(Ranked(graded[i], len(rows), money[i], fresh))
    return ranked


def _told(graded: Sequence[Graded]) -> tuple[Cited, Longs]:
    """The source rows and their fen as far as events tell them."""
    fund: dict[str, int] = {}
    for event in (e for g in graded for c in g.draft.candidates for e in c.events):
        for i, row in enumerate(event.rows):
            fund[row] = max(fund.get(row, 0), 0 if i else event.fund)
    number = {row: n for n, row in enumerate(fund)}
    rows = [
        [
            np.array([number[row] for row in e.rows], np.int32)
            for c in g.draft.candidates
            for e in c.events
        ]
        for g in graded
    ]
    return Cited.of(rows), np.fromiter(fund.values(), np.int64, len(fund))


def tables(world: World, ranked: Sequence[Ranked], names: Names, told: Told) -> dict[str, pa.Table]:
    """`rings`, `members` and `evidence` as Arrow tables, under the ring ids the drafts were given; `told` by all their candidates."""
    rings: list[Row] = []
    members: list[Row] = []
    held = holdings(world, [item.graded.draft for item in ranked], told)
    with ThreadPoolExecutor(1) as beside:
        evidence = beside.submit(_evidence, ranked, told, held)
        for position, item in enumerate(ranked, 1):
            ring = item.graded.ring
            found = _members(item, ring, names)
            rings.append(tuple(_ring(world, item, ring, position, found).values()))
            members.extend(found)
        return {
            "rings": table(SCAN_TABLES["rings"].arrow, rings),
            "members": table(SCAN_TABLES["members"].arrow, members),
            "evidence": evidence.result(),
        }


def _evidence(ranked: Sequence[Ranked], told: Told, held: Mapping[int, list[str]]) -> pa.Table:
    """The rows told of each ring, and why people set it aside, numbered from 1; `held` are source rows by row of `told`."""
    added: list[Row] = []
    parts: list[list[int]] = []
    for item in ranked:
        parts.append(told.by(item.graded.draft))
        for at, number in enumerate(parts[-1]):
            if number in held:
                parts[-1][at] = len(told.rows) + len(added)
                row = told.rows.slice(number, 1).to_pylist()[0]
                added.append(tuple((row | {"rows": held[number]}).values()))
        if item.graded.note:
            parts[-1].append(len(told.rows) + len(added))
            added.append(note(item.graded.draft.motifs[0], IGNORED, *item.graded.note))
    sizes = [len(part) for part in parts]
    rows = pa.concat_tables([told.rows, table(told.rows.schema, added)]).combine_chunks()
    rings = pa.array([item.graded.ring for item in ranked], pa.string())
    own = {
        "ring": rings.take(pa.array(np.repeat(np.arange(len(parts)), sizes))),
        "no": pa.array(chain.from_iterable(range(1, size + 1) for size in sizes), pa.int32()),
    }
    taken = rows.take(pa.array(chain.from_iterable(parts), pa.int64()))
    schema = SCAN_TABLES["evidence"].arrow
    return pa.table({**own, **dict(zip(taken.schema.names, taken.columns, strict=True))}, schema)


def _members(item: Ranked, ring: str, names: Names) -> list[Row]:
    """ring, kind, key, id, role, core, visits, fund, note of each patient, practitioner and place."""
    draft = item.graded.draft
    visits, fund = _shares([e for c in draft.candidates for e in c.events])
    core = set(draft.core.tolist())
    alone = len(draft.patients) == 0

    hubs = {int(str(c.facts["hub"])) for c in draft.candidates if "hub" in c.facts}
    found: list[Row] = [
        (
            ring, "patient", k, names.patient[k], "hub" if k in hubs else "member", k in core,
            visits.get(k, 0), fund.get(k, 0), None,
        )
        for k in draft.patients.tolist()
    ]  # fmt: skip
    for k in draft.practitioners:
        role = names.profession[k] or "practitioner"
        found.append((ring, "practitioner", k, names.practitioner[k], role, alone, 0, 0, None))
    for k in draft.places:
        found.append((ring, names.place_kind[k], k, names.place[k], "place", False, 0, 0, None))
    return found


def _shares(events: Sequence[Event]) -> tuple[dict[int, int], dict[int, int]]:
    """By patient, how many events have them, and their equal shares of the events' money."""
    size = np.array([len(e.patients) for e in events], dtype=np.int64)
    money = np.array([e.fund for e in events], dtype=np.int64)
    who = np.fromiter(chain.from_iterable(e.patients for e in events), np.int64, int(size.sum()))
    people, of = np.unique(who, return_inverse=True)
    share = np.zeros(len(people), dtype=np.int64)
    np.add.at(share, of, np.repeat(money // np.maximum(size, 1), size))
    visits = np.bincount(of, minlength=len(people))
    each = people.tolist()
    return (
        dict(zip(each, visits.tolist(), strict=True)), dict(zip(each, share.tolist(), strict=True))
    )  # fmt: skip


def _ring(
    world: World, item: Ranked, ring: str, position: int, members: Sequence[Row]
) -> dict[str, Any]:
    draft = item.graded.draft
    times = [e.at for c in draft.candidates for e in c.events if e.at is not None]
    zh, en = sentence(draft.candidates[0])
    kinds = [kind for _, kind, *_ in members]
    places = np.array(draft.places, dtype=np.int64)
    provinces = sorted({str(p)[:2] for p in world.district[places].tolist() if p})
    return {
        "ring": ring, "rank": position, "score": round(item.graded.probability, 6), "grade": item.graded.grade,
        "motifs": list(draft.motifs), "patients": kinds.count("patient"),
        "practitioners": kinds.count("practitioner"), "places": len(draft.places),
        "visits": item.rows, "total": item.fund, "fund": item.fund, "recoverable": item.recoverable,
        "first": min(times, default=None), "last": max(times, default=None),
        "sentence_zh": zh, "sentence_en": en, "regions": provinces, "state": item.graded.state,
        "evidence": round(draft.evidence, 6), "weakened": item.graded.weakened,
    }  # fmt: skip
