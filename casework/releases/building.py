"""Building what was released: from the record alone, so that it is the same to the byte whenever it is built."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casework import cases
from casework.bundles import Facts, seal
from casework.people import Actor
from casework.releases.errors import NoRelease, OtherBytes
from casework.releases.ledger import keep, may_handle, release
from casework.releases.rules import Event, Release, Step
from casework.store import Store, Tx

SOFTWARE = "software"
_ODD = re.compile(r'[\x00-\x1f\\/:*?"<>|]')


@dataclass(frozen=True)
class Made:
    """What a release comes to: files by name, one of which lists the source rows, and where all is from.

    `id` is what the subject is called outside.
    """

    id: str
    title: str
    files: Mapping[str, bytes]
    source_rows: str
    provenance: Mapping[str, str]


@dataclass(frozen=True)
class Maker:
    """Who makes bundles: `make` gives the files of a release, `version` is the software's, `key` signs."""

    make: Callable[[Release], Made]
    version: str
    key: Ed25519PrivateKey


def build(store: Store, actor: Actor, no: int, maker: Maker, out: Path, now: datetime) -> Step:
    """Seal what was released into the file `out` and keep that it was built.

    Raises `NoRelease` for what nobody released, `NotAllowed`, and `OtherBytes` where it was built
    before and would be another now; then nothing is written.
    """
    with store.read() as tx:
        found = release(tx, no)
        may_handle(actor, found.draft.area)
        if not found.approved:
            raise NoRelease(no, "nobody released it")
        attached = _attached(tx, found)
    made = maker.make(found)
    new = out.with_name(f"{out.name}.new")
    try:
        seal({**made.files, **attached}, _facts(found, made, maker.version), maker.key, new)
        digest, size = _measured(new)
        with store.write() as tx:
            again = release(tx, no)
            if again.built is not None and again.built.sha256 != digest:
                raise OtherBytes(no, again.built.sha256, _why(again.built, maker.version))
            step = keep(
                tx, actor, again, Event.BUILT, now, sha256=digest, size=size, version=maker.version
            )
        new.replace(out)
    finally:
        new.unlink(missing_ok=True)
    return step


def _facts(found: Release, made: Made, version: str) -> Facts:
    draft = found.draft
    assert found.reviewer is not None and found.reviewed_at is not None  # noqa: PT018
    return Facts(
        subject=f"{draft.subject} {made.id}", title=made.title, recipient_body=draft.body,
        recipient_person=draft.person, profile=draft.profile, reason=found.why, law=draft.law,
        maker=found.maker, approver=found.reviewer, sealed_at=found.reviewed_at,
        source_rows=made.source_rows,
        provenance={**made.provenance, "release": str(found.no), SOFTWARE: version},
    )  # fmt: skip


def _attached(tx: Tx, found: Release) -> dict[str, bytes]:
    names = {one.no: one.name for one in cases.attachments(tx, found.draft.id)}
    return {
        f"attachments/{no}_{_ODD.sub('_', names[no]).strip(' .')}": cases.content(tx, no)
        for no in found.draft.attachments
    }


def _measured(file: Path) -> tuple[str, int]:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest(), file.stat().st_size


def _why(first: Step, version: str) -> str:
    if first.version != version:
        return f"software {first.version} built it, this is {version}"
    return "what it is built from is not what it was"
