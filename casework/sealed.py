"""Text that only the holder of a key outside the store can read: AES-256-GCM, bound to where it stands."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework.errors import WrongKey

NONCE = 12


def seal(key: bytes, where: str, text: str) -> bytes:
    """`text` sealed with a `key` of 32 bytes; it opens with the same `where` only."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), where.encode())


def unseal(key: bytes, where: str, sealed: bytes) -> str:
    """What was sealed; raises `WrongKey`."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], where.encode()).decode()
    except InvalidTag:
        raise WrongKey(where) from None
