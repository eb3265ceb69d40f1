"""Practitioners attached to rings whose settlements they signed far more often than their share of the place explains."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from scipy.stats import binom

from graph.scan.assemble import Draft
from graph.scan.world import World

LIFT = 3.0
TAIL = 1e-4
LEAST = 5
MOST = 3
"""Practitioners attached to one ring at most."""
PREFIX = "setl_d:"

SIGNED = """
WITH hit AS (
  SELECT w.draft, v.place, v.practitioner FROM wanted w JOIN visits v USING (setl_id)
  WHERE v.practitioner IS NOT NULL),
 n AS (SELECT draft, place, count(*) AS n FROM hit GROUP BY ALL),
 k AS (SELECT draft, place, practitioner, count(*) AS k FROM hit GROUP BY ALL HAVING count(*) >= ?),
 base AS (
  SELECT place, practitioner, count(*) AS signed, sum(count(*)) OVER (PARTITION BY place) AS everything
  FROM visits WHERE practitioner IS NOT NULL AND place IN (SELECT place FROM k) GROUP BY place, practitioner)
SELECT k.draft, k.practitioner, sum(k.k) AS k, sum(n.n) AS n,
  sum(n.n * (signed - k.k + 1) / (everything - n.n + 1)) AS expected
FROM k JOIN n USING (draft, place) JOIN base USING (place, practitioner)
GROUP BY k.draft, k.practitioner ORDER BY k.draft, k DESC, k.practitioner
"""


def attach(world: World, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, each with the practitioners who signed its settlements improbably often.

    Against the practitioner's share of the other settlements of the same places; lift at least 3, binomial tail at most
    10^-4 over all practitioners tried. Drafts that are about practitioners keep their own.
    """
    rows = [
        (i, row.removeprefix(PREFIX))
        for i, d in enumerate(drafts)
        if len(d.patients) and not d.practitioners
        for c in d.candidates
        for e in c.events
        for row in e.rows
        if row.startswith(PREFIX)
    ]
    if not rows:
        return list(drafts)
    unique = sorted(set(rows))
    world.con.register(
        "wanted",
        pa.table({"draft": [r[0] for r in unique], "setl_id": [r[1] for r in unique]}),
    )
    found = world.arrays(SIGNED, [LEAST])
    world.con.unregister("wanted")
    k, n = found["k"].astype(float), found["n"].astype(float)
    share = np.clip(found["expected"].astype(float) / np.maximum(n, 1.0), 1e-6, 1.0)
    tail = binom.sf(k - 1, n, share) * max(len(k), 1)
    named: dict[int, list[int]] = {}
    for i in np.flatnonzero((tail <= TAIL) & (k >= LIFT * share * n)):
        named.setdefault(int(found["draft"][i]), []).append(int(found["practitioner"][i]))
    return [
        replace(d, practitioners=tuple(named[i][:MOST])) if i in named else d
        for i, d in enumerate(drafts)
    ]
