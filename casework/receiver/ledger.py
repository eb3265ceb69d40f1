"""What a place has taken: every order as it came, with its receipt. Nothing is changed or deleted."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from casework.orders.wire import (
    Acknowledgement,
    Answer,
    Order,
    acknowledgement_from,
    order_from,
    to_bytes,
)
from casework.receiver.errors import Contradiction, UnusableLedger

WAIT = 30
"""Seconds one process waits for another that writes."""
_TABLE = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS orders (
  no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, place TEXT NOT NULL, practitioner TEXT NOT NULL,
  status TEXT NOT NULL, body BLOB NOT NULL, acknowledgement BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS orders_by_practitioner ON orders (place, practitioner);
CREATE TRIGGER IF NOT EXISTS orders_are_never_changed BEFORE UPDATE ON orders
BEGIN SELECT RAISE(ABORT, 'orders are never changed'); END;
CREATE TRIGGER IF NOT EXISTS orders_are_never_deleted BEFORE DELETE ON orders
BEGIN SELECT RAISE(ABORT, 'orders are never deleted'); END;
COMMIT;
"""


@dataclass(frozen=True)
class Taken:
    """An order and what was said to it."""

    order: Order
    acknowledgement: Acknowledgement


class Ledger:
    """An open receiver's database, `file`, for any number of threads. Raises `UnusableLedger`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        file.parent.mkdir(parents=True, exist_ok=True)
        with self._told():
            self._connection = sqlite3.connect(
                file, timeout=WAIT, isolation_level=None, check_same_thread=False
            )
        with self._told():
            for pragma in ("journal_mode = WAL", "synchronous = FULL"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._connection.executescript(_TABLE)

    def take(
        self, came: Sequence[tuple[Order, bytes]], places: Collection[str], now: datetime
    ) -> list[Acknowledgement]:
        """Keep orders with their bytes, all or none, and say what was said to each; on disk when it returns.

        An order that came before gets what was said to it then. One to none of `places` is rejected, and that is
        kept. Raises `Contradiction` for an order that came before with other bytes.
        """
        with self._lock, self._told(), self._writing():
            return [self._take(order, body, places, now) for order, body in came]

    def taken(self, order: str) -> Taken | None:
        """One order; None if it never came."""
        return next(iter(self._read("id = ?", order)), None)

    def about(self, place: str, practitioner: str) -> list[Order]:
        """The orders on a practitioner at a place that were not rejected, as they came."""
        where = "place = ? AND practitioner = ? AND status = 'acknowledged'"
        return [one.order for one in self._read(where, place, practitioner)]

    def count(self) -> int:
        """How many came."""
        with self._lock, self._told():
            return int(self._connection.execute("SELECT count(*) FROM orders").fetchone()[0])

    def all(self) -> list[Taken]:
        """Everything that came, in that order."""
        return self._read("TRUE")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _take(
        self, order: Order, body: bytes, places: Collection[str], now: datetime
    ) -> Acknowledgement:
        sql = "SELECT body, acknowledgement FROM orders WHERE id = ?"
        before = self._connection.execute(sql, (order.order,)).fetchone()
        if before is not None:
            if before[0] != body:
                raise Contradiction(order.order)
            return acknowledgement_from(before[1])
        ours = order.place_code in places
        (no,) = self._connection.execute("SELECT coalesce(max(no), 0) + 1 FROM orders").fetchone()
        said = Acknowledgement(
            order.order,
            Answer.ACKNOWLEDGED if ours else Answer.REJECTED,
            f"{now:%Y%m%d}-{no}",
            now,
            None if ours else f"{order.place_code} is not a place of this receiver",
        )
        row = (no, order.order, order.place_code, order.practitioner_code, said.status)
        self._connection.execute(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, body, to_bytes(said))
        )
        return said

    def _read(self, where: str, *given: str) -> list[Taken]:
        sql = f"SELECT body, acknowledgement FROM orders WHERE {where} ORDER BY no"
        with self._lock, self._told():
            rows = self._connection.execute(sql, given).fetchall()
        return [Taken(order_from(body), acknowledgement_from(said)) for body, said in rows]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as failed:
            raise UnusableLedger(self._file, str(failed)) from failed
