"""医药导流 · Prescriber–pharmacy funnel.

含义: 一名医师的患者大多持其外配处方到同一家药店，远超同机构（或全部）其他医师的患者流向该店的比例。按人计，不按张计：一人常去一店不算证据。
误判: 院内或院旁药店（其他医师的处方也流向该店，基准即高）、参保人平日就在该店购药、互联网医院自有药房、独家配送品种、只有一家夜间药店。
Meaning: Most of one practitioner's patients take external prescriptions to one pharmacy, far more than patients of colleagues
at the same facility (or, where there are none, of everyone else). People count, not prescriptions: one person's habit is no evidence.
Misleads: A pharmacy in or beside the hospital (colleagues' prescriptions go there too, so the expected share is high),
the shop where the patients buy anyway, an internet platform's own pharmacy, a drug only one shop carries, the only shop open at night.
Source: binomial tail of the practitioner's patients against the colleagues' patients.
"""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from scipy.stats import binom

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Outcome, keys
from graph.scan.world import World

SCRIPTS = """
CREATE OR REPLACE TEMP TABLE scripts AS
SELECT practitioner, coalesce(presc_place, -1) AS home, place AS pharmacy, patient, setl_id,
  min(fee_time) AS moment, sum(amount) AS amount
FROM fee_list_d f
WHERE rx_circ AND practitioner IS NOT NULL AND place IS NOT NULL AND patient IS NOT NULL
  AND place IS DISTINCT FROM presc_place
GROUP BY ALL HAVING sum(cnt) > 0
"""

ONLINE = """
CREATE OR REPLACE TEMP TABLE online_scripts AS
SELECT setl_id FROM visits WHERE online AND setl_id IN (SELECT setl_id FROM scripts)
"""

PAIRS = """
WITH taken AS (SELECT practitioner, home, pharmacy, patient, count(*) AS scripts FROM scripts GROUP BY ALL),
 chosen AS (
  SELECT * FROM taken
  QUALIFY row_number() OVER (PARTITION BY practitioner, home, patient ORDER BY scripts DESC, pharmacy) = 1),
 k AS (SELECT practitioner, home, pharmacy, count(*) AS k, sum(scripts) AS scripts FROM chosen GROUP BY ALL),
 n AS (SELECT practitioner, home, sum(k) AS n FROM k GROUP BY ALL),
 hp AS (SELECT home, pharmacy, sum(k) AS hk FROM k GROUP BY ALL),
 h AS (SELECT home, sum(k) AS hn FROM k GROUP BY ALL),
 a AS (SELECT pharmacy, sum(k) AS ak FROM k GROUP BY ALL)
SELECT k.practitioner, k.home, k.pharmacy, k.k, k.scripts, n.n, hk - k.k AS others, hn - n.n AS colleagues,
  ak - k.k AS anywhere, (SELECT sum(k) FROM k) - n.n AS everyone
FROM k JOIN n USING (practitioner, home) JOIN hp USING (home, pharmacy) JOIN h USING (home) JOIN a USING (pharmacy)
WHERE k.k >= ? AND k.scripts >= ? ORDER BY ALL
"""

OWN = """
WITH members AS (SELECT DISTINCT practitioner, pharmacy, patient FROM scripts SEMI JOIN funnels USING (practitioner, home, pharmacy)),
 bought AS (
  SELECT m.practitioner, m.pharmacy, v.patient, v.place
  FROM members m JOIN visits v USING (patient) JOIN places p ON p.place = v.place
  WHERE p.kind = 'pharmacy' AND v.setl_id NOT IN (SELECT setl_id FROM scripts))
SELECT practitioner, count(*) FILTER (place = pharmacy) / count(*) FROM bought GROUP BY practitioner
"""
OWN_SHARE = 0.4
"""Share of the patients' other purchases from which the pharmacy is simply where they shop."""
PRIOR = 10.0
"""Patients' worth of weight for the wider market when colleagues have written few."""


def detect(world: World) -> Iterable[Candidate]:
    """Practitioner–pharmacy pairs with lift and tail beyond the parameters; patients with ≥ 2 such scripts."""
    p = world.parameters
    world.con.execute(SCRIPTS)
    world.con.execute(ONLINE)
    rows = world.arrays(PAIRS, [p.least_members, p.least_scripts])
    if not len(rows["k"]):
        return
    k, n = rows["k"].astype(float), rows["n"].astype(float)
    pharmacies = max(len(np.unique(rows["pharmacy"])), 10)
    market = (rows["anywhere"] + 1.0) / (rows["everyone"] + float(pharmacies))
    share = (rows["others"] + PRIOR * market) / (rows["colleagues"] + PRIOR)
    share = np.clip(share.astype(float), 1e-6, 0.999)
    tail = binom.logsf(k - 1, n, share) / np.log(10)
    tests = np.log10(max(len(k), 1) * pharmacies)
    keep = np.flatnonzero((tail <= np.log10(p.funnel_p)) & (k / n >= p.funnel_lift * share))
    world.con.register(
        "funnels", pa.table({c: rows[c][keep] for c in ("practitioner", "home", "pharmacy")})
    )
    own = dict(world.con.execute(OWN).fetchall())
    world.con.unregister("funnels")
    for i in keep:
        key = (int(rows["practitioner"][i]), int(rows["home"][i]), int(rows["pharmacy"][i]))
        yield _candidate(world, key, k[i], n[i], share[i], -tail[i] - tests, own.get(key[0], 0.0))


def _candidate(
    world: World,
    key: tuple[int, int, int],
    k: float,
    n: float,
    share: float,
    surprise: float,
    own: float,
) -> Candidate:
    practitioner, home, pharmacy = key
    rows = world.con.execute(
        """
        SELECT patient, setl_id, moment, amount FROM scripts
        WHERE practitioner = ? AND home = ? AND pharmacy = ? ORDER BY moment, setl_id
        """,
        list(key),
    ).fetchall()
    who, times = np.unique([r[0] for r in rows], return_counts=True)
    chosen = who[times >= 2] if (times >= 2).sum() >= world.parameters.least_members else who
    events = tuple(
        Event(
            "script",
            r[2],
            place=pharmacy,
            patients=(r[0],),
            rows=(f"setl_d:{r[1]}",),
            fund=int(r[3]),
        )
        for r in rows
    )
    expected = round(n * share, 2)
    return Candidate(
        motif=MOTIF.name,
        patients=keys(chosen),
        surprise=float(np.clip(surprise, 0, CAP)),
        practitioners=(practitioner,),
        places=(pharmacy,) if home < 0 else (home, pharmacy),
        events=events,
        facts={
            "patients": int(k),
            "of": int(n),
            "scripts": len(rows),
            "expected": expected,
            "share": round(share, 4),
        },
        explanations=(
            _internet(world, rows),
            Explanation(
                "own_pharmacy",
                Outcome.EXPLAINS if own >= OWN_SHARE else Outcome.RULED_OUT,
                {"share": round(own, 3)},
            ),
            Explanation(
                "in_house_pharmacy", Outcome.RULED_OUT, {"colleagues_share": round(share, 4)}
            ),
        ),
    )


def _internet(world: World, rows: list[tuple[object, ...]]) -> Explanation:
    """Were the prescriptions settled on the internet, where a platform's own pharmacy delivers?"""
    row = world.con.execute(
        "SELECT count(*) FROM online_scripts WHERE setl_id IN (SELECT unnest(?::VARCHAR[]))",
        [[str(r[1]) for r in rows]],
    ).fetchall()
    share = row[0][0] / max(len(rows), 1)
    outcome = Outcome.EXPLAINS if share >= 0.5 else Outcome.RULED_OUT
    return Explanation("internet_hospital", outcome, {"share": round(share, 3)})


MOTIF = Motif("funnel", detect, needs=("fee_list_d",))
