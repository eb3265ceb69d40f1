"""Ordinary life as a table of settlements: people with a few usual places, weekdays and peaks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.schema import TABLES

WEEK = np.array([1.3, 1.1, 1.0, 1.0, 1.0, 0.6, 0.4])
"""Visits by day of the week, Monday first."""


def ordinary_visits(
    seed: int,
    patients: Sequence[int],
    places: Sequence[int],
    each: float,
    opening: date,
    days: int,
    *,
    staff: Mapping[int, Sequence[int]],
    shops: Collection[int],
    first: int,
) -> pa.Table:
    """About `each` visits per patient over `days` days, as rows of setl_d numbered from `first`.

    Everybody visits three places of their own, chosen by popularity, at hours of their own choosing.
    """
    rng = np.random.default_rng(seed)
    where, popular = np.asarray(places), 1.0 / (np.arange(len(places)) + 2.0) ** 0.7
    own = rng.choice(where, (len(patients), 3), p=popular / popular.sum())
    index = np.repeat(np.arange(len(patients)), rng.poisson(each, len(patients)))
    n = len(index)
    place = own[index, rng.choice(3, n, p=[0.6, 0.25, 0.15])]
    day = rng.choice(days, n, p=_by_day(days))
    moment = np.datetime64(opening, "s") + day.astype("timedelta64[D]") + _clock(rng, n)
    fund = rng.integers(10, 200, n) * 100
    doctor = _met(rng, place, staff)
    names = pa.array([f"B{k:07d}" for k in range(first, first + n)])
    time, money = pa.array(moment.astype("datetime64[us]")), pa.array(fund)
    columns = {
        "setl_id": names,
        "mdtrt_id": names,
        "patient": np.asarray(patients, np.int32)[index],
        "place": place.astype(np.int32),
        "practitioner": pa.array(doctor, mask=doctor < 0),
        "med_type": ["41" if p in shops else "11" for p in place.tolist()],
        **dict.fromkeys(("begntime", "endtime", "setl_time"), time),
        **dict.fromkeys(("fund", "net_fund", "cash_pay"), money),
        **dict.fromkeys(("medfee", "net_medfee"), pa.array(2 * fund)),
        "refund": np.zeros(n, np.bool_),
        "counts": np.ones(n, np.bool_),
        "pay_loc": ["2"] * n,
        "src": np.zeros(n, np.int16),
        "line": np.arange(2, n + 2, dtype=np.int32),
        "warn": np.zeros(n, np.int32),
    }
    schema = TABLES["setl_d"].arrow
    return pa.table(
        [pa.array(columns.get(field.name, [None] * n), type=field.type) for field in schema],
        schema=schema,
    )


def _met(
    rng: np.random.Generator, place: npt.NDArray[Any], staff: Mapping[int, Sequence[int]]
) -> npt.NDArray[np.int32]:
    """One of each place's practitioners per visit, -1 where there is none."""
    found = np.full(len(place), -1, np.int32)
    for key, working in staff.items():
        if working:
            at = place == key
            found[at] = rng.choice(np.asarray(working), int(at.sum()))
    return found


def _by_day(days: int) -> npt.NDArray[np.float64]:
    weight = np.tile(WEEK, days // 7 + 1)[:days]
    share: npt.NDArray[np.float64] = weight / weight.sum()
    return share


def _clock(rng: np.random.Generator, n: int) -> npt.NDArray[np.timedelta64]:
    """Times of day: most in the morning, fewer in the afternoon, some in between."""
    peak = rng.choice([9.5, 15.5, 12.0], n, p=[0.5, 0.3, 0.2])
    hour = np.clip(rng.normal(peak, 1.4), 7.0, 20.9)
    return (hour * 3600).astype("timedelta64[s]")
