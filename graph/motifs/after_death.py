"""死后使用 · Use after death.

含义: 登记死亡日期之后，多名已故者的凭证在同一机构仍有结算。集中于一处才成线索。
误判: 死亡登记滞后或录错、死亡当日与出院结算在后、批量上传、重名错挂。死亡后数日内的一次结算不计；零散分布于各机构的，多为登记滞后，不列。
Meaning: Cards of several dead people settle at one place after their registered dates of death. Only a concentration
at one place makes a lead.
Misleads: Late or wrong death registration, a hospital bill settled after the death, batch uploads, a namesake's record. Uses
within a few days of the death are left out, and so are those scattered over many places.
Source: 山东单县 2021 年通报 (死亡后使用 48 次).
"""

from collections.abc import Iterable

import numpy as np

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Outcome, keys
from graph.scan.world import World

USES = """
SELECT v.patient, v.place, v.setl_time, v.setl_id, v.net_fund,
  date_diff('day', p.die_date, CAST(v.begntime AS DATE)) AS late
FROM visits v JOIN patients p USING (patient)
WHERE p.die_date IS NOT NULL AND CAST(v.begntime AS DATE) > p.die_date + ?
ORDER BY v.place, v.setl_time, v.setl_id
"""

SHARE = """
SELECT place, count(*) / sum(count(*)) OVER () AS share FROM visits GROUP BY place
"""

LEAST_DEAD = 2
LEAST_USES = 4
AGAIN = 1.5
ONCE = 1.25
"""Uses per dead person up to which each was one mistake, however late."""
LONG_AFTER = 30
"""Days: single uses within a month of the death are late registrations."""
LONER_USES = 6
"""One dead person's card settled this often at one place is a lead by itself."""


def detect(world: World) -> Iterable[Candidate]:
    """One candidate per place where dead people's cards settle more often than the place's size explains."""
    from scipy.stats import binom

    by_place: dict[int, list[tuple[object, ...]]] = {}
    rows = world.con.execute(USES, [world.parameters.death_grace_days]).fetchall()
    for row in rows:
        by_place.setdefault(row[1], []).append(row)
    if not rows:
        return
    share = dict(world.con.execute(SHARE).fetchall())
    for place, found in by_place.items():
        dead = len({r[0] for r in found})
        late = float(np.median([int(str(r[5])) for r in found]))
        lasting = len(found) >= AGAIN * dead or (late >= LONG_AFTER and len(found) > ONCE * dead)
        enough = lasting and (dead >= LEAST_DEAD and len(found) >= LEAST_USES)
        enough = enough or (lasting and len(found) >= LONER_USES)
        tail = -binom.logsf(len(found) - 1, len(rows), min(share[place] * 3, 0.9)) / np.log(10)
        surprise = float(tail) - np.log10(len(by_place))
        if enough and surprise > 0:
            yield _candidate(place, found, surprise, round(len(rows) * share[place], 2))


def _candidate(
    place: int, rows: list[tuple[object, ...]], surprise: float, expected: float
) -> Candidate:
    who = keys([int(str(r[0])) for r in rows])
    events = tuple(
        Event(
            "death_use", r[2], place=place, patients=(int(str(r[0])),),  # type: ignore[arg-type]
            rows=(f"setl_d:{r[3]}",), fund=int(str(r[4])), facts={"days_after": int(str(r[5]))},
        )
        for r in rows
    )  # fmt: skip
    return Candidate(
        motif=MOTIF.name,
        patients=who,
        surprise=float(min(CAP, 2.0 * surprise)),
        places=(place,),
        events=events,
        facts={"uses": len(rows), "dead": len(who), "expected": expected},
        explanations=(
            Explanation(
                "late_report", Outcome.RULED_OUT, {"uses": len(rows), "expected": expected}
            ),
        ),
    )


MOTIF = Motif("after_death", detect, needs=("setl_d", "patients"))
