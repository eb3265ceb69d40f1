"""The scheme of credit: what a decision costs, for how long, and which score makes which grade."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from pydantic import TypeAdapter, ValidationError

from casework.errors import BadPack
from casework.law import STRICT
from casework.sanctions import Kind

FILE = "credit.toml"


class Grade(StrEnum):
    """From A, nothing to say, to D."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A score begins at `full`; each decision of the last `years` takes something from it.

    `point` is what one point of the payment-qualification ledger costs, `sanctions` what each kind of sanction does,
    `grades` the least score of each grade. `unverified`: no official text stands behind the figures.
    """

    __pydantic_config__: ClassVar = STRICT

    name: str
    en: str
    full: int
    years: int
    point: int
    grades: Mapping[Grade, int]
    sanctions: Mapping[Kind, int]
    unverified: bool = False

    def grade(self, score: int) -> Grade:
        """The best grade whose least score is reached."""
        return next(grade for grade in Grade if score >= self.grades[grade])


_SCHEME = TypeAdapter(Scheme)


def read_scheme(file: Path) -> Scheme:
    """A scheme from its file; raises `BadPack`."""
    try:
        raw = tomllib.loads(file.read_text("utf-8"))
        made = _SCHEME.validate_json(json.dumps(raw))
    except (ValidationError, ValueError) as wrong:
        raise BadPack(file.name, str(wrong).splitlines()[0]) from wrong
    why = _fault(made)
    if why:
        raise BadPack(file.name, why)
    return made


def scheme(workspace: Path | None = None) -> Scheme:
    """The office's own scheme where its workspace has one, else the one that ships; raises `BadPack`."""
    own = workspace / FILE if workspace else None
    return read_scheme(own) if own and own.exists() else _shipped()


@cache
def _shipped() -> Scheme:
    return read_scheme(Path(__file__).with_name("scheme.toml"))


def _fault(made: Scheme) -> str | None:
    if set(made.grades) != set(Grade) or set(made.sanctions) != set(Kind):
        return "it does not name every grade and every kind of sanction"
    least = [made.grades[grade] for grade in Grade]
    if least != sorted(set(least), reverse=True) or least[-1] != 0 or least[0] > made.full:
        return "its grades do not fall from full to 0"
    if made.years < 1 or min(made.point, *made.sanctions.values()) < 0:
        return "a figure is below what it can be"
    return None
