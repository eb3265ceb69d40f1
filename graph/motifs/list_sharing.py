"""名单共用 · Patient-list sharing.

含义: 一批参保人先到甲机构、隔一两日又到乙机构，次序固定、反复发生，远超两家机构共同就诊者的偶然衔接；或同一批人几日内集中到甲机构、随后几日内又集中到乙机构，相隔一月以上再来一轮；或甲机构的一批就诊者此前从未到过乙机构，却自某日起分数轮在乙机构结算，每轮一日至数日，轮轮先后次序相同（按日，或按当日先后）。这些机构可能共用名单轮流结算。
误判: 正常转诊（一人一次为主）、检查与复诊分设两处、同一医联体、两处合办的随访项目。只计同一人同一方向至少两次者；体检不计；同户、同址、同单位、同校逐一检验；只涉及两家机构的集中往返与分轮结算不评甲级。甲机构停业、合并，或医师带病人迁往乙机构的不计；每轮仅一两日的须有三轮以上，按固定周期复诊的不看当日先后；按预约名册分批来的复诊、按名册补录的随访须先核实。
Meaning: The same patients go to one facility and within days to another, always in that order, again and again, far beyond what visits to
both would bring about by chance; or one set of people is at one facility within a few days and then within a few days at the next,
and all of that once more a month or more later; or patients of one facility who had never been at the other are settled there from
some day on in rounds of a day or some days each, round after round in the same order, of days or within the day.
Misleads: Referral (mostly once per person), examinations and follow-ups in two houses, one medical alliance, a programme held by two houses.
Only people who made the move at least twice in the same direction count; check-ups do not; household, address, employer and school are
tried; going in a body between two facilities alone is never grade A, nor are rounds. Where the first facility closed or merged, or a
practitioner took the patients along, there is none; rounds of a day or two have to be three at least, and who comes by a calendar has
no order within the day; follow-ups by a book of appointments, or entered from a register, have to be asked about first.
Source: Sparrow, License to Steal (patient lists shared among providers).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.motifs.base import Motif
from graph.motifs.list_rounds import in_rounds
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.covisits import VisitColumns
from graph.scan.gatherings import log10_tail
from graph.scan.innocence import one_address, one_employer, one_household, one_school
from graph.scan.kernels import compiled
from graph.scan.moves import moves
from graph.scan.sweeps import BETWEEN, Sweeps, sweeps
from graph.scan.visits import attended
from graph.scan.worklists import worklists
from graph.scan.world import World, components

DAY = 1440
MOST_DAYS = 3
LEAST_TIMES = 2
LEAST_PATIENTS = 4
ORDERED = 0.75
LIFT = 5.0
SAME = 0.5
"""Share of the smaller of two sweeps' people from which both are one list's."""
PAIR = 9.0
"""Two facilities may hold a programme together: what goes to and fro between them in a body, or in rounds, is never a grade A."""


def detect(world: World) -> Iterable[Candidate]:
    """Ordered pairs of facilities with improbably many patients who go from one to the other repeatedly, or are worked off like a list."""
    seen = attended(world)
    large = len(seen.columns) >= world.parameters.most_visits
    if not large:
        yield from in_rounds(world, worklists(seen, world.facility), MOTIF.name, PAIR)
    found = moves(seen.columns, world.facility, most=MOST_DAYS * DAY, least=1)
    if not len(found):
        return
    usual = Usual(seen.columns, _days(seen.columns))
    shared: list[Shared] = []
    for rows, back in _often(found):
        if len(rows) >= ORDERED * (len(rows) + back):
            one = _tested(world, usual, rows, back)
            if one is not None:
                shared.append(one)
    chains = [] if large else _chains(sweeps(seen, world.facility, world.household))
    links = [_link(one) for chain in chains for one in chain]
    events = iter(_events(world, [*shared, *links]))
    for one in shared:
        yield _candidate(one, next(events))
    for chain in chains:
        yield _swept(world, chain, [event for _ in chain for event in next(events)])


def _often(
    found: npt.NDArray[np.int32],
) -> Iterable[tuple[npt.NDArray[np.int32], int]]:
    """The moves of each ordered pair that enough patients make repeatedly, and how many patients go the other way."""
    pair = found[:, 1].astype(np.int64) << 32 | found[:, 2]
    repeated, times = np.unique(pair[found[:, 3] >= LEAST_TIMES], return_counts=True)
    wanted = repeated[times >= LEAST_PATIENTS]
    back = (wanted & 0xFFFFFFFF) << 32 | wanted >> 32
    rows = np.flatnonzero(np.isin(pair, np.concatenate([wanted, back])))
    rows = rows[np.argsort(pair[rows], kind="stable")]
    codes = pair[rows]
    for code, reverse in zip(wanted.tolist(), back.tolist(), strict=True):
        first, last, other, end = np.searchsorted(codes, [code, code + 1, reverse, reverse + 1])
        patients = int(end - other)
        yield found[rows[first:last]], patients if patients >= LEAST_PATIENTS else 0


@dataclass(frozen=True)
class Shared:
    """Two facilities with one list: who goes from the first to the second, and how improbable that is."""

    first: int
    second: int
    patients: Keys
    surprise: float
    facts: dict[str, float | int | str]
    each: float
    days: int = MOST_DAYS


def _tested(world: World, usual: "Usual", rows: npt.NDArray[np.int32], back: int) -> Shared | None:
    first, second = int(rows[0, 1]), int(rows[0, 2])
    once, again = usual.moves(first, second)
    repeated = int((rows[:, 3] >= LEAST_TIMES).sum())
    surprise = -log10_tail(repeated, again) - np.log10(max(world.places, 2))
    if surprise <= 0 or repeated < LIFT * again:
        return None
    wide = len(rows) >= LIFT * once
    who = keys(rows[:, 0] if wide else rows[rows[:, 3] >= LEAST_TIMES, 0])
    facts: dict[str, float | int | str] = {
        "patients": len(who),
        "moves": int(rows[:, 3].sum()),
        "again": repeated,
        "places": 2,
        "days": MOST_DAYS,
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
        near = (b[3] - a[3]).total_seconds() <= one.days * 86400
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


def _chains(found: Sequence[Sweeps]) -> list[list[Sweeps]]:
    """Sweeps of largely the same people, put together: facility after facility."""
    alike = [
        (i, j)
        for i, a in enumerate(found)
        for j, b in enumerate(found[:i])
        if len(np.intersect1d(a.either, b.either)) >= SAME * min(len(a.either), len(b.either))
    ]
    a, b = np.array(alike, dtype=np.int64).reshape(-1, 2).T
    chains: dict[int, list[Sweeps]] = {}
    for one, label in zip(found, components(a, b, len(found)).tolist(), strict=True):
        chains.setdefault(label, []).append(one)
    return list(chains.values())


def _link(one: Sweeps) -> Shared:
    return Shared(one.first, one.second, one.either, one.surprise, {}, 0.0, BETWEEN)


def _swept(world: World, chain: Sequence[Sweeps], events: Sequence[Event]) -> Candidate:
    best = max(chain, key=lambda one: (one.surprise, -one.first, -one.second))
    places = keys([place for one in chain for place in (one.first, one.second)]).tolist()
    patients = keys(np.concatenate([one.either for one in chain]))
    again = keys(np.concatenate([one.again for one in chain]))
    return Candidate(
        motif=MOTIF.name,
        patients=patients,
        surprise=float(min(CAP if len(places) > 2 else PAIR, best.surprise)),
        places=tuple(places),
        events=tuple(sorted(events, key=lambda e: (e.at, e.patients, e.place))),
        facts={
            "patients": len(patients),
            "moves": len(events),
            "again": len(again),
            "places": len(places),
            "days": BETWEEN,
            "expected": best.expected,
        },
        explanations=(
            one_household(world, patients),
            one_address(world, patients),
            one_employer(world, patients),
            one_school(world, patients),
        ),
    )


def _days(columns: VisitColumns) -> float:
    """Days from the first visit to the last, 30 at least."""
    return max((int(columns.minute.max()) - int(columns.minute.min())) / DAY, 30.0)


@dataclass(frozen=True)
class Usual:
    """What visits spread evenly over `length` days would bring about."""

    columns: VisitColumns
    length: float

    def moves(self, first: int, second: int) -> tuple[float, float]:
        """How many patients of both places would make the move at least once, and twice."""
        from scipy.stats import poisson

        c = self.columns
        here, there = (slice(*c.place_offsets[f : f + 2]) for f in (first, second))
        n_a, n_b = visits_at_both(c.patient[here], c.patient[there], self._times)
        rate = n_a * n_b * MOST_DAYS / self.length
        once, again = (np.asarray(poisson.sf(k, rate)).sum() for k in (0, LEAST_TIMES - 1))
        return float(once), float(again)

    @cached_property
    def _times(self) -> npt.NDArray[np.int32]:
        """Room for `visits_at_both`."""
        return np.zeros((self.columns.patients, 2), np.int32)


@compiled
def visits_at_both(here: Any, there: Any, times: Any) -> Any:
    """How often each patient who is in both int32 arrays is in either, by patient: int64[n] each.

    `times` int32[patients, 2] is zeros before and after.
    """
    for who in here:
        times[who, 0] += 1
    both, n = np.empty(min(len(here), len(there)), np.int32), 0
    for who in there:
        if times[who, 0] and not times[who, 1]:
            both[n] = who
            n += 1
        times[who, 1] += 1
    both = np.sort(both[:n])
    a, b = np.empty(n, np.int64), np.empty(n, np.int64)
    for k in range(n):
        a[k], b[k] = times[both[k], 0], times[both[k], 1]
    for who in here:
        times[who, 0] = 0
    for who in there:
        times[who, 1] = 0
    return a, b


MOTIF = Motif("list_sharing", detect)
