"""The rows behind the evidence, read in one pass: where each settlement was made, who signed it, and the money."""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import pyarrow as pa

from graph.scan.assemble import Draft
from graph.scan.candidates import Candidate
from graph.scan.layers import ascending
from graph.scan.world import World

SETTLEMENT = "setl_d:"
RECEIPT = "mnl_reim_d:"
EMPTY = """
CREATE TABLE settled (row INTEGER, place INTEGER, practitioner INTEGER, net_fund BIGINT)
"""
SETTLED = """
INSERT INTO settled
SELECT w.row, v.place, v.practitioner, v.net_fund FROM visits v JOIN wanted w ON v.setl_id = w.id
"""
SIGNED = """
CREATE TABLE signed AS
SELECT place, practitioner, count(*) AS signed FROM visits WHERE practitioner IS NOT NULL GROUP BY place, practitioner
"""
RECEIPT_FUNDS = """
SELECT row, coalesce(nullif(fund, 0), medfee, 0) AS fund FROM mnl_reim_d JOIN wanted ON id = reim_id
"""
CITED = "cited"
"""The note that numbers the rows cited, by name."""


def lay_out_settled(world: World, candidates: Sequence[Candidate]) -> None:
    """Make or fill up the tables `settled`, every settlement that the candidates' evidence names, and `signed`, how many
    settlements each practitioner signed at each place.

    `row` numbers the source rows that are named, whatever their table. All connections to the world see the tables.
    """
    if CITED not in world.notes:
        world.con.execute(EMPTY)
        world.con.execute(SIGNED)
        world.notes[CITED] = {}
    cited: dict[str, int] = world.notes[CITED]
    events = chain.from_iterable(c.events for c in candidates)
    rows = dict.fromkeys(chain.from_iterable(e.rows for e in events))
    fresh = [name for name in rows if name not in cited]
    cited.update(zip(fresh, range(len(cited), len(cited) + len(fresh)), strict=True))
    if _wanted(world, {name: cited[name] for name in fresh}, SETTLEMENT):
        world.con.execute(SETTLED)
        world.con.unregister("wanted")


def cited_by(world: World, drafts: Sequence[Draft]) -> pa.Table:
    """(draft, row) of every source row that a draft's evidence names, each once; after `lay_out_settled`."""
    cited: Mapping[str, int] = world.notes[CITED]
    rows = [[*chain.from_iterable(e.rows for c in d.candidates for e in c.events)] for d in drafts]
    draft = np.repeat(np.arange(len(rows), dtype=np.int64), [len(r) for r in rows])
    row = np.fromiter(map(cited.__getitem__, chain.from_iterable(rows)), np.int64, len(draft))
    packed = ascending(draft << 32 | row)
    pairs = {"draft": packed >> 32, "row": (packed & 0xFFFFFFFF).astype(np.int32)}
    return pa.table(pairs)


def row_funds(world: World) -> dict[str, int]:
    """Fen behind every source row that any draft's evidence names; after `lay_out_settled`."""
    cited: Mapping[str, int] = world.notes[CITED]
    fund = np.zeros(len(cited), dtype=np.int64)
    settled = world.arrays("SELECT row, net_fund FROM settled")
    fund[settled["row"]] = settled["net_fund"]
    if world.has("mnl_reim_d") and _wanted(world, cited, RECEIPT):
        receipts = world.arrays(RECEIPT_FUNDS)
        world.con.unregister("wanted")
        fund[receipts["row"]] = receipts["fund"]
    return dict(zip(cited, fund.tolist(), strict=True))


def _wanted(world: World, cited: Mapping[str, int], table: str) -> bool:
    """Make `wanted` (id, row) of the rows cited of one table; False where there are none."""
    mine = [name for name in cited if name.startswith(table)]
    if mine:
        rows = np.fromiter(map(cited.__getitem__, mine), np.int32, len(mine))
        ids = pa.array([name[len(table) :] for name in mine], pa.string())
        world.con.register("wanted", pa.table({"id": ids, "row": rows}))
    return bool(mine)
