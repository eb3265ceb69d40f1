"""What a bundle says of itself: every file with its size and hashes, and who sealed what for whom, and why."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal

from cryptography.hazmat.primitives.hashes import SHA256, SM3, Hash
from pydantic import AfterValidator, ConfigDict, Field, NaiveDatetime, TypeAdapter

MANIFEST, SIGNATURE, SIGNER, SUMS = "manifest.json", "manifest.sig", "signer.pem", "SHA256SUMS"
FORM: Final = "huancha-bundle-1"
OWN = (MANIFEST, SIGNATURE, SIGNER, SUMS)
"""The files of every bundle, in the order in which they stand before all others."""
_STRICT = ConfigDict(extra="forbid", strict=True)
Said = Annotated[str, Field(pattern=r"\S")]


def _zip_dates(at: datetime) -> datetime:
    if not 1980 <= at.year < 2108:
        raise ValueError("a zip has no date for it")
    return at


@dataclass(frozen=True)
class Facts:
    """What is said of the whole; nothing of it comes from the clock of who builds.

    `subject` is a kind and an id (`ring rg_…`). `sealed_at` is when it was released, Beijing time. `source_rows`
    names the file of the bundle that lists the source rows. `provenance`: snapshot, scan, parameters, seed, version …
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    subject: Said
    title: Said
    recipient_body: Said
    recipient_person: Said
    profile: Said
    reason: Said
    law: Said
    maker: Said
    approver: Said
    sealed_at: Annotated[NaiveDatetime, AfterValidator(_zip_dates)]
    source_rows: Said
    provenance: Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """A file of a bundle: size in bytes, hashes in hex."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: Said
    size: Annotated[int, Field(ge=0)]
    sha256: str
    sm3: str


@dataclass(frozen=True)
class Manifest:
    """`signer` is the fingerprint of who signed; `files` are all but the bundle's own, by name."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    form: Literal["huancha-bundle-1"]
    facts: Facts
    signer: str
    files: tuple[Part, ...]

    def text(self) -> bytes:
        """The bytes that are signed: JSON in UTF-8."""
        return (
            json.dumps(asdict(self), ensure_ascii=False, indent=1, default=_iso) + "\n"
        ).encode()


_MANIFEST = TypeAdapter(Manifest)


def read_manifest(text: bytes) -> Manifest:
    """The manifest that `text` is, to the byte; raises `ValueError`."""
    found = _MANIFEST.validate_json(text)
    if found.text() != text:
        raise ValueError("it is not written as a manifest is")
    return found


def measured(name: str, content: Iterable[bytes]) -> tuple[Part, int]:
    """Size and hashes of a file, and its CRC-32."""
    size, crc, sha256, sm3 = 0, 0, Hash(SHA256()), Hash(SM3())
    for chunk in content:
        size, crc = size + len(chunk), zlib.crc32(chunk, crc)
        sha256.update(chunk)
        sm3.update(chunk)
    return Part(name, size, sha256.finalize().hex(), sm3.finalize().hex()), crc


def sums(parts: Iterable[Part]) -> bytes:
    """The lines that `sha256sum -c` reads."""
    return "".join(f"{part.sha256}  {part.name}\n" for part in parts).encode()


def _iso(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()
