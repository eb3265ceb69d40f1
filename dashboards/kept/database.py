"""The file `desk.db`: SQLite in WAL mode, one connection per call, writers one after the other."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

NAME = "desk.db"
PATIENCE = 10.0
"""Seconds a writer waits for another."""
_VERSION = 1

_TABLES = f"""
CREATE TABLE IF NOT EXISTS views (
    id INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL, name TEXT NOT NULL, owner TEXT NOT NULL,
    UNIQUE (subject, owner, name));
CREATE TABLE IF NOT EXISTS versions (
    view INTEGER NOT NULL REFERENCES views ON DELETE CASCADE, version INTEGER NOT NULL,
    author TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (view, version));
CREATE TABLE IF NOT EXISTS notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, about TEXT NOT NULL, subject TEXT NOT NULL,
    author TEXT NOT NULL, at TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS notes_about ON notes (about);
PRAGMA user_version = {_VERSION};
"""


@contextmanager
def reading(workspace: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection to read with; None where nothing was ever kept."""
    file = workspace / NAME
    if not file.exists():
        yield None
        return
    with closing(_open(file)) as connection:
        yield connection


@contextmanager
def writing(workspace: Path) -> Iterator[sqlite3.Connection]:
    """One transaction: all of it is kept, or nothing where the block raises."""
    with closing(_open(workspace / NAME)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    if connection.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_TABLES)
    return connection
