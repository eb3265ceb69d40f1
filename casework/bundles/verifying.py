"""Verifying a bundle with nothing but its own bytes: no workspace, no settings, no network.

The manifest is signed and determines every byte of the zip, so whatever differs is found, and named.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from casework.bundles.keys import fingerprint, is_fingerprint
from casework.bundles.manifest import MANIFEST, SIGNATURE, SIGNER, SUMS, Manifest, sums
from casework.bundles.reading import Read, read_bundle
from casework.bundles.sealing import signer_file

ZIP, SEALER = "zip", "sealer"


class Fault(StrEnum):
    """What is wrong with a file of a bundle, with its zip or with its sealer."""

    NO_BUNDLE = "no_bundle"
    CHANGED = "changed"
    MISSING = "missing"
    EXTRA = "extra"
    ELSEWHERE = "elsewhere"
    UNSIGNED = "unsigned"
    ANOTHER_SIGNER = "another_signer"


@dataclass(frozen=True)
class Line:
    """A file of the bundle, or its `zip` or its `sealer` as a whole; no `fault`: it is as it was sealed."""

    what: str
    fault: Fault | None = None


@dataclass(frozen=True)
class Checked:
    """What was found. `manifest` and `signer` (a fingerprint) are None where no signature vouches for them.

    `sha256` is that of the whole bundle.
    """

    sha256: str
    manifest: Manifest | None
    signer: str | None
    lines: tuple[Line, ...]

    @property
    def whole(self) -> bool:
        """Whether every byte is as it was sealed, and by whom it should be."""
        return all(line.fault is None for line in self.lines)


def verify(bundle: Path, sealer: str | None = None) -> Checked:
    """Check every byte of `bundle`, and that its signer has the fingerprint `sealer`, where one is given.

    Nothing is unpacked, nothing is written. Raises `OSError` where the file cannot be read.
    """
    with bundle.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest()
        file.seek(0)
        try:
            read = read_bundle(file)
        except ValueError:
            return Checked(sha256, None, None, (Line(ZIP, Fault.NO_BUNDLE),))
    key = _signer(read)
    lines = [*_own(read, key), *_files(read)]
    if not read.placed:
        lines = _named(bundle, lines)
    head = [Line(ZIP, None if read.placed else Fault.CHANGED), _sealer(key, sealer)]
    if key is None:
        return Checked(sha256, None, None, (*head, *lines))
    return Checked(sha256, read.manifest, fingerprint(key), (*head, *lines))


def _signer(read: Read) -> Ed25519PublicKey | None:
    """Whose signature the manifest has; None where it has none that holds."""
    try:
        key = load_pem_public_key(read.found[SIGNER].content)
        if not isinstance(key, Ed25519PublicKey) or fingerprint(key) != read.manifest.signer:
            return None
        key.verify(read.found[SIGNATURE].content, read.text)
    except (ValueError, InvalidSignature, UnsupportedAlgorithm):
        return None
    return key


def _sealer(key: Ed25519PublicKey | None, named: str | None) -> Line:
    if key is None:
        return Line(SEALER, Fault.UNSIGNED)
    if named is not None and not is_fingerprint(named, fingerprint(key)):
        return Line(SEALER, Fault.ANOTHER_SIGNER)
    return Line(SEALER)


def _own(read: Read, key: Ed25519PublicKey | None) -> Iterator[Line]:
    """The bundle's own files: all of them follow from the manifest and the key."""
    for name in (MANIFEST, SIGNATURE, SIGNER, SUMS):
        found = read.found[name]
        right = found.same(found.part)
        if name == SIGNER:
            right &= key is not None and found.content == signer_file(key)
        if name == SUMS:
            before = [read.found[own].part for own in (MANIFEST, SIGNATURE, SIGNER)]
            right &= found.content == sums([*before, *read.manifest.files])
        yield Line(name, None if right else _changed(read, name))


def _files(read: Read) -> Iterator[Line]:
    for part in read.manifest.files:
        right = read.found[part.name].same(part)
        yield Line(part.name, None if right else _changed(read, part.name))


def _changed(read: Read, name: str) -> Fault:
    return Fault.CHANGED if read.found[name].stated is not None else Fault.ELSEWHERE


def _named(bundle: Path, lines: list[Line]) -> list[Line]:
    """The same lines, with the files that the zip's directory lacks and those it has besides."""
    try:
        with ZipFile(bundle) as opened:
            held = Counter(opened.namelist())
    except (BadZipFile, ValueError, NotImplementedError, struct.error):
        return lines
    known = {line.what for line in lines}
    told = [line if line.what in held else Line(line.what, Fault.MISSING) for line in lines]
    beside = [name for name, times in held.items() for _ in range(times - (name in known))]
    return [*told, *(Line(name, Fault.EXTRA) for name in beside)]
