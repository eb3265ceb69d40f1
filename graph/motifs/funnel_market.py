"""Which practitioners' patients take their external prescriptions to one pharmacy more than others' patients do."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.motifs.funnel_innocence import Key
from graph.scan.world import World

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

KEY = ("practitioner", "home", "pharmacy")

PAIRS = """
WITH district AS (SELECT place AS home, admdvs AS district FROM places),
 taken AS (
  SELECT practitioner, home, pharmacy, patient, count(*) AS scripts FROM scripts GROUP BY practitioner, home, pharmacy, patient
  QUALIFY sum(count(*)) OVER (PARTITION BY practitioner, home, patient) >= ?),
 chosen AS (
  SELECT * FROM taken
  QUALIFY row_number() OVER (PARTITION BY practitioner, home, patient ORDER BY scripts DESC, pharmacy) = 1),
 k AS (SELECT practitioner, home, pharmacy, count(*) AS k, sum(scripts) AS scripts FROM chosen GROUP BY ALL),
 n AS (SELECT practitioner, home, sum(k) AS n FROM k GROUP BY ALL),
 hp AS (SELECT home, pharmacy, sum(k) AS hk FROM k GROUP BY ALL),
 h AS (SELECT home, sum(k) AS hn FROM k GROUP BY ALL),
 dp AS (SELECT district, pharmacy, sum(hk) AS dk FROM hp JOIN district USING (home) GROUP BY ALL),
 d AS (SELECT district, sum(hn) AS dn FROM h JOIN district USING (home) GROUP BY ALL),
 a AS (SELECT pharmacy, sum(k) AS ak FROM k GROUP BY ALL)
SELECT k.practitioner, k.home, k.pharmacy, k.k, k.scripts, n.n, hk - k.k AS others, hn - n.n AS colleagues,
  coalesce(dk - hk, 0) AS near, coalesce(dn - hn, 0) AS nearby, ak - k.k AS anywhere, (SELECT sum(k) FROM k) - n.n AS everyone
FROM k JOIN n USING (practitioner, home) JOIN hp USING (home, pharmacy) JOIN h USING (home) JOIN a USING (pharmacy)
  LEFT JOIN district USING (home) LEFT JOIN dp USING (district, pharmacy) LEFT JOIN d USING (district)
WHERE k.k >= ? AND k.scripts >= ? ORDER BY ALL
"""

PRIOR = 10.0
"""Patients' worth of weight for the wider market (the district's, and behind it everybody's) when colleagues have written few."""
ALIKE = 0.8
"""Share of a practitioner's patients with one pharmacy that leaves little room for any other."""
LOOKS = 2
"""All patients, and those with that many prescriptions or more."""


@dataclass(frozen=True)
class Pair:
    """`k` of a practitioner's `n` patients go mainly to one pharmacy, where colleagues' patients take `share`.

    `surprise` is -log10 of the tail after all pairs tried; `again`: only patients with several prescriptions count; `elsewhere`:
    enough of the colleagues' patients go to other shops.
    """

    key: Key
    k: int
    n: int
    share: float
    surprise: float
    again: bool
    elsewhere: bool


def concentrated(world: World) -> list[Pair]:
    """The pairs of the table `scripts` with lift and tail beyond the parameters.

    Many who pass by once hide a circle that comes again and again: where all patients tell nothing, those with several
    prescriptions are compared with such patients of the colleagues.
    """
    found: dict[Key, Pair] = {}
    for least in range(1, LOOKS + 1):
        for pair in _looked(world, least):
            found.setdefault(pair.key, pair)
    return [found[key] for key in sorted(found)]


def _looked(world: World, least: int) -> list[Pair]:
    """Those among the patients with at least `least` prescriptions of the practitioner."""
    from scipy.stats import binom

    p = world.parameters
    rows = world.arrays(PAIRS, [least, p.least_members, p.least_scripts])
    if not len(rows["k"]):
        return []
    k, n = rows["k"].astype(float), rows["n"].astype(float)
    pharmacies = max(len(np.unique(rows["pharmacy"])), 10)
    market = (rows["anywhere"] + 1.0) / (rows["everyone"] + float(pharmacies))
    market = (rows["near"] + PRIOR * market) / (rows["nearby"] + PRIOR)
    others, colleagues = measure(rows)
    share = (others + PRIOR * market) / (colleagues + PRIOR)
    share = np.clip(share.astype(float), 1e-6, 0.999)
    tail = binom.logsf(k - 1, n, share) / np.log(10)
    tests = np.log10(least * max(len(k), 1) * pharmacies)
    keep = np.flatnonzero((tail <= np.log10(p.funnel_p)) & _lifted(k, n, share, p.funnel_lift))
    elsewhere = colleagues >= n
    elsewhere &= binom.logcdf(others, colleagues, k / n) <= np.log(p.funnel_p)
    return [
        Pair(
            key=(int(rows["practitioner"][i]), int(rows["home"][i]), int(rows["pharmacy"][i])),
            k=int(k[i]),
            n=int(n[i]),
            share=float(share[i]),
            surprise=float(-tail[i] - tests),
            again=least > 1,
            elsewhere=bool(elsewhere[i]),
        )
        for i in keep
    ]


def measure(rows: Mapping[str, Ints]) -> tuple[Ints, Ints]:
    """Patients of colleagues with the same pharmacy, and with any, per row of `PAIRS`.

    One colleague as concentrated on that pharmacy may be in the same business and is no measure of it, if enough others
    remain; two or more are how the house is, and count.
    """
    _, of = np.unique(rows["home"].astype(np.int64) << 32 | rows["pharmacy"], return_inverse=True)
    alike = rows["k"] >= ALIKE * rows["n"]
    number, k, n = (np.bincount(of, alike * w)[of] - alike * w for w in (1, rows["k"], rows["n"]))
    leave = (number == 1) & (rows["colleagues"] - n >= PRIOR)
    others, colleagues = rows["others"] - leave * k, rows["colleagues"] - leave * n
    return others.astype(np.int64), colleagues.astype(np.int64)


def _lifted(k: Floats, n: Floats, share: Floats, lift: float) -> Bools:
    """Is the share `lift` times that expected, or, where it can hardly be, are the odds so by the square and little goes elsewhere?"""
    odds = (k + 0.5) / (n - k + 0.5) * (1 - share) / share
    return (k / n >= lift * share) | ((odds >= lift**2) & (k >= ALIKE * n))
