"""A stretch of a file on its way in: rows of text, where they stood, and what could not be split."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.source import MISSING, Heading

LINE = "line"


@dataclass(frozen=True)
class BadRow:
    """A row that could not be split into fields: `line` as in the file, `text` as read."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class Block:
    """Consecutive rows of one file or sheet.

    `rows` holds one text column `c0`, `c1` … per heading, missing values NULL, and `line` (INTEGER).
    `as_read` gives the text of rows by their position in `rows`. `done` counts the file's bytes
    that were used up to the end of this block.
    """

    rows: pa.Table
    bad: tuple[BadRow, ...]
    as_read: Callable[[Sequence[int]], list[str]]
    done: int

    @property
    def read(self) -> int:
        """Rows read, split or not."""
        return int(self.rows.num_rows) + len(self.bad)


@dataclass(frozen=True)
class OpenedFile:
    """A file or sheet with its heading read; `blocks` gives its rows, once."""

    heading: Heading
    delimiter: str
    blocks: Iterator[Block]


def column_name(position: int) -> str:
    """The name of the column at `position` in a block."""
    return f"c{position}"


def with_lines(columns: Sequence[pa.Array | pa.ChunkedArray], lines: pa.Array) -> pa.Table:
    """A block's `rows` from its columns of text and their line numbers."""
    names = [column_name(position) for position in range(len(columns))]
    return pa.table([*columns, lines], names=[*names, LINE])


def consecutive(first: int, rows: int) -> pa.Array:
    """Line numbers from `first` on."""
    return pa.array(np.arange(first, first + rows, dtype=np.int32))


def has_padding(column: pa.ChunkedArray) -> bool:
    """Whether any text of a column begins or ends with a blank (a full-width one counts).

    Looks at the outermost bytes only; text that merely seems padded may be found too.
    """
    return any(_chunk_has_padding(chunk) for chunk in column.chunks if len(chunk))


def _chunk_has_padding(chunk: pa.StringArray) -> bool:
    _, bounds, values = chunk.buffers()
    if values is None or not values.size:
        return False
    text = np.frombuffer(values, np.uint8)
    at = np.frombuffer(bounds, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    first = text[np.minimum(at[:-1], len(text) - 1)]
    last = text[np.maximum(at[1:] - 1, 0)]
    if (first <= _SPACE).any() or (last <= _SPACE).any():
        return True
    if first.max() < _BEYOND_ASCII and last.max() < _BEYOND_ASCII:
        return False
    before = text[np.maximum(at[1:] - 2, 0)]
    wide = ((last == 0x80) & (before == 0x80)) | ((last == 0xA0) & (before == 0xC2))
    return bool(wide.any() or (first == 0xE3).any() or (first == 0xC2).any())


_SPACE = 0x20
_BEYOND_ASCII = 0x80


def cleaned(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Text without the blanks around it (full-width ones too), and missing values as NULL."""
    trimmed = pc.utf8_trim_whitespace(column)
    missing = pc.is_in(trimmed, value_set=pa.array(MISSING, pa.string()))
    return pc.if_else(missing, pa.scalar(None, pa.string()), trimmed)
