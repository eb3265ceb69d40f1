"""List sharing, worked off in rounds: the candidates behind the patients of one facility who are at another in one order, again and again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from graph.scan.candidates import Candidate, Event, Explanation, Outcome
from graph.scan.innocence import one_address, one_employer, one_household, one_school
from graph.scan.worklists import Worklist
from graph.scan.world import World

CLOSED = 0.25
"""Share of a facility's usual visits a day up to which it has closed, or moved, since."""
FOLLOWED = 0.4
"""Share of the people whom the practitioner of the rounds had treated at the first facility."""
ONE_CODE = 0.8
"""Share of the visits of all rounds from which the staff code they were settled under belongs to the list."""

ROUNDS = """
SELECT l.no, r.round, v.patient, v.setl_time, v.setl_id, v.net_fund, v.practitioner
FROM lists l JOIN visits v ON v.place = l.second AND v.patient = l.patient JOIN rounds r ON r.no = l.no
  AND least(v.begntime, v.setl_time) < DATE '2000-01-01' + (r.last + 1) AND v.setl_time >= DATE '2000-01-01' + r.first
WHERE NOT v.stay ORDER BY l.no, r.round, v.setl_time, v.setl_id
"""
FORMERLY = """
SELECT l.no, v.practitioner, count(DISTINCT v.patient)
FROM lists l JOIN rounds r ON r.no = l.no AND r.round = 0 JOIN visits v ON v.place = l.first AND v.patient = l.patient
WHERE v.practitioner IS NOT NULL AND v.setl_time < DATE '2000-01-01' + r.first GROUP BY ALL ORDER BY ALL
"""
USUAL = """
WITH asked AS (SELECT DISTINCT l.no, l.first AS place, DATE '2000-01-01' + r.first AS day
    FROM lists l JOIN rounds r ON r.no = l.no AND r.round = 0),
  whole AS (SELECT min(setl_time) AS since, max(setl_time) AS till FROM visits)
SELECT no, count(*) FILTER (setl_time < day) / greatest(date_diff('day', any_value(since), any_value(day)), 1),
  count(*) FILTER (setl_time >= day) / greatest(date_diff('day', any_value(day), any_value(till)), 1)
FROM asked JOIN visits USING (place) CROSS JOIN whole GROUP BY no
"""
"""Visits a day at the first facility, before the first round and from then on."""


@dataclass(frozen=True)
class Bill:
    """A settlement of a round: the round's number, who, when, which, fen, and the staff code's key."""

    number: int
    patient: int
    at: datetime
    bill: str
    fund: int
    code: int | None


def in_rounds(
    world: World, found: Sequence[Worklist], motif: str, most: float
) -> Iterable[Candidate]:
    """A candidate of `motif` per list, of a surprise of `most` at most, with a dated event per round; every table is read once."""
    if not found:
        return
    people = [(i, w.first, w.second, who) for i, w in enumerate(found) for who in w.people.tolist()]
    rounds = [(i, k, a, b) for i, w in enumerate(found) for k, (a, b) in enumerate(w.rounds)]
    world.con.register("lists", _keys(("no", "first", "second", "patient"), people))
    world.con.register("rounds", _keys(("no", "round", "first", "last"), rounds))
    bills: list[list[Bill]] = [[] for _ in found]
    for no, *row in world.con.execute(ROUNDS).fetchall():
        bills[no].append(Bill(*row))
    known = {(no, code): n for no, code, n in world.con.execute(FORMERLY).fetchall()}
    usual = {no: (before, after) for no, before, after in world.con.execute(USUAL).fetchall()}
    for name in ("lists", "rounds"):
        world.con.unregister(name)
    for no, one in enumerate(found):
        codes = Counter(b.code for b in bills[no] if b.code is not None)
        code, times = max(codes.items(), key=lambda item: (item[1], -item[0]), default=(-1, 0))
        share = known.get((no, code), 0) / len(one.people)
        yield Candidate(
            motif=motif,
            patients=one.people,
            surprise=min(most, one.surprise),
            practitioners=(code,) if times >= ONE_CODE * len(bills[no]) else (),
            places=(one.second, one.first),
            events=_events(one, bills[no]),
            facts={
                "kind": "rounds", "patients": len(one.people), "rounds": len(one.rounds), "visits": len(bills[no]),
                "listed": one.size, "expected": one.expected, "agreement": round(100 * one.agreement),
            },
            explanations=(
                _relocation(*usual.get(no, (0.0, 0.0)), share),
                one_household(world, one.people),
                one_address(world, one.people),
                one_employer(world, one.people),
                one_school(world, one.people),
            ),
        )  # fmt: skip


def _keys(names: Sequence[str], rows: Sequence[tuple[int, ...]]) -> pa.Table:
    columns = [pa.array(column, pa.int32()) for column in zip(*rows, strict=True)]
    return pa.table(columns, names=list(names))


def _events(one: Worklist, bills: Sequence[Bill]) -> tuple[Event, ...]:
    """A round each: from its first settlement to its last."""
    events = []
    for number, (first, last) in enumerate(one.rounds):
        part = [bill for bill in bills if bill.number == number]
        events.append(
            Event(
                "round", part[0].at, part[-1].at, place=one.second, patients=tuple(sorted({b.patient for b in part})),
                rows=tuple(f"setl_d:{b.bill}" for b in part), fund=sum(b.fund for b in part),
                facts={"days": last - first + 1},
            )
        )  # fmt: skip
    return tuple(events)


def _relocation(before: float, after: float, known: float) -> Explanation:
    """Has the first facility closed, or has its practitioner gone to the other one with the patients?"""
    gone = after <= CLOSED * before or known >= FOLLOWED
    return Explanation(
        "relocation",
        Outcome.EXPLAINS if gone else Outcome.RULED_OUT,
        {"before": round(before, 2), "after": round(after, 2), "share": round(known, 3)},
    )
