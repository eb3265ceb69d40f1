"""追溯码回流 · Trace-code loop.

含义: 同一药品追溯码在扣除退货后仍被结算两次以上，涉及不同参保人或不同机构。药盒卖出后被收购、再次入店销售时会如此。
误判: 拆零销售（同码多次属正常）、退货重扫、上传失败后重传、录入默认码。拆零标志、同一就诊、同一参保人当日重复以及过于常见的码不计。
Meaning: One drug trace code is settled twice or more after returns are netted, for different patients or at different
places: a box that was sold, bought back and sold again.
Misleads: Split packs (the same code many times is normal), returns and re-scans, uploads sent again, default codes. Split
sales, one visit, one patient within a day, and codes that are too common are left out.
Source: 国家医保局 2025 年追溯码监管 (一码多结); 江西追溯码模型.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.world import World, components

SCANS = """
CREATE OR REPLACE TEMP VIEW scans AS
SELECT unnest(trace_codes) AS code, patient, place, setl_id, fee_time, cnt, amount, item
FROM fee_list_d WHERE trace_codes IS NOT NULL AND NOT coalesce(trdn, false) AND patient IS NOT NULL
"""

SUSPECTED = """
CREATE OR REPLACE TEMP TABLE suspected_codes AS
SELECT hash(code) AS code_hash FROM scans GROUP BY 1 HAVING min(patient) <> max(patient)
"""
"""Codes of several patients, and a few that only share a hash with another; no table of all codes."""

SALES = """
CREATE OR REPLACE TEMP TABLE sales AS
WITH net AS (
  SELECT code, patient, place, any_value(item) AS item, max_by(setl_id, fee_time) AS setl_id,
    min(fee_time) AS moment, sum(amount) AS amount
  FROM scans SEMI JOIN suspected_codes ON code_hash = hash(code)
  WHERE length(code) >= 7 GROUP BY code, patient, place HAVING sum(cnt) > 0)
SELECT * FROM net QUALIFY count(*) OVER (PARTITION BY code) BETWEEN 2 AND 20
  AND count(DISTINCT patient) OVER (PARTITION BY code) > 1
"""

LINKS = """
SELECT patient, dense_rank() OVER (ORDER BY code) - 1 AS code FROM (SELECT DISTINCT patient, code FROM sales)
ORDER BY 2, 1
"""

SOLD = """
SELECT g, code, moment, place, patient, setl_id, amount, item FROM sales JOIN looped USING (patient)
ORDER BY g, code, moment, setl_id
"""

Row = tuple[str, datetime, int | None, int, str, int, str | None]
"""Code, moment, place, patient, bill, amount, item."""


def detect(world: World) -> Iterable[Candidate]:
    """Groups of patients joined by at least `least_repeated_codes` codes sold again."""
    p = world.parameters
    for table in (SCANS, SUSPECTED, SALES):
        world.con.execute(table)
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
    groups: list[tuple[Keys, int]] = []
    for chosen in np.split(order, cuts):
        codes = len(np.unique(links["code"][chosen]))
        patients = keys(links["patient"][chosen])
        if codes >= p.least_repeated_codes and len(patients) >= 3:
            groups.append((patients, codes))
    for (patients, codes), rows in zip(groups, _sold(world, groups), strict=True):
        yield _candidate(patients, codes, rows)


def _sold(world: World, groups: Sequence[tuple[Keys, int]]) -> list[list[Row]]:
    """The sales to each group's patients."""
    found: list[list[Row]] = [[] for _ in groups]
    if groups:
        of = np.repeat(np.arange(len(groups), dtype=np.int32), [len(g[0]) for g in groups])
        patients = np.concatenate([g[0] for g in groups])
        world.con.register("looped", pa.table({"g": of, "patient": patients}))
        for g, *row in world.con.execute(SOLD).fetchall():
            found[g].append(tuple(row))
        world.con.unregister("looped")
    return found


def _candidate(who: Keys, codes: int, rows: Sequence[Row]) -> Candidate:
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
