"""Cells of an Excel sheet: each of its own type, text never a formula, money in yuan, nothing cut off."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl.cell import Cell, WriteOnlyCell

from casework.exports.values import native, quoted, read, text
from graph.model import Value

MONEY = "#,##0.00"
RUNS = ("=", "#")
"""What openpyxl would take for a formula or an error."""
LONGEST = 32_767
"""Characters a cell may hold."""
MOST = 10**15
"""Excel keeps fifteen digits of a number; what has more is text."""
FIRST_DAY = date(1900, 3, 1)
"""Excel counts a day before it that never was."""
_OF_EXCEL = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Fen:
    """Money to be shown in yuan."""

    fen: int


@dataclass(frozen=True)
class Known:
    """A property, which may be known to be nothing; a plain None leaves its cell empty."""

    value: Value


Shown = Value | Fen | Known


@dataclass
class LongTexts:
    """Texts too long for a cell; what stands in its place is `\\{"text": n}`."""

    texts: list[str] = field(default_factory=list)

    def place(self, written: str) -> str:
        """What stands in the cell."""
        if len(written) <= LONGEST:
            return written
        self.texts.append(written)
        return f'\\{{"text": {len(self.texts)}}}'

    def parts(self) -> Iterable[tuple[int, str]]:
        """The texts in pieces a cell can hold, each with its number; to be joined in their order."""
        for number, written in enumerate(self.texts, 1):
            for start in range(0, len(written), LONGEST - 1):
                yield number, written[start : start + LONGEST - 1]


def cell(sheet: Any, value: Shown, longs: LongTexts) -> Any:
    """What `sheet.append` takes for `value`: the value itself where openpyxl keeps its type, else a cell."""
    if isinstance(value, Known):
        value = value.value
    if isinstance(value, str):
        return _of_text(sheet, longs.place(_text(text(value))))
    if isinstance(value, Fen) and abs(value.fen) < MOST:
        sign, fen = "-" if value.fen < 0 else "", abs(value.fen)
        return _cell(sheet, f"{sign}{fen // 100}.{fen % 100:02d}", "n", MONEY)
    if isinstance(value, Fen):
        return text(value.fen)
    if isinstance(value, date) and _countable(value):
        return value
    plain = native(value)
    if isinstance(plain, str):
        return _of_text(sheet, longs.place(_text(plain)))
    if isinstance(plain, float):
        return _cell(sheet, repr(plain), "n")
    return plain if abs(plain) < MOST else f"\\{plain}"


def words(sheet: Any, given: Sequence[str]) -> list[Any]:
    """A heading."""
    return [_of_text(sheet, _text(text(word))) for word in given]


def _countable(day: date) -> bool:
    """Whether Excel's count of days holds it."""
    if isinstance(day, datetime):
        return day.date() >= FIRST_DAY and not day.microsecond
    return day >= FIRST_DAY


def _of_text(sheet: Any, written: str) -> Any:
    return _cell(sheet, written, "s") if written.startswith(RUNS) else written


def _text(written: str) -> str:
    """Excel takes `_x0041_` for a letter, and an empty cell for none."""
    if not written:
        return quoted(written)
    if _OF_EXCEL.search(written) is None:
        return written
    json = written.startswith("\\") or isinstance(read(written), tuple)
    escaped = written if json else quoted(written)
    return _OF_EXCEL.sub(r"\\u005f", escaped)


def _cell(sheet: Any, written: str, kind: str, number_format: str | None = None) -> Cell:
    made = WriteOnlyCell(sheet, value=written)
    made.data_type = kind
    if number_format:
        made.number_format = number_format
    return made
