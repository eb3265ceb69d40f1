"""Saved views: what lay on the desk and how it stood, per ring or case, every version kept."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboards.kept.database import desk
from dashboards.kept.errors import ChangedMeanwhile, Gone, NameTaken, NotYours

_LISTED = """
    SELECT view.id, view.subject, view.name, view.owner, saved.version, saved.author, saved.at
    FROM views view JOIN versions saved ON saved.view = view.id
"""
_LATEST = " saved.version = (SELECT max(version) FROM versions WHERE view = view.id)"


@dataclass(frozen=True)
class SavedView:
    """One version of a view. `subject` is a ring's id, a case's number, or empty; `at` Beijing time."""

    id: int
    subject: str
    name: str
    owner: str
    version: int
    author: str
    at: datetime


def listed(workspace: Path, subject: str) -> tuple[SavedView, ...]:
    """The latest version of every view of `subject`, the newest first."""
    with desk(workspace).reading() as connection:
        if connection is None:
            return ()
        sql = f"{_LISTED} WHERE view.subject = ? AND {_LATEST} ORDER BY saved.at DESC, view.id DESC"
        return tuple(_view(row) for row in connection.execute(sql, [subject]))


def latest_of(workspace: Path, owner: str, most: int) -> tuple[SavedView, ...]:
    """The latest version of the `most` views `owner` saved last, the newest first."""
    with desk(workspace).reading() as connection:
        if connection is None:
            return ()
        sql = f"{_LISTED} WHERE view.owner = ? AND {_LATEST} ORDER BY saved.at DESC, view.id DESC LIMIT ?"
        return tuple(_view(row) for row in connection.execute(sql, [owner, most]))


def versions(workspace: Path, view: int) -> tuple[SavedView, ...]:
    """Every version of a view, the newest first; empty if it is gone."""
    with desk(workspace).reading() as connection:
        if connection is None:
            return ()
        sql = f"{_LISTED} WHERE view.id = ? ORDER BY saved.version DESC"
        return tuple(_view(row) for row in connection.execute(sql, [view]))


def body(workspace: Path, view: SavedView) -> dict[str, Any]:
    """What was saved in that version. Raises `Gone`."""
    with desk(workspace).reading() as connection:
        sql = "SELECT body FROM versions WHERE view = ? AND version = ?"
        row = connection and connection.execute(sql, [view.id, view.version]).fetchone()
    if not row:
        raise Gone(view.name)
    found: dict[str, Any] = json.loads(row[0])
    return found


def create(
    workspace: Path, subject: str, name: str, owner: str, content: Mapping[str, Any], now: datetime
) -> SavedView:
    """A new view, version 1. Raises `NameTaken`."""
    with desk(workspace).writing() as connection:
        try:
            made = connection.execute(
                "INSERT INTO views (subject, name, owner) VALUES (?, ?, ?)", [subject, name, owner]
            )
        except sqlite3.IntegrityError:
            raise NameTaken(name) from None
        view = SavedView(made.lastrowid or 0, subject, name, owner, 1, owner, now)
        _put(connection, view, content)
    return view


def save(
    workspace: Path, base: SavedView, author: str, content: Mapping[str, Any], now: datetime
) -> SavedView:
    """The next version after `base`. Raises `ChangedMeanwhile` if there is one already, `Gone`."""
    with desk(workspace).writing() as connection:
        latest = connection.execute(
            f"{_LISTED} WHERE view.id = ? ORDER BY saved.version DESC LIMIT 1", [base.id]
        ).fetchone()
        if latest is None:
            raise Gone(base.name)
        found = _view(latest)
        if found.version != base.version:
            raise ChangedMeanwhile(found.name, found.version, found.author, found.at)
        view = SavedView(
            base.id, found.subject, found.name, found.owner, found.version + 1, author, now
        )
        _put(connection, view, content)
    return view


def delete(workspace: Path, view: SavedView, who: str) -> None:
    """Delete a view with all its versions; nothing happens if it is gone. Raises `NotYours`."""
    with desk(workspace).writing() as connection:
        row = connection.execute("SELECT owner FROM views WHERE id = ?", [view.id]).fetchone()
        if row is None:
            return
        if row[0] != who:
            raise NotYours(row[0])
        connection.execute("DELETE FROM views WHERE id = ?", [view.id])


def _put(connection: sqlite3.Connection, view: SavedView, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    connection.execute(
        "INSERT INTO versions (view, version, author, at, body) VALUES (?, ?, ?, ?, ?)",
        [view.id, view.version, view.author, view.at.isoformat(), text],
    )


def _view(row: tuple[Any, ...]) -> SavedView:
    id_, subject, name, owner, version, author, at = row
    return SavedView(id_, subject, name, owner, version, author, datetime.fromisoformat(at))
