"""医药导流 · Prescriber–pharmacy funnel.

含义: 一名医师的患者大多持其外配处方到同一家药店，远超同机构（或全部）其他医师的患者流向该店的比例。按人计，不按张计：一人常去一店不算证据。
误判: 院内或院旁药店（其他医师的处方也流向该店，基准即高）、参保人平日就在该店购药、互联网医院自有药房、只有一家夜间药店；双通道特药定点药店（本市仅此一家有售、每人一药、按疗程续方或为肿瘤患者）按无辜解释处理。
Meaning: Most of one practitioner's patients take external prescriptions to one pharmacy, far more than patients of colleagues
at the same facility (or, where there are none, of everyone else). People count, not prescriptions: one person's habit is no evidence.
Misleads: A pharmacy in or beside the hospital (colleagues' prescriptions go there too, so the expected share is high),
the shop where the patients buy anyway, an internet platform's own pharmacy, the only shop open at night. The pharmacy designated for
a special drug (dual-channel) is explained: no other in the city sells it, each patient has one drug, refilled as a course or for a tumour.
Source: binomial tail of the practitioner's patients against the colleagues' patients.
"""

from collections.abc import Iterable
from dataclasses import dataclass

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
DRUGS = """
CREATE OR REPLACE TEMP TABLE funnel_drugs AS
WITH filled AS (
  SELECT u.practitioner, u.home, u.pharmacy, f.patient, f.item, f.setl_id, CAST(min(f.fee_time) AS DATE) AS day
  FROM fee_list_d f JOIN funnels u
    ON f.practitioner = u.practitioner AND f.place = u.pharmacy AND coalesce(f.presc_place, -1) = u.home
  WHERE f.rx_circ AND f.item IS NOT NULL AND f.patient IS NOT NULL GROUP BY ALL HAVING sum(f.cnt) > 0)
SELECT f.*, coalesce(s.diag BETWEEN 'C' AND 'D49', false) AS tumour, s.diag IS NOT NULL AS told
FROM filled f LEFT JOIN setl_d s USING (setl_id)
"""

CARRIED = """
WITH wanted AS (SELECT DISTINCT pharmacy, item FROM funnel_drugs),
 market AS (
  SELECT f.item, f.place, left(p.admdvs, 4) AS city, count(*) AS n FROM fee_list_d f JOIN places p USING (place)
  WHERE p.kind = 'pharmacy' AND f.item IN (SELECT item FROM wanted) GROUP BY ALL)
SELECT pharmacy, w.item FROM wanted w JOIN places q ON q.place = w.pharmacy JOIN market m
  ON m.item = w.item AND m.city = left(q.admdvs, 4)
GROUP BY pharmacy, w.item HAVING coalesce(sum(m.n) FILTER (m.place = pharmacy), 0) >= ? * sum(m.n)
"""

TREATED = """
SELECT practitioner, home, pharmacy, patient, item, list(day - DATE '2000-01-01' ORDER BY day) AS days, bool_or(tumour) AS tumour,
  bool_or(told) AS told
FROM funnel_drugs GROUP BY practitioner, home, pharmacy, patient, item ORDER BY ALL
"""

SOLE = 0.99
"""Share of a drug's sales at the city's pharmacies from which the patients have no choice."""
NEARLY_ALL = 0.9
LEAST_FILLS = 4
"""Times a patient must have had the drug before the gaps can tell a course."""
STEADY = 0.25
"""Median deviation of the gaps between fills over the median gap, up to which they keep a course."""
OWN_SHARE = 0.6
"""Share of the patients' other purchases from which the pharmacy is simply where they shop."""
PARTLY_OWN = 0.4
"""Share from which that weakens a funnel."""
PRIOR = 10.0
"""Patients' worth of weight for the wider market when colleagues have written few."""


Key = tuple[int, int, int]
"""Practitioner, home (-1 where unknown), pharmacy."""


@dataclass(frozen=True)
class Course:
    """One patient's fills of one drug under a funnel's prescriptions; `days` since 2000-01-01, ascending."""

    patient: int
    item: str
    days: list[int]
    tumour: bool
    told: bool


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
    designated = _designated(world)
    world.con.unregister("funnels")
    for i in keep:
        key = (int(rows["practitioner"][i]), int(rows["home"][i]), int(rows["pharmacy"][i]))
        innocent = own.get(key[0], 0.0), designated.get(key)
        yield _candidate(world, key, k[i], n[i], share[i], -tail[i] - tests, innocent)


def _designated(world: World) -> dict[Key, Explanation]:
    """Per funnel: is the pharmacy the one that carries a special drug (双通道), and are its patients under treatment with it?

    They have no choice when no other pharmacy of the city sells the drug; treatment shows in one drug per patient, refilled
    at steady intervals or for a tumour.
    """
    world.con.execute(DRUGS)
    sole = set(world.con.execute(CARRIED, [SOLE]).fetchall())
    courses: dict[Key, list[Course]] = {}
    for practitioner, home, pharmacy, *row in world.con.execute(TREATED).fetchall():
        courses.setdefault((practitioner, home, pharmacy), []).append(Course(*row))
    return {key: _treatment(found, sole, key[2]) for key, found in courses.items()}


def _treatment(found: list[Course], sole: set[tuple[int, str]], pharmacy: int) -> Explanation:
    fills = sum(len(c.days) for c in found)
    carried = sum(len(c.days) for c in found if (pharmacy, c.item) in sole) / fills
    chief: dict[int, Course] = {}
    for c in found:
        if c.patient not in chief or len(c.days) > len(chief[c.patient].days):
            chief[c.patient] = c
    one_drug = sum(len(c.days) for c in chief.values()) / fills
    gaps = [np.diff(c.days) for c in chief.values() if len(c.days) >= LEAST_FILLS]
    kept = [np.median(np.abs(g - np.median(g))) <= STEADY * np.median(g) for g in gaps]
    steady = float(np.mean(kept)) if len(gaps) >= len(chief) / 2 else 0.0
    told = [c.tumour for c in chief.values() if c.told]
    tumours = float(np.mean(told)) if len(told) >= len(chief) / 2 else 0.0
    treated = steady >= 0.5 or tumours >= NEARLY_ALL
    innocent = carried >= NEARLY_ALL and one_drug >= NEARLY_ALL and treated
    return Explanation(
        "designated_pharmacy",
        Outcome.EXPLAINS if innocent else Outcome.RULED_OUT,
        {
            "only_here": round(carried, 3),
            "one_drug": round(one_drug, 3),
            "steady": round(steady, 3),
            "tumours": round(tumours, 3),
        },
    )


def _candidate(
    world: World,
    key: Key,
    k: float,
    n: float,
    share: float,
    surprise: float,
    innocent: tuple[float, Explanation | None],
) -> Candidate:
    own, designated = innocent
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
                _own(own),
                {"share": round(own, 3)},
            ),
            Explanation(
                "in_house_pharmacy", Outcome.RULED_OUT, {"colleagues_share": round(share, 4)}
            ),
            *([designated] if designated else []),
        ),
    )


def _own(share: float) -> Outcome:
    if share >= OWN_SHARE:
        return Outcome.EXPLAINS
    return Outcome.WEAKENS if share >= PARTLY_OWN else Outcome.RULED_OUT


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
