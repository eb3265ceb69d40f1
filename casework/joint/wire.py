"""A parcel: what one side says to one other, compressed, signed, and sealed for that one.

In clear a file shows nothing but its format and the bytes of HPKE. Inside: a signature (Ed25519) over the
recipient's fingerprint and the compressed content, then that content, canonical JSON. Whoever reads a parcel cannot
hand it on as meant for another, and nobody learns from a file who sent what in which review.
"""

import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar

from cryptography.exceptions import InvalidSignature
from pydantic import ConfigDict, Field, NaiveDatetime, TypeAdapter

from casework.bundles import Card, SealKeys
from casework.errors import WrongKey
from casework.joint.errors import BadParcel, Fault
from casework.joint.wrapping import canonical, unwrap, wrap

FORMAT = b"huancha parcel 1\n"
MOST = 256 * 1024 * 1024
"""Bytes a parcel may hold unpacked."""
_SIGNATURE = 64


@dataclass(frozen=True)
class Parcel:
    """What a parcel says: `sender` and `recipient` are 区划 codes, `at` Beijing time; numbers go up one by one per sender,
    recipient and review."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    review: Annotated[str, Field(pattern=r"^jr_[a-z2-7]{20}$")]
    sender: str
    recipient: str
    number: Annotated[int, Field(ge=1, lt=2**53)]
    kind: Annotated[str, Field(pattern=r"^[a-z_.]{1,40}$")]
    at: NaiveDatetime
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Unsealed:
    """A parcel as it came out of its file: `signed` is signature and compressed content, whose sender is not yet proved."""

    parcel: Parcel
    signed: bytes

    def prove(self, sender: Card, recipient: Card) -> None:
        """Raise `BadParcel` unless `sender` signed it for `recipient`."""
        try:
            sender.signing_key.verify(
                self.signed[:_SIGNATURE], _said(recipient, self.signed[_SIGNATURE:])
            )
        except InvalidSignature:
            raise BadParcel(Fault.FORGED) from None


def seal(keys: SealKeys, recipient: Card, parcel: Parcel) -> tuple[bytes, bytes]:
    """The file of `parcel`, signed with `keys`, for `recipient`; and what it holds signed, as `Unsealed.signed`."""
    packed = zlib.compress(canonical(asdict(parcel)), 9)
    signed = keys.signing.sign(_said(recipient, packed)) + packed
    return FORMAT + wrap(recipient, signed, FORMAT), signed


def unseal(keys: SealKeys, file: bytes) -> Unsealed:
    """What a parcel sealed for the holder of `keys` says; raises `BadParcel`. Nothing of it is proved yet."""
    if not file.startswith(FORMAT):
        raise BadParcel(Fault.UNREADABLE)
    try:
        signed = unwrap(keys, file[len(FORMAT) :], FORMAT)
    except WrongKey:
        raise BadParcel(Fault.NOT_FOR_US, "or was changed on its way") from None
    return Unsealed(parcel_in(signed), signed)


def parcel_in(signed: bytes) -> Parcel:
    """The parcel behind a signature; raises `BadParcel`."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(signed[_SIGNATURE:], MOST)
        if not unpacking.eof or unpacking.unused_data:
            raise BadParcel(Fault.UNREADABLE, "too large or cut off")
        parcel = _PARCEL.validate_json(text)
        if text != canonical(asdict(parcel)):
            raise BadParcel(Fault.UNREADABLE, "not canonical")
    except (zlib.error, ValueError):
        raise BadParcel(Fault.UNREADABLE) from None
    return parcel


_PARCEL: TypeAdapter[Parcel] = TypeAdapter(Parcel)


def _said(recipient: Card, packed: bytes) -> bytes:
    return FORMAT + bytes.fromhex(recipient.fingerprint) + packed
