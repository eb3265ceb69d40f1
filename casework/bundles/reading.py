"""Reading a bundle from its first byte to its last: the manifest tells where everything has to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from casework.bundles.envelope import (
    Entry,
    chunks,
    closing,
    header_size,
    size_of_first,
    stated,
    why_not,
)
from casework.bundles.manifest import (
    MANIFEST,
    OWN,
    SIGNATURE,
    SIGNER,
    SUMS,
    Manifest,
    Part,
    measured,
    read_manifest,
    sums,
)

LARGEST_MANIFEST = 1 << 26
"""Bytes that are read of a manifest."""
SIGNATURE_BYTES, SIGNER_BYTES = 64, 113


@dataclass(frozen=True)
class Found:
    """What lies where a file should: its measures, what the zip `stated` there (None: something else), its CRC-32.

    `content` is kept of the bundle's own files.
    """

    part: Part
    stated: Entry | None
    crc: int
    content: bytes

    def same(self, sealed: Part) -> bool:
        """Whether it is the file that was sealed, with all that the zip says of it."""
        return self.part == sealed and self.stated is not None and self.stated.crc == self.crc


@dataclass(frozen=True)
class Read:
    """A bundle that was read. `placed`: the zip consists of these files and of nothing else."""

    manifest: Manifest
    text: bytes
    found: Mapping[str, Found]
    placed: bool


def read_bundle(file: BinaryIO) -> Read:
    """Read the whole of `file`; raises `ValueError` where no manifest begins it or its names are unsafe."""
    header = file.read(header_size(""))
    file.seek(header_size(MANIFEST))
    text = file.read(min(size_of_first(header), LARGEST_MANIFEST))
    manifest = read_manifest(text)
    sizes = _sizes(manifest, len(text))
    if len(sizes) < len(OWN) + len(manifest.files) or why_not(sizes) is not None:
        raise ValueError("no bundle has files of these names")
    file.seek(0)
    found = {name: _next(file, name, size, manifest) for name, size in sizes.items()}
    entries = [one.stated for one in found.values() if one.stated is not None]
    ending = closing(entries, manifest.facts.sealed_at)
    placed = len(entries) == len(found) and file.read(len(ending) + 1) == ending
    return Read(manifest, text, found, placed)


def _sizes(manifest: Manifest, first: int) -> dict[str, int]:
    """The bytes of every file, in the order in which they stand."""
    own = {MANIFEST: first, SIGNATURE: SIGNATURE_BYTES, SIGNER: SIGNER_BYTES}
    files = {part.name: part.size for part in manifest.files}
    lines = sums(Part(name, 0, "0" * 64, "") for name in (*own, *files))
    return own | {SUMS: len(lines)} | files


def _next(file: BinaryIO, name: str, size: int, manifest: Manifest) -> Found:
    header = file.read(header_size(name))
    pieces = chunks(file, size)
    content = b"".join(pieces) if name in OWN else b""
    part, crc = measured(name, [content] if name in OWN else pieces)
    return Found(part, stated(header, name, size, manifest.facts.sealed_at), crc, content)
