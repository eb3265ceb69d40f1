"""Blind ids: keyed hashes that name an entity without saying who it is."""

import base64
import hmac
from enum import StrEnum

ID_LENGTH = 20


class Prefix(StrEnum):
    """The kind prefix of a blind id."""

    PATIENT = "pt"
    PRACTITIONER = "pr"
    FACILITY = "fa"
    PHARMACY = "ph"
    TOKEN = "tk"  # noqa: S105
    RING = "rg"


def blind_id(key: bytes, prefix: Prefix, code: str) -> str:
    """The id of `code` under the workspace's secret `key`: prefix, underscore, 20 base32 characters.

    100 bits of HMAC-SHA-256: among 10^9 entities the chance of any two colliding is below 10^-12.
    The same code under another prefix or another workspace key gives an unrelated id.
    """
    digest = hmac.digest(key, f"{prefix}\x1f{code}".encode(), "sha256")
    return f"{prefix}_{base64.b32encode(digest[:13]).decode()[:ID_LENGTH].lower()}"
