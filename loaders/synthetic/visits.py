"""The ordinary visits of a month: who goes where, on which day, at what hour."""

from __future__ import annotations

import itertools

import numpy as np

from loaders.synthetic import billing
from loaders.synthetic.billing import EMERGENCY, INPATIENT, PHARMACY, blank
from loaders.synthetic.calendar import DAY, DAYS, MONTH_STARTS, day_weights, weekday
from loaders.synthetic.codes import Array
from loaders.synthetic.places import PlaceKind
from loaders.synthetic.world import World

# Mean and spread in minutes of the day's peaks, and the share of each.
_PEAKS = {
    "facility": ((570, 70, 0.62), (900, 80, 0.38)),
    "pharmacy": ((590, 80, 0.36), (930, 90, 0.27), (1120, 75, 0.37)),
}


def _days(rng: np.random.Generator, kind: str, month: int, count: int) -> Array:
    low, high = MONTH_STARTS[month], MONTH_STARTS[month + 1]
    weights = np.cumsum(day_weights(kind)[low:high])
    return np.asarray(low + np.searchsorted(weights, rng.random(count) * weights[-1]))


def _next_open(open_days: Array, day: Array) -> Array:
    """The day itself or the next one on which the mask's place is open."""
    shifted = day.copy()
    for _ in range(6):
        shut = (open_days >> weekday(shifted)) & 1 == 0
        shifted = np.where(shut, shifted + 1, shifted)
    return shifted


def month_shares() -> Array:
    """Twelve shares of the year's visits."""
    weights = day_weights("facility")
    sums = np.array([weights[a:b].sum() for a, b in itertools.pairwise(MONTH_STARTS)])
    return np.asarray(sums / sums.sum())


def day_seconds(rng: np.random.Generator, world: World, place: Array) -> Array:
    """Seconds of the day: two peaks at facilities, three at pharmacies, inside opening hours."""
    count = len(place)
    second = np.empty(count, dtype=np.float64)
    shop = world.places.kind[place] == PlaceKind.PHARMACY
    for kind, rows in (("pharmacy", np.flatnonzero(shop)), ("facility", np.flatnonzero(~shop))):
        peaks = np.array(_PEAKS[kind])
        which = np.searchsorted(np.cumsum(peaks[:, 2])[:-1], rng.random(len(rows)))
        drawn = peaks[which, 0] + peaks[which, 1] * rng.standard_normal(len(rows))
        second[rows] = drawn * 60
    low, high = world.places.opens[place] * 60, world.places.closes[place] * 60
    outside = (second < low) | (second >= high)
    return np.where(outside, low + rng.random(count) * (high - low), second).astype(np.int32)


def _lengths(rng: np.random.Generator, world: World, place: Array) -> Array:
    """Nights in hospital."""
    mean = np.where(world.places.kind[place] == PlaceKind.SMALL_HOSPITAL, 8.0, 6.5)
    return np.clip(rng.gamma(2.5, mean / 2.5), 1, 45).astype(np.int32)


def _admit(rng: np.random.Generator, world: World, rows: Array) -> None:
    inside = np.flatnonzero(rows["med"] == INPATIENT)
    begin = rows["settle"][inside]
    nights = _lengths(rng, world, rows["place"][inside])
    leave = (begin // DAY + nights) * DAY + rng.integers(8 * 3600, 16 * 3600, len(inside))
    rows["begin"][inside], rows["end"][inside] = begin, leave
    rows["settle"][inside] = leave + rng.integers(0, 3600, len(inside))
    # A stay costs by its nights.
    rows["fee"][inside] = rows["fee"][inside] * (nights + 3) // 10
    part = rows[inside]
    billing.share_out(rng, part)
    rows[inside] = part


def _alive_and_open(rng: np.random.Generator, world: World, rows: Array) -> Array:
    day = rows["begin"] // DAY
    keep = world.people.died[rows["patient"]] >= day
    keep &= world.places.closed[rows["place"]] > day
    return np.asarray(rows[keep & (rows["settle"] < DAYS * DAY)])


def _drop_while_inside(world: World, rng: np.random.Generator, rows: Array) -> Array:
    """Most out-patient visits during an own stay do not happen; a relative collects the rest."""
    inside = rows[rows["med"] == INPATIENT]
    since = np.full(len(world.people), 2**30, dtype=np.int64)
    until = np.full(len(world.people), -1, dtype=np.int64)
    since[inside["patient"]] = inside["begin"]
    until[inside["patient"]] = inside["end"]
    during = (rows["begin"] > since[rows["patient"]]) & (rows["begin"] < until[rows["patient"]])
    return np.asarray(rows[~during | (rng.random(len(rows)) < 0.03)])


def month_visits(world: World, month: int, rate: Array) -> Array:
    """Ordinary rows that begin in the month (0–11); `rate` is each patient's yearly mean."""
    rng = world.stream("visits", month)
    counts = rng.poisson(rate * month_shares()[month])
    patient = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    count = len(patient)
    slot = np.searchsorted(np.array([0.6, 0.9]), rng.random(count))
    rows = blank(count)
    rows["patient"], rows["place"] = patient, world.people.homes[patient, slot]
    place = rows["place"].astype(np.int64)
    shop = world.places.kind[place] == PlaceKind.PHARMACY
    day = np.where(shop, _days(rng, "pharmacy", month, count), _days(rng, "facility", month, count))
    rows["med"] = billing.natural_med(world, rng, rows["patient"], place)
    urgent = (rows["med"] == EMERGENCY) | (rows["med"] == INPATIENT)
    day = np.where(urgent, day, _next_open(world.places.open_days[place], day))
    second = day_seconds(rng, world, place)
    anytime = (rng.random(count) * DAY).astype(np.int32)
    rows["settle"] = day * DAY + np.where(rows["med"] == EMERGENCY, anytime, second)
    rows["er"] = rows["med"] == EMERGENCY
    rows["practitioner"] = world.staff.draw(rng, place, day)
    billing.price(world, rng, rows)
    _admit(rng, world, rows)
    billing.diagnose(world, rng, rows)
    rows["follow"] = _follow(rng, rows, world.settings.refund_share)
    billing.dress(world, rng, rows)
    rows = _drop_while_inside(world, rng, _alive_and_open(rng, world, rows))
    return _batch_upload(world, rng, rows)


def _follow(rng: np.random.Generator, rows: Array, share: float) -> Array:
    draw = rng.random(len(rows))
    return np.select([draw < share / 2, draw < share], [2, 1], 0)


def _batch_upload(world: World, rng: np.random.Generator, rows: Array) -> Array:
    """Places that upload at night: settlement times fall within the same few seconds."""
    night = world.places.batch[rows["place"]] & (rows["med"] != INPATIENT)
    late = (rows["settle"] // DAY) * DAY + 22 * 3600 + 30 * 60 + rng.integers(0, 6, len(rows))
    rows["settle"] = np.where(night, late, rows["settle"])
    return rows


def pharmacy_prescriptions(world: World, rng: np.random.Generator, rows: Array) -> None:
    """A third of chronic patients' pharmacy purchases follow a prescription of a home facility."""
    shop = (rows["med"] == PHARMACY) & (rows["rx_doctor"] < 0) & (rows["item"] >= 0)
    chronic = world.people.chronic[rows["patient"]] >= 0
    picked = np.flatnonzero(shop & chronic & (rng.random(len(rows)) < 0.5))
    homes = world.people.homes[rows["patient"][picked]]
    facility = world.places.kind[homes] != PlaceKind.PHARMACY
    best = np.argmax(facility, axis=1)
    picked, best = picked[facility.any(axis=1)], best[facility.any(axis=1)]
    origin = world.people.homes[rows["patient"][picked], best]
    rows["rx_place"][picked] = origin
    rows["rx_doctor"][picked] = world.staff.draw(rng, origin, rows["settle"][picked] // DAY)
