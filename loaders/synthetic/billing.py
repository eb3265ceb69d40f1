"""One row per settlement in memory, and what it costs."""

from __future__ import annotations

import numpy as np

from loaders.synthetic import words
from loaders.synthetic.calendar import DAY, DAYS
from loaders.synthetic.codes import Array
from loaders.synthetic.places import HOSPITALS, PlaceKind
from loaders.synthetic.world import World

MED_TYPES = ("11", "14", "21", "41", "9107", "13")
CLINIC, CHRONIC, INPATIENT, PHARMACY, CHECK_UP, EMERGENCY = range(6)
# Median fen and spread (log) of the whole bill, and the fund's mean share, by med type.
_MEDIAN = np.array([15_500, 33_000, 820_000, 8_800, 46_000, 41_000], dtype=np.float64)
_SPREAD = np.array([0.75, 0.55, 0.7, 0.6, 0.3, 0.6])
_FUND = np.array([0.56, 0.74, 0.67, 0.32, 0.0, 0.55])
# By place kind, tertiary to internet.
_LEVEL = np.array([1.7, 1.2, 1.0, 0.8, 0.7, 0.35, 1.0, 0.7])

# Times are seconds since the year began, money is fen. item: index of words.ITEMS or -1 (no line
# planted); trace: number of the box or -1 (a fresh one); follow: 1 refunded later, 2 also billed
# again; number: the row's final number, -1 until given; init: number of the refunded row or -1.
VISIT = np.dtype(
    [
        ("patient", "i4"), ("place", "i4"), ("practitioner", "i4"), ("med", "i1"),
        ("begin", "i4"), ("end", "i4"), ("settle", "i4"), ("diag", "i2"),
        ("fee", "i8"), ("fund", "i8"), ("acct", "i8"), ("mulaid", "i8"),
        ("number", "i8"), ("init", "i8"), ("refund", "i1"), ("follow", "i1"),
        ("opter", "i2"), ("pay_loc", "i1"), ("cert", "i1"), ("er", "i1"),
        ("item", "i2"), ("boxes", "i2"), ("trace", "i8"), ("trdn", "i1"),
        ("rx_doctor", "i4"), ("rx_place", "i4"),
    ]
)  # fmt: skip
_UNSET = {"practitioner": -1, "number": -1, "init": -1, "item": -1, "trace": -1,
          "rx_doctor": -1, "rx_place": -1, "diag": -1}  # fmt: skip


def blank(count: int) -> Array:
    """Rows with nothing said."""
    rows = np.zeros(count, dtype=VISIT)
    for name, value in _UNSET.items():
        rows[name] = value
    return rows


def price(world: World, rng: np.random.Generator, rows: Array) -> None:
    """Fill the money of rows whose place and med type are known; the four parts add up."""
    med, count = rows["med"].astype(np.int64), len(rows)
    level = _LEVEL[world.places.kind[rows["place"]]]
    level = np.where(rows["med"] == PHARMACY, 1.0, level)
    fee = _MEDIAN[med] * level * np.exp(_SPREAD[med] * rng.standard_normal(count))
    rows["fee"] = np.maximum(fee, 200.0).astype(np.int64)
    share_out(rng, rows)


def share_out(rng: np.random.Generator, rows: Array) -> None:
    """Split each bill into fund, own account, a relative's account and cash (the rest)."""
    count = len(rows)
    share = _FUND[rows["med"].astype(np.int64)]
    share = np.clip(share + rng.normal(0, 0.07, count) * (share > 0), 0.0, 0.95)
    rows["fund"] = (rows["fee"] * share).astype(np.int64)
    rest = rows["fee"] - rows["fund"]
    draw = rng.random(count)
    rows["acct"] = np.where(draw < 0.55, (rest * np.minimum(1.0, draw * 2.5)).astype(np.int64), 0)
    left = rest - rows["acct"]
    rows["mulaid"] = np.where((draw > 0.955) & (rows["med"] != CHECK_UP), left // 2, 0)


def diagnose(world: World, rng: np.random.Generator, rows: Array) -> None:
    """Fill missing diagnoses by med type and by the patient's chronic disease."""
    count = len(rows)
    acute = rng.integers(words.ACUTE.start, words.ACUTE.stop, count)
    stay = rng.integers(words.STAYS.start, words.STAYS.stop, count)
    chronic = world.people.chronic[rows["patient"]]
    usual = np.where(chronic >= 0, chronic, rng.integers(0, words.CHRONIC, count))
    diag = np.select(
        [rows["med"] == INPATIENT, rows["med"] == CHRONIC, rows["med"] == CHECK_UP],
        [stay, usual, words.CHECK_UP], acute,
    )  # fmt: skip
    diag = np.where(world.places.default_diagnosis[rows["place"]], words.DEFAULT, diag)
    silent = (rows["med"] == PHARMACY) & (rng.random(count) < 0.8)
    diag = np.where(silent, -1, diag)
    rows["diag"] = np.where(rows["diag"] >= 0, rows["diag"], diag)


def dress(world: World, rng: np.random.Generator, rows: Array) -> None:
    """Fill what every row has and nobody planted: operator, certificate, begin and end."""
    count = len(rows)
    tills = 1 + (world.places.pop[rows["place"]] * len(world.places)).astype(np.int64)
    unset = rows["opter"] == 0
    drawn = 1 + (rng.random(count) * np.minimum(tills, 12)).astype(np.int16)
    rows["opter"] = np.where(unset, drawn, rows["opter"])
    rows["cert"] = rng.choice(np.array([1, 2, 3]), count, p=(0.45, 0.1, 0.45))
    rows["pay_loc"] = np.where(rows["pay_loc"] == 0, 2, rows["pay_loc"])
    open_begin = rows["begin"] == 0
    wait = np.where(
        rows["med"] == PHARMACY, rng.integers(20, 200, count), rng.gamma(2.2, 700, count) + 120
    ).astype(np.int32)
    start = (rows["settle"] // DAY) * DAY
    rows["begin"] = np.where(open_begin, np.maximum(rows["settle"] - wait, start), rows["begin"])
    rows["end"] = np.where(rows["end"] == 0, rows["settle"], rows["end"])


def natural_med(world: World, rng: np.random.Generator, patient: Array, place: Array) -> Array:
    """The usual med type of a visit: by kind of place, chronic disease and chance."""
    kind = world.places.kind[place]
    draw = rng.random(len(place))
    chronic = (world.people.chronic[patient] >= 0) & (draw < 0.45)
    hospital = np.isin(kind, HOSPITALS)
    med = np.where(chronic, CHRONIC, CLINIC)
    med = np.where(hospital & (draw > 0.97), EMERGENCY, med)
    stays = np.where(kind == PlaceKind.SMALL_HOSPITAL, 0.12, 0.05)
    med = np.where(hospital & (rng.random(len(place)) < stays), INPATIENT, med)
    return np.where(kind == PlaceKind.PHARMACY, PHARMACY, med).astype(np.int8)


def bill(
    world: World,
    rng: np.random.Generator,
    patient: Array,
    place: Array | int,
    settle: Array,
    med: Array | int | None = None,
    **columns: Array | int,
) -> Array:
    """Complete rows for planted visits; `columns` overrides any field before money is drawn.

    Visits that would be settled outside the year are left out.
    """
    rows = blank(len(patient))
    rows["patient"], rows["place"], rows["settle"] = patient, place, settle
    where = rows["place"]
    rows["med"] = natural_med(world, rng, rows["patient"], where) if med is None else med
    if med is None:
        rows["med"] = np.where(rows["med"] == INPATIENT, CLINIC, rows["med"])
    for name, value in columns.items():
        rows[name] = value
    rows = rows[(rows["settle"] >= 0) & (rows["settle"] < DAYS * DAY)]
    open_doctor = rows["practitioner"] < 0
    drawn = world.staff.draw(rng, rows["place"], rows["settle"] // DAY)
    rows["practitioner"] = np.where(open_doctor, drawn, rows["practitioner"])
    unpriced = rows["fee"] == 0
    priced = rows.copy()
    price(world, rng, priced)
    for name in ("fee", "fund", "acct", "mulaid"):
        rows[name] = np.where(unpriced, priced[name], rows[name])
    diagnose(world, rng, rows)
    dress(world, rng, rows)
    return rows


def basket(rows: Array, rng: np.random.Generator, items: range, boxes: int) -> Array:
    """Let rows carry one planted fee line each: an item of a range, so many boxes; bill reset."""
    rows["item"] = rng.integers(items.start, items.stop, len(rows))
    rows["boxes"] = boxes
    return reprice(rows, rng)


def reprice(rows: Array, rng: np.random.Generator) -> Array:
    """Bill the planted fee line and nothing else."""
    prices = np.array([item[2] for item in words.ITEMS], dtype=np.int64)
    rows["fee"] = prices[rows["item"]] * np.maximum(rows["boxes"], 1)
    share_out(rng, rows)
    return rows
