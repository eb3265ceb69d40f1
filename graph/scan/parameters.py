"""Every threshold of the scan, with its unit. Frozen per release; a scan records the ones it used."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Parameters:
    """Defaults were chosen on synthetic worlds only; see `benchmarks/quality`.

    Times are minutes unless the name says days.
    """

    window: int = 30
    """Δ of the co-visit join."""
    least_covisits: int = 3
    many_visits: int = 3_000_000
    """From so many visits on, pairs must have met `least_covisits` times where two would do: on even days, and when faint.
    Introductions by a card are then sought in the groups found alone."""
    most_visits: int = 30_000_000
    """From so many visits on, facilities sharing a list are sought by repeated moves alone, not by sweeps."""
    pair_p: float = 1e-4
    """A pair seeds a ring when its Poisson tail is at most this."""
    resolution: float = 0.25
    """γ of the Constant Potts Model: the least density inside a ring."""
    least_members: int = 4
    most_members: int = 200
    household_most: int = 8
    """An address with more people than this is no household."""
    hub_holders: int = 50
    """A token with more holders than this says nothing by itself."""
    least_phone_holders: int = 4
    least_account_holders: int = 3
    least_receipts: int = 4
    costay_days: int = 2
    least_costays: int = 2
    funnel_p: float = 1e-6
    funnel_lift: float = 3.0
    least_scripts: int = 10
    presence_gap: int = 120
    """Longest gap between two places that can still be a conflict."""
    travel_kmh: float = 60.0
    travel_floor: int = 10
    """Shortest credible way between two places without known coordinates."""
    least_presence: int = 5
    least_repeated_codes: int = 3
    death_grace_days: int = 7
    """Uses within this many days of death may be late reporting."""
    schedule_p: float = 1e-4
    """A patient's visits follow a schedule when chance would fit one this well this rarely."""
    decoys: int = 0
    """How often the co-visit search is repeated on decoys; each costs about as long as the search itself."""

    def as_json(self) -> dict[str, float | int]:
        """Name → value, for run.json."""
        return asdict(self)
