"""CSV in blocks: the plain stretches by Arrow's compiled reader, the others row by row."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from loaders.blocks import (
    BadRow,
    Block,
    OpenedFile,
    cleaned,
    column_name,
    consecutive,
    has_padding,
    with_lines,
)
from loaders.csv_exact import split_exactly, split_line
from loaders.encodings import BLOCK, Encoding, TextBlock, text_blocks
from loaders.errors import NoHeading, UnreadableFile
from loaders.source import MISSING, Heading, TableSource, read_heading

DELIMITERS = (",", "\t", ";", "|")
FEW = 50
"""Broken lines of a block that are looked for one by one; more are found by counting."""
_LINE_FEED = 10


@dataclass(frozen=True)
class _Shape:
    delimiter: str
    fields: int


def open_csv(
    path: Path,
    file: str,
    source: TableSource,
    encoding: Encoding | None = None,
    size: int = BLOCK,
) -> OpenedFile:
    """Open a CSV file of the table `source`; `file` is its name in messages.

    Raises `UnreadableFile` when its first line names no column of the table, or as `text_blocks`.
    """
    texts = text_blocks(path, file, encoding, size)
    for text in texts:
        lines = text.text.split(b"\n", 64)
        at = next((n for n, line in enumerate(lines[:-1]) if line.strip()), None)
        if at is None:
            continue
        heading, delimiter = _heading(lines[at].decode(), file, source)
        begin = sum(len(line) + 1 for line in lines[: at + 1])
        rest = TextBlock(text.text[begin:], text.damaged, text.done)
        shape = _Shape(delimiter, len(heading.names))
        return OpenedFile(heading, delimiter, _blocks(rest, texts, shape, at + 2))
    raise UnreadableFile(file, "it is empty", "Remove it, or have it exported again.")


def _heading(line: str, file: str, source: TableSource) -> tuple[Heading, str]:
    best: tuple[Heading, str] | None = None
    for delimiter in DELIMITERS:
        try:
            names = split_line(line.removesuffix("\r"), delimiter)
        except Exception:  # noqa: S112 - an open quote under this delimiter: the next one may do
            continue
        heading = read_heading(source, names)
        if best is None or len(heading.positions) > len(best[0].positions):
            best = (heading, delimiter)
    if best is None or not best[0].positions:
        advice = f"Its first line must name columns of {source.table}: export it with its headings."
        raise NoHeading(file, f"its first line names no column of {source.table}", advice)
    return best


def _blocks(
    first: TextBlock, more: Iterator[TextBlock], shape: _Shape, line: int
) -> Iterator[Block]:
    """Blocks of rows; what an open quoted field leaves over goes in front of the next block."""
    block: TextBlock | None = first
    left = b""
    while block is not None:
        following = next(more, None)
        text = left + block.text if left else block.text
        left = b""
        rows = None if block.damaged else _plain(text, shape, line, block.done)
        if rows is None:
            rows, left = _exact(text, shape, line, block.done, last=following is None)
        line += text.count(b"\n") - left.count(b"\n")
        if rows.read or following is None:
            yield rows
        block = following


def _plain(text: bytes, shape: _Shape, line: int, done: int) -> Block | None:
    """The block by the compiled reader, or None where only the exact way is sure to be right."""
    lines = text.count(b"\n")
    if not lines:
        return with_nothing(shape.fields, done)
    lone_returns = b"\r" in text and text.count(b"\r") != text.count(b"\r\n")
    if lone_returns or shape.fields < 2:
        return None
    quoted = b'"' in text
    names = [column_name(position) for position in range(shape.fields)]
    short: list[str] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        short.append(row.text)
        return "skip"

    try:
        rows = arrow_csv.read_csv(
            pa.BufferReader(text),
            arrow_csv.ReadOptions(column_names=names, block_size=4 << 20),
            arrow_csv.ParseOptions(
                delimiter=shape.delimiter,
                quote_char='"' if quoted else False,
                invalid_row_handler=skip,
            ),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                check_utf8=False,
                null_values=list(MISSING),
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if rows.num_rows + len(short) != lines or (quoted and short):
        return None
    numbers, bad = _lines_of(text, shape, line, lines, short)
    columns = [cleaned(column) if has_padding(column) else column for column in rows.columns]
    return Block(with_lines(columns, numbers), bad, _lines_as_read(text, line, numbers), done)


def with_nothing(fields: int, done: int) -> Block:
    """A block without rows."""
    empty = pa.array([], pa.string())
    return Block(with_lines([empty] * fields, consecutive(1, 0)), (), lambda _: [], done)


def _lines_of(
    text: bytes, shape: _Shape, line: int, lines: int, short: Sequence[str]
) -> tuple[pa.Array, tuple[BadRow, ...]]:
    """Line numbers of the rows that split well, and the `short` ones that did not (no quotes here)."""
    if not short:
        return consecutive(line, lines), ()
    found = _found(text, short) if len(short) <= FEW else None
    if found is None:
        found = _miscounted(text, shape)
    bad = tuple(BadRow(line + n, "fields", row) for n, row in found)
    right = np.delete(np.arange(line, line + lines, dtype=np.int32), [n for n, _ in found])
    return pa.array(right), bad


def _found(text: bytes, rows: Sequence[str]) -> list[tuple[int, str]] | None:
    """Where the lines `rows` stand in `text`, by looking for them; None if not all are found once."""
    places = {}
    for row in set(rows):
        wanted = row.encode()
        at = text.find(wanted)
        while at >= 0:
            after = text[at + len(wanted) : at + len(wanted) + 2]
            if (at == 0 or text[at - 1] == _LINE_FEED) and after.startswith((b"\n", b"\r\n")):
                places[at] = row
            at = text.find(wanted, at + 1)
    if len(places) != len(rows):
        return None
    found, line, before = [], 0, 0
    for at, row in sorted(places.items()):
        line += text.count(b"\n", before, at)
        before = at
        found.append((line, row))
    return found


def _miscounted(text: bytes, shape: _Shape) -> list[tuple[int, str]]:
    """The lines of `text` with too few or too many fields, by counting delimiters."""
    buffer = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(buffer == _LINE_FEED)
    marks = np.flatnonzero(buffer == ord(shape.delimiter))
    fields = np.diff(np.searchsorted(marks, ends), prepend=0) + 1
    starts = np.concatenate([[0], ends[:-1] + 1])
    return [
        (int(n), text[starts[n] : ends[n]].decode().removesuffix("\r"))
        for n in np.flatnonzero(fields != shape.fields)
    ]


def _lines_as_read(
    text: bytes, line: int, numbers: pa.Array
) -> Callable[[Sequence[int]], list[str]]:
    def as_read(positions: Sequence[int]) -> list[str]:
        ends = np.flatnonzero(np.frombuffer(text, np.uint8) == 10)
        found = []
        for position in positions:
            n = numbers[position].as_py() - line
            begin = int(ends[n - 1]) + 1 if n else 0
            found.append(text[begin : int(ends[n])].decode().removesuffix("\r"))
        return found

    return as_read


def _exact(text: bytes, shape: _Shape, line: int, done: int, *, last: bool) -> tuple[Block, bytes]:
    """The block row by row, and the bytes from an open quoted field on that wait for more lines."""
    lines = text.decode().split("\n")[:-1]
    found = split_exactly(lines, line, shape.delimiter, shape.fields, last=last)
    turned = list(zip(*found.rows, strict=True)) if found.rows else [()] * shape.fields
    columns = [cleaned(pa.array(column, pa.string())) for column in turned]
    rows = with_lines(columns, pa.array(found.lines, pa.int32()))
    left = "".join(f"{waiting}\n" for waiting in lines[found.open_from :]).encode()
    texts = found.texts
    block = Block(rows, tuple(found.bad), lambda at: [texts[n] for n in at], done)
    return block, left
