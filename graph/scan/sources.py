"""The rows behind the evidence, read in one pass: where each settlement was made, who signed it, and the money."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from graph.scan.assemble import Draft
from graph.scan.world import World

SETTLED = """
CREATE OR REPLACE TEMP TABLE settled AS
WITH wanted AS (SELECT DISTINCT substr(named, 8) AS setl_id FROM cited WHERE starts_with(named, 'setl_d:'))
SELECT setl_id, place, practitioner, net_fund FROM visits SEMI JOIN wanted USING (setl_id)
"""
CITED = """
CREATE OR REPLACE TEMP TABLE cited_settled AS
SELECT DISTINCT draft, substr(named, 8) AS setl_id FROM cited WHERE starts_with(named, 'setl_d:')
"""

SETTLED_FUNDS = "SELECT 'setl_d:' || setl_id, net_fund FROM settled"
RECEIPT_FUNDS = """
SELECT 'mnl_reim_d:' || reim_id, coalesce(nullif(fund, 0), medfee) FROM mnl_reim_d
SEMI JOIN cited ON named = 'mnl_reim_d:' || reim_id
"""


def lay_out_settled(world: World, drafts: Sequence[Draft]) -> None:
    """Make the tables `settled`, every settlement that any draft's evidence names, and `cited_settled` (draft, setl_id)."""
    world.con.register("cited", _cited(drafts))
    world.con.execute(SETTLED)
    world.con.execute(CITED)
    world.con.unregister("cited")


def row_funds(world: World, drafts: Sequence[Draft]) -> dict[str, int]:
    """Fen behind every source row that any draft's evidence names; after `lay_out_settled`."""
    found: dict[str, int] = dict(world.con.execute(SETTLED_FUNDS).fetchall())
    if world.has("mnl_reim_d"):
        world.con.register("cited", _cited(drafts))
        found |= dict(world.con.execute(RECEIPT_FUNDS).fetchall())
        world.con.unregister("cited")
    return found


def _cited(drafts: Sequence[Draft]) -> pa.Table:
    """Number of the draft and `table:key` of each row named, some of them often."""
    rows = [[r for c in d.candidates for e in c.events for r in e.rows] for d in drafts]
    draft = np.repeat(np.arange(len(rows), dtype=np.int32), [len(r) for r in rows])
    return pa.table({"draft": draft, "named": pa.array([r for d in rows for r in d], pa.string())})
