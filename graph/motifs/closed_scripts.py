"""Closed blocks of prescriptions: practitioners of several places, the same few patients, the same few pharmacies."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyarrow as pa

from graph.motifs.funnel_innocence import at_the_door
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.innocence import one_address, one_household
from graph.scan.world import World, components

LARGEST_PANEL = 2000
"""Patients of one practitioner's external prescriptions from which sharing some says nothing."""
MOST_PRESCRIBERS = 12
"""Prescribers of one patient from which the patient ties nobody."""
NEARLY_ALL = 0.9
"""Share of the shared patients' prescriptions that the pharmacies of a block hold."""
MOST_SHOPS = 3

SHARED = f"""
WITH written AS (
  SELECT practitioner, home, patient FROM scripts WHERE home >= 0 GROUP BY practitioner, home, patient
  QUALIFY count(*) OVER (PARTITION BY patient) BETWEEN 2 AND {MOST_PRESCRIBERS}),
 panel AS (SELECT practitioner, home, count(DISTINCT patient) AS n FROM scripts WHERE home >= 0 GROUP BY practitioner, home HAVING n <= {LARGEST_PANEL}),
 local AS (SELECT p.admdvs AS district, count(DISTINCT patient) AS n FROM scripts s JOIN places p ON p.place = s.home GROUP BY district),
 pair AS (
  SELECT a.practitioner AS p, b.practitioner AS q, a.home AS p_home, b.home AS q_home, count(*) AS shared
  FROM written a JOIN written b ON a.patient = b.patient AND a.practitioner < b.practitioner AND a.home <> b.home
  GROUP BY ALL HAVING shared >= ?)
SELECT pair.*, x.n AS p_panel, y.n AS q_panel, greatest(l.n, m.n, x.n + y.n - shared) AS people,
  (SELECT count(*) FROM panel) AS prescribers
FROM pair JOIN panel x ON x.practitioner = p AND x.home = p_home JOIN panel y ON y.practitioner = q AND y.home = q_home
  JOIN places f ON f.place = p_home JOIN places g ON g.place = q_home
  JOIN local l ON l.district IS NOT DISTINCT FROM f.admdvs JOIN local m ON m.district IS NOT DISTINCT FROM g.admdvs
ORDER BY ALL
"""

TAKEN = """
SELECT practitioner, home, pharmacy, patient, setl_id, moment, amount FROM scripts
SEMI JOIN block USING (practitioner, home) ORDER BY moment, setl_id
"""

BOUGHT = """
SELECT v.patient, v.place FROM visits v JOIN places p ON p.place = v.place
WHERE v.patient IN (SELECT unnest(?::INTEGER[])) AND p.kind = 'pharmacy' AND v.setl_id NOT IN (SELECT setl_id FROM scripts)
"""
OWN_SHARE = 0.6

OTHERS = """
WITH other AS (
  SELECT list_contains($1, s.pharmacy) AS there, list_contains($3, coalesce(try_cast(p.admdvs AS INTEGER), 0)) AS near
  FROM scripts s LEFT JOIN places p ON p.place = s.home WHERE NOT list_contains($2, s.patient))
SELECT count(*), count(*) FILTER (there), count(*) FILTER (near), count(*) FILTER (there AND near) FROM other
"""
PRIOR = 10.0
"""Prescriptions' worth of weight for everybody's share when a district has written few."""


def closed_scripts(world: World) -> Iterable[Candidate]:
    """Practitioners of different places who share more script patients than chance brings, served by a few pharmacies.

    Needs the table `scripts`. Chance: hypergeometric overlap of two panels among the people of the larger district who
    take such prescriptions anywhere; and the pharmacies' share among everybody else's.
    """
    from scipy.stats import hypergeom

    p = world.parameters
    rows = world.arrays(SHARED, [p.least_members])
    if not len(rows["p"]):
        return
    tail = hypergeom.logsf(rows["shared"] - 1, rows["people"], rows["p_panel"], rows["q_panel"])
    tail = tail / np.log(10) + 2 * np.log10(rows["prescribers"])
    tied = np.flatnonzero(tail <= 0)
    ends = [np.stack([rows[e], rows[f"{e}_home"]], axis=1)[tied] for e in ("p", "q")]
    seats, number = np.unique(np.concatenate(ends), axis=0, return_inverse=True)
    a, b = np.split(number.ravel(), 2)
    label = components(a, b, len(seats))
    blocks = [
        _block(world, seats[label == block], -float(tail[tied][label[a] == block].min()))
        for block in np.unique(label)
    ]
    found = [block for block in blocks if block]
    yield from _explained(world, found) if found else ()


def _block(world: World, seats: Keys, surprise: float) -> Candidate | None:
    """The block of these (practitioner, place) rows, if a few pharmacies hold nearly all their shared patients take."""
    from scipy.stats import binom

    world.con.register("block", pa.table({"practitioner": seats[:, 0], "home": seats[:, 1]}))
    rows = world.con.execute(TAKEN).fetchall()
    world.con.unregister("block")
    seen: dict[int, set[int]] = {}
    for row in rows:
        seen.setdefault(row[3], set()).add(row[1])
    members = keys([patient for patient, homes in seen.items() if len(homes) >= 2])
    inside = [row for row in rows if row[3] in set(members.tolist())]
    shops, times = np.unique([row[2] for row in inside], return_counts=True)
    chief = shops[np.argsort(-times, kind="stable")][:MOST_SHOPS]
    chief = np.sort(chief[times[np.searchsorted(shops, chief)] >= 2])
    kept = [row for row in inside if row[2] in set(chief.tolist())]
    if len(members) < world.parameters.least_members or len(kept) < NEARLY_ALL * len(inside):
        return None
    share = _share(world, seats, chief, members)
    people = len({row[3] for row in kept})
    shops_chosen = len(chief) * np.log10(max(_shops(world), 10))
    concentrated = -binom.logsf(people - 1, len(members), share) / np.log(10) - shops_chosen
    if concentrated <= 0:
        return None
    events = tuple(
        Event(
            "script", r[5], place=r[2], patients=(r[3],), rows=(f"setl_d:{r[4]}",), fund=int(r[6])
        )
        for r in kept
    )
    return Candidate(
        motif="funnel",
        patients=members,
        surprise=float(np.clip(surprise + concentrated, 0, CAP)),
        practitioners=tuple(np.unique(seats[:, 0]).tolist()),
        places=tuple(np.unique([*seats[:, 1], *chief]).tolist()),
        events=events,
        facts={
            "kind": "block", "patients": len(members), "scripts": len(kept), "pharmacies": len(chief),
            "prescribers": len(np.unique(seats[:, 0])), "share": round(share, 4),
        },
        explanations=(one_household(world, members), one_address(world, members), _beside(world, seats, chief),),
    )  # fmt: skip


def _beside(world: World, seats: Keys, shops: Keys) -> Explanation:
    """Has every place of the block one of the pharmacies, and no other, at its door?"""
    every = world.arrays("SELECT place FROM places WHERE kind = 'pharmacy' ORDER BY place")["place"]
    doors = all(
        any(
            at_the_door(world, home, shop, every, False)[0] is Outcome.EXPLAINS
            for shop in shops.tolist()
        )
        for home in np.unique(seats[:, 1]).tolist()
    )
    outcome = Outcome.EXPLAINS if doors else Outcome.RULED_OUT
    return Explanation("in_house_pharmacy", outcome, {"pharmacies": len(shops)})


def _explained(world: World, blocks: list[Candidate]) -> Iterable[Candidate]:
    """The blocks, each told whether its patients buy at these pharmacies anyway."""
    members = np.unique(np.concatenate([block.patients for block in blocks]))
    bought = world.arrays(BOUGHT, [members.tolist()])
    for block in blocks:
        own = bought["place"][np.isin(bought["patient"], block.patients)]
        shops = np.unique([event.place for event in block.events])
        share = float(np.isin(own, shops).mean()) if len(own) else 0.0
        outcome = Outcome.EXPLAINS if share >= OWN_SHARE else Outcome.RULED_OUT
        anyway = Explanation("own_pharmacy", outcome, {"share": round(share, 3)})
        yield replace(block, explanations=(*block.explanations, anyway))


def _shops(world: World) -> int:
    return int(world.con.execute("SELECT count(DISTINCT pharmacy) FROM scripts").fetchall()[0][0])


def _share(world: World, seats: Keys, shops: Keys, members: Keys) -> float:
    """The pharmacies' share of other patients' prescriptions: the larger of the districts' of the block and everybody's."""
    districts = np.unique(world.district[seats[:, 1]]).tolist()
    rows = world.con.execute(OTHERS, [shops.tolist(), members.tolist(), districts]).fetchall()[0]
    total, taken, nearby, near = (float(figure) for figure in rows)
    market = (taken + len(shops)) / (total + max(_shops(world), 10))
    return max(market, (near + PRIOR * market) / (nearby + PRIOR))
