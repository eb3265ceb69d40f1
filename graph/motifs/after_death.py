"""死后使用 · Use after death.

含义: 登记死亡日期之后，参保人的凭证仍有结算，且不止一次。同一机构出现多名已故者时按一条线索并列。
误判: 死亡登记滞后或录错、死亡当日与出院结算在后、批量上传、重名错挂。死亡后数日内的一次结算不计。
Meaning: After the registered date of death the person's card still settles, more than once; several such people at one
place are one lead.
Misleads: Late or wrong death registration, a hospital bill settled after the death, batch uploads, a namesake's record. One
use within a few days of the death is left out.
Source: 山东单县 2021 年通报 (死亡后使用 48 次).
"""

from collections.abc import Iterable

import numpy as np

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Outcome, keys
from graph.scan.world import World, components

USES = """
SELECT v.patient, v.place, v.setl_time, v.setl_id, v.net_fund,
  date_diff('day', p.die_date, CAST(v.begntime AS DATE)) AS late
FROM visits v JOIN patients p USING (patient)
WHERE p.die_date IS NOT NULL AND CAST(v.begntime AS DATE) > p.die_date + ?
QUALIFY count(*) OVER (PARTITION BY v.patient) >= 2
ORDER BY v.patient, v.setl_time, v.setl_id
"""


def detect(world: World) -> Iterable[Candidate]:
    """Components of dead patients and the places that settled them; three uses or more in all."""
    rows = world.con.execute(USES, [world.parameters.death_grace_days]).fetchall()
    if not rows:
        return
    patient = np.array([r[0] for r in rows])
    place = np.array([r[1] for r in rows])
    labels = components(patient, place + world.patients, world.patients + world.places)[patient]
    for label in np.unique(labels):
        chosen = [rows[i] for i in np.flatnonzero(labels == label)]
        if len(chosen) >= 3:
            yield _candidate(chosen)


def _candidate(rows: list[tuple[object, ...]]) -> Candidate:
    who = keys([int(str(r[0])) for r in rows])
    places, times = np.unique([int(str(r[1])) for r in rows], return_counts=True)
    events = tuple(
        Event(
            "death_use", r[2], place=int(str(r[1])), patients=(int(str(r[0])),),  # type: ignore[arg-type]
            rows=(f"setl_d:{r[3]}",), fund=int(str(r[4])), facts={"days_after": int(str(r[5]))},
        )
        for r in rows
    )  # fmt: skip
    return Candidate(
        motif=MOTIF.name,
        patients=who,
        surprise=float(min(CAP, 2.0 * len(rows))),
        places=tuple(int(f) for f in places[np.argsort(-times, kind="stable")][:10]),
        events=events,
        facts={"uses": len(rows), "dead": len(who)},
        explanations=(Explanation("late_report", Outcome.RULED_OUT, {"uses": len(rows)}),),
    )


MOTIF = Motif("after_death", detect, needs=("setl_d", "patients"))
