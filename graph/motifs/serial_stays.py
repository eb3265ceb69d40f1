"""连环住院 · Serial stays.

含义: 参保人出院当日或次日即入住另一家医院，在两至四家医院之间循环，全年多次；多名参保人走同样的路线。
误判: 转院治疗（一次为主）、康复与安宁疗护的接续、按病组付费下的分解住院。只计同一人在同一组医院之间至少三次衔接者。
Meaning: People leave one hospital and enter another within a day, going round two to four hospitals many times a year;
several people take the same round.
Misleads: Transfers (mostly once), chains of rehabilitation or hospice care, stays split under case-group payment. Only people
with at least three such hand-overs within the same set of hospitals count.
Source: 四川通报 (一年 16 次、约 200 日，出甲院即入乙院).
"""

from collections.abc import Iterable

import numpy as np

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Outcome, keys
from graph.scan.world import World, components

LINKS = """
WITH chain AS (
  SELECT patient, place, setl_id, begntime, endtime, net_fund, dis,
    lead(place) OVER w AS next_place, lead(adm) OVER w AS next_adm, lead(setl_id) OVER w AS next_id
  FROM stays WHERE adm IS NOT NULL WINDOW w AS (PARTITION BY patient ORDER BY adm, dis, setl_id))
SELECT patient, place, next_place, setl_id, next_id, begntime, endtime, net_fund FROM chain
WHERE next_place <> place AND next_adm - dis BETWEEN -1 AND 1 ORDER BY patient, begntime, setl_id
"""

LEAST_LINKS = 3
LEAST_PATIENTS = 3


def detect(world: World) -> Iterable[Candidate]:
    """Sets of hospitals that at least three patients go round, each with three hand-overs or more."""
    world.lay_out_stays()
    rows = world.con.execute(LINKS).fetchall()
    times: dict[tuple[int, int, int], int] = {}
    for r in rows:
        pair = (r[0], min(r[1], r[2]), max(r[1], r[2]))
        times[pair] = times.get(pair, 0) + 1
    strong = [k for k, n in times.items() if n >= LEAST_LINKS]
    if not strong:
        return
    a = np.array([k[1] for k in strong])
    b = np.array([k[2] for k in strong])
    label = components(a, b, world.places)
    rounds: dict[int, set[int]] = {}
    for patient, place, _ in strong:
        rounds.setdefault(int(label[place]), set()).add(patient)
    for number, patients in sorted(rounds.items()):
        mine = [r for r in rows if r[0] in patients and label[r[1]] == number == label[r[2]]]
        if len(patients) >= LEAST_PATIENTS:
            yield _candidate(patients, mine)


def _candidate(patients: set[int], rows: list[tuple[object, ...]]) -> Candidate:
    places = np.unique([[int(str(r[1])), int(str(r[2]))] for r in rows])
    events = tuple(
        Event(
            "handover", r[5], r[6], place=int(str(r[1])), patients=(int(str(r[0])),),  # type: ignore[arg-type]
            rows=(f"setl_d:{r[3]}", f"setl_d:{r[4]}"), fund=int(str(r[7])),
        )
        for r in rows
    )  # fmt: skip
    each = round(len(rows) / len(patients), 2)
    return Candidate(
        motif=MOTIF.name,
        patients=keys(sorted(patients)),
        surprise=float(min(CAP, 1.5 * len(rows))),
        places=tuple(int(f) for f in places[:6]),
        events=events,
        facts={"patients": len(patients), "handovers": len(rows), "places": len(places)},
        explanations=(Explanation("transfer", Outcome.RULED_OUT, {"times_each": each}),),
    )


MOTIF = Motif("serial_stays", detect)
