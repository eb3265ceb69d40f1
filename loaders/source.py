"""What each table looks like in an export: `sources/*.toml` as facts."""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from loaders.errors import BadSource

MISSING = ("", "NULL", "null", "Null", "\\N", "-")


class ColumnType(StrEnum):
    """How the text of a column is read."""

    TEXT = "text"
    CODE = "code"
    TIME = "time"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"
    TEXTS = "texts"


@dataclass(frozen=True)
class Column:
    """One column: its national name, what else it is called, how it is read.

    `values` are the codes the dictionary knows (empty: any), `maps` what is written instead of them.
    `open_end`: a date of the year 9000 or later means "no end". `fractions`: money that may carry
    more than two decimals without a warning (unit prices). `fill` bounds the share of rows that have it.
    """

    name: str
    type: ColumnType = ColumnType.TEXT
    aliases: tuple[str, ...] = ()
    mandatory: bool = False
    values: tuple[str, ...] = ()
    maps: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    open_end: bool = False
    fractions: bool = False
    fill: float = 0.0


@dataclass(frozen=True)
class TableSource:
    """One table of the data contract. `newest` is the column whose largest value wins a duplicate."""

    table: str
    title: str
    columns: Mapping[str, Column]
    key: str | None = None
    newest: str | None = None
    switches_off: str = ""
    least_rows: int = 0

    @property
    def mandatory(self) -> tuple[Column, ...]:
        """The columns without which a row is quarantined, the key first."""
        return tuple(column for column in self.columns.values() if column.mandatory)


@dataclass(frozen=True)
class Heading:
    """A file's heading read against its table: where each column stands, and what is unknown.

    `positions` maps a column to the places of its names, best name first.
    """

    names: tuple[str, ...]
    positions: Mapping[str, tuple[int, ...]]
    unknown: tuple[str, ...]

    @property
    def as_json(self) -> str:
        """The names as a JSON list."""
        return json.dumps(self.names, ensure_ascii=False)


def normal_name(name: str) -> str:
    """A heading as it is compared: without quotes, blanks and byte order mark, in small letters."""
    return name.replace("\ufeff", "").strip().strip("\"'").strip().lower()


def read_heading(source: TableSource, names: Sequence[str]) -> Heading:
    """Match a file's heading with the columns of `source`, by name or alias, any case, any order."""
    ranks: dict[str, tuple[str, int]] = {}
    for column in source.columns.values():
        for rank, name in enumerate((column.name, *column.aliases)):
            ranks[name] = (column.name, rank)
    found: dict[str, list[tuple[int, int]]] = {}
    unknown: list[str] = []
    for position, name in enumerate(names):
        match = ranks.get(normal_name(name))
        if match is None:
            unknown.append(name.strip() or f"#{position + 1}")
        else:
            found.setdefault(match[0], []).append((match[1], position))
    positions = {name: tuple(at for _, at in sorted(places)) for name, places in found.items()}
    return Heading(tuple(names), MappingProxyType(positions), tuple(unknown))


def _column(file: str, name: str, facts: Mapping[str, Any]) -> Column:
    known = {
        "type", "aliases", "mandatory", "key", "values", "maps", "open_end", "fractions", "fill",
    }  # fmt: skip
    if strange := set(facts) - known:
        raise BadSource(file, f"{name}: unknown setting {sorted(strange)}")
    try:
        kind = ColumnType(facts.get("type", "text"))
    except ValueError:
        raise BadSource(file, f"{name}: unknown type {facts['type']!r}") from None
    return Column(
        name=name,
        type=kind,
        aliases=tuple(facts.get("aliases", ())),
        mandatory=bool(facts.get("mandatory") or facts.get("key")),
        values=tuple(facts.get("values", ())),
        maps=MappingProxyType(dict(facts.get("maps", {}))),
        open_end=bool(facts.get("open_end")),
        fractions=bool(facts.get("fractions")),
        fill=float(facts.get("fill", 0.0)),
    )


def read_source(file: str, text: str) -> TableSource:
    """One source description; raises `BadSource` with what is wrong in it."""
    try:
        facts = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise BadSource(file, str(broken)) from broken
    if "table" not in facts or not facts.get("columns"):
        raise BadSource(file, "it names no table or no columns")
    columns = {name: _column(file, name, column) for name, column in facts["columns"].items()}
    keys = [name for name, column in facts["columns"].items() if column.get("key")]
    if len(keys) > 1:
        raise BadSource(file, f"more than one key: {keys}")
    newest = facts.get("newest")
    if newest is not None and newest not in columns:
        raise BadSource(file, f"newest: no column {newest}")
    return TableSource(
        table=facts["table"],
        title=facts.get("title", facts["table"]),
        columns=MappingProxyType(columns),
        key=keys[0] if keys else None,
        newest=newest,
        switches_off=facts.get("switches_off", ""),
        least_rows=int(facts.get("bounds", {}).get("rows", 0)),
    )


def read_sources(texts: Iterable[tuple[str, str]]) -> Mapping[str, TableSource]:
    """Source descriptions (file name, text) by table; a later one replaces an earlier one."""
    sources = (read_source(file, text) for file, text in texts)
    return MappingProxyType({source.table: source for source in sources})


@cache
def national_sources() -> Mapping[str, TableSource]:
    """The tables of the data contract, as shipped in `loaders/sources/`."""
    shipped = sorted(
        (file for file in files("loaders.sources").iterdir() if file.name.endswith(".toml")),
        key=lambda file: file.name,
    )
    return read_sources((file.name, file.read_text("utf-8")) for file in shipped)


def local_sources(folder: Path) -> Mapping[str, TableSource]:
    """The national tables, with those that `folder` describes anew in its own `*.toml`."""
    own = read_sources(
        (file.name, file.read_text("utf-8")) for file in sorted(folder.glob("*.toml"))
    )
    return MappingProxyType({**national_sources(), **own})
