"""Tables of text into the file formats offices use. The same table gives the same bytes."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

# Workbooks carry their birthday; ours was always this one.
_BORN = (2026, 1, 5, 9, 0, 0)
_MONEY = ("medfee_sumamt", "fund_pay_sumamt", "acct_pay", "acct_mulaid_pay", "cash_payamt")


@dataclass(frozen=True, slots=True)
class Form:
    """How a text file looks: encoding, byte-order mark, delimiter, case and names of the heading."""

    encoding: str = "utf-8"
    mark: bool = False
    delimiter: str = ","
    upper: bool = False
    aliases: Mapping[str, str] | None = None
    zipped: bool = False


PLAIN = Form()


def csv_bytes(table: pa.Table, form: Form = PLAIN, extra: Sequence[Sequence[str]] = ()) -> bytes:
    """The table as delimited text, with `extra` lines appended as they are."""
    out = io.BytesIO()
    names = [(form.aliases or {}).get(name, name) for name in table.column_names]
    heading = form.delimiter.join(name.upper() if form.upper else name for name in names)
    out.write(heading.encode() + b"\n")
    style = "needed" if _wants_quotes(table, form.delimiter) else "none"
    options = pyarrow.csv.WriteOptions(
        include_header=False, delimiter=form.delimiter, quoting_style=style
    )
    pyarrow.csv.write_csv(table, out, options)
    for line in extra:
        out.write(form.delimiter.join(line).encode() + b"\n")
    content = out.getvalue()
    if form.encoding != "utf-8":
        content = content.decode().encode(form.encoding)
    content = b"\xef\xbb\xbf" + content if form.mark else content
    return gzip.compress(content, 6, mtime=0) if form.zipped else content


def _wants_quotes(table: pa.Table, delimiter: str) -> bool:
    pattern = f'[{re.escape(delimiter)}"\n]'
    for name in ("live_addr", "content", "remark", "addr"):
        if name in table.column_names:
            found = pc.any(pc.match_substring_regex(table[name], pattern)).as_py()
            if found:
                return True
    return False


def write_csv(
    path: Path, table: pa.Table, form: Form = PLAIN, extra: Sequence[Sequence[str]] = ()
) -> None:
    """Write one delimited text file."""
    path.write_bytes(csv_bytes(table, form, extra))


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write Parquet, times as timestamps and money as numbers, as databases export it."""
    for number, name in enumerate(table.column_names):
        column = table[name]
        if name.endswith("time"):
            parsed = pc.strptime(column, format="%Y-%m-%d %H:%M:%S", unit="us", error_is_null=True)
            table = table.set_column(number, name, parsed)
        elif name in _MONEY:
            table = table.set_column(number, name, column.cast(pa.float64()))
    pyarrow.parquet.write_table(table, path, compression="zstd")


def write_workbook(path: Path, sheets: Mapping[str, pa.Table]) -> None:
    """Write an .xlsx of text cells, one sheet per table."""
    book = openpyxl.Workbook(write_only=True)
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(table.column_names)
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            sheet.append([value or None for value in row])
    raw = io.BytesIO()
    book.save(raw)
    path.write_bytes(_timeless(raw.getvalue()))


def _timeless(workbook: bytes) -> bytes:
    """The same workbook without the moment it was written."""
    out = io.BytesIO()
    stamp = b"%04d-%02d-%02dT%02d:%02d:%02dZ" % _BORN
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, content)
            target.writestr(zipfile.ZipInfo(name, _BORN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
