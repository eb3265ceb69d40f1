"""Practitioners attached to rings whose settlements they signed far more often than their share of the place explains."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from graph.scan.assemble import Draft
from graph.scan.sources import Cited
from graph.scan.world import World

LIFT = 3.0
TAIL = 1e-4
LEAST = 5
MOST = 3
"""Practitioners attached to one ring at most."""

SIGNED = """
WITH hit AS (
  SELECT c.draft, v.place, v.practitioner FROM cited_rows c SEMI JOIN about_patients USING (draft) JOIN settled v USING (row)
  WHERE v.practitioner IS NOT NULL),
 n AS (SELECT draft, place, count(*) AS n FROM hit GROUP BY ALL),
 k AS (SELECT draft, place, practitioner, count(*) AS k FROM hit GROUP BY ALL HAVING count(*) >= ?),
 base AS (
  SELECT place, practitioner, signed, sum(signed) OVER (PARTITION BY place) AS everything
  FROM signed WHERE place IN (SELECT place FROM k))
SELECT k.draft, k.practitioner, sum(k.k) AS k, sum(n.n) AS n,
  sum(n.n * (signed - k.k + 1) / (everything - n.n + 1)) AS expected
FROM k JOIN n USING (draft, place) JOIN base USING (place, practitioner)
GROUP BY k.draft, k.practitioner ORDER BY k.draft, k DESC, k.practitioner
"""


def attach(world: World, drafts: Sequence[Draft], cited: Cited) -> list[Draft]:
    """The drafts, each with the practitioners who signed its settlements improbably often; after `lay_out_settled`.

    `cited` are the rows that each draft cites. Against the practitioner's share of the other settlements of the same places; lift at least 3, binomial tail at most
    10^-4 over all practitioners tried. Drafts that are about practitioners keep their own.
    """
    from scipy.stats import binom

    about = [i for i, d in enumerate(drafts) if len(d.patients) and not d.practitioners]
    world.con.register("about_patients", pa.table({"draft": np.array(about, dtype=np.int32)}))
    world.con.register("cited_rows", cited.table())
    found = world.arrays(SIGNED, [LEAST])
    world.con.unregister("about_patients")
    world.con.unregister("cited_rows")
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
