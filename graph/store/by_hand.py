"""What the embedded store's Writer was given: one small SQLite file, the workspace's `graph.db`."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from graph.model import Edge, EdgeKey, EdgeKind, Node, NodeKind, Properties, Value
from graph.store.decisions import Decision, Decisions, Target, columns_of, target_of

_VERSION = 2

_TABLES = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS nodes (id TEXT PRIMARY KEY, kind TEXT, label TEXT, properties TEXT);
CREATE TABLE IF NOT EXISTS edges (
    kind TEXT, source TEXT, target TEXT, properties TEXT, PRIMARY KEY (kind, source, target));
CREATE TABLE IF NOT EXISTS decisions (
    no INTEGER NOT NULL, kind TEXT, source TEXT, target TEXT, case_id TEXT, state TEXT NOT NULL,
    PRIMARY KEY (kind, source, target, case_id));
CREATE TABLE IF NOT EXISTS shown (
    only INTEGER PRIMARY KEY CHECK (only = 1), scan TEXT, newest TEXT);
CREATE TABLE IF NOT EXISTS revision (
    only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL);
INSERT OR IGNORE INTO revision VALUES (1, 0);
PRAGMA user_version = {_VERSION};
COMMIT;
"""


@dataclass(frozen=True)
class ByHand:
    """All nodes and edges written by hand, and the state decided last per target, at one revision."""

    revision: int = 0
    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: Mapping[EdgeKey, Edge] = field(default_factory=dict)
    states: Mapping[Target, Decision] = field(default_factory=dict)


def revision(file: Path) -> int:
    """The number of writes so far; 0 where nothing was ever written."""
    with _reading(file) as connection:
        return _revision(connection) if connection else 0


def read(file: Path) -> ByHand:
    """Everything, as of one moment."""
    with _reading(file) as connection:
        if connection is None:
            return ByHand()
        connection.execute("BEGIN")
        nodes = {
            id_: Node(id_, NodeKind(kind), label, properties_in(text))
            for id_, kind, label, text in connection.execute("SELECT * FROM nodes ORDER BY id")
        }
        rows = connection.execute("SELECT * FROM edges ORDER BY kind, source, target")
        edges = [Edge(EdgeKind(kind), a, b, properties_in(text)) for kind, a, b, text in rows]
        decided = connection.execute(
            "SELECT kind, source, target, case_id, state FROM decisions ORDER BY no"
        )
        states = {target_of(*row[:3]): Decision(row[4], row[3] or None) for row in decided}
        by_key = {edge.key: edge for edge in edges}
        return ByHand(_revision(connection), nodes, by_key, states)


def read_shown(file: Path) -> tuple[str | None, str | None] | None:
    """(scan chosen or None where its rings were removed, newest on disk then); None if never."""
    with _reading(file) as connection:
        if connection is None:
            return None
        row = connection.execute("SELECT scan, newest FROM shown").fetchone()
        return (row[0], row[1]) if row else None


def put(file: Path, nodes: Sequence[Node], edges: Sequence[Edge], decisions: Decisions) -> None:
    """Add or extend `nodes` and `edges`, take up `decisions`, in one transaction."""
    with _writing(file) as connection:
        for node in nodes:
            old = connection.execute("SELECT properties FROM nodes WHERE id = ?", (node.id,))
            connection.execute(
                "INSERT INTO nodes VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET properties = excluded.properties",
                (node.id, node.kind, node.label, joined(old.fetchone(), node.properties)),
            )
        for edge in edges:
            old = connection.execute(
                "SELECT properties FROM edges WHERE kind = ? AND source = ? AND target = ?",
                edge.key,
            )
            connection.execute(
                "INSERT INTO edges VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET properties = excluded.properties",
                (*edge.key, joined(old.fetchone(), edge.properties)),
            )
        _decide(connection, decisions)


def _decide(connection: sqlite3.Connection, decisions: Decisions) -> None:
    """A state said again keeps its place; another, or a new one, stands above all there are."""
    withdrawn = [(case,) for case in decisions.withdrawn]
    connection.executemany("DELETE FROM decisions WHERE case_id = ?", withdrawn)
    for (target, case), state in decisions.states.items():
        key = (*columns_of(target), case or "")
        if state is None:
            connection.execute(
                "DELETE FROM decisions"
                " WHERE kind = ? AND source = ? AND target = ? AND case_id = ?",
                key,
            )
            continue
        connection.execute(
            "INSERT INTO decisions"
            " SELECT coalesce(max(no), 0) + 1, ?, ?, ?, ?, ? FROM decisions WHERE true"
            " ON CONFLICT DO UPDATE SET state = excluded.state, no = excluded.no"
            " WHERE state <> excluded.state",
            (*key, state),
        )


def show(file: Path, scan: str | None, newest: str | None) -> None:
    """Remember which scan to show, and which was the newest on disk at that time."""
    with _writing(file) as connection:
        connection.execute("INSERT OR REPLACE INTO shown VALUES (1, ?, ?)", (scan, newest))


@contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection | None]:
    """The database, or None where nothing was ever written."""
    if not file.exists():
        yield None
        return
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as connection:
        made = connection.execute("PRAGMA user_version").fetchone()[0]
        if 0 < made < _VERSION:
            connection.executescript(_TABLES)
        yield connection if made else None


@contextmanager
def _writing(file: Path) -> Iterator[sqlite3.Connection]:
    """The database inside one transaction that counts as a revision; all or nothing."""
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if connection.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
            connection.executescript(_TABLES)
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("UPDATE revision SET number = number + 1")


def _revision(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT number FROM revision").fetchone()[0])


def joined(old: tuple[str] | None, new: Properties) -> str:
    """`new` added to properties written before, as one line of JSON; None takes one away."""
    known = json.loads(old[0]) if old else {}
    both = {**known, **{name: _plain(value) for name, value in new.items()}}
    return json.dumps({name: plain for name, plain in both.items() if plain is not None})


def _plain(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def properties_in(text: str) -> Properties:
    """The properties behind a line that `joined` made."""
    return {name: _value(plain) for name, plain in json.loads(text).items()}


def _value(plain: Any) -> Value:
    if isinstance(plain, list):
        return tuple(plain)
    if not isinstance(plain, dict):
        return cast(Value, plain)
    if "time" in plain:
        return datetime.fromisoformat(plain["time"])
    return date.fromisoformat(plain["day"])
