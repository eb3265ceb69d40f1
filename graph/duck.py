"""The one door to DuckDB: in memory, offline, within limits."""

import os
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection as Connection

Failed = duckdb.Error
"""What a query that fails raises: a file that is gone, no memory left."""

__all__ = ["WRITTEN", "Connection", "Failed", "connect", "parquet", "quoted"]

WRITTEN = "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
"""How COPY writes the tables of a snapshot: read many times in each scan, so that what unpacks fast counts."""

_SERIAL = count()


def connect(
    workspace: Path | None = None, *, memory: str = "2GB", threads: int | None = None
) -> Connection:
    """A fresh in-memory database that never fetches or loads an extension.

    `memory` is DuckDB's limit ("2GB"); beyond it queries spill into the workspace's `tmp/`, in a
    folder of this connection's own, or fail where no workspace is given. `threads` defaults to the
    machine's cores, at most 8.
    """
    spill = ""
    if workspace:
        with suppress(OSError):  # where the workspace cannot be written, nothing spills
            (workspace / "tmp").mkdir(exist_ok=True)
        spill = str(workspace / "tmp" / f"duckdb-{os.getpid()}-{next(_SERIAL)}")
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory,
            "threads": threads or min(os.cpu_count() or 1, 8),
            "temp_directory": spill,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        },
    )
    connection.execute("SET parquet_metadata_cache = true")
    return connection


def quoted(text: str | Path) -> str:
    """`text` as an SQL string literal, for the few places where nothing can be bound."""
    return "'" + str(text).replace("'", "''") + "'"


def parquet(files: Sequence[Path]) -> str:
    """`files` as a table in SQL. Columns are matched by name; there must be at least one file."""
    if not files:
        raise ValueError("read_parquet needs at least one file")
    names = ", ".join(quoted(file) for file in files)
    return f"read_parquet([{names}], union_by_name = true)"
