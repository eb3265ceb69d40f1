"""Parquet by row groups, every value as the text an export would have written."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from loaders.blocks import Block, OpenedFile, cleaned, consecutive, with_lines
from loaders.errors import UnreadableFile
from loaders.source import TableSource, read_heading

ROWS = 250_000
_EXACT = float(2**53)


def open_parquet(path: Path, file: str, source: TableSource) -> OpenedFile:
    """Open a Parquet file of the table `source`; raises `UnreadableFile` if it is none, or broken."""
    advice = "Have it written or copied again, then load the folder again."
    try:
        parquet = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as broken:
        raise UnreadableFile(file, f"no whole Parquet file: {broken}", advice) from broken
    names = parquet.schema_arrow.names
    heading = read_heading(source, names)
    if not heading.positions:
        parquet.close()
        why = f"it has no column of {source.table}"
        raise UnreadableFile(file, why, "Rename the file, or its columns.")
    return OpenedFile(heading, ",", _blocks(parquet, file, path.stat().st_size))


def _blocks(parquet: pq.ParquetFile, file: str, size: int) -> Iterator[Block]:
    total = max(parquet.metadata.num_rows, 1)
    read = 0
    with parquet:
        try:
            for batch in parquet.iter_batches(batch_size=ROWS):
                texts = [as_text(column) for column in batch.columns]
                lines = consecutive(read + 2, batch.num_rows)
                read += batch.num_rows
                done = size * read // total
                rows = with_lines([cleaned(column) for column in texts], lines)
                yield Block(rows, (), _Written(texts), done)
        except (pa.ArrowException, OSError) as broken:
            advice = "Have it written or copied again, then load the folder again."
            raise UnreadableFile(file, f"broken Parquet: {broken}", advice) from broken


class _Written:
    """Rows as read, written as lines of CSV."""

    def __init__(self, columns: Sequence[pa.Array]) -> None:
        self.columns = columns

    def __call__(self, positions: Sequence[int]) -> list[str]:
        return [csv_line([column[n].as_py() for column in self.columns], ",") for n in positions]


def csv_line(values: Sequence[str | None], delimiter: str) -> str:
    """Values as one line of CSV without its line end; None is an empty field."""
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="").writerow(values)
    return line.getvalue()


def as_text(column: pa.Array) -> pa.Array:
    """A column of any type as text: ISO times in Beijing, decimals exact, doubles without dirt.

    A double is rounded to six decimals (0.1 + 0.2 is written 0.3), a whole one is written without
    ".0"; lists are joined by ";"; true and false are 1 and 0; not-a-number is NULL.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.dictionary_decode())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_timestamp(kind):
        return _times(column)
    if pa.types.is_floating(kind):
        return _reals(column.cast(pa.float64()))
    if pa.types.is_boolean(kind):
        return pc.if_else(column, "1", "0").cast(pa.string())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        values = [None if row is None else ";".join(map(str, row)) for row in column.to_pylist()]
        return pa.array(values, pa.string())
    if pa.types.is_null(kind):
        return pa.nulls(len(column), pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        values = [None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()]
        return pa.array(values, pa.string())
    try:
        return column.cast(pa.string())
    except pa.ArrowException:
        return pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())


def _times(column: pa.Array) -> pa.Array:
    if column.type.tz is not None:
        column = pc.local_timestamp(column.cast(pa.timestamp(column.type.unit, "Asia/Shanghai")))
    try:
        return column.cast(pa.timestamp("s")).cast(pa.string())
    except pa.ArrowInvalid:
        return column.cast(pa.timestamp("us"), safe=False).cast(pa.string())


def _reals(column: pa.Array) -> pa.Array:
    column = pc.if_else(pc.is_finite(column), column, pa.scalar(None, pa.float64()))
    rounded = pc.round(column, 6)
    whole = pc.and_(pc.equal(pc.trunc(rounded), rounded), pc.less(pc.abs(rounded), _EXACT))
    as_whole = pc.if_else(whole, rounded, pa.scalar(None, pa.float64())).cast(pa.int64())
    return pc.coalesce(as_whole.cast(pa.string()), rounded.cast(pa.string()))
