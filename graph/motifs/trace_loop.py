"""追溯码回流 · Trace-code loop.

含义: 同一药品追溯码在扣除退货后仍被结算两次以上，涉及不同参保人或不同机构。药盒卖出后被收购、再次入店销售时会如此。
误判: 拆零销售（同码多次属正常）、退货重扫、上传失败后重传、录入默认码。拆零标志、同一就诊、同一参保人当日重复以及过于常见的码不计。
Meaning: One drug trace code is settled twice or more after returns are netted, for different patients or at different
places: a box that was sold, bought back and sold again.
Misleads: Split packs (the same code many times is normal), returns and re-scans, uploads sent again, default codes. Split
sales, one visit, one patient within a day, and codes that are too common are left out.
Source: 国家医保局 2025 年追溯码监管 (一码多结); 江西追溯码模型.
"""

from collections.abc import Iterable

import numpy as np

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Outcome, keys
from graph.scan.world import World, components

SALES = """
CREATE OR REPLACE TEMP TABLE sales AS
WITH scans AS (
  SELECT unnest(trace_codes) AS code, patient, place, setl_id, fee_time, cnt, amount, item
  FROM fee_list_d WHERE trace_codes IS NOT NULL AND NOT coalesce(trdn, false) AND patient IS NOT NULL),
 net AS (
  SELECT code, patient, place, any_value(item) AS item, max_by(setl_id, fee_time) AS setl_id,
    min(fee_time) AS moment, sum(amount) AS amount
  FROM scans WHERE length(code) >= 7 GROUP BY code, patient, place HAVING sum(cnt) > 0)
SELECT * FROM net QUALIFY count(*) OVER (PARTITION BY code) BETWEEN 2 AND 20
  AND count(DISTINCT patient) OVER (PARTITION BY code) > 1
"""

LINKS = """
SELECT patient, dense_rank() OVER (ORDER BY code) - 1 AS code FROM (SELECT DISTINCT patient, code FROM sales)
ORDER BY 2, 1
"""


def detect(world: World) -> Iterable[Candidate]:
    """Groups of patients joined by at least `least_repeated_codes` codes sold again."""
    p = world.parameters
    world.con.execute(SALES)
    world.notes["sales"] = world.con.sql("FROM sales ORDER BY ALL").to_arrow_table()
    links = world.arrays(LINKS)
    if not len(links["patient"]):
        return
    labels = components(
        links["patient"],
        links["code"] + world.patients,
        world.patients + int(links["code"].max()) + 1,
    )[links["patient"]]
    order = np.argsort(labels, kind="stable")
    cuts = np.flatnonzero(np.diff(labels[order])) + 1
    for chosen in np.split(order, cuts):
        codes = np.unique(links["code"][chosen])
        patients = keys(links["patient"][chosen])
        if len(codes) >= p.least_repeated_codes and len(patients) >= 3:
            yield _candidate(world, patients, len(codes))


def _candidate(world: World, patients: object, codes: int) -> Candidate:
    who = keys(patients)
    rows = world.con.execute(
        """
        SELECT code, moment, place, patient, setl_id, amount, item FROM sales
        WHERE patient IN (SELECT unnest(?::INTEGER[])) ORDER BY code, moment, setl_id
        """,
        [who.tolist()],
    ).fetchall()
    events = tuple(
        Event(
            "sale", r[1], place=r[2], patients=(r[3],), rows=(f"setl_d:{r[4]}",), fund=int(r[5]),
            facts={"code": r[0], "item": r[6] or ""},
        )
        for r in rows
    )  # fmt: skip
    places, sold = np.unique([r[2] for r in rows], return_counts=True)
    return Candidate(
        motif=MOTIF.name,
        patients=who,
        surprise=float(min(CAP, 3.0 * codes)),
        places=tuple(int(f) for f in places[np.argsort(-sold, kind="stable")][:10]),
        events=events,
        facts={"codes": codes, "sales": len(rows), "places": len(places)},
        explanations=(Explanation("split_pack", Outcome.RULED_OUT, {"split_sales": 0}),),
    )


MOTIF = Motif("trace_loop", detect, needs=("fee_list_d",))
