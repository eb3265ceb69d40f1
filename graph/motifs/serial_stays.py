"""连环住院 · Serial stays.

含义: 参保人出院当日或次日即入住另一家医院，在两至四家医院之间循环，全年多次；多名参保人走同样的路线。
误判: 转院治疗（一次为主）、康复与安宁疗护的接续、按病组付费下的分解住院。只计同一人在同一组（至多四家）医院之间至少三次衔接、且另有他人走过同样一段者。
Meaning: People leave one hospital and enter another within a day, going round two to four hospitals many times a year;
several people take the same round.
Misleads: Transfers (mostly once), chains of rehabilitation or hospice care, stays split under case-group payment. Only people
with at least three such hand-overs within one set of up to four hospitals count, on ways that others of them took too.
Source: 四川通报 (一年 16 次、约 200 日，出甲院即入乙院).
"""

from collections import Counter
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
MOST_HOSPITALS = 4
"""Whoever is handed on between more hospitals than this goes no round."""
COMMON = 2
"""People who must have made the same move before it belongs to a round."""


def detect(world: World) -> Iterable[Candidate]:
    """Sets of hospitals that at least three patients go round, each with three hand-overs or more among them."""
    world.lay_out_stays()
    moves: dict[int, list[tuple[object, ...]]] = {}
    for row in world.con.execute(LINKS).fetchall():
        moves.setdefault(row[0], []).append(row)
    going = {p: found for p, found in moves.items() if len(found) >= LEAST_LINKS}
    times = Counter(pair for found in going.values() for pair in {_pair(r) for r in found})
    common = sorted(pair for pair, n in times.items() if n >= COMMON)
    if not common:
        return
    label = components(
        np.array([a for a, _ in common]), np.array([b for _, b in common]), world.places
    )
    rounds: dict[int, dict[int, list[tuple[object, ...]]]] = {}
    for patient, found in going.items():
        inside: dict[int, list[tuple[object, ...]]] = {}
        for row in found:
            a, b = _pair(row)
            if label[a] == label[b]:
                inside.setdefault(int(label[a]), []).append(row)
        for number, mine in inside.items():
            if _goes_round(mine):
                rounds.setdefault(number, {})[patient] = mine
    for _, members in sorted(rounds.items()):
        if len(members) >= LEAST_PATIENTS:
            yield _candidate(set(members), [row for mine in members.values() for row in mine])


def _pair(row: tuple[object, ...]) -> tuple[int, int]:
    """The two hospitals of a hand-over, the lower key first."""
    a, b = int(str(row[1])), int(str(row[2]))
    return min(a, b), max(a, b)


def _goes_round(found: list[tuple[object, ...]]) -> bool:
    """Hand-overs enough, among few hospitals."""
    hospitals = {place for row in found for place in _pair(row)}
    return len(found) >= LEAST_LINKS and len(hospitals) <= MOST_HOSPITALS


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
