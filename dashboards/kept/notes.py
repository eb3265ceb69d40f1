"""Notes on nodes and edges: who wrote what about which, and when. Everybody at the desk reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dashboards.kept.database import desk
from dashboards.kept.errors import NotYours

LONGEST = 2_000
_COLUMNS = "id, about, subject, author, at, text"


@dataclass(frozen=True)
class Note:
    """A note about a node or an edge (its id), written while looking at `subject`; `at` Beijing time."""

    id: int
    about: str
    subject: str
    author: str
    at: datetime
    text: str


def notes_on(workspace: Path, about: str) -> tuple[Note, ...]:
    """The notes about one node or edge, oldest first."""
    with desk(workspace).reading() as connection:
        if connection is None:
            return ()
        sql = f"SELECT {_COLUMNS} FROM notes WHERE about = ? ORDER BY id"
        rows = connection.execute(sql, [about]).fetchall()
    return tuple(
        Note(id_, node, subject, author, datetime.fromisoformat(at), text)
        for id_, node, subject, author, at, text in rows
    )


def numbers(workspace: Path, about: Iterable[str]) -> dict[str, int]:
    """How many notes there are about each of these; those without any are left out."""
    wanted = set(about)
    with desk(workspace).reading() as connection:
        if connection is None:
            return {}
        rows = connection.execute("SELECT about, count(*) FROM notes GROUP BY about").fetchall()
    return {id_: number for id_, number in rows if id_ in wanted}


def write(workspace: Path, about: str, subject: str, author: str, text: str, now: datetime) -> None:
    """Keep a note. Raises ValueError when there is no text or more than 2,000 characters."""
    kept = text.strip()
    if not kept or len(kept) > LONGEST:
        raise ValueError(f"a note has between 1 and {LONGEST} characters")
    with desk(workspace).writing() as connection:
        connection.execute(
            "INSERT INTO notes (about, subject, author, at, text) VALUES (?, ?, ?, ?, ?)",
            [about, subject, author, now.isoformat(), kept],
        )


def delete(workspace: Path, note: int, who: str) -> None:
    """Delete one's own note; nothing happens if it is gone. Raises `NotYours`."""
    with desk(workspace).writing() as connection:
        row = connection.execute("SELECT author FROM notes WHERE id = ?", [note]).fetchone()
        if row is not None and row[0] != who:
            raise NotYours(row[0])
        connection.execute("DELETE FROM notes WHERE id = ?", [note])
