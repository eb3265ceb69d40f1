"""Everything about one ring that its page shows: members, visits, places, tokens, evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboards.reading import ring_visits, scan_tables
from dashboards.reading.ground import Month
from dashboards.reading.regions import ANYWHERE, Regions, touches
from dashboards.reading.ring_bills import lay_bills
from dashboards.reading.ring_parts import Place, PlaceUse, Use, Visit
from graph.duck import Connection
from graph.model import NodeKind, Shown
from graph.results import EvidenceRow, MemberRow, RingRow, Scan
from graph.shared_tokens import SharedValue, shared_tokens
from graph.snapshot import Snapshot

GATHERING = "gathering"
NOTES = ("summary", "explanation", "robustness", "counter", "minimal")
PLACE_KINDS = (NodeKind.FACILITY, NodeKind.PHARMACY)
MOST_PEOPLE = 60


@dataclass(frozen=True)
class Dossier:
    """One ring with its members, evidence, visits, places, months and shared tokens.

    A ring's visits are its patients' visits and those its evidence names. `visits` shows those of
    `people` (the core first) of `all_people`. `work` is by practitioner, `billed` by practitioner
    and place (keys).
    """

    ring: RingRow
    members: tuple[MemberRow, ...]
    evidence: tuple[EvidenceRow, ...]
    patients: dict[int, str]
    places: dict[int, Place]
    uses: tuple[PlaceUse, ...]
    work: dict[int, Use]
    billed: dict[tuple[int, int], Use]
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
        """The evidence proper: all but the scan's own notes on it."""
        return tuple(entry for entry in self.evidence if entry.kind not in NOTES)

    @property
    def without_patients(self) -> bool:
        """Whether no patient is a member, as in a ring about where one practitioner bills."""
        return all(member.kind != NodeKind.PATIENT for member in self.members)


def dossier(
    snapshot: Snapshot, scan: Scan, ring: str, limits: Regions = ANYWHERE
) -> Dossier | None:
    """The dossier of `ring` in `scan`; None if the scan does not hold it or it does not touch `limits`."""
    row = scan.ring(ring)
    if row is None or not touches(row.regions, limits):
        return None
    members, evidence = scan.members(ring), scan.evidence(ring)
    own = {m.key for m in members if m.kind in PLACE_KINDS}
    with scan_tables.connect(snapshot, scan) as con:
        lay_bills(con, snapshot, scan)
        ring_visits.gather(con, ring, own)
        patients = _patients(con, members, evidence)
        uses = ring_visits.uses(con)
        places = _places(con, own | {e.place for e in evidence if e.place is not None} | set(uses))
        people = ring_visits.people(con, patients, members)
        return Dossier(
            ring=row,
            members=members,
            evidence=evidence,
            patients=patients,
            places=places,
            uses=ring_visits.with_places(uses, places, own, ring_visits.place_funds(snapshot.path)),
            work=ring_visits.work(con),
            billed=ring_visits.billed(con),
            months=ring_visits.months(con),
            tokens=shared_tokens(con, snapshot, members),
            visits=ring_visits.visits(con, people[:MOST_PEOPLE], patients),
            people=tuple(patients[key] for key in people[:MOST_PEOPLE]),
            all_people=len(people),
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
