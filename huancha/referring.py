"""What a referral looks at: its rings as their scan and snapshot have them, dressed for public security."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import networkx as nx

from casework import cases, referral
from casework.bundles import Facts, seal, seal_keys
from casework.decided import decided
from casework.exports.content import Content, Network
from casework.exports.dress import dressed
from casework.exports.profiles import profile
from casework.exports.rings import of_rings
from casework.law import law_on
from casework.people import Actor, Role, require
from casework.referral import DESK, PROFILE, Event, Referral
from casework.referral.amounts import amounts
from casework.referral.checklist import Matter
from casework.referral.fields import Dossier
from casework.referral.package import Package, package
from casework.store import Store, Tx
from graph.model import NodeKind
from graph.results import Scan, scans
from graph.snapshot import Snapshot
from graph.store.by_hand import ByHand
from graph.store.embedded import EmbeddedView
from graph.store.ground import Ground
from huancha import __version__
from huancha.identities import VaultIdentities

UNUSED = bytes(32)
"""Public security gets the ids as they are; no secret makes new ones."""


def stated(workspace: Path, scan: str, rings: Iterable[str]) -> int:
    """What the settlements behind `rings` of `scan` come to in fen, each once."""
    return amounts(content_of(workspace, scan, rings, "").rings).total.fund


def reported(tx: Tx, actor: Actor, workspace: Path, no: int, why: str, now: datetime) -> Referral:
    """Report a referral to the head with what was decided in its case so far; raises as `casework.referral.report`."""
    found = referral.referral(tx, no)
    scan = _scan(workspace, found.draft.scan)
    members = [m for ring in found.draft.rings for m in scan.members(ring)] if scan else []
    practitioners = {m.id for m in members if m.kind == NodeKind.PRACTITIONER}
    told = decided(tx, found.case_id, practitioners, now)
    return referral.report(tx, actor, no, why, now, told)


def matter_of(tx: Tx, workspace: Path, no: int, now: datetime) -> tuple[Matter, Content]:
    """The referral with its case, rings and law, and the content behind it, blind; raises `NoReferral`."""
    found = referral.referral(tx, no)
    content = content_of(workspace, found.draft.scan, found.draft.rings, found.id)
    day = found.report.made_at if found.report else now
    law = law_on(day.date(), found.area)
    matter = Matter(found, cases.case(tx, found.case_id), content.rings, law)
    return matter, replace(content, decided=found.decided)


def content_of(workspace: Path, scan: str, rings: Iterable[str], title: str) -> Content:
    """The rings that `scan` has of `rings`, from snapshot and scan alone; empty where the scan is gone."""
    found = _scan(workspace, scan)
    if found is None:
        return Content(Network(nx.MultiDiGraph(), title, 0))
    snapshot = Snapshot(workspace / "tables" / found.run.snapshot)
    footing = Ground(snapshot, found, ByHand()).footing()
    try:
        there = [ring for ring in rings if found.ring(ring) is not None]
        return of_rings(found, snapshot, EmbeddedView(footing), there, title)
    finally:
        footing.connection.close()


def _scan(workspace: Path, name: str) -> Scan | None:
    return next((one for one in scans(workspace) if one.run.scan == name), None)


def dossier_of(workspace: Path, matter: Matter, content: Content, now: datetime) -> Dossier:
    """What the papers would say as it stands; names come from the vault, callers audit that."""
    named = content.network.provenance.get("snapshot")
    snapshot = Snapshot(workspace / "tables" / named) if named else None
    worn = dressed(
        content, profile(PROFILE, now.date()), VaultIdentities(workspace, snapshot), UNUSED
    )
    return Dossier(matter.found, matter.case, worn, matter.law, now.date())


def sealed(
    store: Store, actor: Actor, workspace: Path, no: int, out: Path, now: datetime
) -> Package:
    """Seal the package of an approved referral into `out` and keep its SHA-256 as a step of the referral.

    Raises `Unfinished` with all that is missing, `NoReferral`, `NotAllowed`, `BadTemplate`, `NoFonts`.
    """
    with store.read() as tx:
        matter, content = matter_of(tx, workspace, no, now)
    found = matter.found
    require(actor, Role.INVESTIGATOR, found.area)
    made = package(matter, dossier_of(workspace, matter, content, now).content, workspace)
    draft = out.with_name(f"{out.name}.new")
    try:
        seal(made.files, _facts(found, made), seal_keys(workspace).signing, draft)
        digest = hashlib.sha256(draft.read_bytes()).hexdigest()
        with store.write() as tx:
            referral.note(tx, actor, no, Event.SEALED, now, digest, "", now)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return made


def _facts(found: Referral, made: Package) -> Facts:
    report, said = found.report, found.draft
    assert report is not None and report.reviewer and report.reviewed_at  # noqa: PT018
    return Facts(
        subject=f"referral {found.no}", title=f"{said.number} {found.case_id}",
        recipient_body=said.police, recipient_person=DESK, profile=PROFILE, reason=report.why,
        law=report.law or said.law, maker=report.maker, approver=report.reviewer,
        sealed_at=report.reviewed_at, source_rows=made.source_rows,
        provenance={**made.provenance, "software": __version__},
    )  # fmt: skip
