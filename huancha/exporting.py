"""What a release is made of: its snapshot and scan as they were when it was proposed, dressed, in its formats."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from casework import cases
from casework.bundles import SealKeys, seal_keys
from casework.cases import Origin
from casework.decided import decided
from casework.exports.content import Content
from casework.exports.dress import dressed
from casework.exports.formats import FORMATS
from casework.exports.networks import network
from casework.exports.profiles import profile
from casework.exports.rings import of_ring, of_rings
from casework.releases import Draft, Made, Maker, Release, SaysTooLittle, SourceGone, Subject
from casework.store import Tx
from graph.errors import UnreadableSnapshot
from graph.model import NodeKind
from graph.results import Scan, latest_scan, scans
from graph.snapshot import Snapshot
from graph.store.by_hand import ByHand
from graph.store.embedded import EmbeddedView
from graph.store.ground import Ground
from huancha import __version__
from huancha.identities import VaultIdentities

SOURCE_ROWS = "source_rows.csv"


@dataclass(frozen=True)
class Recipient:
    """Who is to have it, as which profile: a body and a person of it."""

    body: str
    person: str
    profile: str


def drafted(
    tx: Tx, workspace: Path, subject: Subject, id_: str, area: str, recipient: Recipient, law: str,
    now: datetime, *, formats: Iterable[str] = (), nodes: Iterable[str] = (), attachments: Iterable[int] = (),
) -> Draft:  # fmt: skip
    """A ring, a case with the ring it was opened from and what was decided in it, or a view of `nodes`, as it is `now`.

    No `formats`: all of them. Raises `NoScan`, `NoCase`, and `SaysTooLittle` for a case without a ring.
    """
    scan = latest_scan(workspace)
    parts, made = tuple(nodes), None
    if subject is Subject.CASE:
        source = cases.case(tx, id_).source
        if source.origin is not Origin.RING or source.id is None:
            raise SaysTooLittle("id", "the case was not opened from a ring")
        parts = (source.id,)
        practitioners = (m.id for m in scan.members(source.id) if m.kind == NodeKind.PRACTITIONER)
        made = decided(tx, id_, tuple(practitioners), now)
    return Draft(
        subject, id_, area, recipient.body, recipient.person, recipient.profile,
        tuple(formats) or tuple(one.name for one in FORMATS), law, scan.run.snapshot, scan.id,
        parts, tuple(attachments), made,
    )  # fmt: skip


def maker(workspace: Path) -> Maker:
    """Who makes the bundles of `workspace`."""
    keys = seal_keys(workspace)
    return Maker(partial(_made, workspace, keys), __version__, keys.signing)


def _made(workspace: Path, keys: SealKeys, release: Release) -> Made:
    draft = release.draft
    snapshot = Snapshot(workspace / "tables" / draft.snapshot)
    scan = next((one for one in scans(workspace) if one.id == draft.scan), None)
    if scan is None:
        raise SourceGone(release.no, f"the scan {draft.scan}")
    try:
        content = _content(snapshot, scan, draft)
    except UnreadableSnapshot as gone:
        raise SourceGone(release.no, f"the snapshot {draft.snapshot}") from gone
    worn = profile(draft.profile, release.made_at.date())
    secret = keys.secret(f"export {release.no}")
    given = dressed(content, worn, VaultIdentities(workspace, snapshot), secret)
    files = {SOURCE_ROWS: _source_rows(given), **_written(given, draft)}
    id_ = f"#{release.no}" if worn.rehash else draft.id
    return Made(id_, given.network.title, files, SOURCE_ROWS, given.network.provenance)


def _content(snapshot: Snapshot, scan: Scan, draft: Draft) -> Content:
    """From snapshot and scan alone: what was written by hand since would make another bundle of it."""
    footing = Ground(snapshot, scan, ByHand()).footing()
    view = EmbeddedView(footing)
    try:
        if draft.subject is Subject.RING:
            return of_ring(scan, snapshot, view, draft.id)
        if draft.subject is Subject.VIEW:
            return Content(network(view, draft.parts, f"网络 {draft.id}", scan))
        return replace(of_rings(scan, snapshot, view, draft.parts, draft.id), decided=draft.decided)
    finally:
        footing.connection.close()


def _source_rows(content: Content) -> bytes:
    """The rows of the exports that the findings rest on, each once."""
    rows = {
        one.row: one for ring in content.rings for found in ring.findings for one in found.sources
    }
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(("row", "file", "line"))
    lines.writerows((one.row, one.file, one.line) for one in rows.values())
    return text.getvalue().encode()


def _written(content: Content, draft: Draft) -> dict[str, bytes]:
    with TemporaryDirectory() as made:
        folder = Path(made)
        return {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for one in FORMATS
            if one.name in draft.formats
            for file in one.write(content, folder)
        }
