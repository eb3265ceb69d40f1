"""What the sides of a joint review agree on: name, purpose, law, period, who takes part, and the review key.

The review key is drawn by the opener and wrapped for each side with HPKE (RFC 9180: X25519, HKDF-SHA-256,
AES-256-GCM). A review's id is a hash of its whole invitation, so that sides with one id hold one invitation.
"""

import base64
import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, NaiveDatetime, TypeAdapter, ValidationError

from casework.bundles import BadCard, SealKeys
from casework.joint.errors import BadInvitation
from casework.joint.office import Side
from casework.joint.wrapping import canonical, unwrap, wrap

_STRICT = ConfigDict(extra="forbid", strict=True)
Sentence = Annotated[str, Field(min_length=1, max_length=2_000)]
KEY = 32
"""Bytes of a review key."""


@dataclass(frozen=True)
class Terms:
    """What a review is about: settlements from `first` to `last` are looked at, parcels go to and fro until `until`."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: Sentence
    purpose: Sentence
    law: Sentence
    first: date
    last: date
    until: date


@dataclass(frozen=True)
class Invitation:
    """The terms, the sides, who opened it, when (Beijing time), and by side's code the review key wrapped for it (hex)."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    terms: Terms
    sides: tuple[Side, ...]
    opener: str
    opened: NaiveDatetime
    keys: Mapping[str, str]

    @property
    def content(self) -> bytes:
        """The canonical bytes."""
        return canonical(asdict(self))

    @cached_property
    def id(self) -> str:
        """`jr_` and 20 characters of base32 of the SHA-256 of the content."""
        digest = hashlib.sha256(self.content).digest()
        return f"jr_{base64.b32encode(digest[:13]).decode()[:20].lower()}"

    def side(self, code: str) -> Side | None:
        """The side of that 区划 code."""
        return next((side for side in self.sides if side.code == code), None)

    def others(self, code: str) -> tuple[Side, ...]:
        """The sides but that one."""
        return tuple(side for side in self.sides if side.code != code)

    def key(self, keys: SealKeys, code: str) -> bytes:
        """The review key, unwrapped with the own `keys` of the side `code`; raises `WrongKey`."""
        return unwrap(keys, bytes.fromhex(self.keys[code]), _purpose(self.opener, code))


def invite(opener: Side, terms: Terms, others: Iterable[Side], opened: datetime) -> Invitation:
    """A new invitation of `opener` to `others`, with a review key drawn for it; raises `BadInvitation`."""
    sides = tuple(sorted((opener, *others), key=lambda side: side.code))
    key = os.urandom(KEY)
    wrapped = {
        side.code: wrap(side.keys, key, _purpose(opener.code, side.code)).hex() for side in sides
    }
    return _checked(Invitation(terms, sides, opener.code, opened, wrapped))


def invitation_from(content: bytes) -> Invitation:
    """The invitation that `content` holds; raises `BadInvitation`."""
    try:
        return _checked(_INVITATION.validate_json(content))
    except ValidationError as wrong:
        first = wrong.errors(include_input=False)[0]
        raise BadInvitation(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


_INVITATION: TypeAdapter[Invitation] = TypeAdapter(Invitation)


def _checked(invitation: Invitation) -> Invitation:
    codes = [side.code for side in invitation.sides]
    terms = invitation.terms
    if len(codes) < 2 or len({code[:2] for code in codes}) != len(codes):
        raise BadInvitation("a review has two sides or more, each of an area of its own")
    try:
        cards = {side.keys.fingerprint for side in invitation.sides}
    except BadCard as bad:
        raise BadInvitation(str(bad)) from None
    if len(cards) != len(codes):
        raise BadInvitation("each side has a card of its own")
    if invitation.opener not in codes or set(invitation.keys) != set(codes):
        raise BadInvitation("the opener is a side, and each side has the review key")
    if not terms.first <= terms.last or terms.until < invitation.opened.date():
        raise BadInvitation("its days are not in order")
    return invitation


def _purpose(opener: str, side: str) -> bytes:
    return f"huancha joint review key\x1f{opener}\x1f{side}".encode()
