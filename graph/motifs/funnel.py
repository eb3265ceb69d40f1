"""医药导流 · Prescriber–pharmacy funnel.

含义: 一名医师的患者大多持其外配处方到同一家药店，远超同机构（或全部）其他医师的患者流向该店的比例。按人计，不按张计：一人常去一店不算证据。只来一次的患者很多时，多次持其处方者另与其他医师的同类患者比较。又：不同机构的几名医师共有同一小批外配处方患者，这些人的处方几乎都流向同样的两三家药店。
误判: 院内或院旁药店（其他医师的处方也流向该店，基准即高；一百米以内的，或三百米内仅此一家的，按无辜解释处理；三百米内另有药店，或同机构其他医师患者足够多且另去他处的，只算部分解释）、参保人平日就在该店购药（每人按其自己的购药比例计，一人常去不代表他人）、互联网医院自有药房、只有一家夜间药店；整个科室的处方都流向一家药店（同机构只有另一名医师同样集中时，该医师不计入基准；两名以上则是该机构的习惯，基准即高）；专科门诊的固定疗程（患者按期复诊、同一病种、处方大多不外流）；双通道特药定点药店（本市仅此一家有售、每人一药、按疗程续方或为肿瘤患者；三十公里以外且只有这一名医师开该药的不算）按无辜解释处理。
Meaning: Most of one practitioner's patients take external prescriptions to one pharmacy, far more than patients of colleagues
at the same facility (or, where there are none, of everyone else). People count, not prescriptions: one person's habit is no evidence.
Where many come only once, those with several of the practitioner's prescriptions are compared with such patients of others. Also: practitioners of several places have the same few patients with such prescriptions, nearly all of which go to the same two or three pharmacies.
Misleads: A pharmacy in or beside the hospital (colleagues' prescriptions go there too, so the expected share is high; one within
100 m, or the only one within 300 m, is explained; explained in part where another stands there or enough patients of colleagues go elsewhere), the shop where the patients buy
anyway (each patient counts as one), an internet platform's own pharmacy, the only shop open at night. A department that sends everybody to one pharmacy: a single colleague who does the same is left out
of what is expected, two or more are the house's habit. A specialty's course of treatment: patients return at steady
intervals with one illness and few prescriptions leave the house. The pharmacy designated for a special drug (dual-channel: sold by hospital and
pharmacy alike) is explained: no other in the city sells it, each patient has one drug, refilled as a course or for a tumour;
not so where it is more than 30 km away and nobody else prescribes the drug.
Source: binomial tail of the practitioner's patients against the colleagues' patients, and where these are few against the district's; hypergeometric tail of two practitioners' common patients.
"""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa

from graph.motifs.base import Motif
from graph.motifs.closed_scripts import closed_scripts
from graph.motifs.funnel_innocence import (
    NEARLY_ALL,
    at_the_door,
    designated,
    treated,
    under_treatment,
)
from graph.motifs.funnel_market import KEY, Pair, concentrated
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Outcome, keys
from graph.scan.world import INTERNET, World

SCRIPTS = """
CREATE OR REPLACE TEMP TABLE scripts AS
SELECT practitioner, coalesce(presc_place, -1) AS home, place AS pharmacy, patient, setl_id,
  min(fee_time) AS moment, sum(amount) AS amount
FROM fee_list_d f
WHERE rx_circ AND practitioner IS NOT NULL AND place IS NOT NULL AND patient IS NOT NULL
  AND place IS DISTINCT FROM presc_place
GROUP BY ALL HAVING sum(cnt) > 0
"""

BILLS = f"""
SELECT setl_id, patient, place, begntime, diag, counts, counts AND coalesce(pay_loc = '{INTERNET}', false) AS online FROM setl_d
"""
BILLED = f"""
CREATE OR REPLACE TEMP TABLE funnel_bills AS {BILLS}
WHERE patient IN (SELECT patient FROM scripts SEMI JOIN funnels USING (practitioner, home, pharmacy))
"""
"""All that the funnels' patients settled anywhere."""
UNBILLED = """
SELECT setl_id FROM scripts SEMI JOIN funnels USING (practitioner, home, pharmacy) ANTI JOIN funnel_bills USING (setl_id)
"""
"""Prescriptions settled under another person's number than their own."""

OWN = """
WITH members AS (SELECT DISTINCT practitioner, pharmacy, patient FROM scripts SEMI JOIN funnels USING (practitioner, home, pharmacy)),
 bought AS (
  SELECT m.practitioner, m.pharmacy, v.patient, v.place
  FROM members m JOIN funnel_bills v USING (patient) JOIN places p ON p.place = v.place
  WHERE v.counts AND p.kind = 'pharmacy' AND v.setl_id NOT IN (SELECT setl_id FROM scripts))
SELECT practitioner, pharmacy, avg(share) FROM (
  SELECT practitioner, pharmacy, patient, count(*) FILTER (place = pharmacy) / count(*) AS share
  FROM bought GROUP BY practitioner, pharmacy, patient)
GROUP BY practitioner, pharmacy
"""
"""Per funnel the share of their other purchases that its patients make there, each patient counting as one."""

WRITTEN = """
SELECT practitioner, home, pharmacy, patient, setl_id, moment, amount, coalesce(online, false) AS online
FROM scripts SEMI JOIN funnels USING (practitioner, home, pharmacy) LEFT JOIN (SELECT setl_id, online FROM funnel_bills) USING (setl_id)
ORDER BY practitioner, home, pharmacy, moment, setl_id
"""
OWN_SHARE = 0.6
"""Average share of a patient's other purchases from which the pharmacy is simply where they shop."""
PARTLY_OWN = 0.4
"""Share from which that weakens a funnel."""


def detect(world: World) -> Iterable[Candidate]:
    """Practitioner–pharmacy pairs with lift and tail beyond the parameters; patients with ≥ 2 such scripts."""
    world.con.execute(SCRIPTS)
    yield from closed_scripts(world)
    found = concentrated(world)
    if not found:
        return
    pairs = {c: [pair.key[n] for pair in found] for n, c in enumerate(KEY)}
    world.con.register("funnels", pa.table(pairs))
    world.con.execute(BILLED)
    if world.con.execute(UNBILLED).fetchall():
        world.con.execute(f"INSERT INTO funnel_bills {BILLS} WHERE setl_id IN ({UNBILLED})")
    own = {(who, shop): share for who, shop, share in world.con.execute(OWN).fetchall()}
    special, courses = designated(world), under_treatment(world)
    written = {
        key: list(rows)
        for key, rows in groupby(world.con.execute(WRITTEN).fetchall(), itemgetter(0, 1, 2))
    }
    world.con.unregister("funnels")
    shops = world.arrays("SELECT place FROM places WHERE kind = 'pharmacy' ORDER BY place")["place"]
    for pair in found:
        key = pair.key
        door, km = at_the_door(world, key[1], key[2], shops, pair.elsewhere)
        beside = {"colleagues_share": round(pair.share, 4)} | (
            {"km": round(km, 2)} if km >= 0 else {}
        )
        innocent = (
            Explanation(
                "own_pharmacy",
                _own(own.get((key[0], key[2]), 0.0)),
                {"share": round(own.get((key[0], key[2]), 0.0), 3)},
            ),
            Explanation("in_house_pharmacy", door, beside),
            *treated(special.get(key), courses.get(key)),
        )
        yield _candidate(world, pair, written[key], innocent)


def _candidate(
    world: World,
    pair: Pair,
    scripts: list[tuple[Any, ...]],
    innocent: tuple[Explanation, ...],
) -> Candidate:
    practitioner, home, pharmacy = pair.key
    rows = [row[3:] for row in scripts]
    who, times = np.unique([r[0] for r in rows], return_counts=True)
    # Where chance would bring only a few of them, all belong to it; else those who came again.
    few = not pair.again and pair.n * pair.share <= (1 - NEARLY_ALL) * pair.k
    again = who[times >= 2]
    chosen = who if few or len(again) < world.parameters.least_members else again
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
    return Candidate(
        motif=MOTIF.name,
        patients=keys(chosen),
        surprise=float(np.clip(pair.surprise, 0, CAP)),
        practitioners=(practitioner,),
        places=(pharmacy,) if home < 0 else (home, pharmacy),
        events=events,
        facts={
            "patients": pair.k,
            "of": pair.n,
            "scripts": len(rows),
            "expected": round(pair.n * pair.share, 2),
            "share": round(pair.share, 4),
        }
        | ({"kind": "again"} if pair.again else {}),
        explanations=(
            _internet(rows),
            *innocent,
        ),
    )


def _own(share: float) -> Outcome:
    if share >= OWN_SHARE:
        return Outcome.EXPLAINS
    return Outcome.WEAKENS if share >= PARTLY_OWN else Outcome.RULED_OUT


def _internet(rows: list[tuple[Any, ...]]) -> Explanation:
    """Were the prescriptions settled on the internet, where a platform's own pharmacy delivers?"""
    share = len({row[1] for row in rows if row[4]}) / max(len(rows), 1)
    outcome = Outcome.EXPLAINS if share >= 0.5 else Outcome.RULED_OUT
    return Explanation("internet_hospital", outcome, {"share": round(share, 3)})


MOTIF = Motif("funnel", detect, needs=("fee_list_d",))
