"""How office and place know each other's words: HMAC-SHA-256, HMAC-SM3 or SM2 with SM3 behind one door.

The signed text is five lines: unix seconds, HTTP method (of an answer: its status), path, idempotency key and the
SHA-256 of the body in hex, with SM2 its SM3. An answer is signed over the path and the idempotency key of its request.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from casework.beijing import BEIJING
from casework.orders import sm2

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
    SM2_SM3 = "sm2-sm3"


@dataclass(frozen=True)
class Parts:
    """What is signed. `verb` is the method of a request or the status of an answer."""

    timestamp: int
    verb: str
    path: str
    idempotency_key: str
    body: bytes

    def text(self, algorithm: Algorithm) -> bytes:
        """The five lines."""
        by_sm3 = algorithm is Algorithm.SM2_SM3
        digest = _sm3(self.body) if by_sm3 else hashlib.sha256(self.body).digest()
        lines = (str(self.timestamp), self.verb, self.path, self.idempotency_key, digest.hex())
        return "\n".join(lines).encode()


@dataclass(frozen=True)
class Key:
    """What one side signs and believes the other by; several are valid while they are exchanged.

    Of an HMAC `secret` is shared by both. Of SM2 it is the private key of this side, and `other` the public key
    of the other.
    """

    id: str
    algorithm: Algorithm
    secret: bytes = field(repr=False)
    other: bytes = b""


def sign(key: Key, parts: Parts) -> str:
    """The signature as it stands in its header: `hmac-sha256=<hex>`."""
    return f"{key.algorithm}={_signature(key, parts.text(key.algorithm)).hex()}"


def verify(key: Key, parts: Parts, signature: str) -> bool:
    """Whether `signature` is the other side's of `parts`, by the key's own algorithm; in constant time."""
    if key.algorithm is not Algorithm.SM2_SM3:
        return hmac.compare_digest(sign(key, parts).encode(), signature.encode())
    named, _, written = signature.partition("=")
    try:
        signed = bytes.fromhex(written)
    except ValueError:
        return False
    if named != key.algorithm or signed.hex() != written:
        return False
    return sm2.verify(key.other, parts.text(key.algorithm), signed)


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


def _signature(key: Key, text: bytes) -> bytes:
    match key.algorithm:
        case Algorithm.HMAC_SHA256:
            return hmac.digest(key.secret, text, "sha256")
        case Algorithm.HMAC_SM3:
            keyed = HMAC(key.secret, hashes.SM3())
            keyed.update(text)
            return keyed.finalize()
        case Algorithm.SM2_SM3:
            return sm2.sign(key.secret, text)


def _sm3(body: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(body)
    return digest.finalize()
