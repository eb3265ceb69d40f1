"""The rows of evidence that candidates bring along, made once for all: they depend on no ring, only their order does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Self

import numpy as np
import pyarrow as pa

from graph.scan.assemble import Draft
from graph.scan.candidates import Candidate, Event
from graph.scan.notes import Row, notes
from graph.scan.sentences import EVENT_EN, EVENT_ZH
from graph.schema import SCAN_TABLES

MOST_EVENTS = 500
"""Evidence rows kept per ring; the sentence's counts are of all."""
OWN = ("ring", "no")
"""The columns of `evidence` that a ring gives."""
SCHEMA = pa.schema([field for field in SCAN_TABLES["evidence"].arrow if field.name not in OWN])


@dataclass(frozen=True)
class Told:
    """`rows`: the columns of `evidence` but `OWN`, each candidate's first events before its notes. `bounds` by the candidate's
    identity: its first row, its first note, its end."""

    rows: pa.Table
    bounds: Mapping[int, tuple[int, int, int]]

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> Self:
        """What these tell."""
        rows: list[Row] = []
        bounds = {}
        for candidate in candidates:
            first = len(rows)
            rows.extend(_dated(candidate.motif, event) for event in candidate.events[:MOST_EVENTS])
            note = len(rows)
            rows.extend(notes(candidate))
            bounds[id(candidate)] = first, note, len(rows)
        return cls(table(SCHEMA, rows), bounds)

    @classmethod
    def together(cls, parts: Sequence[Self]) -> Self:
        """What all of these tell."""
        firsts = np.cumsum([0, *(len(part.rows) for part in parts)]).tolist()
        bounds = {
            one: (first + at, first + note, first + end)
            for first, part in zip(firsts, parts, strict=False)
            for one, (at, note, end) in part.bounds.items()
        }
        return cls(pa.concat_tables([table(SCHEMA, ()), *(part.rows for part in parts)]), bounds)

    def events(self, candidate: Candidate) -> Iterable[tuple[int, Event]]:
        """The events told of a candidate, each with its row."""
        return enumerate(candidate.events[:MOST_EVENTS], self.bounds[id(candidate)][0])

    def by(self, draft: Draft) -> list[int]:
        """The rows of one draft: its first events, then the notes."""
        bounds = [self.bounds[id(c)] for c in draft.candidates]
        events = chain.from_iterable(range(first, note) for first, note, _ in bounds)
        texts = chain.from_iterable(range(note, end) for _, note, end in bounds)
        return [*islice(events, MOST_EVENTS), *texts]


def table(schema: pa.Schema, rows: Sequence[Row]) -> pa.Table:
    """Rows with a value for each column of `schema`, in its order."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    arrays = [pa.array(c, field.type) for c, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _dated(motif: str, event: Event) -> Row:
    minutes = None
    if event.at and event.until:
        minutes = int((event.until - event.at).total_seconds() // 60)
    words = _worded(event.kind, len(event.patients), minutes, tuple(event.facts.items()))
    return (
        motif, event.kind, event.at, event.until, event.place, event.patients, event.rows,
        event.fund, *words,
    )  # fmt: skip


@lru_cache(maxsize=1 << 14)
def _worded(
    kind: str, n: int, minutes: int | None, facts: tuple[tuple[str, object], ...]
) -> tuple[str, str]:
    """An event's note in Chinese and English: many events differ in nothing that is told."""
    told: dict[str, object] = {**dict(facts), "n": n}
    if minutes is not None:
        told["minutes"] = minutes
    return EVENT_ZH[kind].format_map(told), EVENT_EN[kind].format_map(told)
