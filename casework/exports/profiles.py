"""Recipient profiles: what somebody outside may get, as dated data."""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from pydantic import TypeAdapter

from casework.exports.errors import NoProfile

_FILE = Path(__file__).with_name("profiles.toml")


class Identity(StrEnum):
    """How much of who stands behind an id is said."""

    CLEAR = "clear"
    MASKED = "masked"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a recipient gets; `profiles.toml` says what each field means. Money in fen."""

    __pydantic_config__: ClassVar = {"extra": "forbid", "strict": True}

    name: str
    zh: str
    en: str
    since: date
    source: str
    identity: Identity
    rehash: bool = False
    months: bool = False
    cities: bool = False
    round_to: int = 1
    keeps: frozenset[str] | None = None


@cache
def profiles() -> tuple[Profile, ...]:
    """Every profile there ever was, in the order of the file."""
    raw = tomllib.loads(_FILE.read_text("utf-8"))
    return TypeAdapter(tuple[Profile, ...]).validate_python(raw["profile"], strict=False)


def profile(name: str, on: date) -> Profile:
    """The profile `name` as it stood on a day; raises `NoProfile`."""
    found = [one for one in profiles() if one.name == name and one.since <= on]
    if not found:
        raise NoProfile(name, tuple(sorted({one.name for one in profiles()})))
    return found[-1]
