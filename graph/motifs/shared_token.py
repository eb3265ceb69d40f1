"""共享标识 · Shared identifier.

含义: 互不同户的多名参保人使用同一银行账户、电话或备案代办人。账户最强，电话次之；按稀有程度计分，持有人过多者（枢纽）不作证据。
误判: 养老院与宿舍登记同一电话、村卫生室把自己的电话填给全村、单位统一登记、录入员输入默认号码。同址、同单位、同一小诊所就诊者占多数时按无辜解释处理。
Meaning: People from different households use one bank account, phone or filing agent. An account says most; rare
tokens count more, tokens with too many holders (hubs) say nothing.
Misleads: Care homes and dormitories register one phone, a village clinic types its own number for everybody, employers
register staff, clerks type a default number. One address, one employer or one small clinic shared by most explains it.
Source: SliceNDice (DSAA 2019) for rarity; Neo4j shared-identifier recipe for the pattern.
"""

from collections.abc import Iterable

import numpy as np
from scipy.stats import binom

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.innocence import MOST, one_address, one_employer, one_household
from graph.scan.world import World

NEARLY_ALL = 0.8
"""Share of the holders who must have been at one place before that place counts for the group."""
SUPPORT = 3.5
"""An agent who files for many is routine (employers' staff do it): it supports a ring, and makes none."""

HELD = """
SELECT t.token, t.kind, h.owner AS patient FROM holds h JOIN tokens t USING (token)
WHERE h.owner_kind = 'patient' AND t.kind IN ('account', 'phone') AND t.holders BETWEEN ? AND ?
UNION
SELECT x.token, 'agent', f.patient FROM out_appy_evt_c f, LATERAL (SELECT unnest([f.agent, f.agent_phone]) AS token) x
JOIN tokens t ON t.token = x.token WHERE t.holders BETWEEN ? AND ?
ORDER BY 1, 3
"""


MINE = """
SELECT patient, place, left(admdvs, 4) AS city FROM visits JOIN places USING (place)
WHERE patient IN (SELECT unnest(?::INTEGER[]))
"""


def detect(world: World) -> Iterable[Candidate]:
    """One candidate per token with enough holders from different households."""
    p = world.parameters
    sql = HELD if world.has("out_appy_evt_c") else HELD.partition("UNION")[0] + "ORDER BY 1, 3"
    limits = [p.least_account_holders, p.hub_holders] * sql.count("BETWEEN")
    by_token: dict[tuple[int, str], list[int]] = {}
    for token, kind, patient in world.con.execute(sql, limits).fetchall():
        by_token.setdefault((token, kind), []).append(patient)
    for (token, kind), holders in by_token.items():
        patients = keys(holders)
        least = p.least_account_holders if kind == "account" else p.least_phone_holders
        households = len(np.unique(world.household[patients]))
        if households >= least:
            yield _candidate(world, token, kind, patients, households)


def _candidate(world: World, token: int, kind: str, patients: Keys, households: int) -> Candidate:
    weight = {"account": 1.0, "agent": 0.5, "phone": 0.5}[kind]
    rarity = np.log10(max(world.patients, 10) / households)
    most = SUPPORT if kind == "agent" else CAP
    together, place = common_place(world, patients)
    return Candidate(
        motif=MOTIF.name,
        patients=patients,
        places=() if place is None or together < 3.0 else (place,),
        surprise=float(min(CAP, min(most, weight * (households - 1) * rarity) + together)),
        events=(
            Event(
                "token",
                None,
                patients=tuple(patients.tolist()),
                facts={"kind": kind, "token": token},
            ),
        ),
        facts={"kind": kind, "holders": len(patients), "households": households},
        explanations=(
            one_household(world, patients),
            one_address(world, patients),
            one_employer(world, patients),
            *([one_small_clinic(world, patients)] if kind == "phone" else []),
        ),
    )


def common_place(world: World, patients: Keys) -> tuple[float, int | None]:
    """The place nearly all holders use, and how improbable that is among the city's people: (-log10 p after trying all, place)."""
    rows = world.arrays(
        """
        SELECT v.place, count(DISTINCT v.patient) AS n,
          (SELECT count(DISTINCT w.patient) FROM mine w WHERE w.city = any_value(v.city)) AS here
        FROM mine v GROUP BY v.place ORDER BY v.place
        """.replace("mine", f"({MINE})"),
        [patients.tolist()] * 2,
    )
    if not len(rows["n"]):
        return 0.0, None
    share = world.clients[rows["place"]] / np.maximum(world.city_patients[rows["place"]], 1)
    tail = -binom.logsf(rows["n"] - 1, rows["here"], np.clip(share, 1e-9, 1.0)) / np.log(10)
    tail = np.where(rows["n"] >= NEARLY_ALL * len(patients), tail, 0.0)
    best = int(np.argmax(tail))
    if tail[best] <= 0.0:
        return 0.0, None
    return max(0.0, float(tail[best]) - float(np.log10(world.places))), int(rows["place"][best])


def one_small_clinic(world: World, patients: Keys) -> Explanation:
    """Do most holders go to one clinic whose clients largely hold this token (a village's contact phone)?"""
    rows = world.arrays(
        """
        SELECT place, count(DISTINCT patient) AS n FROM visits
        WHERE patient IN (SELECT unnest(?::INTEGER[])) AND place IS NOT NULL GROUP BY place ORDER BY place
        """,
        [patients.tolist()],
    )
    if not len(rows["n"]):
        return Explanation("village_clinic", Outcome.UNKNOWN)
    best = int(
        np.argmax(rows["n"] / world.clients[rows["place"]] * (rows["n"] >= MOST * len(patients)))
    )
    share = float(rows["n"][best]) / len(patients)
    held = float(rows["n"][best]) / float(world.clients[rows["place"][best]])
    explains = share >= MOST and len(patients) >= 10 and held >= 0.1
    outcome = Outcome.EXPLAINS if explains else Outcome.RULED_OUT
    return Explanation(
        "village_clinic", outcome, {"share": round(share, 3), "of_clients": round(held, 3)}
    )


MOTIF = Motif("shared_token", detect, needs=("holds",))
