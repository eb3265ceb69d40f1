"""Splitting lines of text into fields exactly, row by row: the slow way, for what is not plain.

An unterminated quote costs its own row, not those after it; blank lines are no rows; a quoted field
may run over several lines.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field

from loaders.blocks import BadRow
from loaders.encodings import UNDECODABLE

LONGEST = 50
"""Lines a quoted field may run over."""


@dataclass
class ExactRows:
    """What became of a stretch of lines: rows with their first line and text as read, and bad rows.

    `open_from` is the index of a line whose quoted field was still open when the lines ended, or the
    number of lines when all are used.
    """

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    open_from: int = 0


class _OpenQuote(Exception):
    pass


def split_line(line: str, delimiter: str) -> list[str]:
    """The fields of one line; raises `ValueError` when a quote is left open or a field is no CSV."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error as wrong:
        if "end of data" in str(wrong):
            raise _OpenQuote from None
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as wrong:
        raise ValueError(str(wrong)) from wrong


def split_record(text: str, delimiter: str, fields: int) -> list[str] | None:
    """The fields of one whole record, which may hold line ends in quotes; None if not so many."""
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 and len(rows[0]) == fields else None


def _continued(lines: Sequence[str], at: int, delimiter: str, fields: int) -> tuple[list[str], int]:
    """The record that begins at line `at` and runs on, with the index after it; ([], at) if none."""
    for until in range(at + 1, min(at + LONGEST, len(lines))):
        try:
            if len(split_line(lines[until], delimiter)) == fields > 1:
                return [], at  # a whole row of its own: the quote before it is a stray one
        except (_OpenQuote, ValueError):
            pass
        joined = "\n".join(lines[at : until + 1])
        try:
            row = next(
                csv.reader(joined.splitlines(keepends=True), delimiter=delimiter, strict=True)
            )
        except csv.Error as wrong:
            if "end of data" in str(wrong):
                continue
            return [], at
        return (row, until + 1) if len(row) == fields else ([], at)
    return [], at


def split_exactly(
    lines: Sequence[str], first_line: int, delimiter: str, fields: int, *, last: bool
) -> ExactRows:
    """Split `lines` (without line ends) into rows of `fields` fields; `first_line` numbers the first.

    Unless these are the `last` lines of a file, a quoted field still open near the end stops the
    splitting at its line, so that it can go on with the lines to come.
    """
    found = ExactRows()
    at = 0
    while at < len(lines):
        line = lines[at].removesuffix("\r")
        number = first_line + at
        if not line:
            at += 1
            continue
        if UNDECODABLE in line:
            found.bad.append(BadRow(number, "undecodable", line.replace(UNDECODABLE, "\ufffd")))
            at += 1
            continue
        try:
            row = split_line(line, delimiter)
            after = at + 1
        except _OpenQuote:
            row, after = _continued(lines, at, delimiter, fields)
            if not row and not last and at + LONGEST > len(lines):
                break
            if not row:
                found.bad.append(BadRow(number, "quote", line))
                at += 1
                continue
        except ValueError:
            row, after = [], at + 1
        if len(row) != fields:
            found.bad.append(BadRow(number, "fields", line))
        else:
            found.rows.append(row)
            found.lines.append(number)
            found.texts.append("\n".join(lines[at:after]).removesuffix("\r"))
        at = after
    found.open_from = at
    return found
