"""Practitioner profiles (智能监控): what each one does, how it grows, and how far it lies from peers.

Peers have the same profession, work at a facility of the same level and in a department of the same name; where those are
fewer than eight, the department is left out; where still fewer, nobody is compared. Distances are robust:

    z = 0.6745 (x - median) / MAD      over the peers with at least 20 visits

on the logarithm for counts, costs and quantities. A profile is context for people and never a ring by itself: the busiest and
the dearest of a department are always somebody.
"""

import numpy as np
import pyarrow as pa

from graph.scan.panels import Panels
from graph.scan.practice import SUMS, Practice, let_go, posts, practice
from graph.scan.world import World
from graph.schema import SCAN_TABLES

LEAST_PEERS = 8
LEAST_VISITS = 20
"""Visits from which somebody is compared and counts as a peer."""
LEAST_HALF = 10
"""Visits that the first half of the period needs before growth is a number."""
TOP = 10
"""The patients who visit most, whose share of all visits is told."""
DRUGS = ("X", "Z", "T")
"""First letters of the national item codes of medicines: western, Chinese patent, herbal pieces."""

MEASURES = {
    "patients": "ln(patients)",
    "visits": "ln(visits)",
    "visit_cost": "ln(greatest(visit_cost, 1.0))",
    "visit_growth": "ln(1.0 + greatest(visit_growth, -0.99))",
    "cost_growth": "ln(1.0 + greatest(cost_growth, -0.99))",
    "visit_lines": "visit_lines",
    "visit_quantity": "ln(1.0 + greatest(visit_quantity, 0.0))",
    "top_share": "top_share",
}
"""What is compared with peers, and on which scale."""

OWN = """
CREATE OR REPLACE TEMP TABLE own AS
SELECT practitioner, visits, stays, CASE WHEN fees > 0 THEN total END AS total, CASE WHEN funds > 0 THEN fund END AS fund,
  CASE WHEN visit_fees > 0 THEN CAST(round(visit_total / visit_fees) AS BIGINT) END AS visit_cost, visits_first, visits_second,
  CASE WHEN fees_first > 0 THEN total_first / fees_first END AS cost_first,
  CASE WHEN fees_second > 0 THEN total_second / fees_second END AS cost_second,
  patients, known, frequent, days
FROM practice
"""

DRUG_LINES = f"""
CREATE OR REPLACE TEMP TABLE drug_lines AS
WITH told AS (
  SELECT practitioner, count(*) AS lines, CAST(sum(CAST(cnt AS DECIMAL(18, 4))) AS DOUBLE) AS quantity FROM fee_list_d
  WHERE practitioner IS NOT NULL AND left(item, 1) IN {DRUGS} GROUP BY practitioner)
SELECT practitioner, coalesce(lines, 0) AS lines, coalesce(quantity, 0.0) AS quantity FROM own LEFT JOIN told USING (practitioner)
"""
NO_LINES = (
    "CREATE OR REPLACE TEMP TABLE drug_lines (practitioner INTEGER, lines BIGINT, quantity DOUBLE)"
)

MAIN_PLACE = """
CREATE OR REPLACE TEMP TABLE main_place AS
SELECT practitioner, first(place ORDER BY visits DESC, place) AS place, count(*) AS places FROM posts GROUP BY practitioner
"""

DEPARTMENT = """
CREATE OR REPLACE TEMP TABLE department AS
SELECT practitioner, place, min(dept_name) AS dept FROM prac_reg_d WHERE dept_name IS NOT NULL GROUP BY practitioner, place
"""

NO_DEPARTMENT = (
    "CREATE OR REPLACE TEMP TABLE department (practitioner INTEGER, place INTEGER, dept VARCHAR)"
)

FACTS = f"""
CREATE OR REPLACE TEMP TABLE facts AS
SELECT practitioner, p.id, p.profession, f.level, d.dept, m.place, nullif(o.patients, 0) AS patients, visits, stays, fund, total,
  coalesce(m.places, 0) AS places, o.days, visit_cost, CASE WHEN o.known > 0 THEN frequent / o.known END AS top_share,
  visits_first, visits_second,
  CASE WHEN visits_first >= {LEAST_HALF} THEN visits_second / visits_first - 1.0 END AS visit_growth,
  CASE WHEN visits_first >= {LEAST_HALF} AND visits_second >= {LEAST_HALF} AND cost_first > 0
    THEN cost_second / cost_first - 1.0 END AS cost_growth,
  l.lines, l.quantity, l.lines / visits AS visit_lines, l.quantity / visits AS visit_quantity
FROM own o JOIN practitioners p USING (practitioner) LEFT JOIN main_place m USING (practitioner)
LEFT JOIN places f ON f.place = m.place LEFT JOIN department d ON d.practitioner = o.practitioner AND d.place = m.place
LEFT JOIN drug_lines l ON l.practitioner = o.practitioner
"""


def profiles(world: World) -> pa.Table:
    """One row per practitioner who settled anything, with the columns of `SCAN_TABLES["profiles"]`, by practitioner.

    Money in fen; `visit_growth` and `cost_growth` compare the second half of the period with the first, as shares (0.5 is half as
    much again), NULL where the first half has fewer than ten visits; `z_…` are NULL where there are too few peers or
    the peers do not differ. The last to ask for the practice; lets it go.
    """
    schema = SCAN_TABLES["profiles"].arrow
    if not world.has("practitioners"):
        return schema.empty_table()
    done = practice(world)
    world.con.register("practice", _told(done, world.patients))
    world.con.execute(OWN)
    world.con.unregister("practice")
    world.con.register("posts", pa.table(vars(posts(world))))
    world.con.execute(MAIN_PLACE)
    world.con.unregister("posts")
    del done
    let_go(world)
    world.con.execute(DRUG_LINES if world.has("fee_list_d") else NO_LINES)
    world.con.execute(DEPARTMENT if world.has("prac_reg_d") else NO_DEPARTMENT)
    world.con.execute(FACTS)
    found = world.con.sql(_compared(schema.names)).to_arrow_table()
    return found.select(schema.names).cast(schema)


def _told(done: Practice, patients: int) -> pa.Table:
    """A row per practitioner with visits: how many, their sums, and patients, visits of known ones and of the most frequent, days."""
    visits = np.diff(done.offsets)
    who = np.flatnonzero(visits)
    panels = vars(Panels.of(done, patients, TOP))
    sums = dict(zip(SUMS, done.sums.T, strict=True))
    columns = {"practitioner": np.arange(len(visits), dtype=np.int32), "visits": visits}
    return pa.table({name: n[who] for name, n in (columns | sums | panels).items()})


def _compared(columns: list[str]) -> str:
    """The facts with the robust distance of each measure from the peers."""

    def each(form: str) -> str:
        return ", ".join(form.format(x=name) for name in MEASURES)

    scaled = ", ".join(f"{scale} AS {name}" for name, scale in MEASURES.items())
    score = "CASE WHEN s.s_{x} > 1e-9 THEN 0.6745 * (j.{x} - s.m_{x}) / s.s_{x} END AS z_{x}"
    compared = {"peers", "by_dept", *(f"z_{name}" for name in MEASURES)}
    chosen = ", ".join(f"{'z' if c in compared else 'f'}.{c}" for c in columns)
    return f"""
    WITH judged AS (
        SELECT practitioner, profession, coalesce(level, '') AS level, coalesce(dept, '') AS dept, {scaled}
        FROM facts WHERE visits >= {LEAST_VISITS}),
      doubled AS (
        SELECT *, dept AS unit FROM judged WHERE dept <> '' UNION ALL SELECT *, '' FROM judged),
      centre AS (
        SELECT profession, level, unit, count(*) AS n, {each("median({x}) AS m_{x}")}
        FROM doubled GROUP BY profession, level, unit HAVING n >= {LEAST_PEERS}),
      spread AS (
        SELECT profession, level, unit, any_value(n) AS n, {each("any_value(m_{x}) AS m_{x}")},
          {each("median(abs({x} - m_{x})) AS s_{x}")}
        FROM doubled JOIN centre USING (profession, level, unit) GROUP BY profession, level, unit),
      z AS (
        SELECT j.practitioner, s.n AS peers, s.unit <> '' AS by_dept, {each(score)}
        FROM judged j JOIN spread s ON s.profession = j.profession AND s.level = j.level AND s.unit IN (j.dept, '')
        QUALIFY row_number() OVER (PARTITION BY j.practitioner ORDER BY s.unit DESC) = 1)
    SELECT {chosen} FROM facts f LEFT JOIN z USING (practitioner) ORDER BY f.practitioner
    """
