"""Everything about one ring that its page shows: members, visits, places, tokens, evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dashboards.reading.ground import Month, without_gaps
from graph.duck import Connection
from graph.model import NodeKind, Shown
from graph.results import EvidenceRow, MemberRow, RingRow, Scan
from graph.snapshot import Snapshot

GATHERING = "gathering"
SUMMARY = "summary"
EXPLANATION = "explanation"
PLACE_KINDS = (NodeKind.FACILITY, NodeKind.PHARMACY)
MOST_PEOPLE = 60
MOST_VISITS = 4000
VISIT_ROW = "setl_d:"


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
class Use:
    """Visits, distinct patients and fund (fen) of the ring at one place or with one practitioner."""

    visits: int
    people: int
    fund: int


@dataclass(frozen=True)
class PlaceUse:
    """What the ring did at one place. `share` of the place's whole fund, 0 to 1, None if unknown."""

    place: Place
    use: Use
    share: float | None
    in_ring: bool


@dataclass(frozen=True)
class Visit:
    """A visit of the ring. `named` when its evidence names it; fund in fen."""

    setl_id: str
    patient: str
    place: str
    at: datetime
    fund: int
    named: bool
    in_ring: bool


@dataclass(frozen=True)
class SharedValue:
    """A token several members hold: its id and kind, never its value; `members` are ids."""

    id: str
    kind: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Dossier:
    """One ring with its members, evidence, visits, places, months and shared tokens.

    A ring's visits are its patients' visits and those its evidence names. `people` is how many
    patients `visits` shows (the core first), `all_people` how many there are.
    """

    ring: RingRow
    members: tuple[MemberRow, ...]
    evidence: tuple[EvidenceRow, ...]
    patients: dict[int, str]
    places: dict[int, Place]
    uses: tuple[PlaceUse, ...]
    work: dict[int, Use]
    months: tuple[Month, ...]
    tokens: tuple[SharedValue, ...]
    visits: Shown[Visit]
    people: tuple[str, ...]
    all_people: int

    @property
    def gatherings(self) -> tuple[EvidenceRow, ...]:
        """The evidence that says members met."""
        return tuple(entry for entry in self.evidence if entry.kind == GATHERING)

    @property
    def facts(self) -> tuple[EvidenceRow, ...]:
        """The dated evidence: all but summaries and answers to innocent explanations."""
        aside = (SUMMARY, EXPLANATION)
        return tuple(entry for entry in self.evidence if entry.kind not in aside)

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
    own = {m.key for m in members if m.kind in PLACE_KINDS}
    with snapshot.connect() as con:
        _gather(con, members, evidence, own)
        patients = _patients(con, members, evidence)
        uses = _uses(con)
        places = _places(con, own | {e.place for e in evidence if e.place is not None} | set(uses))
        people = _people(con, patients, members)
        return Dossier(
            ring=row,
            members=members,
            evidence=evidence,
            patients=patients,
            places=places,
            uses=_with_places(con, uses, places, own),
            work=_work(con),
            months=_months(con),
            tokens=_tokens(con, snapshot, members),
            visits=_visits(con, people[:MOST_PEOPLE], patients),
            people=tuple(patients[key] for key in people[:MOST_PEOPLE]),
            all_people=len(people),
        )


def _gather(
    con: Connection,
    members: Sequence[MemberRow],
    evidence: Sequence[EvidenceRow],
    own: Iterable[int],
) -> None:
    """The ring's visits as table `mine`, read from the snapshot once."""
    rows = {row for entry in evidence for row in entry.rows if row.startswith(VISIT_ROW)}
    named = sorted(row.removeprefix(VISIT_ROW) for row in rows)
    patients = [m.key for m in members if m.kind == NodeKind.PATIENT]
    con.execute(
        "CREATE TEMP TABLE mine AS SELECT setl_id, patient, place, practitioner, setl_time AS moment,"
        " net_fund AS fund, setl_id IN (SELECT unnest($named::VARCHAR[])) AS named,"
        " coalesce(place IN (SELECT unnest($own::INTEGER[])), false) AS in_ring FROM setl_d"
        " WHERE counts AND (patient IN (SELECT unnest($patients::INTEGER[]))"
        " OR setl_id IN (SELECT unnest($named::VARCHAR[])))",
        {"named": named, "own": sorted(own), "patients": patients},
    )


def _patients(
    con: Connection, members: Sequence[MemberRow], evidence: Sequence[EvidenceRow]
) -> dict[int, str]:
    """Ids by key: the members in their order, then others that the evidence or its visits name."""
    found = {m.key: m.id for m in members if m.kind == NodeKind.PATIENT}
    others = sorted({key for entry in evidence for key in entry.members} - set(found))
    rows = con.execute(
        "SELECT patient, id FROM patients WHERE patient IN (SELECT unnest(?::INTEGER[]))"
        " OR patient IN (SELECT patient FROM mine) ORDER BY id",
        [others],
    ).fetchall()
    return found | {key: id_ for key, id_ in rows if key not in found}


def _places(con: Connection, keys: Iterable[int]) -> dict[int, Place]:
    rows = con.execute(
        "SELECT place, id, kind, code, name, admdvs FROM places"
        " WHERE place IN (SELECT unnest(?::INTEGER[]))",
        [sorted(keys)],
    ).fetchall()
    return {
        key: Place(key, id_, kind, code or "", name or code or id_, admdvs or "")
        for key, id_, kind, code, name, admdvs in rows
    }


def _uses(con: Connection) -> dict[int, Use]:
    rows = con.execute(
        "SELECT place, count(*), count(DISTINCT patient), sum(fund) FROM mine"
        " WHERE place IS NOT NULL GROUP BY place ORDER BY any_value(in_ring) DESC, 4 DESC, place"
    ).fetchall()
    return {
        key: Use(int(visits), int(people), int(fund or 0)) for key, visits, people, fund in rows
    }


def _with_places(
    con: Connection, uses: dict[int, Use], places: dict[int, Place], own: set[int]
) -> tuple[PlaceUse, ...]:
    whole = dict(
        con.execute(
            "SELECT place, sum(net_fund) FROM setl_d WHERE counts"
            " AND place IN (SELECT place FROM mine) GROUP BY place"
        ).fetchall()
    )
    found = []
    for key in [*uses, *sorted(own - set(uses))]:
        use = uses.get(key, Use(0, 0, 0))
        share = use.fund / int(whole[key]) if whole.get(key) else None
        if key in places:
            found.append(PlaceUse(places[key], use, share, key in own))
    return tuple(found)


def _work(con: Connection) -> dict[int, Use]:
    rows = con.execute(
        "SELECT practitioner, count(*), count(DISTINCT patient), sum(fund) FROM mine"
        " WHERE practitioner IS NOT NULL GROUP BY practitioner"
    ).fetchall()
    return {
        key: Use(int(visits), int(people), int(fund or 0)) for key, visits, people, fund in rows
    }


def _months(con: Connection) -> tuple[Month, ...]:
    """Visits at the ring's places, or named by its evidence, by month."""
    rows: list[tuple[date, int, int]] = con.execute(
        "SELECT date_trunc('month', moment)::DATE AS month, count(*), sum(fund) FROM mine"
        " WHERE in_ring OR named GROUP BY month ORDER BY month"
    ).fetchall()
    found = (Month(month, int(visits), int(fund or 0)) for month, visits, fund in rows)
    return tuple(without_gaps(found))


_HELD = {
    "holds": "SELECT owner_kind AS kind, owner AS key, token FROM holds",
    "mnl_reim_d": "SELECT 'patient', patient, unnest([agent, agent_phone, account]) FROM mnl_reim_d",
    "out_appy_evt_c": "SELECT 'patient', patient, unnest([agent, agent_phone]) FROM out_appy_evt_c",
}


def _tokens(
    con: Connection, snapshot: Snapshot, members: Sequence[MemberRow]
) -> tuple[SharedValue, ...]:
    """Tokens that at least two members hold, themselves or on their papers, most shared first."""
    held = [query for table, query in _HELD.items() if snapshot.has(table)]
    if not held or not snapshot.has("tokens"):
        return ()
    rows = con.execute(
        f"WITH held AS ({' UNION ALL '.join(held)}), members AS (SELECT unnest($kinds::VARCHAR[])"
        " AS kind, unnest($keys::INTEGER[]) AS key, unnest($ids::VARCHAR[]) AS id)"
        " SELECT t.id, t.kind, list(DISTINCT m.id ORDER BY m.id) AS who FROM held"
        " JOIN members m USING (kind, key) JOIN tokens t USING (token)"
        " GROUP BY t.id, t.kind HAVING len(who) >= 2 ORDER BY len(who) DESC, t.id",
        {
            "kinds": [m.kind for m in members],
            "keys": [m.key for m in members],
            "ids": [m.id for m in members],
        },
    ).fetchall()
    return tuple(SharedValue(id_, kind, tuple(who)) for id_, kind, who in rows)


def _people(con: Connection, patients: dict[int, str], members: Sequence[MemberRow]) -> list[int]:
    """Who has a row on the timeline: the member patients, or those of the named visits."""
    mine = [m.key for m in members if m.kind == NodeKind.PATIENT]
    if mine:
        return mine
    rows = con.execute("SELECT patient FROM mine GROUP BY patient ORDER BY count(*) DESC, patient")
    return [key for (key,) in rows.fetchall() if key in patients]


def _visits(con: Connection, people: list[int], patients: dict[int, str]) -> Shown[Visit]:
    """The visits of `people`, oldest first; when there are too many the named ones stay."""
    total = con.execute("SELECT count(*) FROM mine").fetchone()
    rows = con.execute(
        "SELECT setl_id, patient, p.name, moment, fund, named, in_ring FROM mine"
        " LEFT JOIN places p USING (place) WHERE patient IN (SELECT unnest(?::INTEGER[]))"
        " ORDER BY named DESC, in_ring DESC, moment, setl_id LIMIT ?",
        [people, MOST_VISITS],
    ).fetchall()
    visits = [
        Visit(id_, patients[who], place or "", at, int(fund or 0), named, inside)
        for id_, who, place, at, fund, named, inside in rows
    ]
    visits.sort(key=lambda visit: (visit.at, visit.setl_id))
    return Shown(tuple(visits), int(total[0]) if total else 0)
