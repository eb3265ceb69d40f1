"""Reading the packs: nothing misspelt, unsourced or out of order gets through."""

import json
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from casework.errors import BadPack, NoLaw
from casework.law.pack import Law, Pack

FOLDER = Path(__file__).parent
_PACK = TypeAdapter(Pack)
T = TypeVar("T")


def read_pack(file: Path) -> Pack:
    """One pack; raises `BadPack`."""
    pack = read_toml(file, _PACK, lambda raw: {"name": file.stem, **_spread(raw)})
    why = _fault(pack)
    if why:
        raise BadPack(file.name, why)
    return pack


def read_toml(
    file: Path, kind: TypeAdapter[T], given: Callable[[dict[str, Any]], Mapping[str, Any]]
) -> T:
    """What `file` holds as `kind`, of the facts `given` makes of it; raises `BadPack`."""
    try:
        facts = given(tomllib.loads(file.read_text("utf-8")))
        return kind.validate_json(json.dumps(facts, default=str))
    except (ValidationError, ValueError) as wrong:
        raise BadPack(file.name, _said(wrong)) from wrong


@cache
def packs() -> tuple[Pack, ...]:
    """Every pack that ships, by area and first day."""
    found = [read_pack(file) for file in FOLDER.glob("*.toml")]
    return tuple(sorted(found, key=lambda pack: (pack.area, pack.begins)))


def law_on(day: date, area: str = "", known: tuple[Pack, ...] | None = None) -> Law:
    """The law of `area` (any 区划 code) on `day`: of `known` packs, else those that ship.

    Raises `NoLaw` where no pack of the country was in force.
    """
    held = [pack for pack in (packs() if known is None else known) if pack.in_force(day)]
    country = [pack for pack in held if not pack.area]
    if not country:
        raise NoLaw(day, area)
    own = [pack for pack in held if pack.area and area.startswith(pack.area)]
    return Law(day, (*own[-1:], country[-1]))


def _spread(raw: Mapping[str, Any]) -> dict[str, Any]:
    """`value = 12` in a file stands for least and most alike."""
    provisions = raw.get("provisions", {})
    return {
        **raw,
        "provisions": {
            rule: {"least": said["value"], "most": said["value"]}
            | {key: kept for key, kept in said.items() if key != "value"}
            if "value" in said
            else said
            for rule, said in provisions.items()
        },
    }


def _fault(pack: Pack) -> str | None:
    """What a pack's form allows and its sense does not."""
    if pack.ends is not None and pack.ends < pack.begins:
        return "it ends before it begins"
    for name, cited in (*pack.provisions.items(), *((str(b.least), b) for b in pack.bands)):
        if cited.document not in pack.documents:
            return f"{name} names the document {cited.document}, which is not there"
        if cited.article is None and not cited.unverified:
            return f"{name} has no article and is not marked as unverified"
        if not 0 < cited.least <= cited.most:
            return f"{name} runs from {cited.least} to {cited.most}"
    tops = [0, *(band.most for band in pack.bands)]
    if any(band.least != top + 1 for band, top in zip(pack.bands, tops, strict=False)):
        return "the bands do not follow each other from 1 on"
    return None


def _said(wrong: ValidationError | ValueError) -> str:
    if isinstance(wrong, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in wrong.errors())
    return str(wrong)
