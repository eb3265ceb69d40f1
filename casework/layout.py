"""How a paper is laid out: its title and blocks, with fields where Word and PDF alike put what is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

STRICT = {"extra": "forbid", "strict": True}


class Style(StrEnum):
    """How a text stands: indented, without indent (whom it is to), as a heading, small, centred or to the right.

    `PAGE` is a heading on a new page.
    """

    BODY = "body"
    PLAIN = "plain"
    HEADING = "heading"
    PAGE = "page"
    SMALL = "small"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    __pydantic_config__: ClassVar = STRICT

    text: str
    style: Style = Style.BODY


@dataclass(frozen=True)
class Grid:
    """A table with a line of `cells` for each `row` of the list `rows`; `widths` are shares of the page."""

    __pydantic_config__: ClassVar = STRICT

    rows: str
    heads: tuple[str, ...]
    cells: tuple[str, ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Each:
    """`blocks` once for each `one` of the list `each`."""

    __pydantic_config__: ClassVar = STRICT

    each: str
    one: str
    blocks: tuple[Text | Grid, ...]


@dataclass(frozen=True)
class Layout:
    """A paper before its fields are known: `{{ name }}` stands for a field."""

    __pydantic_config__: ClassVar = STRICT

    title: str
    blocks: tuple[Text | Grid | Each, ...]


@dataclass(frozen=True)
class Lines:
    """A table as it is printed."""

    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Paper:
    """A paper with everything filled in."""

    title: str
    blocks: tuple[Text | Lines, ...]


Fields = Mapping[str, object]
"""What a paper says, by field: text, or a list of mappings for tables and repeated blocks."""
