"""A ring from a scan, its snapshot and the graph: who, what, why, which rows, how much money."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from casework.exports import ring_rows
from casework.exports.content import Content, Finding, Member, Money, RingContent, Settlement
from casework.exports.networks import network
from graph.answered import Note, answered
from graph.duck import Connection
from graph.errors import NoRing
from graph.model import short_label
from graph.results import EvidenceRow, MemberRow, Scan
from graph.shared_tokens import shared_tokens
from graph.snapshot import Snapshot
from graph.store.base import View

NOTES = frozenset(("summary", "ignored", *Note))
"""The kinds of evidence rows that are the scan's words about the rest, not facts."""
GIVEN = "token"
"""The kind whose rows say where a shared identifier was given, not what was paid."""


def of_ring(scan: Scan, snapshot: Snapshot, view: View, ring: str) -> Content:
    """All an export of `ring` holds; raises `NoRing`. The view shows `scan` over `snapshot`."""
    return of_rings(scan, snapshot, view, [ring], f"团伙线索 {short_label(ring)}")


def of_rings(
    scan: Scan, snapshot: Snapshot, view: View, rings: Sequence[str], title: str
) -> Content:
    """The same for several rings in one network, as in a case; raises `NoRing`."""
    ids: dict[str, None] = {}
    for ring in rings:
        ids |= dict.fromkeys(ring_ids(scan, snapshot, ring))
    found = tuple(ring_content(scan, snapshot, view, ring) for ring in rings)
    return Content(network(view, ids, title, scan, " ".join(rings)), found)


def ring_ids(scan: Scan, snapshot: Snapshot, ring: str) -> tuple[str, ...]:
    """The ring, its members, core first, and the tokens two of them share; raises `NoRing`."""
    if scan.ring(ring) is None:
        raise NoRing(ring)
    members = scan.members(ring)
    with snapshot.connect() as con:
        tokens = shared_tokens(con, snapshot, members)
    return (ring, *(member.id for member in members), *(token.id for token in tokens))


def ring_content(scan: Scan, snapshot: Snapshot, view: View, ring: str) -> RingContent:
    """What was found about `ring` and the rows behind it; raises `NoRing`."""
    row = scan.ring(ring)
    if row is None:
        raise NoRing(ring)
    members, evidence = scan.members(ring), scan.evidence(ring)
    facts = [entry for entry in evidence if entry.kind not in NOTES]
    named: dict[str, list[int]] = {}
    for entry in facts:
        for source in entry.rows:
            named.setdefault(source, []).append(entry.no)
    paid = {source for entry in facts if entry.kind != GIVEN for source in entry.rows}
    with snapshot.connect() as con:
        sources = ring_rows.sources(con, snapshot, named)
        bills = {row: findings for row, findings in named.items() if row in paid}
        settlements = ring_rows.settlements(con, snapshot, bills)
        findings = _findings(con, facts, sources)
    return RingContent(
        ring=row,
        members=_members(view, members),
        findings=findings,
        robustness=answered(evidence, Note.ROBUSTNESS),
        minimal=answered(evidence, Note.MINIMAL),
        explanations=answered(evidence, Note.EXPLANATION),
        counter=answered(evidence, Note.COUNTER),
        settlements=settlements,
        money=money(settlements),
    )


def money(settlements: Iterable[Settlement]) -> Money:
    """What `settlements` come to: those that count, each once."""
    counted = [one for one in {one.row: one for one in settlements}.values() if one.counts]
    by_place: Counter[str] = Counter()
    by_patient: Counter[str] = Counter()
    by_month: Counter[date] = Counter()
    for one in counted:
        by_patient[one.patient] += one.net_fund
        if one.place:
            by_place[one.place] += one.net_fund
        if one.at:
            by_month[one.at.date().replace(day=1)] += one.net_fund
    return Money(
        settlements=len(counted),
        medfee=sum(one.net_medfee for one in counted),
        fund=sum(one.net_fund for one in counted),
        by_place=dict(sorted(by_place.items(), key=lambda item: (-item[1], item[0]))),
        by_patient=dict(sorted(by_patient.items(), key=lambda item: (-item[1], item[0]))),
        by_month=dict(sorted(by_month.items())),
    )


def _members(view: View, members: Sequence[MemberRow]) -> tuple[Member, ...]:
    labels = {node.id: node.label for node in view.nodes(member.id for member in members)}
    return tuple(
        Member(m.id, m.kind, labels.get(m.id, m.id), m.role, m.core, m.visits, m.fund, m.note)
        for m in members
    )


def _findings(
    con: Connection, facts: Sequence[EvidenceRow], sources: ring_rows.Sources
) -> tuple[Finding, ...]:
    patients = ring_rows.patients(con, {key for entry in facts for key in entry.members})
    places = ring_rows.places(con, {entry.place for entry in facts if entry.place is not None})
    found = []
    for entry in facts:
        place, name = (
            places.get(entry.place, (None, None)) if entry.place is not None else (None, None)
        )
        found.append(
            Finding(
                no=entry.no,
                motif=entry.motif,
                kind=entry.kind,
                at=entry.at,
                until=entry.until,
                place=place,
                place_name=name,
                members=tuple(patients[key] for key in entry.members if key in patients),
                sources=tuple(sources[row] for row in entry.rows),
                fund=entry.fund,
                note_zh=entry.note_zh,
                note_en=entry.note_en,
            )
        )
    return tuple(found)
