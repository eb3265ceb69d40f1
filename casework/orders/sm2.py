"""SM2 signatures with SM3 (GB/T 32918.2, curve of GB/T 32918.5), and keys in PEM as openssl writes them.

An office that has to sign in a certified module (密码机, UKey) lets `sign` ask it: nothing else here knows SM2. The
arithmetic is Python's, its time depends on the private key; let nobody else measure a machine that signs.
"""

import base64
import re
from functools import lru_cache
from typing import Annotated, TypeVar

from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.x509 import ObjectIdentifier
from gmalg import SM2
from gmalg.errors import GMError

CURVE = ObjectIdentifier("1.2.156.10197.1.301")
USER = b"1234567812345678"
"""The user id of GB/T 35276, where no other was agreed."""
ORDER = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
"""How many points the curve has."""
_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\s(.*?)-----END \1-----", re.DOTALL)
_PKCS8, _SEC1 = ("PRIVATE KEY",), ("EC PRIVATE KEY", "SM2 PRIVATE KEY")
_T = TypeVar("_T")


class NoSM2Key(ValueError):
    """A text is no SM2 key of the kind asked for; the message says why."""


@asn1.sequence
class _Algorithm:
    kind: ObjectIdentifier
    curve: ObjectIdentifier


@asn1.sequence
class _Public:
    algorithm: _Algorithm
    point: asn1.BitString


@asn1.sequence
class _Private:
    version: int
    algorithm: _Algorithm
    key: bytes


@asn1.sequence
class _Number:
    version: int
    number: bytes
    curve: Annotated[ObjectIdentifier | None, asn1.Explicit(0)]
    point: Annotated[asn1.BitString | None, asn1.Explicit(1)]


def private_key(pem: str) -> bytes:
    """The 32 bytes of a private key (PKCS#8 or SEC 1, not encrypted); raises `NoSM2Key`."""
    if "ENCRYPTED" in pem:
        raise NoSM2Key("it is encrypted, write it anew with: openssl pkey -in OLD -out NEW")
    label, der = _block(pem, _PKCS8 + _SEC1)
    outer = _decoded(_Private, der) if label in _PKCS8 else None
    held = _decoded(_Number, outer.key if outer else der)
    _on_our_curve(outer.algorithm.curve if outer else held.curve)
    number = int.from_bytes(held.number)
    if not 0 < number < ORDER - 1:
        raise NoSM2Key("its number is out of range")
    return number.to_bytes(32)


def public_key(pem: str) -> bytes:
    """The point of a public key (SubjectPublicKeyInfo), 65 bytes or 33; raises `NoSM2Key`."""
    held = _decoded(_Public, _block(pem, ("PUBLIC KEY",))[1])
    _on_our_curve(held.algorithm.curve)
    point = held.point.as_bytes()
    try:
        sound = len(point) in (33, 65) and SM2().verify_pk(point)
    except GMError:
        sound = False
    if not sound:
        raise NoSM2Key("its point is not on the curve")
    return point


def sign(private: bytes, text: bytes) -> bytes:
    """The signature of `text` in DER, as GB/T 35276 has it; another one each time."""
    r, s = SM2(private, USER, public_of(private)).sign(text)
    return encode_dss_signature(int.from_bytes(r), int.from_bytes(s))


def verify(public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether `signature` is one of `text` by the private key that belongs to `public`."""
    try:
        r, s = (number.to_bytes(32) for number in decode_dss_signature(signature))
    except (ValueError, OverflowError):
        return False
    return bool(SM2(uid=USER, pk=public).verify(text, r, s))


@lru_cache
def public_of(private: bytes) -> bytes:
    """The point that belongs to a private key; kept, because finding it takes as long as signing."""
    return bytes(SM2().generate_pk(private))


def paired(private: bytes, public: bytes) -> bool:
    """Whether a point belongs to a private key, in whichever form it is written."""
    return public_of(private)[1:33] == public[1:33]


def _block(pem: str, labels: tuple[str, ...]) -> tuple[str, bytes]:
    """The first block so labelled, and what it holds."""
    for label, text in _BLOCK.findall(pem):
        if label in labels:
            try:
                return label, base64.b64decode("".join(text.split()), validate=True)
            except ValueError:
                break
    raise NoSM2Key(f"it is no PEM file of a {labels[0].lower()}")


def _decoded(form: type[_T], der: bytes) -> _T:
    try:
        return asn1.decode_der(form, der)
    except ValueError:
        raise NoSM2Key("it is of another kind than SM2") from None


def _on_our_curve(curve: ObjectIdentifier | None) -> None:
    if curve != CURVE:
        named = curve.dotted_string if curve else "no name"
        raise NoSM2Key(f"its curve is {named}, that of SM2 is {CURVE.dotted_string}")
