"""A small SQLite file beside the tables: WAL mode, one connection per call, writers one after the other."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Database:
    """`file` with `tables` (SQL that may be run again), made where they are of an older `version` or not there.

    A writer waits `patience` seconds for another.
    """

    file: Path
    tables: str
    version: int
    patience: float

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection to read with; None where nothing was ever written: reading makes no file."""
        if not self.file.exists():
            yield None
            return
        with closing(self._open()) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing where the block raises."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.file, timeout=self.patience, isolation_level=None)
        connection.execute("PRAGMA foreign_keys = ON")
        if connection.execute("PRAGMA user_version").fetchone()[0] < self.version:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(f"{self.tables}; PRAGMA user_version = {self.version};")
        return connection
