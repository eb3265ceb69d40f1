"""Sessions on paper: people of one place who, during the hours billed for them there, settle at one other place far away."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.scan.candidates import Keys, keys
from graph.scan.moves import moves
from graph.scan.visits import DAY, attended
from graph.scan.world import World

LONGEST = 480
"""Minutes between the two settlements within which they may belong to one session."""
SHORTEST = 60
"""Minutes a session lasts at least; what is shorter has no inside."""
SLACK = 15
"""Minutes inside the session at either end, for clocks that differ."""
FAR = 2.0
"""Kilometres that nobody walks in the middle of a session."""
COURSE = 5
"""Sessions each, on average, that make a course; fewer visits of known length are just long visits."""
LEAST_PEOPLE, LEAST_EACH = 3, 2
"""People of one pair of places, each on so many days."""
USUAL = 0.05
"""Share of sessions during which a relative collects something with the patient's card, generously."""
LEAST_SHARE = 0.15
"""Share of these people's sessions from which the calendar is in doubt."""

SESSIONS = f"""
WITH own AS (
  SELECT n.no, v.patient, v.place, v.setl_id, v.setl_time, v.begntime, v.endtime, v.net_fund, n.place AS here, n.elsewhere
  FROM visits v JOIN named n ON n.patient = v.patient AND v.place IN (n.place, n.elsewhere) WHERE NOT v.stay AND NOT v.online),
 held AS (
  SELECT * FROM own WHERE place = here AND date_diff('minute', begntime, endtime) BETWEEN {SHORTEST} AND {LONGEST})
SELECT h.no, h.patient, h.setl_id, o.setl_id, o.setl_time, coalesce(h.net_fund, 0) + coalesce(o.net_fund, 0)
FROM held h LEFT JOIN own o ON o.no = h.no AND o.patient = h.patient AND o.place = o.elsewhere
  AND o.setl_time BETWEEN h.begntime + to_minutes({SLACK}) AND h.endtime - to_minutes({SLACK})
QUALIFY count(o.setl_id) OVER (PARTITION BY h.no, h.patient) >= {LEAST_EACH}
ORDER BY ALL
"""
"""The sessions of those who were elsewhere often enough to count, and where."""


@dataclass(frozen=True)
class Absence:
    """One session (`setl_id`) during which the patient settled `elsewhere_id` at the other place; money in fen."""

    patient: int
    at: datetime
    setl_id: str
    elsewhere_id: str
    fund: int


@dataclass(frozen=True)
class OnPaper:
    """People of the sessions at `place` seen at `elsewhere` meanwhile, `LEAST_EACH` days each.

    `sessions` are all of theirs with known hours. `surprise` is -log10 of the chance of so many absences at the usual share, all
    pairs of places tried.
    """

    place: int
    elsewhere: int
    patients: Keys
    absences: tuple[Absence, ...]
    sessions: int
    surprise: float


def on_paper(world: World) -> list[OnPaper]:
    """Every pair of places with absences of several people beyond chance, by place."""
    pairs = _pairs(world)
    if not len(pairs):
        return []
    ends, no = np.unique(pairs[:, :2], axis=0, return_inverse=True)
    named = pa.table({
        "no": no.reshape(-1).astype(np.int32), "place": pairs[:, 0], "elsewhere": pairs[:, 1],
        "patient": pairs[:, 2],
    })  # fmt: skip
    world.con.register("named", named)
    rows = world.con.execute(SESSIONS).fetchall()
    world.con.unregister("named")
    held: list[list[tuple[int, str, str | None, datetime | None, int]]] = [[] for _ in ends]
    for one, *row in rows:
        held[one].append(tuple(row))
    found = (
        _tested(int(f), int(g), mine, len(ends))
        for (f, g), mine in zip(ends.tolist(), held, strict=True)
    )
    return [one for one in found if one is not None]


def _pairs(world: World) -> npt.NDArray[np.int32]:
    """(place, elsewhere, patient), int32[n, 3], both ways round, of people who went between the two within a day, `LEAST_EACH` times,
    where as many people did as are needed. Places that upload in batches are left out, their hours mean nothing."""
    seen = attended(world)
    timed = np.ones(world.places, dtype=np.bool_)
    timed[seen.batch_places] = False
    moved = moves(seen.columns, timed, most=min(LONGEST, DAY), least=LEAST_EACH)
    far = ~(world.distance(moved[:, 1], moved[:, 2]) < FAR)
    moved = moved[far]
    both = np.concatenate([moved[:, [1, 2, 0]], moved[:, [2, 1, 0]]])
    both = np.unique(both, axis=0)
    _, of, people = np.unique(both[:, :2], axis=0, return_inverse=True, return_counts=True)
    kept: npt.NDArray[np.int32] = both[people[of.reshape(-1)] >= LEAST_PEOPLE]
    return kept


def _tested(
    place: int,
    elsewhere: int,
    rows: list[tuple[int, str, str | None, datetime | None, int]],
    tried: int,
) -> OnPaper | None:
    """What the sessions of one pair of places say, if anything."""
    from scipy.stats import binom

    away = [
        Absence(patient, at, setl_id, other, fund)
        for patient, setl_id, other, at, fund in rows
        if other is not None and at is not None
    ]
    days: dict[int, set[object]] = {}
    for one in away:
        days.setdefault(one.patient, set()).add(one.at.date())
    named = {patient for patient, dates in days.items() if len(dates) >= LEAST_EACH}
    away = [one for one in away if one.patient in named]
    absent = len({one.setl_id for one in away})
    sessions = len({row[1] for row in rows if row[0] in named})
    if len(named) < LEAST_PEOPLE or sessions < COURSE * len(named):
        return None
    if absent < LEAST_SHARE * sessions:
        return None
    tail = -binom.logsf(absent - 1, sessions, USUAL) / np.log(10)
    surprise = float(tail - np.log10(tried))
    if surprise <= 0:
        return None
    return OnPaper(place, elsewhere, keys(sorted(named)), tuple(away), sessions, surprise)
