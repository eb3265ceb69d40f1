"""职工挂床 · Staff as in-patients.

含义: 医务人员以患者身份在本机构住院期间，其本人工号仍在该机构开单结算；多名职工如此，疑似挂床。
误判: 职工确因病住院而工号由同事代用（仍属借用）、住院跨度含请假日、日间手术。只计住院首尾两日之外的开单日，并与其他医院职工住院期间工号被用的一般水平相比；每人一两日不足为凭。
Meaning: A practitioner is an in-patient of the own facility while the own staff code goes on billing there; several staff like
that suggest beds filled on paper.
Misleads: A colleague uses the code of someone really ill (a lent code all the same), spans that include leave, day
surgery. Only billing on days strictly inside the stay counts, compared with how often codes are used while staff of other hospitals
lie in their own; a day or two of each person tell nothing.
Source: 重庆通报 (职工在岗住院).
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.chance import log10_poisson_tail
from graph.scan.practice import posts, practice
from graph.scan.world import World

STAFF = """
CREATE OR REPLACE TEMP TABLE staff_patients AS
WITH code AS MATERIALIZED (SELECT token, owner FROM holds WHERE owner_kind = 'practitioner'),
 shared AS MATERIALIZED (
  SELECT a.owner AS patient, code.owner AS practitioner, token FROM holds a JOIN code USING (token) WHERE a.owner_kind = 'patient')
SELECT DISTINCT patient, practitioner FROM shared JOIN tokens USING (token) WHERE kind = 'certno'
"""

STAYED = """
CREATE OR REPLACE TEMP TABLE staff_stays AS
SELECT patient, practitioner, place, setl_id, begntime, endtime, net_fund, adm, dis FROM stays JOIN staff_patients USING (patient)
"""

SPANS = """
SELECT practitioner, place, patient, adm, dis FROM staff_stays
WHERE place IS NOT NULL AND patient IS NOT NULL AND adm IS NOT NULL AND dis IS NOT NULL
"""

OVERLAPS = """
WITH bills AS (
  SELECT practitioner, place, patient, setl_id, CAST(setl_time AS DATE) AS day FROM visits
  SEMI JOIN staff_stays USING (practitioner, place) WHERE practitioner IN (SELECT unnest(?::INTEGER[])) AND NOT stay AND NOT online)
SELECT s.patient, s.practitioner, s.place, s.setl_id, any_value(s.begntime) AS begntime,
  any_value(s.endtime) AS endtime, any_value(s.net_fund) AS fund,
  count(DISTINCT b.day) AS days, list(b.setl_id ORDER BY b.setl_id)[:20] AS bills
FROM staff_stays s JOIN bills b ON b.practitioner = s.practitioner AND b.place = s.place AND b.patient <> s.patient
  AND b.day > CAST(s.begntime AS DATE) AND b.day < CAST(s.endtime AS DATE)
GROUP BY s.patient, s.practitioner, s.place, s.setl_id ORDER BY s.place, begntime, s.setl_id
"""

LEAST_DAYS = 3
"""Days billed from the own bed, over all staff of a hospital, that are worth a look."""
ENOUGH_DAYS = 10
"""Days billed from the own bed, over all staff, below which a lent code or a wrong date is as likely."""
ALONE = 9.0
"""Two people may each have lent a code, a few days be wrong dates: no grade A."""
SUPPORT = 3.9
"""One person alone may be a lent code, a few days at a large hospital chance: they make no ring."""
SLIPS = 2
"""Days of one person that may be wrong dates."""
USUAL_DAYS, USUAL_SPAN = 1, 50
"""Days billed, of days in the own bed, that are taken as usual where other hospitals' staff tell little."""
SEVERAL = 3
"""Staff in the own hospital's beds, from which it is the hospital's habit."""
FILLED = 0.2
"""Share of a hospital's stays that are its staff's, from which its beds are filled with them."""

BEDS = """
SELECT place, count(*) FILTER (patient IN (SELECT patient FROM staff_patients)) / count(*) FROM stays
WHERE place IN (SELECT place FROM staff_stays) GROUP BY place
"""

COLLEAGUES = """
SELECT DISTINCT s.place, s.patient, s.practitioner FROM staff_stays s
JOIN prac_reg_d r ON r.practitioner = s.practitioner AND r.place = s.place ORDER BY ALL
"""


def detect(world: World) -> Iterable[Candidate]:
    """One candidate per hospital: staff who billed on at least two days inside their own stays."""
    by_place: dict[int, list[tuple[object, ...]]] = {}
    world.con.execute(STAFF)
    world.lay_out_stays()
    world.con.execute(STAYED)
    busy, beyond = _busy(world)
    for row in world.con.execute(OVERLAPS, [busy.tolist()]).fetchall():
        by_place.setdefault(row[2], []).append(row)
    colleagues = _colleagues(world)
    beds = dict(world.con.execute(BEDS).fetchall())
    for place, rows in by_place.items():
        days = sum(int(str(r[7])) for r in rows)
        if days >= LEAST_DAYS:
            yield _candidate(
                place, rows, days, colleagues.get(place, []), beds[place], beyond.get(place, 0.0)
            )


def _busy(world: World) -> tuple[Keys, Mapping[int, float]]:
    """Staff who billed from their own beds at hospitals where all of them together did so for `LEAST_DAYS`, and per place -log10 p
    of so many days, by what is usual at the other hospitals, after trying all."""
    spans = world.arrays(SPANS)
    columns = (spans[c] for c in ("practitioner", "place", "patient", "adm", "dis"))
    days = practice(world).billed(*columns)
    place = spans["place"]
    enough = np.bincount(place, days)[place] >= LEAST_DAYS
    post = posts(world)
    worked = (post.place.astype(np.int64) << 32 | post.practitioner)[post.there > 0]
    own = np.isin(person := place.astype(np.int64) << 32 | spans["practitioner"], worked)
    one, at = np.unique(person[own], return_inverse=True)
    nights = np.maximum(spans["dis"] - spans["adm"] - 1, 0)
    billed, inside = (np.bincount(at, x[own], len(one)).astype(np.float64) for x in (days, nights))
    here, beyond = _beyond(one >> 32, billed, inside)
    return np.unique(spans["practitioner"][enough & (days > 0)]), dict(
        zip(here.tolist(), beyond.tolist(), strict=True)
    )


def _beyond(
    place: npt.NDArray[np.int64], billed: npt.NDArray[np.float64], inside: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Places, and -log10 p of the days billed there; per person, days `billed` of those `inside` the own stays.

    Nobody adds more than `SLIPS` days to what is usual elsewhere: other hospitals may fill their beds, too.
    """
    here, of = np.unique(place, return_inverse=True)
    days, span = np.bincount(of, billed), np.bincount(of, inside)
    slips = np.bincount(of, np.minimum(billed, SLIPS))
    usual = (slips.sum() - slips + USUAL_DAYS) / (span.sum() - span + USUAL_SPAN)
    beyond = -log10_poisson_tail(days, usual * span) - np.log10(max(len(here), 1))
    return here, np.maximum(beyond, 0.0)


def _colleagues(world: World) -> dict[int, list[tuple[int, int]]]:
    """Per place, staff registered there who were its in-patients: (patient, practitioner)."""
    found: dict[int, list[tuple[int, int]]] = {}
    if world.has("prac_reg_d"):
        for place, *who in world.con.execute(COLLEAGUES).fetchall():
            found.setdefault(place, []).append((who[0], who[1]))
    return found


def _most(billing: int, staff: int, days: int, beds: float) -> float:
    """The cap where of `staff` in-patients of the own hospital `billing` billed on more than `SLIPS` days, all on so many.

    `beds` is the share of its stays that are staff's.
    """
    if staff >= SEVERAL and days >= ENOUGH_DAYS and (billing >= SEVERAL or beds >= FILLED):
        return CAP
    if (billing > 1 and days >= ENOUGH_DAYS) or (staff >= SEVERAL and beds >= FILLED):
        return ALONE
    return SUPPORT


def _candidate(
    place: int,
    rows: list[tuple[object, ...]],
    days: int,
    colleagues: list[tuple[int, int]],
    beds: float,
    beyond: float,
) -> Candidate:
    patients = keys([int(str(r[0])) for r in rows] + [c[0] for c in colleagues])
    staff = {int(str(r[1])) for r in rows} | {c[1] for c in colleagues}
    each = Counter[object]()
    for r in rows:
        each[r[1]] += int(str(r[7]))
    billing = sum(n > SLIPS for n in each.values())
    events = tuple(
        Event(
            "own_stay", r[4], r[5], place=place, patients=(int(str(r[0])),),  # type: ignore[arg-type]
            rows=(f"setl_d:{r[3]}", *(f"setl_d:{b}" for b in r[8])),  # type: ignore[attr-defined]
            fund=int(str(r[6])), facts={"days": int(str(r[7]))},
        )
        for r in rows
    )  # fmt: skip
    return Candidate(
        motif=MOTIF.name,
        patients=patients,
        surprise=float(min(_most(billing, len(patients), days, beds), 1.5 * days, beyond)),
        practitioners=tuple(sorted(staff)),
        places=(place,),
        events=events,
        facts={"staff": len(patients), "days": days, "beds": round(beds, 3)},
        explanations=(Explanation("lent_code", Outcome.UNKNOWN, {"days": days}),),
    )


MOTIF = Motif("staff_patient", detect, needs=("setl_d", "holds", "practitioners"))
