"""The keys of office and place, from a file that its owner alone may read.

The file is TOML: `[keys.NAME]`, any number of them valid at once, with `algorithm` and what it needs: an HMAC the
`secret` that both share (text, its UTF-8 bytes are the key), SM2 the PEM files `private` (one's own key) and `public`
(the other side's), beside the file unless told. `[readers]` names who may ask a receiver, each with a token.
"""

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from casework.orders import sm2
from casework.orders.errors import BadKeys
from casework.orders.signing import Algorithm, Key

_STRICT = ConfigDict(extra="forbid", strict=True)
Name = Annotated[str, Field(pattern=r"^[0-9A-Za-z._-]{1,64}$")]
Secret = Annotated[str, Field(min_length=32)]


@dataclass(frozen=True)
class Keyring:
    """The keys that are valid now, by id, and the tokens of those who may read."""

    keys: Mapping[str, Key]
    readers: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class _Shared:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    algorithm: Literal[Algorithm.HMAC_SHA256, Algorithm.HMAC_SM3]
    secret: Secret


@dataclass(frozen=True)
class _Pair:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    algorithm: Literal[Algorithm.SM2_SM3]
    private: str
    public: str


@dataclass(frozen=True)
class _File:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    keys: dict[Name, Annotated[_Shared | _Pair, Field(discriminator="algorithm")]]
    readers: dict[Name, Secret] = field(default_factory=dict)


_FILE = TypeAdapter(_File)


def read_keys(file: Path) -> Keyring:
    """The keys of `file`; raises `BadKeys`, also where others than the owner may read it or a private key, or change any key."""
    try:
        held = _FILE.validate_json(
            json.dumps(tomllib.loads(_text(file, private=True)), default=str)
        )
    except ValidationError as wrong:
        first = wrong.errors(include_input=False)[0]
        raise BadKeys(file, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except ValueError:
        raise BadKeys(file, "it is no TOML") from None
    keys = {id_: _key(id_, one, file.parent) for id_, one in held.keys.items()}
    return Keyring(keys, tuple(held.readers.values()))


def _key(id_: str, given: _Shared | _Pair, beside: Path) -> Key:
    if isinstance(given, _Shared):
        return Key(id_, given.algorithm, given.secret.encode())
    file = beside / given.private
    try:
        own = sm2.private_key(_text(file, private=True))
        file = beside / given.public
        other = sm2.public_key(_text(file, private=False))
    except sm2.NoSM2Key as wrong:
        raise BadKeys(file, str(wrong)) from None
    if sm2.paired(own, other):
        raise BadKeys(file, f"it belongs to {given.private}, and has to be the other side's")
    return Key(id_, given.algorithm, own, other)


def _text(file: Path, *, private: bool) -> str:
    """What stands in a file that its owner alone may change, and alone read if it is `private`."""
    forbidden, what, mode = (0o077, "read", 600) if private else (0o022, "change", 644)
    try:
        with file.open("rb") as opened:
            if os.fstat(opened.fileno()).st_mode & forbidden:
                raise BadKeys(file, f"others may {what} it, run: chmod {mode} {file}")
            return opened.read().decode()
    except OSError as unread:
        raise BadKeys(file, str(unread.strerror)) from None
    except UnicodeDecodeError:
        raise BadKeys(file, "it is no text") from None
