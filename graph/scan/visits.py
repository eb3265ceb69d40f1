"""Stage 1: the visits that people made in person, with times that can be trusted, and those a calendar explains."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.scan.covisits import VisitColumns
from graph.scan.schedules import scheduled
from graph.scan.world import CHECKUP_TYPE, World

EPOCH = "TIMESTAMP '2000-01-01'"
BATCH_SHARE = 0.5
BATCH_SIZE = 5
"""A minute with this many settlements at one place is a batch; half of all visits in batches make a batch place."""
LEAST_TO_JUDGE = 50
SETTLED = "setl_time"
BEGUN = "coalesce(begntime, setl_time)"
DAY = 1440
NOON = 720
CHECKUP = 9
"""Mark of check-up visits, beside the kinds of `schedules`."""


Column = npt.NDArray[Any]


@dataclass(frozen=True)
class Attendance:
    """Visits in person, sorted as `VisitColumns`; `service`, `explained` uint8 and `operator` int32 (a token, -1 where
    unknown) are aligned with its rows.

    `explained` is 0 where nothing innocent accounts for the visit, else a schedule's kind or `CHECKUP`.
    `batch_places` upload in batches: their visits carry the begin time, or noon where that is batched too.
    """

    columns: VisitColumns
    service: npt.NDArray[np.uint8]
    explained: npt.NDArray[np.uint8]
    batch_places: npt.NDArray[np.int32]
    operator: npt.NDArray[np.int32]


def attendance(world: World) -> Attendance:
    """Read, repair and mark the visits. In-patient stays and internet visits are left out."""
    types = [r[0] for r in world.con.execute(
        "SELECT DISTINCT coalesce(med_type, '') FROM visits ORDER BY 1").fetchall()]  # fmt: skip
    world.con.execute("CREATE OR REPLACE TEMP TABLE services (med_type VARCHAR, service UTINYINT)")
    world.con.execute(
        "INSERT INTO services SELECT unnest(?::VARCHAR[]), unnest(?::UTINYINT[])",
        [types, [i % 256 for i in range(len(types))]],
    )
    columns, service, operator = _sorted(world, _read(world, SETTLED))
    batch = _batch_places(columns)
    if len(batch):
        kept = ~np.isin(np.arange(world.places), batch)[columns.place]
        rows = {
            "patient": columns.patient[kept], "place": columns.place[kept],
            "minute": columns.minute[kept], "service": service[kept], "operator": operator[kept],
        }  # fmt: skip
        begun = _begun(world, batch)
        columns, service, operator = _sorted(
            world, {name: np.concatenate([rows.pop(name), begun[name]]) for name in begun}
        )
    explained = scheduled(columns, service, p=world.parameters.schedule_p)
    if CHECKUP_TYPE in types:
        explained[service == types.index(CHECKUP_TYPE) % 256] = CHECKUP
    return Attendance(columns, service, explained, batch, operator)


def attended(world: World) -> Attendance:
    """The scan's attendance, read by whoever asks first; others wait."""
    with world.turn:
        if "attendance" not in world.notes:
            world.notes["attendance"] = attendance(world)
    seen = world.notes["attendance"]
    assert isinstance(seen, Attendance)
    return seen


def _read(world: World, moment: str, batch: Column | None = None) -> dict[str, Column]:
    """patient, place, minute, operator int32 and service uint8 of each visit in person, at `batch` places alone if given.

    `minute` is of `moment`, an SQL expression.
    """
    return world.streamed(
        f"""
        SELECT patient, place, CAST(date_diff('minute', {EPOCH}, {moment}) AS INTEGER) AS minute, service,
          coalesce(operator, -1) AS operator
        FROM visits v JOIN services s ON s.med_type = coalesce(v.med_type, '')
        WHERE NOT stay AND NOT online AND patient IS NOT NULL AND place IS NOT NULL
          {"" if batch is None else "AND place IN (SELECT unnest($batch::INTEGER[]))"}
        """,
        {} if batch is None else {"batch": batch.tolist()},
    )


def _begun(world: World, batch: Column) -> dict[str, Column]:
    """The visits of the places in `batch` as they began, or at noon where the begin times are batched too."""
    rows = _read(world, BEGUN, batch)
    still = np.intersect1d(batch, _batch_places(_sorted(world, dict(rows))[0]))
    whole_day = np.isin(rows["place"], still)
    rows["minute"] = np.where(whole_day, rows["minute"] // DAY * DAY + NOON, rows["minute"])
    return rows


def _sorted(world: World, rows: dict[str, Column]) -> tuple[VisitColumns, Column, Column]:
    """The visits sorted, with their service and operator; `rows` is emptied on the way."""
    columns = VisitColumns.build(
        *(rows.pop(name) for name in ("patient", "place", "minute")),
        patients=world.patients,
        places=world.places,
    )
    return columns, rows.pop("service")[columns.source], rows.pop("operator")[columns.source]


def _batch_places(columns: VisitColumns) -> npt.NDArray[np.int32]:
    """Places where at least half of the visits share their minute with four others."""
    place, minute = columns.place, columns.minute
    fresh = np.ones(len(columns), dtype=np.bool_)
    fresh[1:] = (place[1:] != place[:-1]) | (minute[1:] != minute[:-1])
    starts = np.flatnonzero(fresh)
    size = np.diff(np.append(starts, len(columns)))
    large = size >= BATCH_SIZE
    batched = np.bincount(place[starts[large]], size[large], minlength=columns.places)
    visits = np.diff(columns.place_offsets)
    found: npt.NDArray[np.int32] = np.flatnonzero(
        (visits >= LEAST_TO_JUDGE) & (batched >= BATCH_SHARE * visits)
    ).astype(np.int32)
    return found
