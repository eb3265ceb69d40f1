"""Files into staging tables: one block is read while the one before it is converted."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa

from loaders.blocks import LINE, Block, OpenedFile
from loaders.convert import AGAIN, create_staging, staging_query, staging_table
from loaders.csv_blocks import open_csv
from loaders.encodings import NotUtf8, judged_encoding
from loaders.errors import NoHeading, UnreadableFile
from loaders.excel import open_workbook
from loaders.intake import ExportFile, table_of
from loaders.parquet_blocks import open_parquet
from loaders.quarantine import Reject
from loaders.report import RowFates, Skipped, UnknownColumn
from loaders.run import Origin, Run
from loaders.source import TableSource


class Staging:
    """Fills the staging tables of a run from files; `done` and `total` count bytes."""

    def __init__(self, run: Run, total: int) -> None:
        self.run = run
        self.done = 0
        self.total = total

    def read(self, file: ExportFile) -> None:
        """Stage all rows of a file; raises `UnreadableFile` if it cannot be read."""
        if file.form == "excel":
            self._excel(file)
        elif file.form == "parquet":
            source = self._source(file)
            self._take(file, None, source, open_parquet(file.path, file.name, source))
        else:
            self._csv(file)
        self.done += file.bytes

    def _source(self, file: ExportFile) -> TableSource:
        assert file.table is not None
        return self.run.sources[file.table]

    def _csv(self, file: ExportFile) -> None:
        source = self._source(file)
        if not file.bytes:
            self.run.report.skipped.append(Skipped(file.name, "empty"))
            return
        src = len(self.run.origins)
        try:
            opened = open_csv(file.path, file.name, source)
        except NotUtf8:
            opened = open_csv(file.path, file.name, source, judged_encoding(file.path, file.name))
        except NoHeading:
            if file.path.suffix.lower() == ".txt":  # a note that begins like a table's name
                self.run.report.not_tables.append(file.name)
                return
            raise
        try:
            self._take(file, None, source, opened)
        except NotUtf8:
            self._forget(source, src)
            opened = open_csv(file.path, file.name, source, judged_encoding(file.path, file.name))
            self._take(file, None, source, opened)

    def _forget(self, source: TableSource, src: int) -> None:
        """Undo a file that was taken for another encoding."""
        run = self.run
        del run.origins[src:]
        run.rejects[:] = [reject for reject in run.rejects if reject.src != src]
        if source.table in run.staged:
            run.execute(f"DELETE FROM {staging_table(source)} WHERE src = ?", [src])

    def _excel(self, file: ExportFile) -> None:
        run = self.run
        workbook = open_workbook(file.path, file.name)
        taken = 0
        for sheet in workbook.sheets:
            table = table_of(sheet, run.sources) or file.table
            opened = workbook.open_sheet(sheet, run.sources[table]) if table else None
            if table is None or opened is None:
                if len(workbook.sheets) > 1:
                    run.report.not_tables.append(f"{file.name}[{sheet}]")
                continue
            taken += 1
            name = sheet if len(workbook.sheets) > 1 or file.table is None else None
            self._take(file, name, run.sources[table], opened)
        if taken or file.table is None:
            if not taken and len(workbook.sheets) == 1:
                run.report.not_tables.append(file.name)
            return
        advice = f"A row near its top must name columns of {file.table}."
        raise UnreadableFile(file.name, "no sheet has the table's headings", advice)

    def _take(
        self, file: ExportFile, sheet: str | None, source: TableSource, opened: OpenedFile
    ) -> None:
        run = self.run
        src = len(run.origins)
        run.origins.append(Origin(file.name, sheet, source.table, file.sha256, file.bytes, 0))
        label = f"{file.name}[{sheet}]" if sheet else file.name
        taker = BlockTaker(run, source, opened, src)
        for block in _ahead(opened.blocks):
            taker.take(block)
            run.progress.advance(label, taker.read, self.done + block.done, self.total)
        run.origins[src] = Origin(
            file.name, sheet, source.table, file.sha256, file.bytes, taker.read
        )
        run.report.tables.setdefault(source.table, RowFates()).read += taker.read
        run.report.unknown_columns.extend(
            UnknownColumn(label, column) for column in opened.heading.unknown
        )


class BlockTaker:
    """Converts the blocks of one file (index `src`) into its table's staging table."""

    def __init__(self, run: Run, source: TableSource, opened: OpenedFile, src: int) -> None:
        self.run = run
        self.source = source
        self.opened = opened
        self.src = src
        self.read = 0
        create_staging(run.connection, source)
        run.staged.add(source.table)
        self._quick = staging_query(source, opened.heading, src, full=False)
        self._full = staging_query(source, opened.heading, src, full=True)
        self._odd = False

    def take(self, block: Block) -> None:
        """Convert one block; its rows that do not read become rejects."""
        run = self.run
        self.read += block.read
        for bad in block.bad:
            self._reject(bad.line, bad.reason, bad.text)
        if not block.rows.num_rows:
            return
        run.connection.register("block", block.rows)
        lines = block.rows[LINE].to_numpy()
        if self._odd:
            self._read_fully(lines)
        else:
            run.execute(self._quick)
            again = self._fated(lines, f"fate = '{AGAIN}'")
            if again:
                stage = staging_table(self.source)
                run.execute(f"DELETE FROM {stage} WHERE fate = '{AGAIN}'")
                self._read_fully(np.array([line for line, _ in again], np.int32))
                self._odd = len(again) > len(lines) // 4
        run.connection.unregister("block")
        wrong = self._fated(lines, "fate IS NOT NULL")
        if wrong:
            positions = np.searchsorted(lines, [line for line, _ in wrong])
            texts = block.as_read(positions.tolist())
            for (line, fate), text in zip(wrong, texts, strict=True):
                self._reject(line, fate, text)

    def _read_fully(self, lines: "np.ndarray[Any, np.dtype[np.int32]]") -> None:
        run = self.run
        run.connection.register("again", pa.table({LINE: lines}))
        run.execute(self._full)
        run.connection.unregister("again")

    def _fated(
        self, lines: "np.ndarray[Any, np.dtype[np.int32]]", fate: str
    ) -> list[tuple[Any, ...]]:
        """The lines of this file among `lines` whose rows have a fate, with it."""
        return self.run.rows(
            f"SELECT line, fate FROM {staging_table(self.source)} "
            f"WHERE {fate} AND src = ? AND line BETWEEN ? AND ? ORDER BY line",
            [self.src, int(lines[0]), int(lines[-1])],
        )

    def _reject(self, line: int, reason: str, text: str) -> None:
        run = self.run
        origin = run.origins[self.src]
        run.rejects.append(
            Reject(
                reject=-1,
                load=run.snapshot,
                src=self.src,
                file=origin.name,
                sheet=origin.sheet,
                line=line,
                table=self.source.table,
                reason=reason,
                heading=self.opened.heading.as_json,
                delimiter=self.opened.delimiter,
                row=text,
            )
        )


def _ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks, the next one already being read while the caller works on one."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = reader.submit(next, blocks, None)
            yield block
