"""分身执业 · Practitioner in two places.

含义: 同一医师的工号在两家机构先后结算，间隔短于两地路程；尤以其中一家未登记备案为要。可能是工号外借或冒名结算。
误判: 已备案的多点执业与互联网诊疗、共用登录、同一院区两个编码、上传时间并非诊疗时间。两家均已备案、或批量上传的机构，按无辜解释处理。
Meaning: One practitioner's code settles at two facilities within less time than the way between them, above all
where one of them is not registered. A lent code, or billing in another's name.
Misleads: Registered multi-site and internet practice, shared logins, two codes of one campus, upload times that are not
service times. Registration at both places, or a place that uploads in batches, explains the pattern.
Source: 医师法第十五条 (多机构执业备案); 支付资格管理 7–9 分情形 (冒名结算).
"""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Outcome, keys
from graph.scan.visits import attended
from graph.scan.world import World

SEVERAL = """
SELECT practitioner FROM visits WHERE practitioner IS NOT NULL AND NOT stay AND NOT online
GROUP BY practitioner HAVING min(place) <> max(place)
"""

MOVES = """
WITH seen AS (
  SELECT practitioner, place, setl_time AS moment, setl_id, patient, net_fund,
    lag(place) OVER w AS before, lag(setl_time) OVER w AS left_at, lag(setl_id) OVER w AS left_id
  FROM visits v SEMI JOIN several USING (practitioner) JOIN places USING (place)
  WHERE kind = 'facility' AND NOT stay AND NOT online AND place NOT IN (SELECT unnest(?::INTEGER[]))
  WINDOW w AS (PARTITION BY practitioner ORDER BY setl_time, setl_id))
SELECT practitioner, before, place, left_at, moment, left_id, setl_id, patient, net_fund,
  date_diff('minute', left_at, moment) AS gap
FROM seen WHERE before <> place AND date_diff('minute', left_at, moment) <= ?
ORDER BY practitioner, moment, setl_id
"""

REGISTERED = "SELECT DISTINCT practitioner, place FROM prac_reg_d WHERE practitioner IS NOT NULL"


def detect(world: World) -> Iterable[Candidate]:
    """Practitioners with at least `least_presence` moves faster than the road allows."""
    p = world.parameters
    batch = attended(world).batch_places.tolist()
    world.con.register("several", pa.table(world.arrays(SEVERAL)))
    rows = world.con.execute(MOVES, [batch, p.presence_gap]).fetchall()
    world.con.unregister("several")
    if not rows:
        return
    way = world.travel_minutes(np.array([r[1] for r in rows]), np.array([r[2] for r in rows]))
    registered: set[tuple[int, int]] = set()
    if world.has("prac_reg_d"):
        registered = set(world.con.execute(REGISTERED).fetchall())
    moves: dict[int, list[tuple[object, ...]]] = {}
    for row, minutes in zip(rows, way, strict=True):
        if row[9] < minutes:
            moves.setdefault(row[0], []).append((*row, float(minutes)))
    for practitioner, found in moves.items():
        days = {str(row[4])[:10] for row in found}
        if len(found) >= p.least_presence and len(days) >= 2:
            yield _candidate(world, practitioner, found, len(days), registered)


def _candidate(
    world: World,
    practitioner: int,
    moves: list[tuple[object, ...]],
    days: int,
    registered: set[tuple[int, int]],
) -> Candidate:
    places, times = np.unique([[int(str(m[1])), int(str(m[2]))] for m in moves], return_counts=True)
    chief = places[times >= 0.1 * times.max()]
    outside = [int(f) for f in chief if (practitioner, int(f)) not in registered]
    events = tuple(
        Event(
            "presence",
            m[3],  # type: ignore[arg-type]
            m[4],  # type: ignore[arg-type]
            place=int(str(m[2])),
            patients=(int(str(m[7])),) if m[7] is not None else (),
            rows=(f"setl_d:{m[5]}", f"setl_d:{m[6]}"),
            fund=int(str(m[8] or 0)),
            facts={
                "gap": int(str(m[9])),
                "way": round(float(str(m[10])), 1),
                "from": int(str(m[1])),
            },
        )
        for m in moves
    )
    known = world.has("prac_reg_d")
    outcome = Outcome.RULED_OUT if outside else Outcome.EXPLAINS
    return Candidate(
        motif=MOTIF.name,
        patients=keys([]),
        surprise=float(min(CAP, 1.5 * days)),
        practitioners=(practitioner,),
        places=tuple(int(f) for f in chief),
        events=events,
        facts={"moves": len(moves), "days": days, "unregistered": len(outside)},
        explanations=(
            Explanation(
                "multi_site", outcome if known else Outcome.UNKNOWN, {"unregistered": len(outside)}
            ),
        ),
    )


MOTIF = Motif("two_places", detect, needs=("setl_d", "prac_reg_d"))
