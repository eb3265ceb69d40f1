"""The settlements behind visits: which rows of the table a visit was read from, their ids and their money."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.duck import parquet
from graph.scan.covisits import VisitColumns
from graph.scan.world import VISITS, World

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

DAY = 1440
READ = "settlements_read"
"""The note that holds what was read so far."""


@dataclass(frozen=True)
class Recorded:
    """What the visits of batch places were recorded as, by row of the attendance, ascending.

    rows, settled (minute), begun (day since 2000-01-01, -1 where unknown): int32[n].
    """

    rows: Ints
    settled: Ints
    begun: Ints

    @classmethod
    def nothing(cls) -> Self:
        """Where there are no batch places."""
        none = np.zeros(0, dtype=np.int32)
        return cls(none, none, none)


@dataclass(frozen=True)
class Settlements:
    """Settlements by the number of their row in the table, ascending: number int32[n], named (`setl_d:` and the id) str[n],
    fund in fen int64[n], practitioner int32[n] (-1 where unknown); `rank` int64[n] orders them by id."""

    number: Ints
    named: npt.NDArray[np.object_]
    fund: Longs
    rank: Longs
    practitioner: Ints


def numbered(world: World) -> str:
    """`visits` as a query with one more column: `number`, which row of the table each is."""
    files = world.snapshot.files("setl_d")
    if not files:
        return VISITS.replace("SELECT", "SELECT 0 AS number,", 1)
    table = f"(SELECT *, {_number(world)} AS number FROM {parquet(files)})"
    return VISITS.replace("SELECT", "SELECT number,", 1).replace("setl_d", table)


def _number(world: World) -> str:
    """A row's number in the table, in SQL: files one after another."""
    first, firsts = 0, []
    for file in world.snapshot.files("setl_d"):
        firsts.append(first)
        first += int(world.con.execute(f"SELECT count(*) FROM {parquet([file])}").fetchall()[0][0])
    before = f" + {firsts}[CAST(file_index AS BIGINT) + 1]" if len(firsts) > 1 else ""
    return f"CAST(file_row_number{before} AS INTEGER)"


def settlements(world: World, number: Ints) -> Settlements:
    """The settlements of these rows of the table, ascending and distinct; those read before are not read again."""
    known = world.notes.get(READ)
    fresh = number if known is None else np.setdiff1d(number, known.number, assume_unique=True)
    if known is None or len(fresh):
        known = _read(world, fresh, known)
        world.notes[READ] = known
    assert isinstance(known, Settlements)
    at = np.searchsorted(known.number, number)
    return Settlements(
        number, known.named[at], known.fund[at], known.rank[at], known.practitioner[at]
    )


def practitioners(world: World, number: Ints) -> Ints:
    """Whose staff code stands on each of these rows of the table: int32[n], -1 where none does or the row was not read yet."""
    known = world.notes.get(READ)
    if known is None or not len(known.number):
        return np.full(len(number), -1, dtype=np.int32)
    at = np.minimum(np.searchsorted(known.number, number), len(known.number) - 1)
    return np.where(known.number[at] == number, known.practitioner[at], np.int32(-1))


def _read(world: World, number: Ints, known: Settlements | None) -> Settlements:
    """Those rows and what is known already."""
    world.con.register("wanted", pa.table({"number": number}))
    table = f"(SELECT *, {_number(world)} AS number FROM {parquet(world.snapshot.files('setl_d'))})"
    found = world.con.sql(
        f"SELECT number, setl_id, net_fund, coalesce(practitioner, -1) AS practitioner FROM {table} SEMI JOIN wanted USING (number)"
    ).to_arrow_table()
    world.con.unregister("wanted")
    if len(found) != len(number):
        raise ValueError(f"{len(number)} settlements asked for, {len(found)} read")
    ids = pc.binary_join_element_wise("setl_d:", found["setl_id"], "")
    columns: list[npt.NDArray[Any]] = [
        found["number"].to_numpy(),
        ids.to_numpy(zero_copy_only=False),
        found["net_fund"].to_numpy(),
        found["practitioner"].to_numpy().astype(np.int32),
    ]
    if known is not None:
        mine: list[npt.NDArray[Any]] = [known.number, known.named, known.fund, known.practitioner]
        columns = [np.concatenate(both) for both in zip(mine, columns, strict=True)]
    order = np.argsort(columns[0])
    numbers, named, fund, practitioner = (column[order] for column in columns)
    rank = np.empty(len(numbers), dtype=np.int64)
    rank[pc.sort_indices(pa.array(named)).to_numpy()] = np.arange(len(numbers))
    return Settlements(numbers, named, fund, rank, practitioner)


def behind(columns: VisitColumns, recorded: Recorded, of: Longs, rows: Ints) -> tuple[Longs, Ints]:
    """The visits of the attendance that settlements made out as those of `rows`, each with the number `of` its row was asked for.

    Settlements of one patient at one place in one minute cannot be told apart; at batch places not those begun on one day.
    """
    first, last = _alike(columns, rows)
    size = last - first
    each = np.repeat(np.arange(len(rows)), size)
    found = np.arange(len(each)) - np.repeat(np.cumsum(size) - size, size) + first[each]
    batched = np.isin(rows, recorded.rows) if len(recorded.rows) else np.zeros(len(rows), np.bool_)
    plain = ~batched[each]
    again, more = _as_recorded(columns, recorded, rows[batched])
    return (
        np.concatenate([of[each[plain]], of[batched][again]]),
        np.concatenate([found[plain], more]).astype(np.int32),
    )


def _alike(columns: VisitColumns, rows: Ints) -> tuple[Longs, Longs]:
    """Rows [first, last) of the same patient, place and minute as each of `rows`."""
    bounds = []
    for step in (-1, 1):
        at = rows.astype(np.int64)
        left = np.arange(len(rows))
        while len(left):
            beside = at[left] + step
            left = left[(beside >= 0) & (beside < len(columns))]
            beside = at[left] + step
            same = (
                (columns.patient[beside] == columns.patient[rows[left]])
                & (columns.minute[beside] == columns.minute[rows[left]])
                & (columns.place[beside] == columns.place[rows[left]])
            )
            left = left[same]
            at[left] += step
        bounds.append(at)
    return bounds[0], bounds[1] + 1


def _as_recorded(columns: VisitColumns, recorded: Recorded, rows: Ints) -> tuple[Longs, Ints]:
    """For rows at batch places: (index into rows, row) of the visits begun on that day or settled at that minute."""
    key = columns.place[recorded.rows].astype(np.int64) << 32 | columns.patient[recorded.rows]
    order = np.argsort(key, kind="stable")
    mine = columns.place[rows].astype(np.int64) << 32 | columns.patient[rows]
    lo, hi = (np.searchsorted(key[order], mine, side=side) for side in ("left", "right"))
    size = hi - lo
    each = np.repeat(np.arange(len(rows)), size)
    at = order[np.arange(len(each)) - np.repeat(np.cumsum(size) - size, size) + lo[each]]
    minute = columns.minute[rows[each]]
    hit = (recorded.settled[at] == minute) | (recorded.begun[at] == minute // DAY)
    return each[hit], recorded.rows[at[hit]]
