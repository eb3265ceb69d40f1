"""An Excel workbook of an export; the same content gives the same bytes."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from casework.exports.cells import LongTexts, cell, words
from casework.exports.content import Content
from casework.exports.sheets import Sheet, network_sheets, sheets

LONG = "长文本"
WIDTH = 18
_WHEN = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_FIRST = (1980, 1, 1, 0, 0, 0)


def write(content: Content, folder: Path) -> tuple[Path, ...]:
    """`export.xlsx`: what it is, members, findings, settlements, source rows, money, tests, and the network."""
    book, longs = Workbook(write_only=True), LongTexts()
    for sheet in (*sheets(content), *network_sheets(content)):
        _fill(book, sheet, longs)
    if longs.texts:
        _fill(book, Sheet(LONG, ("编号", "文本"), longs.parts()), longs)
    out = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(out, "w")).save()
    file = folder / "export.xlsx"
    file.write_bytes(_timeless(out))
    return (file,)


def _fill(book: Workbook, sheet: Sheet, longs: LongTexts) -> None:
    page: Any = book.create_sheet(sheet.name)
    page.freeze_panes = "A2"
    for number in range(1, len(sheet.heading) + 1):
        page.column_dimensions[get_column_letter(number)].width = WIDTH
    page.append(words(page, sheet.heading))
    for row in sheet.rows:
        page.append([None if value is None else cell(page, value, longs) for value in row])


def _timeless(book: io.BytesIO) -> bytes:
    """The file without the moment it was made at."""
    out = io.BytesIO()
    with zipfile.ZipFile(book) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in sorted(made.namelist()):
            part = zipfile.ZipInfo(name, _FIRST)
            part.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(part, _WHEN.sub(b"", made.read(name)))
    return out.getvalue()
