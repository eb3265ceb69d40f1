"""Which settlements carry a fee line, and for what."""

from __future__ import annotations

import numpy as np

from loaders.synthetic import billing, words
from loaders.synthetic.billing import CHRONIC, INPATIENT, PHARMACY
from loaders.synthetic.codes import Array
from loaders.synthetic.world import World

PRICES = np.array([item[2] for item in words.ITEMS], dtype=np.int64)
FIRST_SERVICE = words.DIALYSIS_ITEM
# Boxes of ordinary sales are numbered by month, far above the planted ones.
_MONTH_BOXES = 10**11


def _ordinary_item(rng: np.random.Generator, rows: Array) -> Array:
    count = len(rows)
    drug = rng.integers(words.DRUGS.start, words.DRUGS.stop, count)
    chronic = rng.integers(words.CHRONIC_DRUGS.start, words.CHRONIC_DRUGS.stop, count)
    costly = rng.integers(words.HIGH_RESALE.start, words.HIGH_RESALE.stop, count)
    service = rng.integers(words.SERVICES.start, words.SERVICES.stop, count)
    draw = rng.random(count)
    shop = rows["med"] == PHARMACY
    item = np.select(
        [shop & (draw < 0.06), (rows["med"] == CHRONIC) & (draw < 0.7), shop | (draw < 0.45)],
        [costly, chronic, drug], service,
    )  # fmt: skip
    return np.asarray(item)


def assign_items(world: World, rng: np.random.Generator, rows: Array) -> None:
    """Give a share of the ordinary rows a fee line."""
    share = world.settings.fee_share
    likely = np.select([rows["med"] == PHARMACY, rows["med"] == INPATIENT], [2.0, 0.5], 0.6)
    picked = np.flatnonzero((rows["item"] < 0) & (rng.random(len(rows)) < share * likely))
    part = rows[picked]
    part["item"] = _ordinary_item(rng, part)
    part["boxes"] = np.minimum(1 + rng.geometric(0.55, len(part)) - 1, 4)
    part["boxes"] = np.where(part["item"] >= FIRST_SERVICE, 1, part["boxes"])
    due = PRICES[part["item"]] * part["boxes"]
    short = part["fee"] < due
    fitted = part.copy()
    fitted["fee"] = due
    billing.share_out(rng, fitted)
    rows[picked] = np.where(short, fitted, part)


def number_boxes(rows: Array, month: int) -> None:
    """Number the boxes of drug lines that still have none, consecutively within a line."""
    open_rows = np.flatnonzero(
        (rows["item"] >= 0) & (rows["item"] < FIRST_SERVICE) & (rows["trace"] < 0)
    )
    boxes = np.maximum(rows["boxes"][open_rows], 1).astype(np.int64)
    rows["trace"][open_rows] = _MONTH_BOXES * (month + 1) + np.cumsum(boxes) - boxes
