"""What may explain a prescriber–pharmacy funnel: the pharmacy at the door, a designated one, treatment under a calendar."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from graph.scan.candidates import Explanation, Keys, Outcome
from graph.scan.world import World

DRUGS = """
CREATE OR REPLACE TEMP TABLE funnel_drugs AS
WITH filled AS (
  SELECT u.practitioner, u.home, u.pharmacy, f.patient, f.item, f.setl_id, CAST(min(f.fee_time) AS DATE) AS day
  FROM fee_list_d f JOIN funnels u
    ON f.practitioner = u.practitioner AND f.place = u.pharmacy AND coalesce(f.presc_place, -1) = u.home
  WHERE f.rx_circ AND f.item IS NOT NULL AND f.patient IS NOT NULL GROUP BY ALL HAVING sum(f.cnt) > 0)
SELECT f.*, b.diag, b.setl_id IS NOT NULL AS settled FROM filled f LEFT JOIN funnel_bills b USING (setl_id)
"""

ELSEWHERE = """
UPDATE funnel_drugs f SET diag = s.diag FROM setl_d s WHERE s.setl_id = f.setl_id AND NOT f.settled
"""
"""Diagnoses of settlements under another person's number than the prescription's."""

CARRIED = """
WITH wanted AS (SELECT DISTINCT pharmacy, item FROM funnel_drugs),
 sold AS (
  SELECT f.item, f.place, any_value(left(p.admdvs, 4)) AS city, count(*) AS n, count(DISTINCT f.practitioner) AS prescribers
  FROM fee_list_d f JOIN places p USING (place)
  WHERE p.kind = 'pharmacy' AND f.item IN (SELECT item FROM wanted) GROUP BY f.item, f.place),
 market AS (SELECT item, city, sum(n) AS n FROM sold GROUP BY item, city)
SELECT pharmacy, w.item, coalesce(s.prescribers, 0) FROM wanted w JOIN places q ON q.place = w.pharmacy
  JOIN market m ON m.item = w.item AND m.city = left(q.admdvs, 4)
  LEFT JOIN sold s ON s.item = w.item AND s.place = w.pharmacy
WHERE coalesce(s.n, 0) >= ? * m.n
"""

TREATED = """
SELECT practitioner, home, pharmacy, patient, item, list(day - DATE '2000-01-01' ORDER BY day) AS days,
  bool_or(coalesce(diag BETWEEN 'C' AND 'D49', false)) AS tumour, bool_or(diag IS NOT NULL) AS told
FROM funnel_drugs GROUP BY practitioner, home, pharmacy, patient, item ORDER BY ALL
"""

SOLE = 0.99
"""Share of a drug's sales at the city's pharmacies from which the patients have no choice."""
NEARLY_ALL = 0.9
LEAST_FILLS = 4
"""Times a patient must have had the drug before the gaps can tell a course."""
STEADY = 0.25
"""Median deviation of the gaps between fills over the median gap, up to which they keep a course."""
DOOR_KM = 0.3
"""A few minutes on foot."""
HOUSE_KM = 0.1
"""The same house, or the next: whoever walks out stands in front of it."""
CROWDED = 3
"""Other pharmacies within `HOUSE_KM` from which the coordinates are nobody's own."""
HALF = 0.5
FAR_KM = 30.0
"""Kilometres beyond which a designated pharmacy serves more practitioners than one."""

SEEN = """
WITH script AS (SELECT DISTINCT practitioner, home, pharmacy, patient FROM scripts SEMI JOIN funnels USING (practitioner, home, pharmacy)),
 seen AS (
  SELECT m.*, CAST(v.begntime AS DATE) - DATE '2000-01-01' AS day, left(v.diag, 3) AS illness
  FROM script m JOIN funnel_bills v ON v.patient = m.patient AND v.place = m.home WHERE v.counts),
 gaps AS (SELECT *, day - lag(day) OVER (PARTITION BY practitioner, home, pharmacy, patient ORDER BY day) AS gap FROM seen),
 each AS (
  SELECT practitioner, home, pharmacy, patient, count(*) AS n, mad(gap) <= {steady} * median(gap) AS steady
  FROM gaps GROUP BY practitioner, home, pharmacy, patient),
 ill AS (SELECT practitioner, home, pharmacy, illness, count(*) AS n FROM seen WHERE illness IS NOT NULL
  GROUP BY practitioner, home, pharmacy, illness),
 one AS (SELECT practitioner, home, pharmacy, max(n) / sum(n) AS share, sum(n) AS told FROM ill GROUP BY practitioner, home, pharmacy),
 given AS (SELECT home, patient, count(*) AS scripts FROM scripts GROUP BY home, patient)
SELECT e.practitioner, e.home, e.pharmacy, count(*) FILTER (e.n >= {fills} AND e.steady) / count(*) AS steady,
  CASE WHEN any_value(o.told) >= {half} * sum(e.n) THEN any_value(o.share) ELSE 0 END AS illness, sum(g.scripts) / sum(e.n) AS given
FROM each e LEFT JOIN one o USING (practitioner, home, pharmacy) JOIN given g ON g.home = e.home AND g.patient = e.patient
GROUP BY e.practitioner, e.home, e.pharmacy
"""

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


def at_the_door(
    world: World, home: int, pharmacy: int, shops: Keys, elsewhere: bool
) -> tuple[Outcome, float]:
    """Is the pharmacy at the door of `home`, where anybody would go?

    Also the kilometres between them, -1 where unknown. The door explains only part where another of `shops` stands there too, or
    `elsewhere`, that is, enough patients of colleagues at the same place go to other shops; but in the same house it explains all.
    Where several shops share the spot, the map only knows the district, or it is a market: that explains nothing.
    """
    if home < 0:
        return Outcome.RULED_OUT, -1.0
    km = world.distance(np.full(len(shops), home), shops)
    here = float(km[shops == pharmacy][0])
    others = km[(shops != pharmacy) & ~np.isnan(km)]
    if not here <= DOOR_KM or (others <= HOUSE_KM).sum() >= CROWDED:
        return Outcome.RULED_OUT, -1.0 if np.isnan(here) else here
    alone = not (others <= DOOR_KM).any() and not elsewhere
    return (Outcome.EXPLAINS if alone or here <= HOUSE_KM else Outcome.WEAKENS), here


def under_treatment(world: World) -> dict[Key, Explanation]:
    """Per funnel: do its patients come back at steady intervals with one illness, and get most of it without such a script?

    A clinic of one specialty treats its patients for months; the few prescriptions it lets out of the house go where its
    drugs are kept. When nearly all leave the house, the calendar explains only part.
    """
    sql = SEEN.format(steady=STEADY, fills=LEAST_FILLS, half=HALF)
    found = {}
    for practitioner, home, pharmacy, steady, illness, given in world.con.execute(sql).fetchall():
        outcome = Outcome.RULED_OUT
        if steady >= HALF and illness >= HALF:
            outcome = Outcome.EXPLAINS if given < HALF else Outcome.WEAKENS
        numbers = {
            "steady": round(steady, 3),
            "illness": round(illness, 3),
            "given": round(given, 3),
        }
        found[practitioner, home, pharmacy] = Explanation("course", outcome, numbers)
    return found


def treated(special: Explanation | None, course: Explanation | None) -> Iterable[Explanation]:
    """Both explanations by treatment; a course with the one drug that only this pharmacy sells explains all of it."""
    if special:
        yield special
    if course:
        figures = special.numbers if special else {}
        bound = min(float(figures.get(name, 0.0)) for name in ("only_here", "one_drug"))
        bound = bound if special and special.outcome is Outcome.EXPLAINS else 0.0
        if course.outcome is Outcome.WEAKENS and bound >= NEARLY_ALL:
            course = replace(course, outcome=Outcome.EXPLAINS)
        yield course


def designated(world: World) -> dict[Key, Explanation]:
    """Per funnel: is the pharmacy the one that carries a special drug (双通道), and are its patients under treatment with it?

    They have no choice when no other pharmacy of the city sells the drug; treatment shows in one drug per patient, refilled
    at steady intervals or for a tumour. A pharmacy farther than `FAR_KM` to which one practitioner alone prescribes the drug is
    nobody's designated one.
    """
    world.con.execute(DRUGS)
    if not all(world.arrays("SELECT settled FROM funnel_drugs")["settled"]):
        world.con.execute(ELSEWHERE)
    sole = {(place, item): n for place, item, n in world.con.execute(CARRIED, [SOLE]).fetchall()}
    courses: dict[Key, list[Course]] = {}
    for practitioner, home, pharmacy, *row in world.con.execute(TREATED).fetchall():
        courses.setdefault((practitioner, home, pharmacy), []).append(Course(*row))
    homes, shops = (np.array([key[i] for key in courses], dtype=np.int64) for i in (1, 2))
    km = np.where(homes < 0, np.nan, world.distance(homes, shops))
    return {
        key: _treatment(found, sole, key[2], float(way))
        for (key, found), way in zip(courses.items(), km, strict=True)
    }


def _treatment(
    found: list[Course], sole: dict[tuple[int, str], int], pharmacy: int, km: float
) -> Explanation:
    """`sole` holds how many practitioners prescribe each drug sold at one pharmacy only; `km` is the way there."""
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
    prescribers = max((sole.get((pharmacy, c.item), 0) for c in chief.values()), default=0)
    lonely = prescribers <= 1 and km > FAR_KM and tumours < NEARLY_ALL
    innocent = carried >= NEARLY_ALL and one_drug >= NEARLY_ALL and treated and not lonely
    return Explanation(
        "designated_pharmacy",
        Outcome.EXPLAINS if innocent else Outcome.RULED_OUT,
        {
            "only_here": round(carried, 3),
            "one_drug": round(one_drug, 3),
            "steady": round(steady, 3),
            "tumours": round(tumours, 3),
            "prescribers": prescribers,
        },
    )
