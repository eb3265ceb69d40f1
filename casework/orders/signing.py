"""How office and place know each other's words: keyed signatures, HMAC-SHA-256 or HMAC-SM3 behind one door.

The signed text is five lines: unix seconds, HTTP method (of an answer: its status), path, idempotency key and the
SHA-256 of the body in hex. An answer is signed over the path and the idempotency key of its request.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from casework.beijing import BEIJING

KEY_ID = "X-Huancha-Key-Id"
TIMESTAMP = "X-Huancha-Timestamp"
IDEMPOTENCY_KEY = "Idempotency-Key"
SIGNATURE = "X-Huancha-Signature"
WINDOW = 300
"""Seconds a request's timestamp may be off the receiver's clock."""


class Algorithm(StrEnum):
    """How something is signed."""

    HMAC_SHA256 = "hmac-sha256"
    HMAC_SM3 = "hmac-sm3"


class Signer(Protocol):
    """A keyed hash of a text."""

    def __call__(self, key: bytes, text: bytes) -> bytes: ...


@dataclass(frozen=True)
class Parts:
    """What is signed. `verb` is the method of a request or the status of an answer."""

    timestamp: int
    verb: str
    path: str
    idempotency_key: str
    body: bytes

    def text(self) -> bytes:
        """The five lines."""
        digest = hashlib.sha256(self.body).hexdigest()
        lines = (str(self.timestamp), self.verb, self.path, self.idempotency_key, digest)
        return "\n".join(lines).encode()


@dataclass(frozen=True)
class Key:
    """A secret that one office and one place share; several are valid while they are exchanged."""

    id: str
    algorithm: Algorithm
    secret: bytes = field(repr=False)


def sign(key: Key, parts: Parts) -> str:
    """The signature as it stands in its header: `hmac-sha256=<hex>`."""
    return f"{key.algorithm}={_SIGNERS[key.algorithm](key.secret, parts.text()).hex()}"


def verify(key: Key, parts: Parts, signature: str) -> bool:
    """Whether `signature` is that of `parts`, by the key's own algorithm; in constant time."""
    return hmac.compare_digest(sign(key, parts).encode(), signature.encode())


def headers(key: Key, parts: Parts) -> dict[str, str]:
    """The headers that go with the signed body."""
    return {
        KEY_ID: key.id,
        TIMESTAMP: str(parts.timestamp),
        IDEMPOTENCY_KEY: parts.idempotency_key,
        SIGNATURE: sign(key, parts),
    }


def unix_seconds(now: datetime) -> int:
    """The unix time of a naive Beijing time."""
    return int(now.replace(tzinfo=BEIJING).timestamp())


def _sha256(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


def _sm3(key: bytes, text: bytes) -> bytes:
    keyed = HMAC(key, hashes.SM3())
    keyed.update(text)
    return keyed.finalize()


_SIGNERS: Mapping[Algorithm, Signer] = {Algorithm.HMAC_SHA256: _sha256, Algorithm.HMAC_SM3: _sm3}
