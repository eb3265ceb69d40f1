"""Excel as text: the one door to calamine. Long digits stay digits, dates become ISO."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from loaders.blocks import Block, OpenedFile, cleaned, with_lines
from loaders.errors import UnreadableFile
from loaders.parquet_blocks import csv_line
from loaders.source import TableSource, read_heading

ROWS = 50_000
HEADING_WITHIN = 20
"""Rows among which the heading is looked for; titles may stand above it."""
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's dates have no zone


@dataclass(frozen=True)
class Workbook:
    """An opened workbook and the names of its sheets."""

    file: str
    size: int
    sheets: tuple[str, ...]
    book: CalamineWorkbook

    def open_sheet(self, sheet: str, source: TableSource) -> OpenedFile | None:
        """A sheet as rows of the table `source`; None when no row near its top names a column."""
        rows = _rows(self.book.get_sheet_by_name(sheet))
        for count, (_, row) in enumerate(rows, 1):
            names = [_text(value) or "" for value in row]
            while names and not names[-1].strip():
                names.pop()
            heading = read_heading(source, names)
            if len(heading.positions) >= min(2, len(source.columns)):
                blocks = _blocks(rows, len(names), self.size)
                return OpenedFile(heading, ",", blocks)
            if count == HEADING_WITHIN:
                break
        return None


def open_workbook(path: Path, file: str) -> Workbook:
    """Open a workbook; raises `UnreadableFile` when it is encrypted, broken or none."""
    try:
        book = CalamineWorkbook.from_path(str(path))
        return Workbook(file, path.stat().st_size, tuple(book.sheet_names), book)
    except (CalamineError, OSError, ValueError) as broken:
        locked = "password" in str(broken).lower() or path.read_bytes()[:4] == b"\xd0\xcf\x11\xe0"
        why = "an encrypted or old workbook" if locked else f"no whole workbook: {broken}"
        advice = "Save it without a password as .xlsx, then load the folder again."
        raise UnreadableFile(file, why, advice) from broken


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows of a sheet that hold anything, each with its 1-based number."""
    for number, row in enumerate(sheet.iter_rows(), 1):
        if any(value not in ("", None) for value in row):
            yield number, row


def _blocks(rows: Iterator[tuple[int, Sequence[Any]]], fields: int, size: int) -> Iterator[Block]:
    numbers: list[int] = []
    kept: list[list[str | None]] = []
    for number, row in rows:
        numbers.append(number)
        values = [_text(value) for value in row[:fields]]
        kept.append(values + [None] * (fields - len(values)))
        if len(kept) == ROWS:
            yield _block(kept, numbers, fields, size)
            numbers, kept = [], []
    yield _block(kept, numbers, fields, size)


def _block(rows: list[list[str | None]], numbers: list[int], fields: int, size: int) -> Block:
    turned: Sequence[Sequence[str | None]] = list(zip(*rows, strict=True)) or [()] * fields
    columns = [cleaned(pa.array(column, pa.string())) for column in turned]
    table = with_lines(columns, pa.array(numbers, pa.int32()))
    return Block(table, (), lambda at: [csv_line(rows[n], ",") for n in at], size)


def _text(value: object) -> str | None:
    """A cell as the text a person sees in it: 20250301 and not 20250301.0, never 1.1E17."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        if value.is_integer():
            return str(int(value))
        return format(Decimal(repr(round(value, 6))), "f")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="auto" if value.microsecond else "seconds")
    if isinstance(value, timedelta):
        return (_EPOCH + value).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
