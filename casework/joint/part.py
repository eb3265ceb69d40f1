"""A side's part: what it has to tell of people who cross a border, at places of its own area, and no more.

Only people insured in the area of a side, who used places of at least two sides as far as this one can tell, come into
it; of pairs of them only those that chance would not bring together as often. In the part stand, by blind ids:
persons (insurer's province, visits here), pairs (co-visits, expected ones, places, first and last month) and of the
side's own insured the phones, accounts, addresses and employers, as blind as the persons.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from casework.exports.identities import Identities
from casework.joint.blind import Blinder
from casework.joint.reviews import Review
from graph.duck import Connection
from graph.scan.chance import Judged, rows_of
from graph.scan.covisits import Pairs, VisitColumns, covisits
from graph.scan.parameters import Parameters
from graph.scan.rhythm import Rhythm
from graph.scan.visits import attended
from graph.scan.world import World
from graph.snapshot import Snapshot

FLOOR = -1.5
"""log10 of the chance above which a pair is too ordinary to be told."""
KINDS = ("phone", "account", "address", "employer")
_EPOCH = date(2000, 1, 1)
_DAY = 1440

CROSSING = """
SELECT p.patient, left(p.insu_admdvs, 2) AS home
FROM patients p WHERE left(p.insu_admdvs, 2) IN (SELECT unnest(?::VARCHAR[])) AND EXISTS (
  SELECT 1 FROM setl_d s JOIN places f USING (place)
  WHERE s.patient = p.patient AND s.counts AND left(f.admdvs, 2) <> left(p.insu_admdvs, 2)
    AND left(f.admdvs, 2) IN (SELECT unnest(?::VARCHAR[])))
ORDER BY p.patient
"""
HELD = """
SELECT t.id, t.kind, h.owner FROM holds h JOIN tokens t USING (token)
WHERE h.owner_kind = 'patient' AND h.owner IN (SELECT unnest(?::INTEGER[]))
  AND t.kind IN (SELECT unnest(?::VARCHAR[])) AND t.holders <= ? ORDER BY t.id, h.owner
"""


@dataclass(frozen=True)
class Found:
    """Pairs at the side's own places, by patient key; `months` first and last int64[n, 2], counted from January of year 0;
    `visits` by key; `rate` is how often two visits of people who cross meet where both go to one place."""

    pairs: Pairs
    judged: Judged
    months: npt.NDArray[np.int64]
    visits: Mapping[int, int]
    rate: float


def make_part(
    snapshot: Snapshot, review: Review, key: bytes, identities: Identities
) -> dict[str, Any]:
    """The part of this side in `review` from its live data, as JSON: what `prepare` lays down.

    Lists are in the order of blind ids, so that the same data give the same bytes.
    """
    terms, own = review.invitation.terms, review.side[:2]
    areas = [side.code[:2] for side in review.invitation.sides]
    world = World.open(snapshot, Parameters())
    with closing(world.con) as con:
        home = dict(con.execute(CROSSING, [areas, areas]).fetchall())
        found = _found(world, home, int(own), terms.first, terms.last)
        people = sorted({*found.pairs.a.tolist(), *found.pairs.b.tolist()})
        ids = _ids(con, people)
        local = [k for k in people if home[k] == own]
        held = con.execute(HELD, [local, list(KINDS), world.parameters.hub_holders]).fetchall()
    blinder = Blinder(key)
    known = identities.of([*ids.values(), *(token for token, _, _ in held)])
    blind = {k: blinder.patient(known[ids[k]].get("certno"), known[ids[k]]["code"]) for k in people}
    order = {k: n for n, k in enumerate(sorted(people, key=lambda k: blind[k]))}
    return {
        "format": 1,
        "side": review.side,
        "first": terms.first.isoformat(),
        "last": terms.last.isoformat(),
        "rate": _short(found.rate),
        "persons": [[blind[k], home[k], found.visits[k]] for k in order],
        "pairs": _pair_rows(found, order),
        "tokens": _token_rows(blinder, held, known, order),
    }


def subjects(
    snapshot: Snapshot, review: Review, key: bytes, identities: Identities
) -> dict[str, str]:
    """By the review's blind id the own id of each of this side's insured who crosses a border."""
    areas = [side.code[:2] for side in review.invitation.sides]
    with snapshot.connect() as con:
        home = con.execute(CROSSING, [areas, areas]).fetchall()
        ids = _ids(con, [patient for patient, area in home if area == review.side[:2]])
    blinder = Blinder(key)
    return {
        blinder.patient(fields.get("certno"), fields["code"]): id_
        for id_, fields in identities.of(ids.values()).items()
    }


def _found(world: World, home: Mapping[int, str], own: int, first: date, last: date) -> Found:
    seen = attended(world)
    here = world.district[seen.columns.place] // 10_000 == own
    begin, end = ((day - _EPOCH).days * _DAY for day in (first, last))
    here &= (seen.columns.minute >= begin) & (seen.columns.minute < end + _DAY)
    columns = seen.columns.only(here)
    crossing = np.zeros(world.patients, np.bool_)
    crossing[list(home)] = True
    out = (seen.explained[here] > 0) | ~crossing[columns.patient]
    window = world.parameters.window
    pairs = covisits(columns, window=window, least=1, excluded=out)
    rhythm = Rhythm.fit(columns, window)
    judged = rhythm.judge(pairs)
    told = (judged.log10_p <= FLOOR) & (world.household[pairs.a] != world.household[pairs.b])
    pairs = Pairs(
        window,
        pairs.a[told],
        pairs.b[told],
        pairs.observed[told],
        pairs.places[told],
        pairs.window_pairs,
    )
    judged = Judged(judged.expected[told], judged.log10_p[told], judged.weight[told])
    visits = np.bincount(columns.patient[~out], minlength=world.patients)
    rate = float(rhythm.rate[columns.place[~out]].mean()) if (~out).any() else 0.0
    people = np.unique(np.concatenate([pairs.a, pairs.b])).tolist()
    return Found(pairs, judged, _months(columns, pairs), {k: int(visits[k]) for k in people}, rate)


def _months(columns: VisitColumns, pairs: Pairs) -> npt.NDArray[np.int64]:
    """First and last month of each pair's co-visits."""
    met = np.zeros((len(pairs), 2), np.int64)
    for n, (a, b) in enumerate(zip(pairs.a, pairs.b, strict=True)):
        _, rows = rows_of(columns, np.array([a, b], np.int32))
        one, other = (rows[columns.patient[rows] == k] for k in (a, b))
        near = np.abs(columns.minute[one][:, None] - columns.minute[other]) <= pairs.window
        near &= columns.place[one][:, None] == columns.place[other]
        at = columns.minute[one[near.any(axis=1)]]
        met[n] = at.min(), at.max()
    month = (np.datetime64("2000-01-01", "m") + met).astype("datetime64[M]")
    return month.astype(np.int64) + 1970 * 12


def _pair_rows(found: Found, order: Mapping[int, int]) -> list[list[Any]]:
    pairs, expected = found.pairs, found.judged.expected
    rows = []
    for n in range(len(pairs)):
        a, b = sorted((order[int(pairs.a[n])], order[int(pairs.b[n])]))
        first, last = (f"{m // 12:04}-{m % 12 + 1:02}" for m in found.months[n].tolist())
        rows.append(
            [a, b, int(pairs.observed[n]), _short(expected[n]), int(pairs.places[n]), first, last]
        )
    return sorted(rows)


def _token_rows(
    blinder: Blinder, held: list[tuple[str, str, int]], known: Mapping[str, Mapping[str, str]],
    order: Mapping[int, int],
) -> list[list[Any]]:  # fmt: skip
    holders: dict[tuple[str, str], list[int]] = {}
    for token, kind, owner in held:
        value = known.get(token, {}).get("value")
        if value:
            holders.setdefault((blinder.token(kind, value), kind), []).append(order[owner])
    return [[token, kind, sorted(set(who))] for (token, kind), who in sorted(holders.items())]


def _ids(con: Connection, patients: list[int]) -> dict[int, str]:
    rows = con.execute(
        "SELECT patient, id FROM patients WHERE patient IN (SELECT unnest(?::INTEGER[]))",
        [patients],
    ).fetchall()
    return dict(rows)


def _short(value: float) -> float:
    """Four digits: enough to test with, and the same bytes on every machine."""
    return float(f"{value:.4g}")
