"""The one door to the Neo4j driver: a server, a connection, transactions, and every fault by name."""

import logging
import re
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import neo4j
from neo4j import exceptions as faults
from neo4j.time import Date, DateTime

from graph.errors import (
    ServerAway,
    ServerBroken,
    ServerFault,
    ServerFull,
    ServerReadOnly,
    ServerRefused,
    ServerTimeout,
    WrongPassword,
    WrongServerVersion,
)

LEAST_VERSION = (5, 26)
_LEAST = "5.26"
PAUSE = 0.5
"""Seconds before a statement is tried again that failed by an error of the server's own."""
_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")

T = TypeVar("T")


@dataclass(frozen=True)
class Server:
    """Where a Neo4j server answers and as whom we come.

    `address` is a URI (`neo4j://host:7687`, `bolt://…`, `neo4j+s://…`); `database` None is the
    server's own choice; times in seconds.
    """

    address: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str | None = None
    connect_time: float = 10.0
    retry_time: float = 30.0
    read_time: float = 60.0
    write_time: float = 900.0


class Transaction:
    """One transaction of the server; made by `Connection.read` and `Connection.write`."""

    def __init__(self, transaction: neo4j.ManagedTransaction) -> None:
        self._transaction = transaction

    def rows(self, query: str, **values: Any) -> list[list[Any]]:
        """All rows of a query; times come as naive `datetime`, dates as `date`."""
        result = self._transaction.run(query, values)
        return [[_native(value) for value in row.values()] for row in result]

    def one(self, query: str, **values: Any) -> Any:
        """The first value of the first row, or None."""
        rows = self.rows(query, **values)
        return rows[0][0] if rows else None


class Connection:
    """A pool of connections to one server; threads may share it. Raises `ServerFault` alone."""

    def __init__(self, server: Server) -> None:
        self.server = server
        _hush()
        if server.address.partition("://")[0] not in _SCHEMES:
            raise ServerAway(server.address)
        with self._faults():
            self._driver = neo4j.GraphDatabase.driver(
                server.address,
                auth=(server.user, server.password),
                connection_timeout=server.connect_time,
                connection_acquisition_timeout=server.connect_time * 2,
                max_transaction_retry_time=server.retry_time,
                notifications_min_severity="OFF",
                user_agent="huancha",
            )
        self._closing = weakref.finalize(self, self._driver.close)

    def close(self) -> None:
        """Let the server go; the connection is of no use afterwards."""
        self._closing()

    def read(self, work: Callable[[Transaction], T]) -> T:
        """What `work` reads, in one transaction; it may run more than once, as that of `write`."""
        within = neo4j.unit_of_work(timeout=self.server.read_time)
        with self._faults(), self._session() as session:
            return _retried(session, session.execute_read, within(_on(work)))

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one transaction: all of it or nothing.

        It may run more than once: where the server asks for it, and where a statement failed by an
        error of the server's own.
        """
        within = neo4j.unit_of_work(timeout=self.server.write_time)
        with self._faults(), self._session() as session:
            return _retried(session, session.execute_write, within(_on(work)))

    def check(self) -> str:
        """The server's version; raises a `ServerFault` if it cannot be used."""
        with self._faults():
            self._driver.verify_connectivity()
        rows = self.read(lambda tx: tx.rows("CALL dbms.components() YIELD name, versions"))
        version = next((versions[0] for name, versions in rows if name == "Neo4j Kernel"), "?")
        numbers = tuple(
            int(part) for part in version.split("-")[0].split(".")[:2] if part.isdigit()
        )
        if numbers < LEAST_VERSION:
            raise WrongServerVersion(self.server.address, f"Neo4j {version}", _LEAST)
        return str(version)

    def _session(self) -> neo4j.Session:
        return self._driver.session(database=self.server.database)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except faults.GqlError as error:
            raise _fault(self.server, error) from None
        except OSError:
            raise ServerAway(self.server.address) from None


def _on(work: Callable[[Transaction], T]) -> Callable[[neo4j.ManagedTransaction], T]:
    return lambda begun: work(Transaction(begun))


def _retried(
    session: neo4j.Session,
    execute: Callable[[Callable[[neo4j.ManagedTransaction], T]], T],
    work: Callable[[neo4j.ManagedTransaction], T],
) -> T:
    """`work` in a transaction; once more where its server failed at a statement, its plans forgotten.

    Its Java may be short of room for compiled code for a moment, or after changes of constraints and
    indexes a plan be of those before; Neo4j calls that a fault of its own and asks for no retry. The
    transaction that failed has left nothing.
    """
    try:
        return execute(work)
    except faults.DatabaseError as error:
        if not any(part in str(error.code) for part in _OF_ITS_OWN):
            raise
    with suppress(faults.Neo4jError):
        session.run("CALL db.clearQueryCaches()").consume()
    time.sleep(PAUSE)
    return execute(work)


def _hush() -> None:
    """The driver's log may hold rows and would stand beside our one sentence: it goes nowhere."""
    log = logging.getLogger("neo4j")
    log.propagate = False
    if not log.handlers:
        log.addHandler(logging.NullHandler())


_READ_ONLY = ("ReadOnly", "Forbidden", "AccessMode", "NotALeader")
_TIMED_OUT = ("TransactionTimedOut", "LockAcquisitionTimeout", "LockClientStopped", "TimedOut")
_OF_ITS_OWN = ("DatabaseError.Statement", "DatabaseError.General")
_NO_DISK = (
    "No space left",
    "StorageException",
    "File too large",
    "OutOfDisk",
    "TransactionLogError",
)
_NO_NEO4J = ("looks like HTTP", "incomplete handshake", "incorrect port number", "manifest version")
_AWAY = (
    faults.ServiceUnavailable,
    faults.SessionExpired,
    faults.ConnectionPoolError,
    faults.ConfigurationError,
    faults.DatabaseUnavailable,
)


def _fault(server: Server, error: faults.GqlError) -> ServerFault:
    """The fault of ours that `error` of the driver is. Its text may hold rows: none of it is shown,
    but for the first plain words where the server failed."""
    address, code = server.address, getattr(error, "code", None) or type(error).__name__
    text = str(error)
    if isinstance(error, faults.AuthError) or "Security.Authentication" in code:
        return WrongPassword(address, server.user)
    no_neo4j = any(part in text for part in _NO_NEO4J)
    if no_neo4j or isinstance(error, faults.UnsupportedServerProduct):
        return WrongServerVersion(address, "of another kind or too old", _LEAST)
    if any(part in code for part in _READ_ONLY):
        return ServerReadOnly(address)
    if "needs to be restarted" in text:
        return ServerBroken(address)
    if any(part in text + code for part in _NO_DISK):
        return ServerFull(address, "disk space")
    if "OutOfMemory" in code:
        return ServerFull(address, "memory")
    if any(part in code for part in _TIMED_OUT) or _late(error):
        return ServerTimeout(address)
    if isinstance(error, _AWAY):
        return ServerAway(address)
    return ServerRefused(address, code, _words(error))


def _words(error: faults.GqlError) -> str:
    """What a server says of an error of its own, up to the first sign that could begin a value."""
    said = error.message if isinstance(error, faults.DatabaseError) else None
    plain = re.match(r"[A-Za-z][A-Za-z ,-]*", said or "")
    return plain[0][:100].rstrip(" ,-") if plain else ""


def _late(error: BaseException) -> bool:
    """Whether the connection was there and the server silent on it."""
    cause = error.__cause__
    return cause is not None and (isinstance(cause, TimeoutError) or _late(cause))


def _native(value: Any) -> Any:
    if isinstance(value, DateTime | Date):
        return value.to_native()
    if isinstance(value, list):
        return [_native(item) for item in value]
    if isinstance(value, dict):
        return {name: _native(item) for name, item in value.items()}
    return value


def in_batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """`rows` in pieces of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
