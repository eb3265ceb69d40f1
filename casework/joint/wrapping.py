"""Bytes for one reader: canonical JSON, HPKE for a card's receiving key, and what an office keeps for itself."""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from casework.bundles import Card, SealKeys
from casework.errors import WrongKey

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_KEPT = b"huancha joint kept"


def canonical(fields: Mapping[str, Any]) -> bytes:
    """`fields` as canonical JSON: UTF-8, keys sorted, no spaces, days and times in ISO 8601; no NaN."""
    text = json.dumps(
        fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False,
        default=lambda day: day.isoformat(),
    )  # fmt: skip
    return text.encode()


def wrap(card: Card, content: bytes, purpose: bytes) -> bytes:
    """`content` for the holder of `card` alone; it opens with the same `purpose` only."""
    return _SUITE.encrypt(content, card.receiving_key, purpose)


def unwrap(keys: SealKeys, wrapped: bytes, purpose: bytes) -> bytes:
    """What was wrapped for us; raises `WrongKey`."""
    return _opened(keys.receiving, wrapped, purpose)


def keep(keys: SealKeys, content: bytes) -> bytes:
    """`content` as it may lie in the store: for the office's own key."""
    return _SUITE.encrypt(content, _own(keys), _KEPT)


def kept(keys: SealKeys, wrapped: bytes) -> bytes:
    """What `keep` made; raises `WrongKey`."""
    return _opened(keys.receiving, wrapped, _KEPT)


def _own(keys: SealKeys) -> X25519PublicKey:
    return keys.receiving.public_key()


def _opened(key: X25519PrivateKey, wrapped: bytes, purpose: bytes) -> bytes:
    try:
        return _SUITE.decrypt(wrapped, key, purpose)
    except InvalidTag:
        raise WrongKey("parcel or review key") from None
