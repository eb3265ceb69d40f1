"""名单共用 · Patient-list sharing.

含义: 一批参保人先到甲机构、隔一两日又到乙机构，次序固定、反复发生，远超两家机构共同就诊者的偶然衔接。两家机构可能共用名单轮流结算。
误判: 正常转诊（一人一次为主）、检查与复诊分设两处、同一医联体。只计同一人同一方向至少两次者。
Meaning: The same patients go to one facility and within days to another, always in that order, again and again, far beyond
what visits to both would bring about by chance.
Misleads: Referral (mostly once per person), examinations and follow-ups in two houses, one medical alliance. Only people who made
the move at least twice in the same direction count.
Source: Sparrow, License to Steal (patient lists shared among providers).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.stats import poisson

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.covisits import VisitColumns
from graph.scan.gatherings import log10_tail
from graph.scan.moves import moves
from graph.scan.visits import attended
from graph.scan.world import World

DAY = 1440
MOST_DAYS = 3
LEAST_TIMES = 2
LEAST_PATIENTS = 4
ORDERED = 0.75
LIFT = 5.0


def detect(world: World) -> Iterable[Candidate]:
    """Ordered pairs of facilities with improbably many patients who go from one to the other repeatedly."""
    seen = attended(world)
    found = moves(seen.columns, world.facility, most=MOST_DAYS * DAY, least=1)
    if not len(found):
        return
    pair = found[:, 1].astype(np.int64) << 32 | found[:, 2]
    order = np.argsort(pair, kind="stable")
    cuts = np.flatnonzero(np.diff(pair[order])) + 1
    groups = {int(pair[g[0]]): found[g] for g in np.split(order, cuts) if len(g) >= LEAST_PATIENTS}
    shared: list[Shared] = []
    for code in sorted(groups):
        rows = groups[code]
        again = int((rows[:, 3] >= LEAST_TIMES).sum())
        back = len(groups.get((code & 0xFFFFFFFF) << 32 | code >> 32, ()))
        if again >= LEAST_PATIENTS and len(rows) >= ORDERED * (len(rows) + back):
            one = _tested(world, seen.columns, rows, back)
            if one is not None:
                shared.append(one)
    for one, events in zip(shared, _events(world, shared), strict=True):
        yield _candidate(one, events)


@dataclass(frozen=True)
class Shared:
    """Two facilities with one list: who goes from the first to the second, and how improbable that is."""

    first: int
    second: int
    patients: Keys
    surprise: float
    facts: dict[str, float | int | str]
    each: float


def _tested(
    world: World, columns: VisitColumns, rows: npt.NDArray[np.int32], back: int
) -> Shared | None:
    first, second = int(rows[0, 1]), int(rows[0, 2])
    once, again = _expected(columns, first, second)
    repeated = int((rows[:, 3] >= LEAST_TIMES).sum())
    surprise = -log10_tail(repeated, again) - np.log10(max(world.places, 2))
    if surprise <= 0 or repeated < LIFT * again:
        return None
    wide = len(rows) >= LIFT * once
    who = keys(rows[:, 0] if wide else rows[rows[:, 3] >= LEAST_TIMES, 0])
    facts: dict[str, float | int | str] = {
        "patients": len(who),
        "moves": int(rows[:, 3].sum()),
        "expected": float(again),
        "back": back,
    }
    return Shared(first, second, who, float(min(CAP, surprise)), facts, float(rows[:, 3].mean()))


def _events(world: World, shared: Sequence[Shared]) -> list[tuple[Event, ...]]:
    """The moves behind each pair of facilities, in one pass over the visits."""
    asked = [
        (i, patient, place)
        for i, one in enumerate(shared)
        for patient in one.patients.tolist()
        for place in (one.first, one.second)
    ]
    columns = [pa.array([row[k] for row in asked], pa.int32()) for k in range(3)]
    world.con.register("moving", pa.table(columns, names=["pair", "patient", "place"]))
    visits = world.con.execute(
        """
        SELECT pair, patient, place, setl_time, setl_id, net_fund FROM visits JOIN moving USING (patient, place)
        WHERE NOT stay ORDER BY pair, patient, setl_time, setl_id
        """
    ).fetchall()
    world.con.unregister("moving")
    found: list[list[Event]] = [[] for _ in shared]
    for a, b in pairwise(visits):
        one = shared[a[0]]
        near = (b[3] - a[3]).total_seconds() <= MOST_DAYS * 86400
        if a[:2] == b[:2] and a[2] == one.first and b[2] == one.second and near:
            found[a[0]].append(
                Event(
                    "move", a[3], b[3], place=one.second, patients=(a[1],),
                    rows=(f"setl_d:{b[4]}", f"setl_d:{a[4]}"), fund=int(a[5]) + int(b[5]),
                )
            )  # fmt: skip
    return [tuple(events) for events in found]


def _candidate(one: Shared, events: tuple[Event, ...]) -> Candidate:
    return Candidate(
        motif=MOTIF.name,
        patients=one.patients,
        surprise=one.surprise,
        places=(one.first, one.second),
        events=events,
        facts=one.facts,
        explanations=(
            Explanation(
                "referral",
                Outcome.RULED_OUT,
                {"times_each": round(one.each, 2), "back": one.facts["back"]},
            ),
        ),
    )


def _expected(columns: VisitColumns, first: int, second: int) -> tuple[float, float]:
    """How many patients of both would make the move at least once, and twice, were their visits spread over the year."""
    a, n_a = np.unique(_clients(columns, first), return_counts=True)
    b, n_b = np.unique(_clients(columns, second), return_counts=True)
    _, in_a, in_b = np.intersect1d(a, b, assume_unique=True, return_indices=True)
    days = max((int(columns.minute.max()) - int(columns.minute.min())) / DAY, 30.0)
    rate = n_a[in_a] * n_b[in_b] * MOST_DAYS / days
    once, again = (np.asarray(poisson.sf(k, rate)).sum() for k in (0, LEAST_TIMES - 1))
    return float(once), float(again)


def _clients(columns: VisitColumns, place: int) -> npt.NDArray[np.int32]:
    return columns.patient[columns.place_offsets[place] : columns.place_offsets[place + 1]]


MOTIF = Motif("list_sharing", detect)
