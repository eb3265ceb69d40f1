"""Sealing: files and facts in, one zip out; the same input gives the same bytes."""

import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError

from casework.bundles.envelope import Entry, closing, local_header, why_not
from casework.bundles.errors import NotSealable
from casework.bundles.keys import fingerprint
from casework.bundles.manifest import (
    FORM,
    MANIFEST,
    OWN,
    SIGNATURE,
    SIGNER,
    SUMS,
    Facts,
    Manifest,
    Part,
    measured,
    read_manifest,
    sums,
)


def seal(files: Mapping[str, bytes], facts: Facts, key: Ed25519PrivateKey, out: Path) -> Manifest:
    """Write `files` (by name, folders apart by `/`) as a signed bundle to `out`, for its owner alone to read.

    Raises `NotSealable` for names that not every system can unpack and for facts that say too little.
    """
    manifest = _manifest(files, facts, key.public_key())
    text = manifest.text()
    own = {MANIFEST: text, SIGNATURE: key.sign(text), SIGNER: signer_file(key.public_key())}
    own[SUMS] = sums([*_parts(own), *manifest.files])
    draft = out.with_name(f"{out.name}.half")
    with open(draft, "wb", opener=_for_the_owner) as opened:
        entries = []
        for name, content in (
            own | {part.name: files[part.name] for part in manifest.files}
        ).items():
            part, crc = measured(name, [content])
            entries.append(Entry(name, part.size, crc))
            opened.write(local_header(entries[-1], facts.sealed_at))
            opened.write(content)
        opened.write(closing(entries, facts.sealed_at))
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(out)
    return manifest


def signer_file(key: Ed25519PublicKey) -> bytes:
    """The public key as openssl reads it."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _manifest(files: Mapping[str, bytes], facts: Facts, key: Ed25519PublicKey) -> Manifest:
    if taken := set(OWN) & set(files):
        raise NotSealable("The bundle", f"{min(taken)} is a name of its own")
    why = why_not(dict.fromkeys(OWN, 0) | {name: len(content) for name, content in files.items()})
    if why is None and facts.source_rows not in files:
        why = f"it has no {facts.source_rows} that lists its source rows"
    if why is not None:
        raise NotSealable("The bundle", why)
    manifest = Manifest(FORM, facts, fingerprint(key), _parts(dict(sorted(files.items()))))
    try:
        return read_manifest(manifest.text())
    except ValidationError as wrong:
        first = wrong.errors(include_input=False)[0]
        said = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise NotSealable("The bundle", said) from None


def _parts(files: Mapping[str, bytes]) -> tuple[Part, ...]:
    return tuple(measured(name, [content])[0] for name, content in files.items())


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
