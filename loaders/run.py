"""One load at work: what its steps share, and what they leave behind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from graph.duck import WRITTEN, Connection, parquet, quoted
from graph.schema import TABLES
from graph.snapshot import Snapshot
from loaders.convert import staging_table
from loaders.progress import Progress
from loaders.publish import linked
from loaders.quarantine import Reject
from loaders.report import LoadReport
from loaders.source import TableSource
from loaders.vault import Keys, Vault, write_sealed

_SQL_TYPES: Mapping[pa.DataType, str] = {
    pa.int32(): "INTEGER",
    pa.int16(): "SMALLINT",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us"): "TIMESTAMP",
    pa.list_(pa.string()): "VARCHAR[]",
}


@dataclass(frozen=True)
class Origin:
    """One file or sheet that rows came from; its index in the manifest's `sources` is a row's `src`."""

    name: str
    sheet: str | None
    table: str
    sha256: str
    bytes: int
    rows: int

    def to_json(self) -> dict[str, Any]:
        """As the manifest holds it."""
        return dict(self.__dict__)


@dataclass
class Run:
    """A load under way. `draft` is the folder it writes to; nothing outside it changes before the end."""

    workspace: Path
    draft: Path
    snapshot: str
    now: datetime
    connection: Connection
    keys: Keys
    sources: Mapping[str, TableSource]
    previous: Snapshot | None
    vault: Vault | None
    report: LoadReport
    progress: Progress
    origins: list[Origin] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    written: dict[str, list[Path]] = field(default_factory=dict)
    staged: set[str] = field(default_factory=set)

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run SQL for its effect."""
        self.connection.execute(sql, list(parameters))

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.connection.execute(sql, list(parameters)).fetchall()

    def one(self, sql: str) -> Any:
        """The only value of a query."""
        ((value,),) = self.connection.execute(sql).fetchall()
        return value

    def arrow(self, sql: str) -> pa.Table:
        """A query's answer as Arrow."""
        return self.connection.sql(sql).to_arrow_table()

    def take(self, name: str, rows: pa.Table) -> None:
        """Make Arrow rows a table of the connection."""
        self.connection.register("taken", rows)
        self.execute(f"CREATE OR REPLACE TABLE {name} AS FROM taken")
        self.connection.unregister("taken")

    def stage(self, table: str) -> str | None:
        """The staging table of `table`, None when this load brought no row of it."""
        return staging_table(self.sources[table]) if table in self.staged else None

    def previous_files(self, table: str) -> list[Path]:
        """The files of `table` in the snapshot before this one; none if it has no such table."""
        if self.previous is None or not self.previous.has(table):
            return []
        return self.previous.files(table)

    def previous_table(self, table: str) -> str | None:
        """The table of the snapshot before this one, for a FROM clause; None if it is not there."""
        files = self.previous_files(table)
        return parquet(files) if files else None

    def loaded(self, table: str) -> bool:
        """Whether a national table was ever loaded, now or before."""
        before = self.previous.manifest.get("loaded", []) if self.previous else []
        return table in self.staged or table in before

    def new_part(self, table: str) -> Path:
        """The file the next part of `table` goes to."""
        folder = self.draft / "tables" / table
        folder.mkdir(parents=True, exist_ok=True)
        parts = self.written.setdefault(table, [])
        part = folder / f"part-{len(parts):05d}.parquet"
        parts.append(part)
        return part

    def write(self, table: str, query: str) -> Path:
        """Write a query's rows as a part of `table`, with the contract's columns and types."""
        part = self.new_part(table)
        columns = ", ".join(
            f'CAST("{name}" AS {_SQL_TYPES[kind]}) AS "{name}"'
            for name, kind in TABLES[table].columns.items()
        )
        self.execute(f"COPY (SELECT {columns} FROM ({query})) TO {quoted(part)} {WRITTEN}")
        return part

    def seal(self, table: str, query: str) -> None:
        """Write a query's rows as a table of the vault."""
        write_sealed(self.draft / "vault" / table, table, self.arrow(query), self.keys)

    def counted(self) -> Iterator[tuple[str, int]]:
        """The tables written, with their rows."""
        for table, parts in self.written.items():
            yield table, sum(pq.read_metadata(part).num_rows for part in parts)

    def written_table(self, table: str) -> str | None:
        """What this load wrote of `table`, for a FROM clause; None if nothing."""
        parts = self.written.get(table)
        return parquet(parts) if parts else None

    def keep(self, table: str) -> None:
        """Take over the parts of `table` from the snapshot before, unchanged."""
        for file in self.previous_files(table):
            linked(file, self.new_part(table))

    def keep_sealed(self, table: str) -> None:
        """Take over a table of the vault from the snapshot before, unchanged."""
        if self.vault is not None:
            for file in sorted((self.vault.folder / table).glob("*.parquet")):
                linked(file, self.draft / "vault" / table / file.name)
