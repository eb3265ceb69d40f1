"""Opening the store and its transactions: one writer at a time, readers see one moment."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from casework.errors import RefusedByStore, UnusableStore
from casework.sql import (
    ArgumentError,
    Connection,
    DatabaseError,
    Engine,
    IntegrityError,
    NullPool,
    create_engine,
    event,
    make_url,
)
from casework.store.migrations import migrate
from casework.store.transaction import Tx

FILE = "casework.db"
WAIT = 30
"""Seconds a writer waits for another."""
WRITERS = 0x6361_7365
"""The advisory lock that writers to one PostgreSQL database share."""


class Store:
    """An open store. Both kinds of transaction end with their `with` block; an error undoes a writing one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.url.render_as_string(hide_password=True)
        """The database's address without a password."""

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction that may write; the only one at its time. Raises `UnusableStore`, `RefusedByStore`."""
        with self._transaction(writes=True) as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that sees the store as it is now, whatever is written meanwhile; it cannot write."""
        with self._transaction(writes=False) as tx:
            yield tx

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Tx]:
        try:
            with self._engine.connect().execution_options(writes=writes) as tx, tx.begin():
                yield tx
        except IntegrityError as refused:
            raise RefusedByStore(_said(refused)) from refused
        except DatabaseError as failed:
            raise _unusable(self.name, failed) from failed


def open_store(workspace: Path, url: str | None = None) -> Store:
    """The store of `workspace`, brought to the current version: `casework.db` there, or PostgreSQL at `url`.

    `url` is `postgresql://user@host/database`; the password comes as libpq takes it (PGPASSWORD,
    PGPASSFILE). Raises `UnusableStore` and `NewerStore`.
    """
    store = Store(_postgresql(url) if url else _sqlite(workspace / FILE))
    try:
        with store.write() as tx:
            migrate(tx, store.name)
    except BaseException:
        store.close()
        raise
    return store


def _sqlite(file: Path) -> Engine:
    file.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool, connect_args={"timeout": WAIT})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(tx: Connection) -> None:
    writes = tx.get_execution_options()["writes"]
    tx.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    tx.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: str) -> Engine:
    try:
        address = make_url(url)
    except ArgumentError:
        raise UnusableStore("that was named", "its address is no URL", _ADDRESS) from None
    if address.get_backend_name() != "postgresql":
        raise UnusableStore(address.render_as_string(), "it is not PostgreSQL", _ADDRESS)
    engine = create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _begin_postgresql(tx: Connection) -> None:
    if tx.get_execution_options()["writes"]:
        tx.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT}s'")
        tx.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")
    else:
        tx.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


_ADDRESS = "write it as postgresql://user@host/database"


def _said(error: DatabaseError) -> str:
    return str(error.orig).strip().splitlines()[0]


def _unusable(store: str, failed: DatabaseError) -> UnusableStore:
    why = _said(failed)
    advice = "put that right and run it again; what was decided before is whole"
    if "locked" in why or "lock timeout" in why:
        advice = "another writer holds it, run it again when that has ended"
    return UnusableStore(store, why, advice)
