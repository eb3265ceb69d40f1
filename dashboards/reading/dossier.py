"""Everything about one ring that its page shows: members, visits, places, tokens, gatherings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dashboards.reading.ground import Month
from graph.duck import Connection
from graph.model import NodeKind, Shown
from graph.results import EvidenceRow, MemberRow, RingRow, Scan
from graph.snapshot import Snapshot

GATHERING = "gathering"
PLACE_KINDS = (NodeKind.FACILITY, NodeKind.PHARMACY)


@dataclass(frozen=True)
class Place:
    """A place by its public name."""

    key: int
    id: str
    kind: str
    code: str
    name: str
    admdvs: str


@dataclass(frozen=True)
class PlaceUse:
    """What the ring's patients did at one place. `share` of the place's whole fund, 0 to 1."""

    place: Place
    visits: int
    people: int
    fund: int
    share: float | None
    in_ring: bool


@dataclass(frozen=True)
class Visit:
    """A visit of a member. `gathered` when evidence of a gathering names it, fund in fen."""

    setl_id: str
    patient: str
    place: str
    at: datetime
    fund: int
    gathered: bool
    in_ring: bool


@dataclass(frozen=True)
class SharedValue:
    """A token several members hold: its id and kind, never its value."""

    id: str
    kind: str
    members: int


@dataclass(frozen=True)
class Dossier:
    """One ring with its members, evidence, places, months and shared tokens."""

    ring: RingRow
    members: tuple[MemberRow, ...]
    evidence: tuple[EvidenceRow, ...]
    places: dict[int, Place]
    uses: tuple[PlaceUse, ...]
    months: tuple[Month, ...]
    tokens: tuple[SharedValue, ...]
    patients: dict[int, str]

    @property
    def gatherings(self) -> tuple[EvidenceRow, ...]:
        """The evidence that says members met."""
        return tuple(entry for entry in self.evidence if entry.kind == GATHERING)

    @property
    def core(self) -> int:
        """How many patients are core members."""
        return sum(m.core for m in self.members if m.kind == NodeKind.PATIENT)


def dossier(snapshot: Snapshot, scan: Scan, ring: str) -> Dossier | None:
    """The dossier of `ring` in `scan`; None if the scan does not hold it."""
    row = scan.ring(ring)
    if row is None:
        return None
    members, evidence = scan.members(ring), scan.evidence(ring)
    patients = {m.key: m.id for m in members if m.kind == NodeKind.PATIENT}
    own = {m.key for m in members if m.kind in PLACE_KINDS}
    with snapshot.connect() as con:
        uses = _uses(con, patients, own)
        known = own | {e.place for e in evidence if e.place is not None}
        places = _places(con, known | {use[0] for use in uses})
        months = _months(con, patients, own)
        tokens = _tokens(con, snapshot, members)
    return Dossier(
        ring=row,
        members=members,
        evidence=evidence,
        places=places,
        uses=_with_places(uses, places, own),
        months=months,
        tokens=tokens,
        patients=patients,
    )


def _places(con: Connection, keys: Iterable[int]) -> dict[int, Place]:
    rows = con.execute(
        "SELECT place, id, kind, code, name, admdvs FROM places WHERE list_contains(?, place)",
        [sorted(keys)],
    ).fetchall()
    return {
        key: Place(key, id_, kind, code or "", name or code or id_, admdvs or "")
        for key, id_, kind, code, name, admdvs in rows
    }


_Use = tuple[int, int, int, int, float | None]


def _uses(con: Connection, patients: Iterable[int], own: set[int]) -> list[_Use]:
    """Per place: member visits, members, fund, share; the ring's own places first."""
    rows = con.execute(
        "WITH mine AS (SELECT place, count(*) AS visits, count(DISTINCT patient) AS people,"
        " sum(net_fund) AS fund FROM setl_d WHERE counts AND list_contains(?, patient)"
        " GROUP BY place), whole AS (SELECT place, sum(net_fund) AS fund FROM setl_d"
        " WHERE counts AND place IN (SELECT place FROM mine) GROUP BY place)"
        " SELECT mine.place, visits, people, mine.fund, mine.fund / nullif(whole.fund, 0)"
        " FROM mine JOIN whole USING (place)"
        " ORDER BY list_contains(?, mine.place) DESC, mine.fund DESC, mine.place",
        [sorted(patients), sorted(own)],
    ).fetchall()
    return [(p, int(v), int(n), int(f or 0), s) for p, v, n, f, s in rows if p is not None]


def _with_places(
    uses: Sequence[_Use], places: dict[int, Place], own: set[int]
) -> tuple[PlaceUse, ...]:
    seen = [
        PlaceUse(places[key], visits, people, fund, share, key in own)
        for key, visits, people, fund, share in uses
        if key in places
    ]
    idle = own - {use.place.key for use in seen}
    return (*seen, *(PlaceUse(places[k], 0, 0, 0, None, True) for k in sorted(idle) if k in places))


def _months(con: Connection, patients: Iterable[int], own: set[int]) -> tuple[Month, ...]:
    """The members' visits at the ring's places by month; everywhere if it has no place."""
    rows: list[tuple[date, int, int]] = con.execute(
        "SELECT date_trunc('month', setl_time)::DATE AS month, count(*), sum(net_fund) FROM setl_d"
        " WHERE counts AND list_contains(?, patient) AND (? OR list_contains(?, place))"
        " GROUP BY month ORDER BY month",
        [sorted(patients), not own, sorted(own)],
    ).fetchall()
    return tuple(Month(month, int(visits), int(fund or 0)) for month, visits, fund in rows)


def _tokens(
    con: Connection, snapshot: Snapshot, members: Sequence[MemberRow]
) -> tuple[SharedValue, ...]:
    if not (snapshot.has("holds") and snapshot.has("tokens")):
        return ()
    rows = con.execute(
        "SELECT t.id, t.kind, count(DISTINCT (h.owner_kind, h.owner)) AS n FROM holds h"
        " JOIN tokens t USING (token) WHERE list_contains(?, h.owner_kind || ':' || h.owner)"
        " GROUP BY t.id, t.kind HAVING n >= 2 ORDER BY n DESC, t.id",
        [[f"{m.kind}:{m.key}" for m in members]],
    ).fetchall()
    return tuple(SharedValue(id_, kind, int(n)) for id_, kind, n in rows)


def visits_of(
    snapshot: Snapshot, found: Dossier, *, people: int = 60, limit: int = 4000
) -> tuple[Shown[Visit], int]:
    """The visits of the ring's first `people` patients, oldest first, and how many people that is.

    Members come core first, so the periphery is cut first; `total` counts the visits of all.
    """
    shown = list(found.patients)[:people]
    gathered = [
        r.partition(":")[2] for e in found.gatherings for r in e.rows if r.startswith("setl_d:")
    ]
    own = [use.place.key for use in found.uses if use.in_ring]
    with snapshot.connect() as con:
        total = con.execute(
            "SELECT count(*) FROM setl_d WHERE counts AND list_contains(?, patient)",
            [list(found.patients)],
        ).fetchone()
        rows = con.execute(
            "SELECT setl_id, patient, p.name, setl_time, net_fund, list_contains(?, setl_id),"
            " list_contains(?, place) FROM setl_d LEFT JOIN places p USING (place)"
            " WHERE counts AND list_contains(?, patient) ORDER BY 6 DESC, 7 DESC, setl_time LIMIT ?",
            [gathered, own, shown, limit],
        ).fetchall()
    items = sorted(
        (
            Visit(
                id_, found.patients[who], place or "", at, int(fund or 0), bool(met), bool(inside)
            )
            for id_, who, place, at, fund, met, inside in rows
        ),
        key=lambda visit: (visit.at, visit.setl_id),
    )
    return Shown(tuple(items), int(total[0]) if total else 0), len(shown)
