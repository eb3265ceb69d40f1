"""Blind ids of one review: HMAC-SHA-256 under the review key, so that nobody without it can try numbers out.

Each side gets the same id for the same identity number or value; under another review's key it is another.
"""

import base64
import hmac
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

_DIGITS = 20
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True)
class Blinder:
    """What turns identities into the ids of one review: `jp_` persons, `jt_` tokens, `jg_` rings."""

    key: bytes = field(repr=False)

    def patient(self, certno: str | None, psn_no: str) -> str:
        """By identity number; by the platform's number where there is none."""
        said = ("certno", identity(certno)) if certno else ("psn_no", identity(psn_no))
        return self._id("jp", *said)

    def practitioner(self, certno: str | None, code: str) -> str:
        """By identity number, so that somebody who is also a patient has one id; else by staff code."""
        said = ("certno", identity(certno)) if certno else ("prac_psn_code", identity(code))
        return self._id("jp", *said)

    def token(self, kind: str, value: str) -> str:
        """A phone, account, address or employer."""
        return self._id("jt", kind, identity(value))

    def ring(self, members: Iterable[str]) -> str:
        """By blind members, in whatever order."""
        return self._id("jg", "ring", *sorted(members))

    def _id(self, prefix: str, *parts: str) -> str:
        digest = hmac.digest(self.key, "\x1f".join((prefix, *parts)).encode(), "sha256")
        return f"{prefix}_{base64.b32encode(digest[:13]).decode()[:_DIGITS].lower()}"


def identity(value: str) -> str:
    """A number or value in one form: full-width as half-width, no spaces, capitals; 15 digits of identity as 18."""
    said = "".join(unicodedata.normalize("NFKC", value).split()).upper()
    if len(said) == 15 and said.isascii() and said.isdigit():
        body = said[:6] + "19" + said[6:]
        said = body + _CHECKS[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]
    return said
