"""Stage 1: the visits that people made in person, with times that can be trusted, and those a calendar explains."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from graph.scan.covisits import VisitColumns
from graph.scan.kernels import compiled, order_by_patient
from graph.scan.schedules import RUN, WEEKDAYS, scheduled
from graph.scan.settlements import Recorded, numbered
from graph.scan.world import CHECKUP_TYPE, World

EPOCH = "TIMESTAMP '2000-01-01'"
BATCH_SHARE = 0.5
BATCH_SIZE = 5
"""A minute with this many settlements at one place is a batch; half of all visits in batches make a batch place."""
LEAST_TO_JUDGE = 50
SETTLED = "setl_time"
BEGUN = "coalesce(begntime, setl_time)"
DAY_BEGUN = "coalesce(CAST(begntime AS DATE) - DATE '2000-01-01', -1)"
DAY = 1440
NOON = 720
CHECKUP = 9
"""Mark of check-up visits, beside the kinds of `schedules`."""


Column = npt.NDArray[Any]


@dataclass(frozen=True)
class Attendance:
    """Visits in person, sorted as `VisitColumns`; `service`, `explained` uint8 and `operator` int32 (a token, -1 where
    unknown) are aligned with its rows, whose `source` is the number of the settlement's row in the table.

    `explained` is 0 where nothing innocent accounts for the visit, else a schedule's kind or `CHECKUP`.
    `batch_places` upload in batches: their visits carry the begin time, or noon where that is batched too, and `recorded` keeps
    what was written down. None where the visits are not the snapshot's own.
    """

    columns: VisitColumns
    service: npt.NDArray[np.uint8]
    explained: npt.NDArray[np.uint8]
    batch_places: npt.NDArray[np.int32]
    operator: npt.NDArray[np.int32]
    recorded: Recorded | None = None


@dataclass(frozen=True)
class _Sorted:
    """Visits as read, sorted."""

    columns: VisitColumns
    service: Column
    operator: Column

    @classmethod
    def of(cls, world: World, rows: dict[str, Column]) -> Self:
        """`rows` is emptied on the way."""
        columns = VisitColumns.build(
            *(rows.pop(name) for name in ("patient", "place", "minute")),
            patients=world.patients,
            places=world.places,
        )
        at = columns.source
        return cls(
            replace(columns, source=rows.pop("number")[at]), rows.pop("service")[at], rows.pop("operator")[at]
        )  # fmt: skip


def attendance(world: World) -> Attendance:
    """Read, repair and mark the visits. In-patient stays and internet visits are left out."""
    types = [r[0] for r in world.con.execute(
        "SELECT DISTINCT coalesce(med_type, '') FROM visits ORDER BY 1").fetchall()]  # fmt: skip
    world.con.execute("CREATE OR REPLACE TEMP TABLE services (med_type VARCHAR, service UTINYINT)")
    world.con.execute(
        "INSERT INTO services SELECT unnest(?::VARCHAR[]), unnest(?::UTINYINT[])",
        [types, [i % 256 for i in range(len(types))]],
    )
    read = _Sorted.of(world, _read(world, SETTLED))
    batch = _batch_places(read.columns)
    recorded = Recorded.nothing()
    if len(batch):
        read, recorded = _repaired(world, read, batch)
    explained = scheduled(read.columns, read.service, p=world.parameters.schedule_p)
    explained[_at_the_counter(world, read.columns, explained)] = 0
    if CHECKUP_TYPE in types:
        explained[read.service == types.index(CHECKUP_TYPE) % 256] = CHECKUP
    return Attendance(read.columns, read.service, explained, batch, read.operator, recorded)


def _at_the_counter(world: World, columns: VisitColumns, explained: Column) -> Column:
    """The rows whose calendar is one of treatment, where nobody is treated: bool[N].

    Days in a row at one hour, or some weekdays week after week, are a course at a clinic; at a pharmacy they are a habit of the
    buyer. It says when one card was used, not why many were within the same minutes; whether these kept a calendar together is
    asked of the gatherings. Medicine for a chronic disease is fetched at an interval or on a day of the month, which stay.
    """
    found: Column = np.isin(explained, (RUN, WEEKDAYS)) & ~world.facility[columns.place]
    return found


def attended(world: World) -> Attendance:
    """The scan's attendance, read by whoever asks first; others wait."""
    with world.turn:
        if "attendance" not in world.notes:
            world.notes["attendance"] = attendance(world)
    seen = world.notes["attendance"]
    assert isinstance(seen, Attendance)
    return seen


def _read(
    world: World, moment: str, batch: Column | None = None, also: str = ""
) -> dict[str, Column]:
    """patient, place, minute, operator, number int32 and service uint8 of each visit in person, at `batch` places alone if given.

    `minute` is of `moment`, an SQL expression; `also` is more of them.
    """
    most = int(world.con.execute("SELECT count(*) FROM setl_d").fetchall()[0][0])
    return world.streamed(
        f"""
        SELECT patient, place, CAST(date_diff('minute', {EPOCH}, {moment}) AS INTEGER) AS minute, service,
          coalesce(operator, -1) AS operator, number {also}
        FROM ({numbered(world)}) v JOIN services s ON s.med_type = coalesce(v.med_type, '')
        WHERE NOT stay AND NOT online AND patient IS NOT NULL AND place IS NOT NULL
          {"" if batch is None else "AND place IN (SELECT unnest($batch::INTEGER[]))"}
        """,
        most,
        {} if batch is None else {"batch": batch.tolist()},
    )


def _repaired(world: World, read: _Sorted, batch: Column) -> tuple[_Sorted, Recorded]:
    """The visits of the places in `batch` put where they began, and what they were recorded as.

    A place has as many visits as before, so that they are changed where they are.
    """
    begun, day = _begun(world, batch)
    columns, new = read.columns, begun.columns
    rows = np.flatnonzero(np.isin(np.arange(world.places), batch)[columns.place]).astype(np.int32)
    order = np.argsort(columns.source[rows])
    settled = columns.minute[rows[order]]
    at = np.searchsorted(columns.source[rows[order]], new.source)
    recorded = Recorded(rows, settled[at], day)
    for mine, other in (
        (columns.patient, new.patient), (columns.minute, new.minute), (columns.source, new.source),
        (read.service, begun.service), (read.operator, begun.operator),
    ):  # fmt: skip
        mine[rows] = other
    by_patient = order_by_patient(columns.patient, columns.patient_offsets)
    return replace(read, columns=replace(columns, order=by_patient)), recorded


def _begun(world: World, batch: Column) -> tuple[_Sorted, npt.NDArray[np.int32]]:
    """The visits of the places in `batch` as they began, or at noon where the begin times are batched too; the day of each."""
    rows = _read(world, BEGUN, batch, f", {DAY_BEGUN} AS day")
    day, number = rows.pop("day").astype(np.int32), rows["number"]
    still = np.intersect1d(batch, _batch_places(_Sorted.of(world, dict(rows)).columns))
    whole_day = np.isin(rows["place"], still)
    rows["minute"] = np.where(whole_day, rows["minute"] // DAY * DAY + NOON, rows["minute"])
    begun = _Sorted.of(world, rows)
    order = np.argsort(number)
    return begun, day[order[np.searchsorted(number[order], begun.columns.source)]]


def _batch_places(columns: VisitColumns) -> npt.NDArray[np.int32]:
    """Places where at least half of the visits share their minute with four others."""
    visits = np.diff(columns.place_offsets)
    batched = count_batched(columns.place_offsets, columns.minute, BATCH_SIZE)
    found: npt.NDArray[np.int32] = np.flatnonzero(
        (visits >= LEAST_TO_JUDGE) & (batched >= BATCH_SHARE * visits)
    ).astype(np.int32)
    return found


@compiled
def count_batched(offsets: Any, minute: Any, least: int) -> Any:
    """Per place, how many visits are in a minute with at least `least` of them: int64[F]."""
    found = np.zeros(len(offsets) - 1, np.int64)
    for f in range(len(offsets) - 1):
        start = offsets[f]
        for row in range(offsets[f], offsets[f + 1]):
            if minute[row] != minute[start]:
                start = row
            size = row + 1 - start
            if size >= least:
                found[f] += size if size == least else 1
    return found
