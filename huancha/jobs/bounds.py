"""What a screen may set of a scan: every threshold of `Parameters` with its bounds, and the seed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from graph.scan.parameters import Parameters
from huancha.jobs.errors import BadParameter

MOST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Bounds:
    """The least and the most a threshold may be; `step` is what one press of a button adds."""

    least: float
    most: float
    step: float = 1


GROUPS: Mapping[str, Mapping[str, Bounds]] = {
    "covisits": {
        "window": Bounds(1, 240, 5),
        "least_covisits": Bounds(2, 50),
        "pair_p": Bounds(1e-12, 0.05),
        "schedule_p": Bounds(1e-12, 0.05),
        "many_visits": Bounds(10_000, 1_000_000_000, 100_000),
        "most_visits": Bounds(10_000, 10_000_000_000, 1_000_000),
    },
    "rings": {
        "least_members": Bounds(3, 50),
        "most_members": Bounds(10, 2_000, 10),
        "resolution": Bounds(0.01, 1.0, 0.05),
        "household_most": Bounds(1, 50),
        "decoys": Bounds(0, 20),
    },
    "tokens": {
        "hub_holders": Bounds(5, 5_000, 5),
        "least_phone_holders": Bounds(2, 50),
        "least_account_holders": Bounds(2, 50),
        "least_receipts": Bounds(2, 50),
        "least_repeated_codes": Bounds(2, 50),
    },
    "stays": {
        "costay_days": Bounds(0, 30),
        "least_costays": Bounds(1, 20),
        "death_grace_days": Bounds(0, 90),
    },
    "practice": {
        "funnel_p": Bounds(1e-15, 0.05),
        "funnel_lift": Bounds(1.0, 100.0, 0.5),
        "least_scripts": Bounds(2, 1_000),
        "presence_gap": Bounds(5, 1_440, 5),
        "travel_kmh": Bounds(5.0, 300.0, 5.0),
        "travel_floor": Bounds(0, 240, 5),
        "least_presence": Bounds(1, 100),
    },
}
"""The thresholds by the layer they belong to."""
BOUNDS: Mapping[str, Bounds] = {
    name: bounds for group in GROUPS.values() for name, bounds in group.items()
}


def changed(given: Mapping[str, Any]) -> dict[str, float | int]:
    """Those of `given` that differ from the defaults; raises `BadParameter`."""
    usual = asdict(Parameters())
    chosen = {}
    for name, value in given.items():
        bounds = BOUNDS.get(name)
        if bounds is None or isinstance(value, bool) or not isinstance(value, int | float):
            raise BadParameter(name, value)
        if not bounds.least <= value <= bounds.most:
            raise BadParameter(name, value)
        value = type(usual[name])(value)
        if value != usual[name]:
            chosen[name] = value
    return chosen


def parameters_of(given: Mapping[str, Any]) -> Parameters:
    """Parameters with `given` changed; raises `BadParameter`."""
    return Parameters(**changed(given))  # type: ignore[arg-type]


def checked_seed(seed: object) -> int:
    """`seed` if it is one; raises `BadParameter`."""
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MOST_SEED:
        raise BadParameter("seed", seed)
    return seed
