"""医药导流 · Prescriber–pharmacy funnel.

含义: 一名医师的外配处方集中流向一家药店，远超同机构（或同区）其他医师的处方流向该店的比例。
误判: 院内或院旁药店（其他医师的处方也流向该店，基准即高）、独家配送品种、只有一家夜间药店。
Meaning: One practitioner's external prescriptions go to one pharmacy far more often than those of colleagues of the
same facility (or, where there are none, of the district).
Misleads: A pharmacy in or beside the hospital (colleagues' prescriptions go there too, so the expected share is high),
a drug only one shop carries, the only shop open at night.
Source: algorithms note M5; binomial tail of the practitioner's share against the colleagues' share.
"""

from collections.abc import Iterable

import numpy as np
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
WITH k AS (SELECT practitioner, home, pharmacy, count(*) AS k FROM scripts GROUP BY ALL),
 n AS (SELECT practitioner, home, sum(k) AS n FROM k GROUP BY ALL),
 hp AS (SELECT home, pharmacy, sum(k) AS hk FROM k GROUP BY ALL),
 h AS (SELECT home, sum(k) AS hn FROM k GROUP BY ALL),
 a AS (SELECT pharmacy, sum(k) AS ak FROM k GROUP BY ALL)
SELECT k.practitioner, k.home, k.pharmacy, k.k, n.n, hk - k.k AS others, hn - n.n AS colleagues,
  ak - k.k AS anywhere, (SELECT sum(k) FROM k) - n.n AS everyone
FROM k JOIN n USING (practitioner, home) JOIN hp USING (home, pharmacy) JOIN h USING (home) JOIN a USING (pharmacy)
WHERE k.k >= ? ORDER BY ALL
"""

PRIOR = 20.0
"""Scripts' worth of weight for the wider market when colleagues have written few."""


def detect(world: World) -> Iterable[Candidate]:
    """Practitioner–pharmacy pairs with lift and tail beyond the parameters; patients with ≥ 2 such scripts."""
    p = world.parameters
    world.con.execute(SCRIPTS)
    world.con.execute(ONLINE)
    rows = world.arrays(PAIRS, [p.least_scripts])
    if not len(rows["k"]):
        return
    k, n = rows["k"].astype(float), rows["n"].astype(float)
    pharmacies = max(len(np.unique(rows["pharmacy"])), 10)
    market = (rows["anywhere"] + 1.0) / (rows["everyone"] + float(pharmacies))
    share = (rows["others"] + PRIOR * market) / (rows["colleagues"] + PRIOR)
    share = np.clip(share.astype(float), 1e-6, 0.999)
    tail = binom.logsf(k - 1, n, share) / np.log(10)
    tests = np.log10(max(len(k), 1) * pharmacies)
    keep = (tail <= np.log10(p.funnel_p)) & (k / n >= p.funnel_lift * share)
    for i in np.flatnonzero(keep):
        key = (int(rows["practitioner"][i]), int(rows["home"][i]), int(rows["pharmacy"][i]))
        yield _candidate(world, key, k[i], n[i], share[i], -tail[i] - tests)


def _candidate(
    world: World, key: tuple[int, int, int], k: float, n: float, share: float, surprise: float
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
        facts={"scripts": int(k), "of": int(n), "expected": expected, "share": round(share, 4)},
        explanations=(
            _internet(world, rows),
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
    ).fetchone()
    share = row[0] / max(len(rows), 1) if row else 0.0
    outcome = Outcome.EXPLAINS if share >= 0.5 else Outcome.RULED_OUT
    return Explanation("internet_hospital", outcome, {"share": round(share, 3)})


MOTIF = Motif("funnel", detect, needs=("fee_list_d",))
