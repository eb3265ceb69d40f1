"""Friends who go together: a few people at the places near them, each served in turn, at what such a visit usually costs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.scan.candidates import Event, Explanation, Keys, Outcome, keys
from graph.scan.chance import rows_of
from graph.scan.covisits import VisitColumns
from graph.scan.gatherings import Gatherings
from graph.scan.settlements import settlements
from graph.scan.visits import Attendance
from graph.scan.world import World

FEW = 5
"""People up to whom a company may be one of friends or neighbours."""
NEAR = 3
"""Places friends share: a clinic, a hospital, a pharmacy. Who goes round more of them together shops for somebody."""
ONCE = 1.5
"""Places a person and day, from which the company is on a round and not on an errand."""
FORTNIGHTLY = 26
"""Days together in a year at one place: medicine for a chronic illness is fetched every two weeks at most."""
ERRANDS = 36
"""Days together in a year at all places: who goes to a clinic, a hospital and a pharmacy has three errands a month."""
YEAR = 365
DEAR = 2.0
"""Fund money of a visit, over what others' visits at the place cost, from which the visits are no ordinary ones."""
HASTE = 3.0
"""Minutes from one to the next, below which cards were settled in a row: who comes for himself is seen, or served, in his turn."""
ONE_HAND, HANDS_P = 0.9, -3.0
"""Share of the settlements by one operator, and log10 of the chance that it was on duty each time, for one hand to be at work."""
ABED = 2
"""People who lay in another hospital on such a day, from which not they came but their cards; with one a date may be wrong."""
SAMPLED, PARTY = 200, 4
"""Visits of a place looked at for what is usual, and how many of them make a party whose mean is compared."""
NOTE = "what is usual for friends"

LAIN = """
SELECT patient, place, adm, dis FROM stays SEMI JOIN asked USING (patient)
WHERE place IS NOT NULL AND dis - adm >= 2 ORDER BY ALL
"""


@dataclass
class Usual:
    """What small groups are held against: fund money of a visit in fen by place, and stays (place, admission and discharge in
    days since 2000-01-01) by patient."""

    fund: dict[int, float] = field(default_factory=dict)
    stays: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)

    def add(
        self, world: World, seen: Attendance, places: Keys, members: Keys, numbers: Keys
    ) -> None:
        """Look up these places and people; the settlements `numbers` are read along, so that the table is gone through once."""
        rows = sampled(seen.columns, keys([f for f in places.tolist() if f not in self.fund]))
        if len(rows):
            asked = seen.columns.source[rows]
            read = settlements(world, keys(np.concatenate([numbers, asked])))
            fund = read.fund[np.searchsorted(read.number, asked)]
            self.fund |= usual_fund(seen.columns.place[rows], fund)
        fresh = [p for p in members.tolist() if p not in self.stays]
        if fresh:
            self.stays |= {p: [] for p in fresh}
            world.lay_out_stays()
            world.con.register("asked", pa.table({"patient": pa.array(fresh, pa.int32())}))
            for patient, *stay in world.con.execute(LAIN).fetchall():
                self.stays[patient].append((stay[0], stay[1], stay[2]))
            world.con.unregister("asked")

    def abed(self, patient: int, place: int, day: int) -> bool:
        """Did the person lie in another hospital on that day, neither its first nor its last?"""
        return any(f != place and a < day < d for f, a, d in self.stays.get(patient, ()))


def usual(world: World) -> Usual:
    """What the scan has looked up so far."""
    found = world.notes.setdefault(NOTE, Usual())
    assert isinstance(found, Usual)
    return found


def sampled(columns: VisitColumns, places: Keys) -> npt.NDArray[np.int32]:
    """Rows of up to `SAMPLED` visits of each place, spread over all its visits: int32[n], place after place."""
    found = [np.zeros(0, dtype=np.int64)]
    for f in places.tolist():
        lo, hi = int(columns.place_offsets[f]), int(columns.place_offsets[f + 1])
        found.append(
            lo + np.arange(min(SAMPLED, hi - lo)) * (hi - lo) // max(min(SAMPLED, hi - lo), 1)
        )
    return np.concatenate(found).astype(np.int32)


def usual_fund(place: Keys, fund: npt.NDArray[np.int64]) -> dict[int, float]:
    """Per place the median, over parties of `PARTY` visits, of their mean fund money in fen; `place` is ascending."""
    values, starts = np.unique(place, return_index=True)
    usual = {}
    for f, mine in zip(values.tolist(), np.split(fund, starts[1:]), strict=True):
        whole = mine[: max(len(mine) // PARTY, 1) * PARTY]
        usual[f] = float(np.median(whole.reshape(-1, min(PARTY, len(whole))).mean(axis=1)))
    return usual


def friends(
    seen: Attendance,
    members: Keys,
    found: Gatherings,
    events: Sequence[Event],
    usual: Usual,
) -> Explanation:
    """Are they a few friends or neighbours on ordinary errands, seen one after the other?

    In haste, through one operator's hands, or where the money is not known, being few only weakens. More people, many places,
    rounds of several places a day, more than a visit a fortnight to one place, dear visits, or people in bed elsewhere rule it out.
    """
    if len(members) > FEW or not len(found):
        return Explanation("friends", Outcome.RULED_OUT, {"people": len(members)})
    places = len(np.unique(found.place))
    apart = float(np.median((found.last - found.first) / np.maximum(found.present - 1, 1)))
    cost = _cost(events, usual)
    abed = _abed(seen, found, usual)
    outcome = Outcome.EXPLAINS
    if cost is None or apart < HASTE or _one_hand(seen, found):
        outcome = Outcome.WEAKENS
    if (
        places > NEAR
        or abed >= ABED
        or _too_often(found)
        or (cost is not None and cost >= DEAR)
        or _places_a_day(seen, members, found) >= ONCE
    ):
        outcome = Outcome.RULED_OUT
    numbers = {
        "people": len(members),
        "places": places,
        "minutes_apart": round(apart, 1),
        "abed": abed,
    }
    known = {} if cost is None else {"cost_over_usual": round(cost, 2)}
    return Explanation("friends", outcome, numbers | known)


def _too_often(found: Gatherings) -> bool:
    """Did they go to one place, or to all of them, on more days of a year than errands take?"""
    at = np.unique(np.stack([found.place, found.first // 1440]), axis=1)[0]
    span = max(int(np.ptp(found.days)) + 1, YEAR) / YEAR
    often = int(np.unique(at, return_counts=True)[1].max())
    return often > FORTNIGHTLY * span or len(found.days) > ERRANDS * span


def _cost(events: Sequence[Event], usual: Usual) -> float | None:
    """Median over the gatherings of a visit's fund money over the usual; None where nothing is known."""
    ratios = [
        e.fund / len(e.rows) / max(usual.fund[e.place], 1.0)
        for e in events
        if e.rows and e.place in usual.fund
    ]
    return float(np.median(ratios)) if ratios else None


def _abed(seen: Attendance, found: Gatherings, usual: Usual) -> int:
    """How many people's cards were settled while they lay in another hospital."""
    columns, rows = seen.columns, found.rows
    day = columns.minute[rows] // 1440
    each = zip(
        columns.patient[rows].tolist(), columns.place[rows].tolist(), day.tolist(), strict=True
    )
    return len({one[0] for one in each if usual.abed(*one)})


def _places_a_day(seen: Attendance, members: Keys, found: Gatherings) -> float:
    """How many places a member was at on a day of a gathering, on average."""
    columns = seen.columns
    owner, rows = rows_of(columns, members)
    day = columns.minute[rows].astype(np.int64) // 1440
    here = np.isin(day, found.days)
    who = day[here] * len(members) + owner[here]
    visited = who * columns.places + columns.place[rows[here]]
    return len(np.unique(visited)) / max(len(np.unique(who)), 1)


def _one_hand(seen: Attendance, found: Gatherings) -> bool:
    """Did one operator settle nearly all, though others are on duty at those hours as well?"""
    columns = seen.columns
    codes = seen.operator[found.rows]
    known = codes[codes >= 0]
    if 2 * len(known) < len(codes):
        return False
    values, times = np.unique(known, return_counts=True)
    chief = values[np.argmax(times)]
    if times.max() < ONE_HAND * len(known):
        return False
    duty = []
    begin, end = int((found.first % 1440).min()), int((found.last % 1440).max())
    for f in np.unique(found.place).tolist():
        lo, hi = columns.place_offsets[f], columns.place_offsets[f + 1]
        clock = columns.minute[lo:hi] % 1440
        others = seen.operator[lo:hi][(clock >= begin) & (clock <= end)]
        share = float((others[others >= 0] == chief).mean())
        duty.append(share ** int((found.place == f).sum()))
    return float(np.sum(np.log10(np.maximum(duty, 1e-300)))) <= HANDS_P
