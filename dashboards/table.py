"""A table drawn by our own component: semantic, in the page's font, rows that can be opened."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal, cast

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

ASSETS = Path(__file__).parent / "assets"

Align = Literal["left", "right", "center"]


@dataclass(frozen=True)
class Column:
    """A heading with its unit below, and how its cells look (`mono`, `wide`, `name`, `nowrap`)."""

    label: str
    align: Align = "left"
    kind: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Tag:
    """A short word in a frame; its `tone` never carries meaning that the word does not."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class Cell:
    """What stands in one cell: text or tags, a smaller line below, a bar from 0 to 1, or `lean` from -1 to 1
    drawn from the middle.

    With `href` the cell itself can be opened; `opens` is what the table then answers.
    """

    text: str = ""
    sub: str = ""
    tags: Sequence[Tag] | None = None
    bar: float | None = None
    lean: float | None = None
    hint: str = ""
    href: str = ""
    opens: str = ""


@dataclass(frozen=True)
class Row:
    """One line; with `href` it can be opened, `id` says which."""

    cells: Sequence[Cell | str]
    id: str = ""
    href: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """Columns and rows. `caption` is read out; the text in column `link` opens a row."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row] = field(default_factory=tuple)
    link: int = 0
    height: int | None = None


def told(table: Table) -> Table:
    """`table` without the columns in which no row says anything; the one that opens rows stays."""
    kept = [
        at
        for at in range(len(table.columns))
        if at == table.link or any(row.cells[at] not in ("", Cell()) for row in table.rows)
    ]
    return replace(
        table,
        columns=[table.columns[at] for at in kept],
        rows=[replace(row, cells=[row.cells[at] for at in kept]) for row in table.rows],
        link=kept.index(table.link) if table.link in kept else table.link,
    )


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        "huancha.table",
        html='<div class="frame"></div>',
        css=(ASSETS / "table.css").read_text("utf-8"),
        js=(ASSETS / "table.js").read_text("utf-8"),
    )


def show_tag(tag: Tag) -> None:
    """`tag` alone, in the colour it has in tables."""
    framed = tag.tone in ("red", "orange", "green", "blue", "violet")
    st.badge(tag.text, color=cast(Literal["red"], tag.tone) if framed else "gray")


def show_table(table: Table, key: str) -> str | None:
    """Draw `table`; return the id of the row that was just opened, if one was."""
    opened = _component()(data=asdict(table), key=key, on_open_change=lambda: None).open
    return str(opened) if opened else None
