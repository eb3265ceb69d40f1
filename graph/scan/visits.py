"""Stage 1: the visits that people made in person, with times that can be trusted, and those a calendar explains."""

from dataclasses import dataclass

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
BEGUN = "coalesce(begntime, setl_time)"
REPAIRED = """
CASE (SELECT whole_day FROM batch b WHERE b.place = v.place)
  WHEN true THEN CAST(CAST(coalesce(begntime, setl_time) AS DATE) AS TIMESTAMP) + INTERVAL 12 HOUR
  WHEN false THEN coalesce(begntime, setl_time) ELSE setl_time END
"""
CHECKUP = 9
"""Mark of check-up visits, beside the kinds of `schedules`."""


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
    rows, columns = _sorted(world, "setl_time")
    batch = _batch_places(columns)
    if len(batch):
        still = np.intersect1d(batch, _batch_places(_sorted(world, BEGUN)[1]))
        world.con.execute("CREATE OR REPLACE TEMP TABLE batch (place INTEGER, whole_day BOOLEAN)")
        world.con.executemany(
            "INSERT INTO batch VALUES (?, ?)", [(int(f), bool(f in still)) for f in batch]
        )
        rows, columns = _sorted(world, REPAIRED)
    service = rows["service"].astype(np.uint8)[columns.source]
    explained = scheduled(columns, service, p=world.parameters.schedule_p)
    if CHECKUP_TYPE in types:
        explained[service == types.index(CHECKUP_TYPE) % 256] = CHECKUP
    return Attendance(columns, service, explained, batch, rows["operator"][columns.source])


def _read(world: World, moment: str) -> dict[str, npt.NDArray[np.int32]]:
    """patient, place, minute, service, operator of each visit in person; `minute` is of `moment`, an SQL expression."""
    return world.arrays(
        f"""
        SELECT patient, place, CAST(date_diff('minute', {EPOCH}, {moment}) AS INTEGER) AS minute, service,
          coalesce(operator, -1) AS operator
        FROM visits v JOIN services s ON s.med_type = coalesce(v.med_type, '')
        WHERE NOT stay AND NOT online AND patient IS NOT NULL AND place IS NOT NULL
        """
    )


def _sorted(world: World, moment: str) -> tuple[dict[str, npt.NDArray[np.int32]], VisitColumns]:
    """The visits as read and as sorted."""
    rows = _read(world, moment)
    return rows, VisitColumns.build(
        rows["patient"], rows["place"], rows["minute"], patients=world.patients, places=world.places
    )


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
