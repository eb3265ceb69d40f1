"""The year month by month: ordinary and planted rows, numbered, with refunds and re-billing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from loaders.synthetic import fees
from loaders.synthetic.billing import blank
from loaders.synthetic.calendar import DAY, DAYS, MONTH_STARTS
from loaders.synthetic.codes import Array
from loaders.synthetic.visits import month_visits, pharmacy_prescriptions
from loaders.synthetic.world import World


def settled_rows(world: World, planted: Array) -> Iterator[Array]:
    """Twelve arrays of numbered rows by month of settlement, sorted by time.

    planted: rows sorted by settlement time. Rows settled in a later month wait for it.
    """
    rate = world.people.rate
    scale = (world.visits - len(planted)) / max(1.0, float(rate.sum()))
    waiting = blank(0)
    number = 1
    for month in range(12):
        rng = world.stream("month", month)
        ordinary = month_visits(world, month, rate * max(scale, 0.05))
        fees.assign_items(world, rng, ordinary)
        pharmacy_prescriptions(world, rng, ordinary)
        end = MONTH_STARTS[month + 1] * DAY
        upto = np.searchsorted(planted["settle"], end)
        since = np.searchsorted(planted["settle"], MONTH_STARTS[month] * DAY)
        rows = np.concatenate([waiting, ordinary, planted[since:upto]])
        fees.number_boxes(rows, month)
        rows, waiting = _split(rows, end)
        rows = rows[np.argsort(rows["settle"], kind="stable")]
        rows["number"] = np.where(
            rows["number"] < 0, number + np.cumsum(rows["number"] < 0) - 1, rows["number"]
        )
        number = int(max(number, rows["number"].max(initial=0) + 1))
        extra = _refunds(rng, rows)
        extra["number"] = number + np.arange(len(extra))
        number += len(extra)
        now, later = _split(extra, end)
        waiting = np.concatenate([waiting, later])
        rows = np.concatenate([rows, now])
        yield rows[np.argsort(rows["settle"], kind="stable")]


def _split(rows: Array, end: int) -> tuple[Array, Array]:
    before = rows["settle"] < end
    return rows[before], rows[~before & (rows["settle"] < DAYS * DAY)]


def _refunds(rng: np.random.Generator, rows: Array) -> Array:
    """Refund rows (amounts stay positive here, the sign is written) and second bills."""
    source = rows[rows["follow"] > 0]
    back = source.copy()
    back["refund"], back["init"], back["follow"] = 1, source["number"], 0
    near = rng.random(len(back)) < 0.6
    wait = np.where(
        near, rng.integers(120, 3600, len(back)), rng.integers(1, 15, len(back)) * DAY
    ).astype(np.int64)
    back["settle"] = np.minimum(source["settle"] + wait, 2**31 - DAY)
    again = back[source["follow"] == 2].copy()
    again["refund"], again["init"] = 0, -1
    again["settle"] += rng.integers(60, 600, len(again)).astype(np.int32)
    for row in (back, again):
        row["begin"] = np.minimum(row["begin"], row["settle"])
    return np.concatenate([back, again])
