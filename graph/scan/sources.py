"""The rows behind the evidence, read in one pass: where each settlement was made, who signed it, and the money."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.scan.assemble import Draft
from graph.scan.candidates import Candidate, ascending
from graph.scan.practice import posts
from graph.scan.world import World

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

SETTLEMENT = "setl_d:"
RECEIPT = "mnl_reim_d:"
EMPTY = """
CREATE TABLE settled (row INTEGER, place INTEGER, practitioner INTEGER, net_fund BIGINT)
"""
SETTLED = """
INSERT INTO settled
SELECT w.row, v.place, v.practitioner, v.net_fund FROM visits v JOIN wanted w ON v.setl_id = w.id
"""
SIGNED = (
    "CREATE TABLE signed AS SELECT place, practitioner, CAST(visits AS BIGINT) AS signed FROM posts"
)
RECEIPT_FUNDS = """
SELECT row, coalesce(nullif(fund, 0), medfee, 0) AS fund FROM mnl_reim_d JOIN wanted ON id = reim_id
"""
CITED = "cited"
"""The note that numbers the rows cited."""


@dataclass
class _Numbered:
    """The rows that candidates cite: `names` by number, and int32[n] of each candidate, by its identity."""

    names: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    of: dict[int, Ints] = field(default_factory=dict)

    def add(self, candidates: Sequence[Candidate]) -> int:
        """Number the rows of candidates not seen before; how many were numbered already."""
        before = len(self.names)
        fresh = [c for c in candidates if id(c) not in self.of]
        if not fresh:
            return before
        cited = [[*chain.from_iterable(e.rows for e in c.events)] for c in fresh]
        rows = pa.array(chain.from_iterable(cited), pa.string())
        named = pc.unique(rows)
        new = named.filter(pc.invert(pc.is_in(named, self.names)))
        self.names = pa.concat_arrays([self.names, new])
        numbers = pc.index_in(rows, self.names).to_numpy()
        cuts = np.cumsum([len(own) for own in cited])[:-1]
        self.of |= dict(zip(map(id, fresh), np.split(numbers, cuts), strict=True))
        return before

    def wanted(self, table: str, first: int = 0) -> pa.Table:
        """(id, row) of the rows cited of one table, from number `first`."""
        row = pa.array(np.arange(first, len(self.names), dtype=np.int32))
        cited = pa.table({"id": self.names[first:], "row": row})
        mine = cited.filter(pc.starts_with(cited["id"], table))
        return mine.set_column(0, "id", pc.utf8_slice_codeunits(mine["id"], len(table)))


@dataclass(frozen=True)
class Cited:
    """The source rows that drafts cite, each once: those of draft i are rows[offsets[i] : offsets[i + 1]], int32; offsets int64."""

    offsets: Longs
    rows: Ints

    @classmethod
    def of(cls, cited: Sequence[Sequence[Ints]]) -> Self:
        """From the rows of each draft's candidates."""
        sizes = [sum(map(len, rows)) for rows in cited]
        draft = np.repeat(np.arange(len(cited), dtype=np.int64), sizes)
        row = np.concatenate([np.zeros(0, np.int32), *chain.from_iterable(cited)])
        packed = ascending(draft << 32 | row)
        offsets = np.searchsorted(packed >> 32, np.arange(len(cited) + 1))
        return cls(offsets, (packed & 0xFFFFFFFF).astype(np.int32))

    def table(self) -> pa.Table:
        """(draft, row)."""
        draft = np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))
        return pa.table({"draft": draft, "row": self.rows})


def lay_out_settled(world: World, candidates: Sequence[Candidate]) -> None:
    """Make or fill up the tables `settled`, every settlement that the candidates' evidence names, and `signed`, how many
    settlements each practitioner signed at each place.

    `row` numbers the source rows that are named, whatever their table. All connections to the world see the tables.
    """
    if CITED not in world.notes:
        world.con.execute(EMPTY)
        world.con.register("posts", pa.table(vars(posts(world))))
        world.con.execute(SIGNED)
        world.con.unregister("posts")
        world.notes[CITED] = _Numbered()
    known: _Numbered = world.notes[CITED]
    before = known.add(candidates)
    if len(known.names) > before:
        world.con.register("wanted", known.wanted(SETTLEMENT, before))
        world.con.execute(SETTLED)
        world.con.unregister("wanted")


def cited_by(world: World, drafts: Sequence[Draft]) -> Cited:
    """Every source row that a draft's evidence names; after `lay_out_settled` of the same candidates."""
    known: _Numbered = world.notes[CITED]
    return Cited.of([[known.of[id(c)] for c in d.candidates] for d in drafts])


def row_funds(world: World) -> Longs:
    """Fen behind every source row that any draft's evidence names, by number; after `lay_out_settled`."""
    known: _Numbered = world.notes[CITED]
    fund = np.zeros(len(known.names), dtype=np.int64)
    settled = world.arrays("SELECT row, net_fund FROM settled")
    fund[settled["row"]] = settled["net_fund"]
    if world.has("mnl_reim_d"):
        world.con.register("wanted", known.wanted(RECEIPT))
        receipts = world.arrays(RECEIPT_FUNDS)
        world.con.unregister("wanted")
        fund[receipts["row"]] = receipts["fund"]
    return fund
