"""The file `desk.db`: saved views with all their versions, and notes."""

from pathlib import Path

from graph.sqlite import Database

NAME = "desk.db"
PATIENCE = 10.0
"""Seconds a writer waits for another."""
_VERSION = 1

_TABLES = """
CREATE TABLE IF NOT EXISTS views (
    id INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL, name TEXT NOT NULL, owner TEXT NOT NULL,
    UNIQUE (subject, owner, name));
CREATE TABLE IF NOT EXISTS versions (
    view INTEGER NOT NULL REFERENCES views ON DELETE CASCADE, version INTEGER NOT NULL,
    author TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (view, version));
CREATE TABLE IF NOT EXISTS notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, about TEXT NOT NULL, subject TEXT NOT NULL,
    author TEXT NOT NULL, at TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS notes_about ON notes (about)
"""


def desk(workspace: Path) -> Database:
    """The workspace's `desk.db`."""
    return Database(workspace / NAME, _TABLES, _VERSION, PATIENCE)
