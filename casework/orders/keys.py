"""The keys that office and place share, from a file that its owner alone may read.

The file is TOML: `[keys.NAME]` with `algorithm` and `secret` (text, its UTF-8 bytes are the key), any number of
them valid at once; `[readers]` names who may ask a receiver, each with a token.
"""

import json
import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

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

    algorithm: Algorithm
    secret: Secret


@dataclass(frozen=True)
class _File:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    keys: dict[Name, _Shared]
    readers: dict[Name, Secret] = field(default_factory=dict)


_FILE = TypeAdapter(_File)


def read_keys(file: Path) -> Keyring:
    """The keys of `file`; raises `BadKeys`, also where others than its owner may read it."""
    try:
        with file.open("rb") as opened:
            if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077:
                raise BadKeys(file, f"others may read it, run: chmod 600 {file}")
            held = _FILE.validate_json(json.dumps(tomllib.load(opened), default=str))
    except OSError as unread:
        raise BadKeys(file, str(unread.strerror)) from None
    except ValidationError as wrong:
        first = wrong.errors(include_input=False)[0]
        raise BadKeys(file, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except ValueError:
        raise BadKeys(file, "it is no TOML") from None
    keys = {id_: Key(id_, one.algorithm, one.secret.encode()) for id_, one in held.keys.items()}
    return Keyring(keys, tuple(held.readers.values()))
